"""The first step: what was understood of a file, all of it shown and changeable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from cxdata.intake.aside import counted
from cxdata.intake.values.writing import NUMBERS
from cxdata.publish.looking import MENDED, SAVED, TEMPLATE, Look
from cxdata.ui.intake.asking import ask
from cxdata.ui.intake.confirmed import CHECK_IT, asks_nothing, check_it
from cxdata.ui.intake.steps import COLUMNS, Extract, go
from cxdata.ui.intake.watching import start
from cxdata.ui.intake.words import of_rule, spoken
from cxdata.ui.text import plain

_ENCODINGS: Final = (
    *("UTF-8", "Windows-1252", "ISO-8859-15", "Windows-1250", "Windows-1251", "Windows-1253"),
    *("Windows-1254", "UTF-16LE", "UTF-16BE", "Shift-JIS", "GB18030", "Big5", "EUC-KR", "CP437"),
)
_DELIMITERS: Final = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    " ": "space",
    "": "none: one column",
}
_QUOTES: Final = {'"': 'double "', "'": "single '", "": "none"}
_HEADERS: Final = {0: "none", 1: "one row", 2: "two rows", 3: "three rows"}
_DECIMALS: Final = {".": "point: 1.5", ",": "comma: 1,5"}
_ORDERS: Final = {"day": "day first", "month": "month first"}
_AS_FOUND: Final = "as each column shows"
_NOTES: Final = 12


def understood(extract: Extract) -> None:
    """Show what was understood; let it be changed, read again, and gone on from."""
    look = extract.seen
    if look.refused:
        _refused(extract)
        return
    st.markdown(plain(summary(look)))
    with st.container(border=True):
        st.markdown("**How it is read**")
        wanted = _controls(extract)
        for one in look.questions:
            if not one.key.startswith("column:"):
                wanted[one.key] = ask(one, {**look.choices, **wanted}, extract.name)
        wanted = {**look.likely, **extract.plan.choices, **_changed(look, wanted)}
        is_same = wanted == {**look.likely, **look.choices}
        if not is_same and st.button(
            "Read it again like this", type="primary", icon=":material/refresh:"
        ):
            extract.room.decide(extract.item, replace(extract.plan, choices=wanted))
            start(extract.name, "advance", extract.item.id, "look")
    preview(look)
    _remarks(look)
    _on(extract, is_same)


def summary(look: Look) -> str:
    """Say in one sentence what the file holds."""
    said = f"{counted(look.records, 'record')} in {counted(len(look.header), 'column')}"
    if look.set_aside:
        rules = ", ".join(f"{count:,} {of_rule(rule)}" for rule, count in look.aside_rules.items())
        said += f"; {look.set_aside:,} of them set aside ({rules})"
    return f"{said}."


def _refused(extract: Extract) -> None:
    look = extract.seen
    st.warning(plain(look.refused), title="It cannot be read as it is", icon=":material/block:")
    wanted = dict(extract.plan.choices)
    for one in look.questions:
        wanted[one.key] = ask(one, wanted, extract.name)
    with st.expander("Say how it is to be read"):
        wanted |= {
            key: value for key, value in _controls(extract).items() if value not in ("", None)
        }
    if st.button("Read it again like this", type="primary"):
        extract.room.decide(extract.item, replace(extract.plan, choices=wanted))
        start(extract.name, "advance", extract.item.id, "look")


# -- how it is read --------------------------------------------------------------------------------


def _controls(extract: Extract) -> dict[str, Any]:
    """Show every decision about the text as a control; return what they say."""
    look, found = extract.seen, extract.seen.dialect
    asked = {one.key for one in look.questions}
    wanted: dict[str, Any] = {}
    with st.grid(4, min_column_width=170, gap="small"):
        if found.container == "xlsx":
            if "sheet" not in asked:
                st.text_input("Sheet", found.member, disabled=True)
        else:
            if "encoding" not in asked:
                wanted["encoding"] = _one(
                    "Letters (encoding)", found.encoding, dict.fromkeys(_ENCODINGS), extract
                )
            if "delimiter" not in asked:
                wanted["delimiter"] = _one("Separator", found.delimiter, _DELIMITERS, extract)
            wanted["quote"] = _one("Quotes", found.quote, _QUOTES, extract)
        if "header" not in asked:
            wanted["header"] = _one("Names of columns", found.header, _HEADERS, extract)
        wanted["skip"] = st.number_input(
            "Lines before them",
            0,
            1_000,
            value=min(found.skip, 1_000),
            key=f"{extract.name}-skip",
        )
        wanted |= _of_columns(
            "Decimal sign", "decimal", _DECIMALS, decimals(look), _numbers(look), extract
        )
        wanted |= _of_columns(
            "Dates such as 03/04", "date_order", _ORDERS, orders(look), _dates(look), extract
        )
    return wanted


def _one(label: str, found: Any, words: Mapping[Any, str | None], extract: Extract) -> Any:
    options = list(dict.fromkeys([*words, found]))
    return st.selectbox(
        label,
        options,
        index=options.index(found),
        format_func=lambda one: words.get(one) or str(one),
        key=f"{extract.name}-{label}",
    )


def _of_columns(
    label: str,
    aspect: str,
    words: Mapping[str, str],
    found: str,
    columns: Sequence[str],
    extract: Extract,
) -> dict[str, Any]:
    """One control for all columns whose values are written in that way."""
    if not columns:
        return {}
    options = [*(() if found else (_AS_FOUND,)), *words]
    chosen = st.selectbox(
        label,
        options,
        index=options.index(found) if found else 0,
        format_func=lambda one: words.get(one, one),
        key=f"{extract.name}-{label}",
    )
    if chosen in (found, _AS_FOUND):
        return {}
    return {f"column:{name}:{aspect}": chosen for name in columns}


def _numbers(look: Look) -> list[str]:
    return [
        one.name
        for one in look.columns
        if one.writing.kind in NUMBERS and one.writing.kind != "integer"
    ]


def _dates(look: Look) -> list[str]:
    return [
        one.name
        for one in look.columns
        if one.writing.kind in ("date", "timestamp") and _order(one.writing.date_formats)
    ]


def decimals(look: Look) -> str:
    """Return the decimal sign of all columns of numbers; "" where they differ."""
    found = {one.writing.decimal for one in look.columns if one.name in _numbers(look)}
    return found.pop() if len(found) == 1 else ""


def orders(look: Look) -> str:
    """Return ``day`` or ``month``, whichever comes first in all columns of dates."""
    found = {_order(one.writing.date_formats) for one in look.columns} - {""}
    return found.pop() if len(found) == 1 else ""


def _order(formats: Iterable[str]) -> str:
    """Return what comes first where a format begins with the day or the month in figures."""
    for one in formats:
        if one.startswith(("%d", "%-d")) and "%m" in one:
            return "day"
        if one.startswith(("%m", "%-m")) and "%d" in one:
            return "month"
    return ""


def _changed(look: Look, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that say something else than what was found, or that were stated."""
    found = look.dialect
    defaults = {one.key: one.default for one in look.questions}
    return {
        key: value
        for key, value in wanted.items()
        if key in look.choices
        or value != (defaults[key] if key in defaults else getattr(found, key, None))
    }


