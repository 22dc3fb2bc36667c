"""More files of each kind: other code pages, delimiters, words and places for what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.reading.kit import HEADER, ROWS, reading, rows, text
from tests.intake.reading.test_cases import PLAIN, Case, check

CODE_PAGES = [
    ("koi8-r", "KOI8-R", "Хорошо спасибо"),
    ("cp866", "CP866", "Иван Петров"),
    ("cp1250", "Windows-1250", "Příliš žluťoučký kůň"),
    ("cp1253", "Windows-1253", "Γιώργος καλημέρα"),
    ("cp1254", "Windows-1254", "müşteri çağrı değil"),
    ("cp1255", "Windows-1255", "שלום תל אביב"),
    ("cp1256", "Windows-1256", "السلام عليكم"),
    ("cp1257", "Windows-1257", "ačiū šiandien gėlė"),
    ("cp874", "Windows-874", "สวัสดี กรุงเทพ"),
    ("euc_jp", "EUC-JP", "山田太郎 こんにちは"),
    ("gb18030", "GB18030", "王小明 上海市"),
    ("cp950", "Big5", "臺灣高雄市"),
    ("cp949", "EUC-KR", "안녕하세요 김철수"),
    ("mac_roman", "Mac Roman", "Müller “été” José"),
]


@pytest.mark.parametrize(("codec", "name", "word"), CODE_PAGES, ids=[one[1] for one in CODE_PAGES])
def test_code_pages_are_asked(codec: str, name: str, word: str, tmp_path: Path) -> None:
    table = [("1", word, "2"), ("2", "plain", "3")]
    found = reading(tmp_path, text(table).encode(codec))
    assert found.dialect.encoding == name
    assert rows(found) == table
    assert "encoding" in [one.key for one in found.questions]
    stated = reading(tmp_path, text(table).encode(codec), encoding=name)
    assert rows(stated) == table
    assert not stated.questions


DELIMITERS = ["^", "~", "¦", "§", ":", " ", "; ", " | ", "\x1f", "\x02"]
PAIRS = ["~|~", "::", "|~|", "^^", ";;"]


@pytest.mark.parametrize("delimiter", [*DELIMITERS, *PAIRS])
def test_delimiters(delimiter: str, tmp_path: Path) -> None:
    found = reading(tmp_path, text(delimiter=delimiter).encode())
    assert found.dialect.delimiter == delimiter
    assert found.header == HEADER
    assert rows(found) == list(ROWS)
    assert found.outcome == ("ask" if delimiter in PAIRS else "accept")


def _total(word: str) -> bytes:
    return f"client;ville;montant\nA;Paris;1\nB;Lyon;2\n{word};;3\n".encode()


TOTALS = "Summe Gesamtsumme Итого 合計 Totaal Suma Razem Yhteensä 总计 Összesen Toplam".split()  # noqa: SIM905


@pytest.mark.parametrize("word", [*TOTALS, "Total général", "Grand Total:", "Subtotal", "TOTAL"])
def test_totals_in_many_languages(word: str, tmp_path: Path) -> None:
    found = reading(tmp_path, _total(word))
    assert rows(found) == [("A", "Paris", "1"), ("B", "Lyon", "2")]
    assert [one.rule for one in found.set_aside] == ["total"]


def test_a_customer_named_total_is_no_total(tmp_path: Path) -> None:
    table = [("Total", "Paris", "1"), ("Sum", "Lyon", "2"), ("Ann", "Rome", "3")]
    found = reading(tmp_path, text(table, header=("client", "city", "orders")).encode())
    assert rows(found) == table


MANY = [(str(n), f"name {n}", str(n)) for n in range(1, 1_001)]
SHORT = [("x", "y")] * 5
CASES = [
    Case(
        "preamble, quoted lines and footer",
        b'Export\nMade 2024\n\nid,name,amount\n1,"a\nb, c",2\n2,"x\r\ny",3\n\nEnd of report\n',
        "reject",
        rows=[("1", "a\nb, c", "2"), ("2", "x\r\ny", "3")],
        aside=1,
        says="footer",
    ),
    Case(
        "open quote first",
        b'id,name,amount\n1,"Ann,2.5\n2,"Bob",3\n',
        "reject",
        rows=[ROWS[1]],
        aside=1,
        says="quote",
    ),
    Case(
        "open quote, no other",
        b'id,name,amount\n1,"Ann,2.5\n2,Bob,3\n3,Cid,4.75\n',
        "reject",
        rows=ROWS[1:],
        aside=1,
        says="quote",
    ),
    Case(
        "open quote at the end",
        b'id,name,amount\n1,"Ann",2.5\n2,"Bob,3',
        "reject",
        rows=ROWS[:1],
        aside=1,
        says="cut off",
    ),
    Case(
        "two stray quotes",
        (
            text(
                [
                    *MANY[:10],
                    ("11", '"open', "5"),
                    *MANY[11:14],
                    ("15", 'close"', "5"),
                    *MANY[15:30],
                ]
            )
        ).encode(),
        "reject",
        rows=[*MANY[:10], *MANY[15:30]],
        aside=1,
        says="look like records",
    ),
    Case(
        "semicolons, decimal comma, free text",
        b"id;name;amount\n1;good, thanks;1,50\n2;no;2,75\n3;yes, yes, yes;1.234,00\n",
        "accept",
        rows=[
            ("1", "good, thanks", "1,50"),
            ("2", "no", "2,75"),
            ("3", "yes, yes, yes", "1.234,00"),
        ],
    ),
    Case(
        "header alone below a title",
        b"Report\nMade by X\n\nid,name,amount\n",
        "accept",
        rows=(),
        says="0 rows",
    ),
    Case(
        "width changes in the middle",
        text([*MANY[:500], *SHORT, *MANY[500:]]).encode(),
        "reject",
        rows=MANY,
        aside=5,
        says="2 of 3",
    ),
    Case(
        "width changes for good",
        text([*MANY[:500], *[(*one, "x") for one in MANY[500:]]]).encode(),
        "reject",
        rows=MANY[:500],
        aside=500,
        says="4 of 3",
    ),
    Case(
        "delimiter changes for good",
        (text(MANY[:3]) + "".join(";".join(one) + "\n" for one in MANY[3:40])).encode(),
        "reject",
        rows=MANY[:3],
        aside=37,
        says="another delimiter",
    ),
    Case(
        "second table of the same width",
        (PLAIN + "\nregion,manager,target\nNorth,Eve,5\nSouth,Fay,6\n").encode(),
        "reject",
        aside=3,
        says="second table",
    ),
    Case(
        "second table with a title",
        (PLAIN + "\nTargets\nregion,target\nNorth,5\n").encode(),
        "reject",
        aside=3,
        says="second table",
    ),
    Case(
        "padded footer",
        (PLAIN + "Printed by the system,,\n").encode(),
        "reject",
        aside=1,
        says="footer",
    ),
    Case(
        "blank columns and rows at the end",
        b"id,name,amount,,\n1,Ann,2.5,,\n2,Bob,3,,\n3,Cid,4.75,,\n,,,,\n,,,,\n",
        "accept",
        says="2 empty columns",
    ),
    Case(
        "Salesforce footer",
        (PLAIN + '\n"Grand Totals (3 records)"\n\n"Confidential - Do Not Distribute"\n').encode(),
        "reject",
        aside=2,
        says="footer",
    ),
    Case(
        "two rows of a survey",
        b"Respondent ID,How was it?,,Comments\n,Price,Service,Open-Ended Response\n1,5,4,fine\n"
        b"2,3,2,slow\n",
        "ask",
        header=(
            "Respondent ID",
            "How was it? Price",
            "How was it? Service",
            "Comments Open-Ended Response",
        ),
        rows=[("1", "5", "4", "fine"), ("2", "3", "2", "slow")],
    ),
    Case(
        "units below the names",
        b"name,weight,height\n,kg,cm\nAnn,61.5,170\nBob,80,182\n",
        "ask",
        header=("name", "weight kg", "height cm"),
        rows=[("Ann", "61.5", "170"), ("Bob", "80", "182")],
    ),
    Case(
        "question texts without ids",
        b'Q1,Q2\n"How likely are you to recommend us?","How satisfied are you?"\n9,4\n8,3\n',
        "accept",
        header=("Q1", "Q2"),
        rows=[("9", "4"), ("8", "3")],
        aside=1,
        says="question text",
    ),
    Case(
        "words alone, no telling header",
        b"Ann,Paris\nBob,Rome\nCid,Oslo\n",
        "ask",
        header=("Ann", "Paris"),
        rows=[("Bob", "Rome"), ("Cid", "Oslo")],
        says="header",
    ),
    Case(
        "months as names",
        b"region,2024-01,2024-02\nNorth,1,2\nSouth,4,5\n",
        "accept",
        header=("region", "2024-01", "2024-02"),
        rows=[("North", "1", "2"), ("South", "4", "5")],
    ),
    Case(
        "comments with commas",
        b"id,name,amount\n1,Ann,2.5\n# a note\n2,Bob,3\n# one, more, note\n3,Cid,4.75\n",
        "accept",
        says="2 lines",
    ),
    Case(
        "rule below the header",
        b"id|name|amount\n---|----|------\n1|Ann|2.5\n2|Bob|3\n",
        "accept",
        rows=ROWS[:2],
        aside=1,
    ),
    Case(
        "one delimiter more in the header",
        b"id,,name,amount\n1,Ann,2.5\n2,Bob,3\n3,Cid,4.75\n",
        "accept",
    ),
    Case(
        "header wider than all rows",
        b"id,name,amount,note\n1,Ann,2.5\n2,Bob,3\n",
        "reject",
        header=(*HEADER, "note"),
        rows=(),
        aside=2,
        says="3 of 4",
    ),
    Case("cut within a character", PLAIN.encode() + b"4,Zo\xc3", "reject", aside=1, says="byte"),
    Case(
        "one lone CR among line feeds",
        text([*MANY[:50], ("51", "name 51", "51\r52", "name 52", "52"), *MANY[52:90]]).encode(),
        "accept",
        rows=MANY[:90],
    ),
    Case(
        "header with another delimiter",
        b"id;name;amount\n1,Ann,2.5\n2,Bob,3\n3,Cid,4.75\n",
        "ask",
        says="another delimiter",
    ),
    Case(
        "a delimiter lost before a quoted cell",
        b'id,name,amount\n1"Ann, x",2.5,3\n1,Ann,2.5\n2,Bob,3\n3,Cid,4.75\n',
        "reject",
        aside=1,
    ),
    Case(
        "a delimiter lost, the quoted cell makes up for it",
        b'id,name,amount\n1,Ann"x, y"\n1,Ann,2.5\n2,Bob,3\n3,Cid,4.75\n',
        "reject",
        aside=1,
        says="quote",
    ),
    Case(
        "mixed line ends with lone CR",
        b"id,name,amount\r1,Ann,2.5\r2,Bob,3\n3,Cid,4.75\r\n",
        "accept",
    ),
    Case(
        "lone CR inside cells",
        b'id,name,amount\n1,"a\rb",2.5\n2,Bob,3\n3,x\ry,4.75\n',
        "accept",
        rows=[("1", "a\rb", "2.5"), ("2", "Bob", "3"), ("3", "x\ry", "4.75")],
    ),
    Case(
        "single quotes with backslash",
        b"id,name,amount\n1,'O\\'Neil, J',2.5\n2,'b',3\n",
        "accept",
        rows=[("1", "O'Neil, J", "2.5"), ("2", "b", "3")],
    ),
    Case(
        "quotes that are no quotes",
        b'id\tname\tamount\n1\t"Best\t2\n2\t"Worst\t3\n3\t"So\t4\n',
        "accept",
        rows=[("1", '"Best', "2"), ("2", '"Worst', "3"), ("3", '"So', "4")],
    ),
    Case(
        "names with numbers that clash",
        b"id,,id,id_2\n1,2,3,4\n",
        "accept",
        header=("id", "column_2", "id_3", "id_2"),
        rows=[("1", "2", "3", "4")],
        says="duplicate",
    ),
    Case("UTF-32", text().encode("utf-32"), "accept", says="UTF-32"),
    Case("a JSON document", b'[\n  {"id": 1}\n]\n', "refuse", says="JSON"),
    Case("an XML file", b'<?xml version="1.0"?>\n<rows/>\n', "refuse", says="XML"),
    Case("random bytes", bytes(range(256)) * 20, "refuse", says="binary"),
    Case("zeros", bytes(5_000), "refuse", says="file"),
    Case(
        "an old workbook by another name",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "refuse",
        says="workbook",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_variant(case: Case, tmp_path: Path) -> None:
    check(reading(tmp_path, case.bytes, case.file), case)
