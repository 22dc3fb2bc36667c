"""Packed files: limits against bombs, names that are no paths, and what else may be inside."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest

from cxdata.intake.reading import unpack
from tests.intake.reading.kit import HEADER, ROWS, reading, rows, text, workbook, zipped

PLAIN = text().encode()


def test_the_file_of_a_zip_is_chosen(tmp_path: Path) -> None:
    content = zipped({"a.csv": PLAIN, "b.csv": b"x,y\n1,2\n"})
    refused = reading(tmp_path, content)
    assert refused.refused is not None
    assert "'a.csv', 'b.csv'" in refused.refused
    (question,) = refused.questions
    assert question.key == "member"
    found = reading(tmp_path, content, member="b.csv")
    assert (found.dialect.container, found.dialect.member) == ("zip", "b.csv")
    assert rows(found) == [("1", "2")]
    missing = reading(tmp_path, content, member="c.csv")
    assert missing.refused is not None
    assert "no file 'c.csv'" in missing.refused


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/x.csv", "..\\..\\x.csv", "C:\\x.csv"])
def test_names_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "inside" / "deep"
    folder.mkdir(parents=True)
    found = reading(folder, zipped({name: PLAIN}), "x.zip")
    assert found.refused is not None
    assert "outside" in found.refused
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["x.zip"]


def test_links_are_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("x.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "outside" in (reading(tmp_path, target.getvalue()).refused or "")


@pytest.mark.parametrize("pack", [gzip.compress, lambda raw: zipped({"x.csv": raw})])
def test_bombs_are_refused_before_they_unpack(
    pack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "LITTLE", 1 << 20)
    assert callable(pack)
    workspace = tmp_path / "workspace"
    found = reading(tmp_path, pack(bytes(64 << 20)), workspace=workspace)
    assert found.refused is not None
    assert "200 times" in found.refused
    assert sum(one.stat().st_size for one in workspace.rglob("*")) < 16 << 20


def test_a_cut_zip_and_a_locked_one_are_refused(tmp_path: Path) -> None:
    content = zipped({"x.csv": PLAIN * 50})
    assert "cut off" in (reading(tmp_path, content[:-30]).refused or "")
    locked = bytearray(content)
    at = content.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "password" in (reading(tmp_path, bytes(locked)).refused or "")


def test_an_empty_zip_and_a_nested_one_are_refused(tmp_path: Path) -> None:
    assert "empty" in (reading(tmp_path, zipped({})).refused or "")
    nested = zipped({"inner.zip": zipped({"x.csv": PLAIN})})
    assert "inside" in (reading(tmp_path, nested).refused or "")


def test_a_workbook_in_a_zip_is_read(tmp_path: Path) -> None:
    found = reading(tmp_path, zipped({"book.xlsx": workbook({"S": [HEADER, *ROWS]})}), "x.zip")
    assert rows(found) == list(ROWS)


def test_what_is_packed_is_told_by_its_own_hash(tmp_path: Path) -> None:
    packed = gzip.compress(PLAIN)
    found = reading(tmp_path, packed, "x.csv.gz")
    assert found.bytes == len(packed)
    assert found.sha256 == __import__("hashlib").sha256(packed).hexdigest()


def test_odd_file_names_are_only_names(tmp_path: Path) -> None:
    for name in ("CON.csv", "..x.csv", "😀.csv", "<b>.csv", "n" * 200 + ".csv"):
        assert rows(reading(tmp_path, PLAIN, name)) == list(ROWS)
