"""Workbooks are read as their sheets show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.intake.reading.kit import HEADER, ROWS, reading, rows, workbook, zipped

SHEET: list[list[Any]] = [
    ["id", "name", "day", "amount", "ok"],
    [1, "Ann", ("date", 45322), 1234.5, True],
    [2, " Bob ", ("date", 45322.5), ("formula", "1+1", "2"), False],
    ["00123", "=1+1", None, ("error", "#DIV/0!"), None],
]


def test_values_as_the_sheet_has_them(tmp_path: Path) -> None:
    found = reading(tmp_path, workbook({"Data": SHEET}), "book.xlsx")
    assert found.dialect.container == "xlsx"
    assert found.dialect.member == "Data"
    assert found.header == ("id", "name", "day", "amount", "ok")
    assert rows(found) == [
        ("1", "Ann", "2024-01-31", "1234.5", "TRUE"),
        ("2", " Bob ", "2024-01-31 12:00:00", "2", "FALSE"),
        ("00123", "=1+1", "", "#DIV/0!", ""),
    ]
    assert found.raw([1]) == {1: "1\tAnn\t2024-01-31\t1234.5\tTRUE"}


def test_a_title_blank_rows_and_a_total_are_no_records(tmp_path: Path) -> None:
    sheet: list[list[Any]] = [["Sales 2024"], [], ["", *HEADER]]
    sheet += [["", 1, "Ann", 2.5], ["", 2, "Bob", 3], [], ["", "Total", None, 5.5]]
    found = reading(tmp_path, workbook({"Data": sheet}), "book.xlsx")
    assert found.header[-3:] == HEADER
    assert [row[-3:] for row in rows(found)] == [("1", "Ann", "2.5"), ("2", "Bob", "3")]
    assert [(one.rule, one.line) for one in found.set_aside] == [("total", 7)]
    assert found.outcome == "reject"


def test_the_sheet_is_asked_and_chosen(tmp_path: Path) -> None:
    content = workbook({"First": [HEADER, *ROWS], "Second": [["x"], ["1"]], "Empty": []})
    found = reading(tmp_path, content, "book.xlsx")
    assert [one.key for one in found.questions] == ["sheet"]
    assert [value for value, _ in found.questions[0].options] == ["First", "Second"]
    assert rows(found) == list(ROWS)
    chosen = reading(tmp_path, content, "book.xlsx", sheet="Second")
    assert (chosen.header, rows(chosen)) == (("x",), [("1",)])
    assert "no sheet 'Third'" in (reading(tmp_path, content, "b.xlsx", sheet="Third").refused or "")


def test_empty_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    assert "empty" in (reading(tmp_path, workbook({"S": []}), "book.xlsx").refused or "")
    content = zipped({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<"})
    assert "cannot be opened" in (reading(tmp_path, content, "book.xlsx").refused or "")
