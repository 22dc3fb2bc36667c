"""What was published, by whom and why, what it changed, and the way back to any of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdata.intake.aside import counted
from cxdata.model.format import Format
from cxdata.publish import aside as _aside
from cxdata.publish.history import Entry, Step
from cxdata.publish.room import Room
from cxdata.ui.intake.going_back import go_to_button, is_under_way, redo_button, undo_button
from cxdata.ui.intake.moves import before_and_after, money
from cxdata.ui.intake.problems import download
from cxdata.ui.intake.words import ago, words
from cxdata.ui.text import plain

READ_ONLY: Final = (
    "So there is no history of versions here: whoever owns the database or the folder keeps it."
)
_PAGE: Final = 10
_ICONS: Final = {
    Step.PUBLISH: ":material/publish:",
    Step.UNDO: ":material/undo:",
    Step.REDO: ":material/redo:",
    Step.GO_TO: ":material/history:",
}


def versions(room: Room | None) -> None:
    """List every version, newest first, with what it changed and the way back to it."""
    if room is None:
        return
    entries = room.history()
    if not entries:
        st.markdown("Nothing has been published yet.")
        st.page_link("pages/data/upload.py", label="Bring the first extract")
        return
    now = datetime.now(UTC)
    head = entries[0]
    st.markdown(
        plain(
            f"Everybody sees version {head.number}, published {ago(head.at, now)} by {head.user}. "
            "Every version that is kept can be gone back to; going back makes a new one."
        )
    )
    with st.container(horizontal=True):
        undo_button(room, head)
        if not is_under_way():
            redo_button(room)
    pages = -(-len(entries) // _PAGE)
    shown = st.pagination(pages, key="versions") if pages > 1 else 1
    form = money(room)
    for entry in entries[(shown - 1) * _PAGE : shown * _PAGE]:
        _version(room, entry, now, form)


def _version(room: Room, entry: Entry, now: datetime, form: Format) -> None:
    with st.container(border=True, key=f"version-{entry.number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{_ICONS[entry.step]} **Version {entry.number}** {_badge(entry)}")
            if not entry.is_newest:
                go_to_button(entry)
        st.markdown(plain(what(entry)))
        st.caption(plain(f"{entry.user}, {entry.at:%d %B %Y, %H:%M} UTC, {ago(entry.at, now)}"))
        with st.expander(
            "What it changed and what it holds",
            on_change="rerun",
            key=f"more-{entry.number}",
            type="compact",
        ) as more:
            if more.open:
                _details(room, entry, form)


def _badge(entry: Entry) -> str:
    return ":green-badge[shown now]" if entry.is_newest else ""


def what(entry: Entry) -> str:
    """Say what a version was, in a sentence."""
    if entry.step is not Step.PUBLISH:
        verb = {Step.UNDO: "Back to", Step.REDO: "Forth to", Step.GO_TO: "Gone to"}[entry.step]
        return f"{verb} what version {entry.restored} showed: {entry.reason}."
    rows = [
        f"{words(table)}: "
        + ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        for table, counts in entry.changes.items()
        if any(counts.values())
    ]
    said = f"{entry.reason}."
    return f"{said} It changed {'; '.join(rows)}." if rows else said


def _details(room: Room, entry: Entry, form: Format) -> None:
    if entry.headlines:
        before_and_after(entry.headlines, entry.headlines, form)
    if entry.source_file is not None:
        kept = "kept in the archive" if entry.is_archived else "not archived"
        st.markdown(f"File: **{plain(entry.source_file.name)}**, {kept}")
        st.caption(f"SHA-256 {entry.source_file.sha256}")
    if entry.recipe:
        st.caption(plain(f"Read by the recipe {entry.recipe}."))
    if entry.records is not None:
        aside = f", {entry.set_aside:,} set aside" if entry.set_aside else ""
        st.markdown(plain(f"{counted(entry.records, 'record')}{aside}."))
        if entry.staged and entry.set_aside and _aside.is_known(room.store, entry.staged):
            download(room, entry.staged, entry.source_file.name if entry.source_file else "")
    rows = [f"{count:,} {words(table)}" for table, count in entry.rows.items() if count]
    st.caption(plain(f"It holds {', '.join(rows)}." if rows else "It holds nothing."))
