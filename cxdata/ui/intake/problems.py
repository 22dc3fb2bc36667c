"""The third step: records that do not fit, grouped by rule, with an example of each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from cxdata.exports.csv_file import file_name
from cxdata.intake.aside import WHOLE_RECORD, counted
from cxdata.intake.terms import ASIDE, KEEP, UNKNOWN
from cxdata.publish.prepared import Prepared
from cxdata.publish.room import Room
from cxdata.ui.intake.aside_file import csv_of_aside
from cxdata.ui.intake.steps import CHECK, COLUMNS, PUBLISH, STEP, Extract, go
from cxdata.ui.intake.watching import forgive, start
from cxdata.ui.intake.words import spoken, words
from cxdata.ui.text import plain

_WAYS: Final = {
    KEEP: "Keep them: they count in totals, and who they are may come later",
    ASIDE: "Set them aside: they stay out until they are brought again",
}
_REASONS: Final = 50
_EXAMPLES: Final = 3
_SHAPES: Final = {
    "%d": "DD",
    "%-d": "D",
    "%m": "MM",
    "%-m": "M",
    "%Y": "YYYY",
    "%y": "YY",
    "%B": "month",
    "%b": "month",
    "%H": "hh",
    "%I": "hh",
    "%M": "mm",
    "%S": "ss",
    "%f": "fraction",
    "%p": "am/pm",
    "%z": "zone",
    "%A": "day",
    "%a": "day",
}


def problems(extract: Extract) -> None:
    """Show what does not fit and what to do about it; go on to what would change."""
    prepared = extract.item.prepared
    if prepared is None:
        _refused(extract)
        return
    st.markdown(plain(ledger(prepared)))
    if prepared.misread:
        st.warning(
            plain(spoken(prepared.misread)), title="This looks misread", icon=":material/error:"
        )
    if prepared.set_aside:
        _set_aside(extract, prepared)
    else:
        st.markdown(":green[●] Every record fits what the product reads.")
    _tables(prepared)
    _unknown(extract, prepared)
    if prepared.notes:
        with st.container(gap="xxsmall"):
            for note in prepared.notes:
                st.markdown(f":gray[●] {plain(spoken(note))}")
    with st.container(horizontal=True):
        if extract.rehearsal is not None and st.button("See what would change", type="primary"):
            go(PUBLISH)
        if st.button("Change the columns", type="tertiary"):
            go(COLUMNS)


def ledger(prepared: Prepared) -> str:
    """Say where every record went."""
    said = f"{counted(prepared.records, 'record')}: {prepared.loaded:,} fit"
    if prepared.set_aside:
        said += f", {prepared.set_aside:,} set aside"
    return f"{said}."


def _refused(extract: Extract) -> None:
    said = extract.item.refused or "It was not checked yet."
    st.warning(plain(said), title="Nothing of it can be loaded", icon=":material/block:")
    if st.button("Change the columns", type="primary"):
        go(COLUMNS)


def _set_aside(extract: Extract, prepared: Prepared) -> None:
    rows = [
        {
            "Records": reason.records,
            "Column": "the whole record" if reason.column == WHOLE_RECORD else reason.column,
            "Expected": spoken(pattern_in_words(reason.expected)),
            "Found, for example": "  ·  ".join(
                one if one.strip() else "(nothing)" for one in reason.examples[:_EXAMPLES]
            )
            or "(nothing)",
        }
        for reason in prepared.reasons[:_REASONS]
    ]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(counted(prepared.set_aside, 'record'))} set aside, and why**")
            download(extract.room, extract.item.id, extract.item.name)
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height="content",
            alt="Why records were set aside, the most frequent reason first",
            column_config={
                "Records": st.column_config.NumberColumn(width="small", format="localized"),
                "Expected": st.column_config.TextColumn(width="medium"),
            },
        )
        first = [one for one in prepared.first if one.raw][:_EXAMPLES]
        if first:
            st.caption("As they stand in the file:")
            st.code(
                "\n".join(f"line {one.line:,}: {one.raw[:200]}" for one in first), language=None
            )
        st.caption(
            "They stay out of the figures. Download them, mend the cells, and bring the file "
            "again: they join this extract."
        )


def pattern_in_words(expected: str) -> str:
    """Return what was expected with dates as people write their shapes.

    >>> pattern_in_words("a date written as %d.%m.%Y")
    'a date written as DD.MM.YYYY'
    """
    for sign, shape in _SHAPES.items():
        expected = expected.replace(sign, shape)
    return expected


def download(room: Room, extract: str, name: str) -> None:
    """Offer the records that were set aside, their text as it was, to be mended."""
    st.download_button(
        "Download them",
        data=partial(csv_of_aside, room, extract),
        file_name=file_name("set aside", name.rsplit(".", 1)[0]),
        mime="text/csv",
        on_click="ignore",
        key=f"aside-{extract}",
        icon=":material/download:",
        type="tertiary",
        help="The original text, with line, column, rule and what was expected",
    )


def _unknown(extract: Extract, prepared: Prepared) -> None:
    """Let the analyst say what becomes of rows that name something nobody has brought yet."""
    is_aside = any(reason.rule == "refers" for reason in prepared.reasons)
    now = str(extract.plan.answers.get(UNKNOWN, ASIDE if is_aside else KEEP))
    if not prepared.unresolved and now == KEEP:
        return
    chosen = st.radio(
        "What becomes of rows that name somebody or something not known?",
        list(_WAYS),
        index=list(_WAYS).index(now),
        format_func=_WAYS.__getitem__,
        key=f"{extract.name}-unknown",
    )
    if chosen != now and st.button(
        "Check it again like this", type="primary", icon=":material/refresh:"
    ):
        answers = {**extract.plan.answers, UNKNOWN: chosen}
        extract.room.decide(extract.item, replace(extract.plan, answers=answers))
        forgive(extract.name)
        st.query_params[STEP] = CHECK
        start(extract.name, "advance", extract.item.id, "check")


def _tables(prepared: Prepared) -> None:
    said = []
    for one in prepared.counts:
        left_out = [
            f"{number:,} {why}"
            for number, why in (
                (one.filtered, "left out by the recipe"),
                (one.superseded, "older updates"),
                (one.blank, "blank"),
                (one.folded, "repeats that count once"),
            )
            if number
        ]
        tail = f" (besides {', '.join(left_out)})" if left_out else ""
        said.append(f"- **{one.rows:,}** {plain(words(one.table))}{plain(tail)}")
    st.markdown("It gives these rows:\n\n" + "\n".join(said))
