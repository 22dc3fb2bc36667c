"""CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.exports.csv_file import file_name, lines

RUN = "=+-@\t\r\n＝＋－＠"


def back(header: list[str], rows: list[list[Any]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(lines(header, rows), newline="")))


@pytest.mark.parametrize("start", RUN)
def test_words_that_would_run_get_an_apostrophe_wherever_they_stand(start: str) -> None:
    words = f"{start}cmd|' /C calc'!A0"
    assert back([words], [[words], [f" {words}"]]) == [[f"'{words}"], [f"'{words}"], [f" {words}"]]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (-1234.5, "-1234.5"),
        (-7, "-7"),
        (Decimal("-12.30"), "-12.30"),
        (np.float64(-0.25), "-0.25"),
        (np.int64(-3), "-3"),
        (None, ""),
        (float("nan"), ""),
        (True, "True"),
        ("-5", "'-5"),
    ],
)
def test_real_negative_numbers_are_untouched(number: Any, written: str) -> None:
    assert back(["a", "b"], [[number, 1]])[1] == [written, "1"]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.integers())))
def test_every_cell_comes_back_and_none_would_run(rows: list[tuple[str, int]]) -> None:
    found = back(["name", "count"], [list(row) for row in rows])[1:]
    assert [(name.removeprefix("'"), int(count)) for name, count in found] == [
        (name.removeprefix("'"), count) for name, count in rows
    ]
    assert not any(name.startswith(tuple(RUN)) for name, _ in found)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Retention by segment", "2026-09"), "retention-by-segment-2026-09.csv"),
        (("../../etc/passwd",), "etc-passwd.csv"),
        (("🚀",), "figures.csv"),
    ],
)
def test_file_names_are_plain(words: tuple[str, ...], name: str) -> None:
    assert file_name(*words) == name
