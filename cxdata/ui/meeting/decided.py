"""What was decided: open, overdue and closed, each with its figures then and since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from cxdata.exports.memory import recalled
from cxdata.journal.decisions import close, decisions, overdue
from cxdata.journal.stories import stories
from cxdata.model.errors import CxError
from cxdata.model.story import Decision
from cxdata.ui import data, faults
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import asking
from cxdata.ui.meeting.place import link
from cxdata.ui.meeting.wall import lines, state
from cxdata.ui.meeting.who import ask_who, who
from cxdata.ui.page import current
from cxdata.ui.text import plain


def decided(question: str | None) -> None:
    """Show every decision; what is overdue stands first."""
    _, ticket = current()
    st.title((question or "").splitlines()[0], anchor=False)
    with faults.calm("Decisions"):
        found = decisions(data.journal())
        if not found:
            st.markdown(
                "Nothing was logged yet. While a story is presented, D logs a decision with the "
                "figures in front of the room."
            )
            return
        today = date.today()
        late = overdue(found, today)
        waiting = [one for one in found if one.is_open and one not in late]
        closed = [one for one in found if not one.is_open]
        st.caption(f"{len(waiting) + len(late)} open, {len(late)} overdue, {len(closed)} closed.")
        names = {one.id: one.name for one in stories(data.journal())}
        for title, group in (("Overdue", late), ("Open", waiting), ("Closed", closed)):
            _group(title, group, names, ticket, today)


def _group(
    title: str, group: Sequence[Decision], names: dict[str, str], ticket: Ticket, today: date
) -> None:
    if not group:
        return
    st.subheader(title, anchor=False)
    for one in group:
        with st.container(border=True, gap="xxsmall"):
            _decision(one, names.get(one.story_id, ""), ticket, today)


def _decision(one: Decision, story: str, ticket: Ticket, today: date) -> None:
    memory = recalled(data.desk(ticket), one)
    st.markdown(f"**{plain(one.text)}**  \n{state(memory, today)}")
    for line in lines(memory):
        st.markdown(line)
    if memory.courses and memory.seen:
        st.caption(plain(f"As the meeting saw it: {'; '.join(memory.seen)}."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.link_button(
            "See the view", link(one.view), type="tertiary", icon=":material/open_in_new:"
        )
        if story:
            st.caption(plain(f"In {story}"))
        if one.is_open:
            st.button(
                "Close",
                key=f"close-{one.id}",
                type="tertiary",
                icon=":material/check:",
                on_click=asking.begin,
                args=("outcome", one.id),
            )
    if asking.about("outcome") == one.id:
        asking.dialog("Close this decision", _ask_outcome, one)


def _ask_outcome(one: Decision) -> None:
    st.markdown(plain(one.text))
    outcome = st.text_area("What came of it", key="outcome-text", max_chars=2_000)
    ask_who("outcome")
    if not st.button("Close it", type="primary", key="outcome-close"):
        return
    try:
        close(data.journal(), one.id, outcome or "", who())
    except CxError as error:
        st.warning(plain(error))
        return
    asking.done()
    st.rerun()