# -- what is in it ---------------------------------------------------------------------------------


def preview(look: Look) -> None:
    """Show the first records and a few from the middle and the end, as the file has them."""
    if not look.rows:
        return
    names = _distinct(look.header)
    table = pd.DataFrame([one.cells for one in look.rows], columns=names, dtype=object)
    table.insert(0, "Line", [one.line for one in look.rows], allow_duplicates=True)
    with st.container(border=True):
        st.markdown("**What is in it**")
        parts = {one.place for one in look.rows}
        st.caption(
            "The first records"
            + (", and a few from the middle and the end" if len(parts) > 1 else "")
            + ", exactly as the file has them."
        )
        st.dataframe(
            table,
            hide_index=True,
            height=min(38 + 35 * len(table), 380),
            alt=f"Records of the extract: {len(look.rows)} of {look.records:,}",
            placeholder="",
            column_config={name: st.column_config.TextColumn(plain_name(name)) for name in names},
        )


def _distinct(header: Sequence[str]) -> list[str]:
    """Return names of which none is another's, nor that of the line number."""
    seen: dict[str, int] = {"Line": 1}
    found = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def plain_name(name: str) -> str:
    """Return a column's name for the head of a grid, which shows text as it is."""
    return name if len(name) <= 60 else f"{name[:59]}…"


def _remarks(look: Look) -> None:
    if look.aside:
        with st.expander(
            f"{counted(look.set_aside, 'record')} set aside while reading",
            icon=":material/rule:",
        ):
            st.dataframe(
                pd.DataFrame(
                    [(one.line, one.reason, one.raw[:300]) for one in look.aside],
                    columns=["Line", "Why", "As in the file"],
                ),
                hide_index=True,
                alt="Records set aside while reading, with the reason",
            )
    if look.notes:
        with st.expander(
            f"{counted(len(look.notes), 'thing')} to know about it",
            icon=":material/lightbulb:",
        ):
            for note in look.notes[:_NOTES]:
                st.markdown(f"- {plain(spoken(note))}")
            if len(look.notes) > _NOTES:
                st.caption(f"and {len(look.notes) - _NOTES:,} more")


def _on(extract: Extract, is_same: bool) -> None:
    known = extract.seen.known
    if known is not None:
        st.markdown(f":material/bookmark_added: {plain(known_words(extract.seen))}")
    if is_same and asks_nothing(extract):
        if st.button(CHECK_IT, type="primary"):
            check_it(extract, extract.plan, "")
        return
    if st.button(
        "Go on",
        type="primary",
        disabled=not is_same,
        help=None if is_same else "Read it again first: you changed how it is read.",
    ):
        go(COLUMNS)


def known_words(look: Look) -> str:
    """Say by what the columns are known."""
    known = look.known
    if known is None:
        return ""
    if known.kind == MENDED:
        return "These are records that were set aside before: they join the extract they left."
    if known.kind == TEMPLATE:
        table = known.name.replace("_", " ")
        return f"Its columns are those of the template of {table}: nothing to match."
    if known.kind == SAVED:
        return f"Its columns are known by {known.name!r}, {known.story}: nothing to match."
    return f"Its columns are those of {known.label}: nothing to match."
