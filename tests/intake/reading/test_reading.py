"""What a reading gives: places, raw text, batches, relations; and the choices it takes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from cxdata.intake import Reading, read
from cxdata.intake.reading import aside, lanes, sinks
from cxdata.model.errors import IntakeError
from tests.intake.reading.kit import HEADER, ROWS, reading, rows, text

MIXED = b'title\n\nid,name,amount\n1,"a\nb",2\n\n2,Bob\n3,"say ""hi""",4\n4,Dan,5\n'
LARGE = text([(str(n), f'"name\n{n}"' if n % 7 == 0 else f"name {n}", f"{n}.5")
              for n in range(1, 85_001)]).encode()  # fmt: skip


@pytest.fixture
def mixed(tmp_path: Path) -> Reading:
    return reading(tmp_path, MIXED)


def test_records_and_lines_are_those_of_the_file(mixed: Reading) -> None:
    (batch,) = mixed.batches()
    assert batch.column("_record").to_pylist() == [1, 3, 4]
    assert batch.column("_line").to_pylist() == [4, 8, 9]
    (one,) = mixed.set_aside
    assert (one.record, one.line, one.raw, one.rule) == (2, 7, "2,Bob", "width")
    assert mixed.records == 4


def test_raw_text_is_as_in_the_file(mixed: Reading) -> None:
    assert mixed.raw([1, 3, 99]) == {1: '1,"a\nb",2', 3: '3,"say ""hi""",4'}


def test_the_hash_is_that_of_the_file(mixed: Reading) -> None:
    assert mixed.sha256 == hashlib.sha256(MIXED).hexdigest()
    assert mixed.bytes == len(MIXED)


def test_a_relation_of_the_texts(mixed: Reading) -> None:
    with duckdb.connect() as connection:
        for _ in range(2):
            mixed.relation(connection, "texts")
            found = connection.execute("SELECT _record, c1, c2 FROM texts ORDER BY 1").fetchall()
            assert found == [(1, "a\nb", "2"), (3, 'say "hi"', "4"), (4, "Dan", "5")]


def test_places_of_names(tmp_path: Path) -> None:
    found = reading(tmp_path, " Customer  ID ,Näme,näme\n1,a,b\n".encode())
    assert found.place("customer id") == 0
    assert found.place("näme") == 2
    with pytest.raises(ValueError, match="list"):
        found.place("nothing")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_large_file_goes_through_blocks(end: str, tmp_path: Path) -> None:
    content = LARGE.replace(b"\n", end.encode())
    lines = content.split(end.encode())
    lines[40_000] = lines[40_000].replace(b",", b"")
    with reading(tmp_path, end.encode().join(lines), values=False) as found:
        assert found.staged is not None
        assert found.staged.path is not None
        assert found.records == 85_000
        assert found.aside_count == 1
        first = next(iter(found.batches(10)))
        assert first.column("c1").to_pylist()[6] == f"name{end}7"
        assert first.column("_line").to_pylist()[6:8] == [8, 10]
        assert found.raw([85_000, 7]) == {
            7: f'7,"name{end}7",7.5',
            85_000: "85000,name 85000,85000.5",
        }
        count = sum(1 for _ in found.rows())
        assert count == found.accepted == 84_999
        folder = found.staged.path.parent
        assert folder.exists()
    assert not folder.exists()


def test_a_large_file_in_a_dialect_the_engine_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "FAST_FROM", 0)
    monkeypatch.setattr(sinks, "_BATCH", 1_000)
    content = b"\n".join(LARGE.replace(b",", b"~|~").split(b"\n")[:5_715]) + b"\n"
    found = reading(tmp_path, content, values=False, workspace=tmp_path / "work")
    assert found.accepted == 5_000
    assert next(iter(found.rows())) == ["1", "name 1", "1.5"]
    assert found.raw([7]) == {7: '7~|~"name\n7"~|~7.5'}
    found.close()
    assert (tmp_path / "work").exists()


def test_much_set_aside_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "_FLUSH", 500)
    monkeypatch.setattr(lanes, "FAST_FROM", 0)
    lines = [f"{n},name {n}" + (",2" if n % 10 else "") for n in range(1, 30_001)]
    found = reading(tmp_path, ("id,name,amount\n" + "\n".join(lines) + "\n").encode(), values=False)
    assert found.aside_count == 3_000
    assert len(found.set_aside) == aside.IN_MEMORY
    table = found.aside_table()
    assert table.column("record").to_pylist() == list(range(10, 30_001, 10))
    assert table.column("raw").to_pylist()[-1] == "30000,name 30000"
    assert found.ledger.counts == {"width": 3_000}


def test_choices_overrule_every_decision(tmp_path: Path) -> None:
    content = "1;a,b;'x'\n2;c,d;'y'\n".encode("utf-16-le")
    found = reading(
        tmp_path, content, encoding="utf-16-le", delimiter=";", quote="'", header=False, skip=1
    )
    assert rows(found) == [("2", "c,d", "y")]
    assert found.dialect.header == 0
    assert found.dialect.skip == 1
    assert not found.questions


def test_no_header_can_be_stated_either_way(tmp_path: Path) -> None:
    assert reading(tmp_path, b"1,2\n3,4\n", header=1).header == ("1", "2")
    assert rows(reading(tmp_path, text().encode(), header=0))[0] == HEADER
    grouped = reading(tmp_path, b"a,,b\nx,y,z\n1,2,3\n", header=2)
    assert grouped.header == ("a x", "a y", "b z")


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"delimeter": ";"}, "Did you mean delimiter"),
        ({"encoding": "utf-99"}, "no text encoding"),
        ({"header": "maybe"}, "small number"),
        ({"skip": -1}, "small number"),
        ({"quote": "''"}, "one plain character"),
        ({"delimiter": 3}, "is a text"),
        ({"delimiter": "\n"}, "cannot be the delimiter"),
    ],
)
def test_choices_that_make_no_sense(choices: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=said):
        reading(tmp_path, text().encode(), **choices)


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"nothing.csv cannot be read: No such file"):
        read(tmp_path / "nothing.csv")
    with pytest.raises(IntakeError, match="is a folder"):
        read(tmp_path)


def test_records_are_written_as_parquet(mixed: Reading, tmp_path: Path) -> None:
    mixed.write(tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names == ["_record", "_line", *HEADER]
    assert table.column("name").to_pylist() == ["a\nb", 'say "hi"', "Dan"]


def test_rows_are_the_same_each_time(mixed: Reading) -> None:
    assert rows(mixed) == rows(mixed)
    assert len(ROWS) == mixed.accepted
