"""The kinds of files that people send, each with what has to come of it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cxdata.intake.values import typed_column
from tests.intake.reading.kit import HEADER, ROWS, report, rows, text, workbook, zipped
from tests.intake.reading.kit import reading as read

Row = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A file (``content``), and the outcome, header, rows, number set aside and a word said."""

    name: str
    content: bytes | Callable[[], bytes]
    outcome: str
    header: Sequence[str] = HEADER
    rows: Sequence[Row] | None = ROWS
    aside: int = 0
    says: str = ""
    count: int | None = None
    file: str = "extract.csv"

    @property
    def bytes(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content()


ACCENTS = (("1", "José", "2.5"), ("2", "Müller", "3"), ("3", "Åse", "4.75"))
PLAIN = text()
COST = ("1", "“Zoë’s” café", "€ 5"), ("2", "Müller", "3"), ("3", "naïve – yes", "4")
RUSSIAN = (("1", "Иван Петров", "2.5"), ("2", "Анна", "3"), ("3", "Хорошо, спасибо"[:6], "4"))
JAPANESE = (("1", "表示ソ", "2.5"), ("2", "山田太郎", "3"), ("3", "ありがとう", "4"))
JPEGISH = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"


def _numbered(number: int, first: int = 1) -> list[Row]:
    return [(str(n), f"name {n}", str(n / 4)) for n in range(first, first + number)]


def _broken_byte() -> bytes:
    lines = text(_numbered(30_000)).encode().split(b"\n")
    lines[29_000] = lines[29_000].replace(b"name", b"na\xe9me")
    return b"\n".join(lines)


def _open_quote() -> bytes:
    lines = text([(a, f'"{b}"', c) for a, b, c in _numbered(60)]).split("\n")
    lines[31] = lines[31].replace('1"', "1")
    return "\n".join(lines).encode()


UTF8 = [
    Case("e01", text(ACCENTS).encode(), "accept", rows=ACCENTS),
    Case("e02", b"\xef\xbb\xbf" + text(ACCENTS).encode(), "accept", rows=ACCENTS),
    Case(
        "e03", text(ACCENTS, "\t", "\r\n").encode("utf-16"), "accept", rows=ACCENTS, says="UTF-16"
    ),
    Case(
        "e04",
        b"\xfe\xff" + text(ACCENTS).encode("utf-16-be"),
        "accept",
        rows=ACCENTS,
        says="UTF-16",
    ),
    Case("e05", text(ACCENTS).encode("utf-16-le"), "accept", rows=ACCENTS, says="UTF-16"),
    Case("e06", text(COST).encode("cp1252"), "accept", rows=COST, says="Windows-1252"),
    Case("e07", text(RUSSIAN).encode("cp1251"), "ask", rows=RUSSIAN, says="Windows-1251"),
    Case("e08", text(JAPANESE).encode("cp932"), "ask", rows=JAPANESE, says="Shift"),
    Case("e09", _broken_byte, "reject", rows=None, count=29_999, aside=1, says="byte"),
    Case(
        "e10",
        text(ACCENTS[:2]).encode() + "3,Åse,4.75\n".encode("cp1252"),
        "reject",
        rows=ACCENTS[:2],
        aside=1,
        says="UTF-8",
    ),
    Case(
        "e11",
        "id,name,amount\n1,JosÃ©,2.5\n2,itâ€™s,3\n".encode(),
        "accept",
        rows=[("1", "JosÃ©", "2.5"), ("2", "itâ€™s", "3")],
        says="twice",
    ),
]

DELIMITERS = [
    Case(
        "d01",
        b"id;name;amount\n1;Ann;1.234,50\n2;Bob;-7,25\n",
        "accept",
        rows=[("1", "Ann", "1.234,50"), ("2", "Bob", "-7,25")],
    ),
    Case("d02", b"sep=;\r\n" + text(ROWS, ";", "\r\n").encode(), "accept"),
    Case("d03", text(ROWS, "\t").encode(), "accept"),
    Case("d04", text(ROWS, "|").encode(), "accept"),
    Case(
        "d05",
        b"product;amount, in dollars\nTea;1,50\nRice;12,75\n",
        "accept",
        header=("product", "amount, in dollars"),
        rows=[("Tea", "1,50"), ("Rice", "12,75")],
    ),
    Case(
        "d06",
        b"email\nann@example.com\nbob@example.org\n",
        "accept",
        header=("email",),
        rows=[("ann@example.com",), ("bob@example.org",)],
    ),
    Case("d07", text(ROWS, ", ").encode(), "accept"),
    Case("d08", text(ROWS, "||").encode(), "ask"),
    Case("d09", text(ROWS, "\x01").encode(), "accept"),
    Case("d10", (text(ROWS[:2]) + "3;Cid;4.75\n").encode(), "reject", rows=ROWS[:2], aside=1),
    Case(
        "d11",
        b"id;name;amount\n1;well, yes, and no;2\n2;no, never, not, once;3\n3;ok;4\n",
        "accept",
        rows=[
            ("1", "well, yes, and no", "2"),
            ("2", "no, never, not, once", "3"),
            ("3", "ok", "4"),
        ],
    ),
]

QUOTES = [
    Case(
        "q01",
        b'id,name,amount\n1,"Smith, ""Jo""",2.5\n',
        "accept",
        rows=[("1", 'Smith, "Jo"', "2.5")],
    ),
    Case(
        "q02",
        b'id,name,amount\n1,"one\ntwo",2\n2,"three\r\nfour",3\n',
        "accept",
        rows=[("1", "one\ntwo", "2"), ("2", "three\r\nfour", "3")],
    ),
    Case(
        "q03",
        rb"id,name,amount" + b"\n" + rb'1,"say \"hi\", now",2' + b"\n" + rb'2,"ok",3' + b"\n",
        "accept",
        rows=[("1", 'say "hi", now', "2"), ("2", "ok", "3")],
    ),
    Case(
        "q04",
        b"id,name,amount\n1,'Smith, Jo',2\n2,'Ann',3\n",
        "accept",
        rows=[("1", "Smith, Jo", "2"), ("2", "Ann", "3")],
    ),
    Case(
        "q05",
        b'id,name,amount\n1,5" disk,2\n2,Ann,3\n3,Bob,4\n',
        "accept",
        rows=[("1", '5" disk', "2"), ("2", "Ann", "3"), ("3", "Bob", "4")],
    ),
    Case("q06", _open_quote, "reject", rows=None, count=59, aside=1, says="quote"),
    Case(
        "q07",
        b'id,name,amount\n1,"Ann",2\n2,"Bob",3\n3,"Cid,4\n',
        "reject",
        rows=[("1", "Ann", "2"), ("2", "Bob", "3")],
        aside=1,
    ),
    Case(
        "q08",
        b'id,name,amount\n1, "Smith, J" ,2\n2, "Ann",3\n',
        "accept",
        rows=[("1", "Smith, J", "2"), ("2", "Ann", "3")],
    ),
    Case(
        "q09",
        b'id,name,amount\n1,,2\n2,"",3\n',
        "accept",
        rows=[("1", "", "2"), ("2", "", "3")],
    ),
    Case(
        "q10",
        b'id,name,amount\n1,"say "hi" now",2\n2,"ok",3\n',
        "reject",
        rows=[("2", "ok", "3")],
        aside=1,
        says="quote",
    ),
    Case(
        "q11",
        b'id,name,amount\n1,"Ann"x,2\n2,Bob,3\n',
        "reject",
        rows=[("2", "Bob", "3")],
        aside=1,
    ),
]

PREAMBLE = "Sales report\nRegion: North\nMade 2024-02-01\n"
GROUPS = "Customer,,Sales\nid,name,amount\n"
QUALTRICS = (
    "ResponseId,Q1,Q2\n"
    '"Response ID","How likely are you to recommend us?","Why, in your own words?"\n'
    '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_TEXT""}"\n'
    "R_1,9,good\nR_2,3,slow\n"
)

HEADERS = [
    Case(
        "h01",
        b"id,amount,amount\n1,2,3\n",
        "accept",
        header=("id", "amount", "amount_2"),
        rows=[("1", "2", "3")],
        says="duplicate",
    ),
    Case("h02", b"1,Ann,2.5\n2,Bob,3\n", "ask", header=(), rows=ROWS[:2], says="header"),
    Case(
        "h03",
        b"id,,amount,\n1,x,2.5,\n2,y,3,\n",
        "accept",
        header=("id", "column_2", "amount"),
        rows=[("1", "x", "2.5"), ("2", "y", "3")],
        says="empty column",
    ),
    Case("h04", (PREAMBLE + PLAIN).encode(), "accept", says="3 lines"),
    Case("h05", ("Sales report,,\nNorth 2024,,\n" + PLAIN).encode(), "accept", says="2 lines"),
    Case(
        "h06",
        (PLAIN + "Total,,10.25\nGenerated by the billing system\n").encode(),
        "reject",
        aside=2,
        says="total",
    ),
    Case(
        "h07",
        (GROUPS + PLAIN.split("\n", 1)[1]).encode(),
        "ask",
        header=("Customer id", "Customer name", "Sales amount"),
    ),
    Case(
        "h08",
        ' ID ,"\u00a0Na\nme",Amount \n1,Ann,2.5\n'.encode(),
        "accept",
        header=(" ID ", "\u00a0Na\nme", "Amount "),
        rows=ROWS[:1],
    ),
    Case(
        "h09",
        (PLAIN + text(_numbered(3, 4))).encode(),
        "reject",
        rows=[*ROWS, *_numbered(3, 4)],
        aside=1,
        says="header",
    ),
    Case(
        "h10",
        b"name,amount\n1,Ann,2.5\n2,Bob,3\n",
        "ask",
        header=("column_1", "name", "amount"),
        rows=ROWS[:2],
    ),
    Case("h11", b"id,name,amount\n", "accept", rows=(), says="0 rows"),
    Case("h12", ("# made by hand\n# do not edit\n" + PLAIN).encode(), "accept", says="2 lines"),
    Case(
        "h13",
        'select,"a"";drop table x;--",=1+1,😀\n1,2,3,4\n'.encode(),
        "accept",
        header=("select", 'a";drop table x;--', "=1+1", "😀"),
        rows=[("1", "2", "3", "4")],
    ),
    Case(
        "h14",
        b"region,2022,2023\nNorth,10,12\nSouth,20,22\n",
        "accept",
        header=("region", "2022", "2023"),
        rows=[("North", "10", "12"), ("South", "20", "22")],
    ),
    Case(
        "h15",
        QUALTRICS.encode(),
        "accept",
        header=("ResponseId", "Q1", "Q2"),
        rows=[("R_1", "9", "good"), ("R_2", "3", "slow")],
        aside=2,
        says="question text",
    ),
]

RAGGED = [
    Case("r01", (PLAIN + "4,Dan\n").encode(), "reject", aside=1, says="2 of 3"),
    Case("r02", (PLAIN + "4,Dan, Jr,5\n").encode(), "reject", aside=1, says="4 of 3"),
    Case("r03", b"id,name,amount\n1,Ann,2.5,\n2,Bob,3,\n", "accept", rows=ROWS[:2]),
    Case(
        "r04",
        (PLAIN + "\nregion,total\nNorth,5\nSouth,6\n").encode(),
        "reject",
        aside=3,
        says="second table",
    ),
    Case("r05", b"id,name,amount\n1,Ann,2.5\n\n2,Bob,3\n\n\n", "accept", rows=ROWS[:2]),
    Case("r06", b"id,name,amount\n1,Ann\n2,Bob,3\n3,Cid,4.75\n", "reject", rows=ROWS[1:], aside=1),
]

ODD_ENDS = (("1", "a\u2028b", "2"), ("2", "c\u0085d\x0be", "3"))

NEWLINES = [
    Case("n01", text(end="\r").encode(), "accept"),
    Case(
        "n02",
        b"id,name,amount\r\n1,Ann,2.5\n2,Bob,3\r\n3,Cid,4.75\n",
        "accept",
    ),
    Case("n03", PLAIN.rstrip("\n").encode(), "accept"),
    Case("n04", text(end="\r\r\n").encode(), "accept"),
    Case("n05", text(ODD_ENDS).encode(), "accept", rows=ODD_ENDS),
    Case(
        "n06",
        b"id,name,amount\n1,A\0nn,2\n2,Bob,3\n",
        "reject",
        rows=[("2", "Bob", "3")],
        aside=1,
        says="NUL",
    ),
    Case("n07", text(end="\r\n").encode() + b"\x1a", "accept", says="Ctrl-Z"),
]

LONG = "x" * (5 << 20)
WIDE = [f"question {n}" for n in range(5_000)]
FORMULAS = (
    ("1", "=1+1"),
    ("2", "@SUM(A1)"),
    ("3", "+cmd|' /C calc'!A0"),
    ("4", "<script>alert(1)</script>"),
    ("5", "-2+3"),
)

SIZES = [
    Case("s01", b"", "refuse", says="empty"),
    Case("s02", b"\xef\xbb\xbf   \n  \n", "refuse", says="empty"),
    Case(
        "s03",
        lambda: f"id,name,amount\n1,{LONG},2\n2,Bob,3\n".encode(),
        "accept",
        rows=[("1", LONG, "2"), ("2", "Bob", "3")],
    ),
    Case(
        "s04",
        lambda: text([["7"] * 5_000, ["8"] * 5_000], header=WIDE).encode(),
        "accept",
        header=WIDE,
        rows=[("7",) * 5_000, ("8",) * 5_000],
    ),
]

CONTAINERS = [
    Case("c01", gzip.compress(PLAIN.encode()), "accept", file="extract.csv.gz"),
    Case("c02", gzip.compress(PLAIN.encode()), "accept"),
    Case(
        "c03",
        zipped({"extract.csv": PLAIN.encode(), "__MACOSX/._extract.csv": b"\0\5\x16\7"}),
        "accept",
        file="extract.zip",
    ),
    Case("c04", zipped({"a.csv": PLAIN.encode(), "b.csv": b"x\n"}), "refuse", says="2 files"),
    Case("c05", workbook({"Sheet1": [HEADER, *ROWS]}), "refuse", says="workbook"),
    Case("c06", b"<html><body><table><tr><td>1</td></tr></table>", "refuse", says="HTML"),
    Case("c07", b'{"id": 1, "name": "Ann"}\n{"id": 2}\n', "refuse", says="JSON"),
    Case("c08", JPEGISH, "refuse", says="PNG"),
    Case("c09", b"PAR1\x15\x04\x15 PAR1", "refuse", says="Parquet"),
    Case("c10", gzip.compress(text(_numbered(500)).encode())[:-900], "refuse", says="cut"),
]

OTHERS = [
    Case("z01", text(FORMULAS, header=("id", "name")).encode(), "accept", ("id", "name"), FORMULAS),
    Case(
        "p01",
        b"id,name,amount\n1,Ann,2.5\n1,Bob,3\n3,Cid,4.75\n",
        "reject",
        rows=[("1", "Ann", "2.5"), ("1", "Bob", "3"), ("3", "Cid", "4.75")],
        says="duplicate key",
    ),
    Case(
        "p02",
        b"id,name,amount\n1,Ann,2.5\n1,Ann,2.5\n",
        "reject",
        rows=[ROWS[0], ROWS[0]],
        says="identical",
    ),
    Case("p03", (PLAIN + "4,Da").encode(), "reject", aside=1, says="cut"),
]

SHEET_DAMAGE = (("00123", "01234"), ("1234567890123456789", "99999"))
ONE, TWO = "12.345,67", "1.234"

TYPES = [
    Case(
        "t01",
        "id,amount\n1,1\u00a0234.5\n2,1\u202f234.5\n3,1'234.5\n".encode(),
        "accept",
        ("id", "amount"),
        [("1", "1\u00a0234.5"), ("2", "1\u202f234.5"), ("3", "1'234.5")],
    ),
    Case(
        "t02",
        'id,amount\n1,"(1,234.50)"\n2,12.00-\n3,\u22127.5\n'.encode(),
        "accept",
        ("id", "amount"),
        [("1", "(1,234.50)"), ("2", "12.00-"), ("3", "\u22127.5")],
    ),
    Case(
        "t03",
        b'id,amount\n1,$12.00\n2,"USD 1,000.00"\n3,12.00 USD\n',
        "accept",
        ("id", "amount"),
        [("1", "$12.00"), ("2", "USD 1,000.00"), ("3", "12.00 USD")],
    ),
    Case(
        "t04",
        "id,amount\n1,$12.00\n2,€12.00\n".encode(),
        "ask",
        ("id", "amount"),
        [("1", "$12.00"), ("2", "€12.00")],
        says="currency",
    ),
    Case(
        "t05",
        b"id,rate\n1,12.5%\n2,7%\n",
        "accept",
        ("id", "rate"),
        [("1", "12.5%"), ("2", "7%")],
    ),
    Case(
        "t06",
        text(SHEET_DAMAGE, header=("id", "zip")).encode(),
        "accept",
        ("id", "zip"),
        SHEET_DAMAGE,
    ),
    Case(
        "t07",
        b"id,name\n1.23457E+15,Ann\n1.23457E+15,Bob\n",
        "ask",
        ("id", "name"),
        [("1.23457E+15", "Ann"), ("1.23457E+15", "Bob")],
        says="E+",
    ),
    Case(
        "t08",
        b"id,name,country\n1,Null,NA\n2,,\n3,None,NULL\n",
        "accept",
        ("id", "name", "country"),
        [("1", "Null", "NA"), ("2", "", ""), ("3", "None", "NULL")],
    ),
    Case(
        "t09",
        b"id,score\n1,9\n2,#DIV/0!\n3,#N/A\n",
        "reject",
        ("id", "score"),
        [("1", "9"), ("2", "#DIV/0!"), ("3", "#N/A")],
        says="#DIV/0!",
    ),
    Case(
        "t10",
        b"id,resolved\n1,ja\n2,nein\n3,Ja\n4,Nein\n",
        "accept",
        ("id", "resolved"),
        [("1", "ja"), ("2", "nein"), ("3", "Ja"), ("4", "Nein")],
    ),
    Case(
        "t11",
        b"id,nps\n1,10.0\n2,9 - Very satisfied\n3,11\n",
        "reject",
        ("id", "nps"),
        [("1", "10.0"), ("2", "9 - Very satisfied"), ("3", "11")],
        says="0 to 10",
    ),
    Case(
        "t12",
        b"id,amount\n1,1.234\n2,2.345\n",
        "ask",
        ("id", "amount"),
        [("1", "1.234"), ("2", "2.345")],
        says="1.234",
    ),
    Case(
        "t13",
        lambda: text(
            [*_numbered(28_999), ("29000", "x", "n/k"), *_numbered(1_000, 29_001)]
        ).encode(),
        "reject",
        rows=None,
        count=30_000,
        says="29001",
    ),
]

DATES = [
    Case(
        "x01",
        b"id,date\n1,05/02/2024\n2,31/01/2024\n",
        "accept",
        ("id", "date"),
        [("1", "05/02/2024"), ("2", "31/01/2024")],
    ),
    Case(
        "x02",
        b"id,date\n1,05/02/2024\n2,03/04/2024\n",
        "ask",
        ("id", "date"),
        [("1", "05/02/2024"), ("2", "03/04/2024")],
        says="day first",
    ),
    Case(
        "x03",
        b"id,date\n1,31/01/2024\n2,28/01/2024\n3,02/25/2024\n",
        "reject",
        ("id", "date"),
        [("1", "31/01/2024"), ("2", "28/01/2024"), ("3", "02/25/2024")],
    ),
    Case(
        "x04",
        b"id,date\n1,45321\n2,45322.5\n",
        "ask",
        ("id", "date"),
        [("1", "45321"), ("2", "45322.5")],
        says="serial",
    ),
    Case(
        "x06",
        b"id,date\n1,31/01/24\n2,31/02/2024\n3,0000-00-00\n4,9999-12-31\n",
        "reject",
        ("id", "date"),
        [("1", "31/01/24"), ("2", "31/02/2024"), ("3", "0000-00-00"), ("4", "9999-12-31")],
        says="9999",
    ),
    Case(
        "x07",
        "id,date\n1,12 février 2024\n2,12. März 2024\n3,12 Feb 2024\n".encode(),
        "accept",
        ("id", "date"),
        [("1", "12 février 2024"), ("2", "12. März 2024"), ("3", "12 Feb 2024")],
    ),
    Case(
        "x08",
        b"id,at\n1,1706695200\n2,1706695200000\n3,01/31/2024 10:00 PM\n",
        "ask",
        ("id", "at"),
        [("1", "1706695200"), ("2", "1706695200000"), ("3", "01/31/2024 10:00 PM")],
        says="epoch",
    ),
]
ZONES = Case(
    "x05",
    b"id,at\n1,2024-03-31T03:30:00+02:00\n2,2024-03-31T01:30:00Z\n3,2024-03-31T02:30:00\n",
    "reject",
    ("id", "at"),
    [
        ("1", "2024-03-31T03:30:00+02:00"),
        ("2", "2024-03-31T01:30:00Z"),
        ("3", "2024-03-31T02:30:00"),
    ],
    says="zone",
)

CASES = [
    *UTF8, *DELIMITERS, *QUOTES, *HEADERS, *RAGGED, *NEWLINES, *SIZES, *CONTAINERS, *OTHERS,
    *TYPES, *DATES,
]  # fmt: skip


def test_there_are_a_hundred() -> None:
    assert len({one.name for one in CASES}) + len({ZONES.name}) == 100


def check(found: Any, case: Case) -> None:
    assert found.outcome == case.outcome, (found.questions, found.notes, found.set_aside)
    assert case.says in report(found)
    if case.outcome == "refuse":
        assert found.refused.endswith(".") or found.refused.endswith(")")
        assert not rows(found)
        return
    header = found.header if case.header else ()
    assert header == tuple(case.header)
    if case.rows is not None:
        assert rows(found) == list(case.rows)
    else:
        assert found.accepted == case.count
    assert found.aside_count == len(found.set_aside) == case.aside
    assert found.records == found.accepted + case.aside


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    # Looking at the values of 5,000 columns takes long and is no matter of reading.
    check(read(tmp_path, case.bytes, case.file, values=case.name != "s04"), case)


def test_times_without_a_zone_take_the_stated_one(tmp_path: Path) -> None:
    found = read(tmp_path, ZONES.bytes, zone="Europe/Berlin")
    check(found, ZONES)
    assert [
        str(one)[:16] for one in typed_column(found, "at", choices={"zone": "Europe/Berlin"})
    ] == [
        "2024-03-31 01:30",
        "2024-03-31 01:30",
    ]


def test_no_header_is_asked_and_the_columns_are_numbered(tmp_path: Path) -> None:
    found = read(tmp_path, b"1,Ann,2.5\n2,Bob,3\n")
    assert found.dialect.header == 0
    assert found.header == ("column_1", "column_2", "column_3")


TYPED: list[tuple[str, str, list[Any]]] = [
    ("d01", "amount", ["1234.50", "-7.25"]),
    ("t01", "amount", ["1234.5", "1234.5", "1234.5"]),
    ("t02", "amount", ["-1234.50", "-12.00", "-7.5"]),
    ("t03", "amount", ["12.00", "1000.00", "12.00"]),
    ("t05", "rate", ["0.125", "0.07"]),
    ("t06", "id", ["00123", "1234567890123456789"]),
    ("t08", "name", ["Null", None, "None"]),
    ("t08", "country", ["NA", None, None]),
    ("t09", "score", ["9"]),
    ("t10", "resolved", [True, False, True, False]),
    ("t11", "nps", ["10", "9"]),
    ("x01", "date", ["2024-02-05", "2024-01-31"]),
    ("x03", "date", ["2024-01-31", "2024-01-28"]),
    ("x04", "date", ["2024-01-30", "2024-01-31T12:00:00"]),
    ("x06", "date", ["2024-01-31"]),
    ("x07", "date", ["2024-02-12", "2024-03-12", "2024-02-12"]),
]


@pytest.mark.parametrize(("name", "column", "expected"), TYPED)
def test_typed(name: str, column: str, expected: list[Any], tmp_path: Path) -> None:
    case = next(one for one in CASES if one.name == name)
    found = [_plain(one) for one in typed_column(read(tmp_path, case.bytes), column)]
    assert found == [Decimal(one) if column in _NUMBERS else one for one in expected]


_NUMBERS = ("amount", "rate", "score", "nps")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_gzip_that_is_damaged_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(text(_numbered(500)).encode()))
    packed[-6] ^= 0xFF
    found = read(tmp_path, bytes(packed))
    assert found.refused is not None
    assert "damaged" in found.refused
    assert zlib.crc32(bytes(packed))
