"""Extracts as analysts get them: labels above tables, sums of groups, rows of nothing, wrapping."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.intake.reading.kit import HEADER, ROWS, reading, report, rows, text
from tests.intake.reading.test_cases import PLAIN, Case, check

NUMBERED = [(str(n), f"name {n}", "1.5") for n in range(1, 60_001)]
CASES = [
    Case(
        "labels with values above",
        f"Account,12345\nPeriod,2024-01\nCurrency,EUR\n\n{PLAIN}".encode(),
        "accept",
        says="4 lines",
    ),
    Case(
        "labels with values directly above",
        f"Account,12345\nPeriod,2024-01\n{PLAIN}".encode(),
        "accept",
    ),
    Case(
        "padded labels and a row of delimiters",
        f"Report: sales,,\nFrom: 2024-01-01,To: 2024-02-01,\n,,\n{PLAIN}".encode(),
        "accept",
    ),
    Case(
        "sums of groups",
        b"region,name,amount\nN,Ann,1\nN,Bob,2\nN Total,,3\nS,Cid,4\nTotal S,,4\nGrand Total,,7\n",
        "reject",
        header=("region", "name", "amount"),
        rows=[("N", "Ann", "1"), ("N", "Bob", "2"), ("S", "Cid", "4")],
        aside=3,
        says="records before it",
    ),
    Case(
        "a company that is called like a sum",
        b"client,city,n\nTotal Wine,,3\nSum Ltd,Lyon,2\nWine,Rome,1\nWine Total,Rome,4\n",
        "accept",
        header=("client", "city", "n"),
        rows=[
            ("Total Wine", "", "3"),
            ("Sum Ltd", "Lyon", "2"),
            ("Wine", "Rome", "1"),
            ("Wine Total", "Rome", "4"),
        ],
    ),
    Case("Russian total", f"{PLAIN}Общий итог,,9\n".encode(), "reject", aside=1, says="total"),
    Case("many rows of nothing", f"{PLAIN},,\n".encode() + b",,\n" * 50_000, "accept"),
    Case(
        "lines in quotes as a whole",
        b'"id,""name"",amount"\n"1,""Ann, B"",2.5"\n"2,""Bob"",3"\n',
        "accept",
        rows=[("1", "Ann, B", "2.5"), ("2", "Bob", "3")],
        says="taken off",
    ),
    Case(
        "one column of texts with a comma",
        b'"last, first"\n"Lee, Ann"\n"Ray, Bob"\n',
        "accept",
        header=("last, first",),
        rows=[("Lee, Ann",), ("Ray, Bob",)],
    ),
    Case(
        "most records break their quoting",
        b'id,name,amount\n1,"Acme" Ltd,2\n2,Bob,3\n3,"C" and "D",4\n',
        "reject",
        rows=[ROWS[1]],
        aside=2,
        says="closing quote",
    ),
    Case(
        "one column with a decimal comma",
        b"amount\n1,5\n-2,25\n1.203,75\n",
        "accept",
        header=("amount",),
        rows=[("1,5",), ("-2,25",), ("1.203,75",)],
    ),
    Case("line feed before return", text(end="\n\r").encode(), "accept"),
    Case("comma of another script", text(delimiter="，").encode(), "ask", says="separate"),
    Case(
        "a sum behind the years",
        b"region,2023,2024,Total\nN,1,2,3\nS,3,4,7\n",
        "accept",
        header=("region", "2023", "2024", "Total"),
        rows=[("N", "1", "2", "3"), ("S", "3", "4", "7")],
    ),
    Case(
        "numbered questions",
        b"id,1,2,3\n1,5,5,4\n2,4,4,4\n",
        "ask",
        header=("id", "1", "2", "3"),
        rows=[("1", "5", "5", "4"), ("2", "4", "4", "4")],
        says="header",
    ),
    Case(
        "a drawn table",
        b"| id | name |\n|----|------|\n| 1 | Ann |\n| 2 | Bob |\n",
        "accept",
        header=("column_1", " id ", " name "),
        rows=[("", " 1 ", " Ann "), ("", " 2 ", " Bob ")],
        aside=1,
    ),
    Case("delimiters alone", b",,,\n,,,\n", "refuse", says="empty"),
    Case(
        "single quotes around every text",
        b"id,name,amount\n1,'x, 1',2\n2,'x, 2',2\n3,'x, 3',2\n",
        "accept",
        rows=[("1", "x, 1", "2"), ("2", "x, 2", "2"), ("3", "x, 3", "2")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_extract(case: Case, tmp_path: Path) -> None:
    check(reading(tmp_path, case.bytes, case.file), case)


def test_joined_files_repeat_their_mark_with_the_header(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    content = mark + PLAIN.encode() + mark + text([("4", "Di", "5")]).encode()
    found = reading(tmp_path, content)
    assert rows(found) == [*ROWS, ("4", "Di", "5")]
    assert [one.rule for one in found.set_aside] == ["repeated_header"]


def test_rows_of_nothing_behind_a_large_table(tmp_path: Path) -> None:
    found = reading(tmp_path, text([*NUMBERED * 3]).encode() + b",,\r\n" * 100_000)
    assert found.accepted == found.records == 180_000
    assert "100,000 rows at the end hold nothing" in report(found)


def test_sums_of_groups_in_a_large_table(tmp_path: Path) -> None:
    table = [("North", f"customer number {n}", "1") for n in range(100_000)]
    lines = [",".join(one) for one in table]
    lines[50_000:50_000] = ["North Total,,50000"]
    content = "region,name,n\n" + "\n".join(lines) + "\n"
    found = reading(tmp_path, content.encode())
    assert rows(found) == table
    assert [(one.record, one.rule) for one in found.set_aside] == [(50_001, "total")]


def test_names_that_begin_like_the_header_cost_no_time(tmp_path: Path) -> None:
    table = [(f"Клиент {n}", "Москва", str(n)) for n in range(60_000)]
    content = text(table, header=("клиент", "город", "сумма")) + "Итого,,5\n"
    begun = time.process_time()
    found = reading(tmp_path, content.encode(), values=False)
    assert time.process_time() - begun < 3
    assert found.accepted == len(table)
    assert found.aside_count == 1
    assert found.header != HEADER


def test_a_line_below_the_names_is_no_record_however_short_its_pieces(tmp_path: Path) -> None:
    raw = b"id,name,amount\n--,----,------\n1,Ann,2.5\n2,Bob,3\n"
    found = reading(tmp_path, raw)
    assert rows(found) == [("1", "Ann", "2.5"), ("2", "Bob", "3")]
    assert [one.raw for one in found.set_aside] == ["--,----,------"]
    plain = reading(tmp_path, b"id,name\n-,-\n1,Ann\n")
    assert rows(plain) == [("-", "-"), ("1", "Ann")]


def test_text_of_a_mainframe_is_refused_until_its_code_page_is_said(tmp_path: Path) -> None:
    raw = text().encode("cp500")
    found = reading(tmp_path, raw)
    assert found.refused is not None
    assert "EBCDIC" in found.refused
    assert found.questions[0].default == "cp500"
    assert rows(reading(tmp_path, raw, encoding="cp500")) == list(ROWS)
