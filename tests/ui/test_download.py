"""CSV: exactly the table, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.metric import Unit
from cxdata.ui.download import csv_bytes, file_name
from cxdata.ui.picture import Column

COLUMNS = [Column("name", "Group"), Column("estimate", "=Figure", Unit.MONEY)]


def parsed(table: pd.DataFrame, note: str = "") -> list[list[str]]:
    text = csv_bytes(table, COLUMNS, note).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_that_would_run_are_quoted(start: str) -> None:
    words = f"{start}cmd|' /C calc'!A0"
    table = pd.DataFrame({"name": [words], "estimate": [1.0]})
    rows = parsed(table, note=words)
    assert rows[0] == ["Group", "'=Figure"]
    assert rows[1][0] == f"'{words}"
    assert rows[2] == [f"'{words}"]


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    table = pd.DataFrame({"name": ["A", None], "estimate": [-1234.5, float("nan")]})
    assert parsed(table)[1:] == [["A", "-1234.5"], ["", ""]]


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


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Retention", "trend-logo_retention"), "retention-trend-logo-retention.csv"),
        (("../../etc", "passwd\x00"), "etc-passwd.csv"),
        (("🚀",), "figures.csv"),
    ],
)
def test_file_names_are_plain(words: tuple[str, ...], name: str) -> None:
    assert file_name(*words) == name
