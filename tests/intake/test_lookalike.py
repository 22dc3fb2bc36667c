"""A file that is not what the recipe expects is named for what it looks like."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.model.errors import IntakeError
from tests.intake.kit import load, rows

TEXT = b"id,country\na,CH\n"
RECIPE = """
    [[table]]
    name = "customer"
    [table.columns]
    customer_id = { from = "id" }
    country = { from = "country" }
"""


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, TEXT)
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"]}), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(TEXT), "a compressed file (gzip); unpack it first."),
        (bz2.compress(TEXT), "a compressed file (bzip2); unpack it first."),
        (lzma.compress(TEXT), "a compressed file (xz); unpack it first."),
        (zipped("extract.csv"), "a compressed file (zip); unpack it first."),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a workbook (xlsx); save the sheet as"),
        (b"PK\x03\x04 cut off", "a compressed file (zip); unpack it first."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook (xls); save the sheet as CSV."),
        (parquet(), "a Parquet file; load the folder it lies in, without a recipe."),
        (TEXT.decode().encode("utf-16"), 'UTF-16 text; state encoding = "utf-16" under'),
        (TEXT.decode().encode("utf-16-le"), 'UTF-16-LE text; state encoding = "utf-16-le" under'),
        (TEXT.decode().encode("utf-16-be"), 'UTF-16-BE text; state encoding = "utf-16-be" under'),
        (TEXT.decode().encode("utf-32"), 'UTF-32 text; state encoding = "utf-32" under'),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(IntakeError) as caught:
        load(tmp_path, content, RECIPE)
    assert str(caught.value).startswith(f"extract.csv looks like {said}")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_advice_on_the_encoding_helps(tmp_path: Path, encoding: str) -> None:
    stated = f'\n    [extract]\n    encoding = "{encoding}"\n{RECIPE}'
    loaded = load(tmp_path, TEXT.decode().encode(encoding), stated)
    assert rows(loaded, "customer", "customer_id", "country") == [("a", "CH")]


@pytest.mark.parametrize(("separator", "word"), [(";", "';'"), ("\t", "tabs"), ("|", "'|'")])
def test_another_separator_is_named(tmp_path: Path, separator: str, word: str) -> None:
    with pytest.raises(IntakeError) as caught:
        load(tmp_path, TEXT.replace(b",", separator.encode()), RECIPE)
    assert str(caught.value) == (
        f"The extract looks separated by {word}, and the recipe tiny reads it as separated by "
        "','; state its delimiter under [extract]."
    )


def test_one_column_may_be_named_with_a_separator(tmp_path: Path) -> None:
    recipe = RECIPE.replace('"id"', '"id;no"').replace('    country = { from = "country" }\n', "")
    assert rows(load(tmp_path, b"id;no\na\n", recipe), "customer", "customer_id") == [("a",)]
