"""Reading text records: nothing lost, nothing shifted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdata.intake.extract import Extract, checksum, read_extract, scan
from cxdata.intake.recipe import Layout
from cxdata.model.errors import IntakeError


def read(
    folder: Path, content: bytes, layout: Layout | None = None
) -> tuple[Extract, list[tuple[str | int, ...]]]:
    path = folder / "extract.csv"
    path.write_bytes(content)
    with duckdb.connect() as connection:
        extract = read_extract(connection, path, layout or Layout())
        found = connection.execute("FROM raw ORDER BY _record").fetchall()
    return extract, [tuple(cell or "" for cell in row) for row in found]


def test_records_are_numbered_from_one_after_the_header(tmp_path: Path) -> None:
    extract, found = read(tmp_path, b"a,b\n1,x\n2,y\n")
    assert extract == Extract(("a", "b"), 2, ())
    assert found == [(1, "1", "x"), (2, "2", "y")]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa,b\n1,x\n2,y\n",
        b"a,b\r\n1,x\r\n2,y",
        b"a,b\n1,x\r\n2,y\n",
        b"a,b\n1,x\n\n2,y\n\n",
        b'"a","b"\n"1","x"\n"2","y"\n',
    ],
    ids=["mark", "crlf", "mixed line ends", "blank lines", "quoted"],
)
def test_the_same_records_however_written(tmp_path: Path, content: bytes) -> None:
    extract, found = read(tmp_path, content)
    assert extract.header == ("a", "b")
    assert found == [(1, "1", "x"), (2, "2", "y")]


def test_quoted_delimiters_quotes_and_newlines_stay(tmp_path: Path) -> None:
    _, found = read(tmp_path, b'a,b\n"x,y","say ""hi""\nthere"\n')
    assert found == [(1, "x,y", 'say "hi"\nthere')]


def test_an_extra_empty_cell_is_not_a_shift(tmp_path: Path) -> None:
    extract, found = read(tmp_path, b"a,b,c\n1,2,3\n1,,2,\n4,5,6\n")
    assert [(one.record, one.cells) for one in extract.ragged] == [(2, ("1", "", "2", ""))]
    assert found == [(1, "1", "2", "3"), (3, "4", "5", "6")]


def test_a_short_record_is_told_apart(tmp_path: Path) -> None:
    extract, found = read(tmp_path, b"a,b,c\n1,2\n4,5,6\n")
    assert [one.record for one in extract.ragged] == [1]
    assert found == [(2, "4", "5", "6")]


def test_another_encoding_and_delimiter(tmp_path: Path) -> None:
    layout = Layout(encoding="windows-1252", delimiter=";")
    _, found = read(tmp_path, "name;sum\nMüller €;1,5\n".encode("windows-1252"), layout)
    assert found == [(1, "Müller €", "1,5")]


def test_a_header_alone_is_no_records(tmp_path: Path) -> None:
    extract, found = read(tmp_path, b"a,b\n")
    assert (extract.records, found) == (0, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "extract.csv is empty"),
        (b"\xef\xbb\xbf  \n", "extract.csv is empty"),
        (b"a,a\n1,2\n", "two columns named 'a'"),
        (b"a,b\n\xff,1\n", "not utf-8 text"),
        (b'a,b\n"say "hi" now",1\n', "breaks its quoting near line 2"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(IntakeError, match=said):
        read(tmp_path, content)


def test_an_unknown_encoding_and_a_missing_file_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no text encoding named 'utf-9'"):
        read(tmp_path, b"a\n1\n", Layout(encoding="utf-9"))
    with pytest.raises(IntakeError, match=r"gone\.csv cannot be read"):
        scan(tmp_path / "gone.csv", Layout())


def test_a_checksum_names_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert checksum(path).startswith("ba7816bf8f01cfea")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=5)


@settings(max_examples=40)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=6), st.sampled_from(",;|\t"))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[str]], delimiter: str
) -> None:
    quoted = [["h1", "h2"], *records]
    lines = [delimiter.join('"' + c.replace('"', '""') + '"' for c in one) for one in quoted]
    content = "\n".join(lines).encode()
    layout = Layout(delimiter=delimiter)
    extract, found = read(tmp_path_factory.mktemp("x"), content, layout)
    assert extract.records == len(records)
    assert [list(one[1:]) for one in found] == records
