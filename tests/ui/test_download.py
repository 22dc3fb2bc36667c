"""CSV: exactly the table, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.metric import Unit
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.picture import Column
from cxdata.ui import data
from cxdata.ui.download import Origin, csv_bytes
from cxdata.ui.page import Page
from cxdata.ui.view import View

COLUMNS = [Column("name", "Group"), Column("estimate", "=Figure", Unit.MONEY)]


def parsed(
    table: pd.DataFrame, origin: Origin | None = None, columns: list[Column] = COLUMNS
) -> list[list[str]]:
    text = csv_bytes(table, columns, origin or Origin("All")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_that_would_run_are_quoted(start: str) -> None:
    words = f"{start}cmd|' /C calc'!A0"
    table = pd.DataFrame({"name": [words], "estimate": [1.0]})
    rows = parsed(table, Origin(words, data_through=words, version=words))
    assert rows[0] == ["Group", "'=Figure", "scope", "data_through", "version"]
    quoted = f"'{words}"
    assert rows[1:] == [[quoted, "1.0", quoted, quoted, quoted]]


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    table = pd.DataFrame({"name": ["A", None], "estimate": [-1234.5, float("nan")]})
    assert [row[:2] for row in parsed(table)[1:]] == [["A", "-1234.5"], ["", ""]]


def test_counts_are_whole_numbers() -> None:
    table = pd.DataFrame({"n": [1200.0, float("nan"), 2.5], "share": [1.0, 0.5, 0.25]})
    columns = [Column("n", "n", Unit.COUNT), Column("share", "Share", Unit.SHARE)]
    rows = parsed(table, columns=columns)
    assert [row[:2] for row in rows[1:]] == [["1200", "1.0"], ["", "0.5"], ["2.5", "0.25"]]


def test_every_row_says_where_it_comes_from() -> None:
    scope = "Region Nordics, journey Get help, Sep 2026, compared with Aug 2026."
    origin = Origin(scope, "2026-09", "2026-10-20", "v. 7")
    table = pd.DataFrame({"name": ["A", "B"], "estimate": [1.0, 2.0]})
    said = [f"{scope} All customers: not cut by journey.", "2026-10-20", "v. 7"]
    remarked = origin.remarked("all customers: not cut by journey")
    assert [row[2:] for row in parsed(table, remarked)[1:]] == [said, said]
    assert origin.remarked("") == origin


def test_a_page_says_its_origin(company: Path, reading: Callable[[Path], None]) -> None:
    reading(company)
    opening = data.opening()
    choices = data.choices(opening.ticket)
    scope = Scope(choices.latest(Grain.MONTH))
    origin = Page(View(scope, "segment", choices), opening.ticket).origin
    assert origin.scope == "All customers, Sep 2026, compared with Aug 2026."
    assert origin.data_through == str(choices.complete_through)
    assert origin.version == opening.ticket.name
    assert origin.period == "2026-09"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"])),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=8,
    )
)
def test_what_is_read_back_is_what_was_shown(rows: list[tuple[str, float]]) -> None:
    table = pd.DataFrame(rows, columns=["name", "estimate"])
    back = parsed(table)[1:]
    assert [float(row[1]) for row in back] == [figure for _, figure in rows]
    assert [row[0].removeprefix("'") for row in back] == [
        name.removeprefix("'") for name, _ in rows
    ]
