"""Back to an earlier version and forth again: asked twice, done off the page, always undoable."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.publish.history import Entry
from cxdata.publish.room import Room
from cxdata.ui.intake.watching import fault, forgive, start, under_way
from cxdata.ui.intake.who import ask_who
from cxdata.ui.text import plain
from cxdata.ui.work import WORK

WORK_NAME: Final = "history"
_TITLES: Final = {"Starting": "going there", "Months": "summing up months"}
_LONGEST: Final = 200


def going() -> bool:
    """Show a way back that is under way, or why the last one failed; return whether it goes on."""
    if under_way(WORK_NAME, _TITLES, otherwise="Changing what everybody sees"):
        return True
    said = fault(WORK_NAME)
    if said:
        st.warning(plain(said), title="Nothing was changed", icon=":material/error:")
        if st.button("All right", key="history-fault"):
            forgive(WORK_NAME)
            st.rerun()
    return False


def is_under_way() -> bool:
    """Return whether a way back is under way, without showing it."""
    found = WORK.progress(WORK_NAME)
    return found is not None and not found.is_done


def undo_button(room: Room, head: Entry) -> None:
    """Offer to take the last step back."""
    back = room.ways().back
    if going() or back is None:
        return
    if st.button(f"Undo: back to version {back}", icon=":material/undo:", key="undo"):
        _confirm("undo", f"Take back version {head.number}", f"as in version {back}", "Undone")


def redo_button(room: Room) -> None:
    """Offer to bring back what was undone last."""
    forth = room.ways().forth
    if forth is not None and st.button(
        f"Redo: version {forth} again", icon=":material/redo:", key="redo"
    ):
        _confirm("redo", "Bring back what was undone", f"as in version {forth}", "Redone")


def go_to_button(entry: Entry) -> None:
    """Offer to show what an earlier version showed."""
    if st.button(f"Go to version {entry.number}", key=f"to-{entry.number}", type="tertiary"):
        _confirm(
            f"to-{entry.number}",
            f"Go to version {entry.number}",
            f"as in version {entry.number}",
            f"Gone to version {entry.number}",
        )


@st.dialog("Change what everybody sees?")
def _confirm(step: str, title: str, shown: str, reason: str) -> None:
    st.markdown(
        f"**{plain(title)}.** Everybody's pages will show the data {plain(shown)}. Nothing is "
        "deleted: it becomes a new version, and can be undone as well."
    )
    user = ask_who()
    why = st.text_input("Why", value=reason, max_chars=_LONGEST, key=f"why-{step}")
    if st.button("Do it", type="primary", disabled=not user, key=f"do-{step}"):
        forgive(WORK_NAME)
        said = (f"--user={user}", f"--reason={(why or '').strip() or reason}")
        if step.startswith("to-"):
            start(WORK_NAME, "undo", f"--to={step.removeprefix('to-')}", *said)
        else:
            start(WORK_NAME, step, *said)
    if not user:
        st.caption("Give your name first.")
