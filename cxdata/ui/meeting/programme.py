"""Events, initiatives, goals and owners: what stands on the charts, and what people add to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cxdata.journal.entries import Entry, entries, remove_entry, write_entry
from cxdata.metrics import registry
from cxdata.model.errors import CxError
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.panels.choices import Choices
from cxdata.panels.quick_wins import QuickWin, quick_wins
from cxdata.panels.unowned import shown_metrics, unowned
from cxdata.ui import data, faults
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import asking
from cxdata.ui.meeting.fields import FIELDS, metric_label
from cxdata.ui.meeting.who import ask_who, who
from cxdata.ui.page import current
from cxdata.ui.text import plain

_MOST_NAMES: Final = 12


@dataclass(frozen=True)
class Kind:
    """What can be entered: the curated table, its names, and how a row is said."""

    table: str
    one: str
    many: str
    said: Callable[[Entry], str]
    meant: str


def programme(question: str | None) -> None:
    """Show and edit events, initiatives, goals and owners."""
    view, ticket = current()
    st.title((question or "").splitlines()[0], anchor=False)
    chosen = st.segmented_control(
        "What to look at",
        [kind.many for kind in _KINDS],
        default=_KINDS[0].many,
        required=True,
        key="kind",
        bind="query-params",
        label_visibility="collapsed",
    )
    kind = next((one for one in _KINDS if one.many == chosen), _KINDS[0])
    st.caption(kind.meant)
    with faults.calm(kind.many):
        st.button(
            f"Add {kind.one}",
            type="primary",
            icon=":material/add:",
            on_click=asking.begin,
            args=(kind.table,),
        )
        above = _ABOVE.get(kind.table)
        if above is not None:
            above(ticket)
        _entered(kind, view.choices)


def _entered(kind: Kind, choices: Choices) -> None:
    found = entries(data.journal(), kind.table)
    subject = asking.about(kind.table)
    if subject is not None:
        held = next((one for one in found if one.id == subject), None)
        title = f"{'Edit' if held else 'Add'} {kind.one}"
        asking.dialog(title, _form, kind, held, choices)
    if not found:
        st.caption(
            "Nothing was entered here yet. What the data bring by themselves stays as it is."
        )
        return
    st.subheader("Entered here", anchor=False)
    for entry in reversed(found):
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap=None, width="stretch"):
                st.markdown(plain(kind.said(entry)))
                st.caption(plain(f"{entry.changed_by}, {entry.changed_at:%d %b %Y}"))
            st.button(
                "Edit",
                key=f"edit-{entry.id}",
                type="tertiary",
                icon=":material/edit:",
                on_click=asking.begin,
                args=(kind.table, entry.id),
            )
            if st.button(
                "Remove", key=f"remove-{entry.id}", type="tertiary", icon=":material/delete:"
            ):
                remove_entry(data.journal(), kind.table, entry.id, who())
                data.renew()
                st.rerun()


def _form(kind: Kind, entry: Entry | None, choices: Choices) -> None:
    had: Mapping[str, object] = entry.content if entry else {}
    row = FIELDS[kind.table](choices, had)
    ask_who("entry")
    if not st.button("Save", type="primary", key="entry-save"):
        return
    kept = {name: value for name, value in had.items() if name not in row}
    try:
        write_entry(data.journal(), kind.table, {**kept, **row}, who(), entry.id if entry else "")
    except CxError as error:
        st.warning(plain(error))
        return
    data.renew()
    asking.done()
    st.rerun()


# -- what stands above the entries -----------------------------------------------------------------


def _wins(ticket: Ticket) -> None:
    """Show each initiative with its first 90 days beside the goal it works for."""
    desk = data.desk(ticket)
    found = quick_wins(desk)
    if not found:
        return
    st.subheader("The first 90 days", anchor=False)
    for win in found:
        with st.container(border=True, gap="xxsmall"):
            _win(win, desk.choices.format)


def _win(win: QuickWin, form: Format) -> None:
    one = win.initiative
    said = [f"since {one.start:%d %b %Y}", one.owner, one.status]
    once, run = one.one_off_cost, one.run_cost_per_month
    said += [f"{form.value(once, Unit.MONEY)} once"] * bool(once)
    said += [f"{form.value(run, Unit.MONEY)} a month"] * bool(run)
    st.markdown(f"**{plain(one.name)}**  \n:gray[{plain(' · '.join(filter(None, said)))}]")
    if one.expected:
        st.markdown(plain(f"Expected: {one.expected}"))
    if win.course is not None:
        mark = {"better": "green", "worse": "orange", "moved": "violet"}.get(
            win.course.move.tone, "gray"
        )
        st.markdown(f":{mark}[●] {plain(win.course.text)}")
    notes = (win.waits, win.goal, win.caution)
    st.caption(plain(" · ".join(note for note in notes if note)) or "\u00a0")


def _without_owner(ticket: Ticket) -> None:
    """Say how many figures nobody answers for, and which."""
    missing = unowned(data.desk(ticket))
    count = len(shown_metrics())
    if not missing:
        st.markdown(plain("Every figure of the pages has somebody who answers for it."))
        return
    names = ", ".join(metric_label(name) for name in missing[:_MOST_NAMES])
    more = f" and {len(missing) - _MOST_NAMES} more" if len(missing) > _MOST_NAMES else ""
    st.markdown(f"**{len(missing)} of {count} figures have no owner:** {plain(f'{names}{more}.')}")


_ABOVE: Final[Mapping[str, Callable[[Ticket], None]]] = {
    "initiative": _wins,
    "owner": _without_owner,
}


# -- how a row is said -----------------------------------------------------------------------------


def _event(entry: Entry) -> str:
    row = entry.content
    what = f", {metric_label(str(row['affects']))}" if row.get("affects") else ""
    return f"{row['event_date']:%d %b %Y}: {row['label']}{what}"


def _initiative(entry: Entry) -> str:
    row = entry.content
    return f"{row['name']}, {row['owner']}, from {row['start_date']:%d %b %Y}"


def _goal(entry: Entry) -> str:
    row = entry.content
    name, value = str(row["metric_id"]), float(row["value"])
    unit = registry()[name].unit if name in registry() else Unit.COUNT
    said = f"{value * 100:,.4g} %" if unit is Unit.SHARE else f"{value:,.6g}"
    return f"{metric_label(name)}: {said} from {row['valid_from']:%d %b %Y}"


def _owner(entry: Entry) -> str:
    row = entry.content
    what = metric_label(str(row["code"])) if row["kind"] == "metric" else f"Journey {row['code']}"
    return f"{what}: {row['owner']} since {row['valid_from']:%d %b %Y}"


_KINDS: Final = (
    Kind("annotation", "an event", "Events", _event, "They stand on every trend they concern."),
    Kind(
        "initiative",
        "an initiative",
        "Initiatives",
        _initiative,
        "Their starts stand on the trends they are judged by.",
    ),
    Kind("target", "a goal", "Goals", _goal, "A dashed line on the trend of its figure."),
    Kind("owner", "an owner", "Owners", _owner, "Who answers for a figure or a journey."),
)
