"""The guided way of an extract: file, columns, check, publish; any step may be left and resumed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.publish.history import Entry
from cxdata.publish.room import Room
from cxdata.publish.staged import Status
from cxdata.ui import faults
from cxdata.ui.intake.arrival import arrivals, discard
from cxdata.ui.intake.columns import columns
from cxdata.ui.intake.going_back import undo_button
from cxdata.ui.intake.problems import problems
from cxdata.ui.intake.rehearsed import rehearsed
from cxdata.ui.intake.steps import (
    CHECK,
    COLUMNS,
    EXTRACT,
    FILE,
    PUBLISH,
    Extract,
    leave,
    path,
)
from cxdata.ui.intake.understood import understood
from cxdata.ui.intake.watching import fault, forgive, start, under_way
from cxdata.ui.intake.words import size
from cxdata.ui.text import plain

READ_ONLY: Final = (
    "So no extract can be brought here: the data are in a SQL database or in a plain folder of "
    "files, which this product never changes."
)
_TITLES: Final = {
    "Starting": "starting",
    "reading": "reading the file",
    "matching": "matching the columns",
    "mapping": "making rows",
    "checking": "checking the rows",
    "counting": "counting",
    "comparing figures": "comparing figures",
    "comparing": "comparing with what is published",
    "archiving": "archiving the original",
    "publishing": "making the version",
    "Months": "summing up months",
    "Quarters": "summing up quarters and years",
    "Movement": "following customers from month to month",
}
_STEPS: Final = {FILE: understood, COLUMNS: columns, CHECK: problems, PUBLISH: rehearsed}


def flow(room: Room | None) -> None:
    """Show the extract that the address names at its step, or where to bring one."""
    if room is None:
        return
    now = datetime.now(UTC)
    wanted = st.query_params.get(EXTRACT, "")
    try:
        if not wanted:
            arrivals(room, now)
            return
        _extract(room, wanted, now)
    except CxError as error:
        faults.error_card("This extract", error)


def _extract(room: Room, wanted: str, now: datetime) -> None:
    name = f"extract-{wanted}"
    item = room.find(wanted)
    if item is not None:
        name = f"extract-{item.id}"
        st.session_state[_key(wanted)] = name
    is_busy = under_way(
        st.session_state.get(_key(wanted), name), _TITLES, otherwise="Work on this extract"
    )
    if is_busy:
        return
    item = room.find(wanted)
    made = room.became(wanted)
    if made is not None:
        _published(room, made)
        return
    if item is None:
        st.info(
            "This extract is no longer waiting: it was discarded, or swept away after a while.",
            icon=":material/inventory_2:",
        )
        if st.button("Bring another"):
            leave()
        return
    extract = Extract.of(room, item, now)
    _head(extract)
    if item.status in (Status.CUT, Status.RECEIVING):
        st.warning("It did not arrive whole. Discard it and bring it again.")
        return
    _fault(extract)
    if extract.look is None:
        if fault(extract.name):
            return
        start(extract.name, "advance", item.id, "look")
    path(extract)
    _STEPS[extract.step](extract)


def _key(wanted: str) -> str:
    return f"work-{wanted}"


def _head(extract: Extract) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/draft: **{plain(extract.item.name)}** "
            f":gray[{plain(size(extract.item.bytes))}]",
            width="content",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("All extracts", type="tertiary", icon=":material/arrow_back:"):
                leave()
            if st.button("Discard", type="tertiary", icon=":material/delete:"):
                st.query_params.clear()
                discard(extract.room, extract.item)


def _fault(extract: Extract) -> None:
    said = fault(extract.name)
    if not said or said == extract.item.refused:
        return
    st.warning(plain(said), title="This could not be done", icon=":material/error:")
    if st.button("Try again" if extract.look is None else "All right"):
        forgive(extract.name)
        st.rerun()


def _published(room: Room, made: Entry) -> None:
    with st.container(border=True, key="published", width=720):
        st.markdown(f":green[:material/check_circle:] **{plain(_now_shown(made))}**")
        st.caption(plain(f"{made.source_file.name if made.source_file else ''}, {made.reason}"))
        with st.container(horizontal=True):
            st.page_link(
                "pages/outcomes/overview.py", label="Open the overview", icon=":material/insights:"
            )
            st.page_link(
                "pages/data/history.py", label="See the history", icon=":material/history:"
            )
        if made.is_newest:
            undo_button(room, made)
    if st.button("Bring another extract", type="primary"):
        leave()


def _now_shown(made: Entry) -> str:
    if made.is_newest:
        return f"Everybody's pages now show version {made.number}."
    return f"It was published as version {made.number}; others came since."
