"""``python -m cxdata demo``."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.cli import main
from cxdata.demo import columns as c
from cxdata.sources.store import Store

FEW = ("demo", "--customers", "150", "--months", "5", "--quiet")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_out_writes_a_plain_folder(tmp_path: Path, data: Path) -> None:
    assert main([*FEW, "--out", str(tmp_path / "plain")]) == 0
    assert (tmp_path / "plain" / "customer" / "part-00000.parquet").exists()
    assert not data.exists()


def test_without_out_the_store_gets_a_version(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*FEW]) == 0
    head = Store(data).head()
    assert head is not None
    assert (head.number, head.user) == (1, "demo")
    assert "Version 1: 150 customers" in capsys.readouterr().out


def test_if_missing_does_nothing_when_there_is_a_version(data: Path) -> None:
    assert main([*FEW, "--if-missing"]) == 0
    assert main([*FEW, "--if-missing"]) == 0
    assert Store(data).numbers() == [1]
    assert main([*FEW]) == 0
    assert Store(data).numbers() == [1, 2]


def test_a_folder_of_plain_tables_is_left_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*FEW, "--out", str(data)]) == 0
    assert main([*FEW, "--if-missing"]) == 0
    assert main([*FEW]) == 2
    assert "holds plain tables" in capsys.readouterr().err
    assert not (data / "versions").exists()


def test_a_database_cannot_be_published_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CXDATA_SQL_URL", "postgresql://reader:secret@db/cx")
    assert main([*FEW]) == 2
    said = capsys.readouterr().err
    assert "--out" in said
    assert "secret" not in said


def test_a_bad_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*FEW, "--end", "yesterday"])
    assert "--end" in capsys.readouterr().err


def test_other_data_are_not_replaced_unasked(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owners = c.batch("owner", kind=c.constant("metric", 1), owner=c.constant("Ana", 1))
    with Store(data).begin("ana", "Our own") as publish:
        publish.append("owner", [owners])
        publish.commit()
    assert main([*FEW]) == 2
    assert "version 1, published by ana" in capsys.readouterr().err
    assert main([*FEW, "--replace"]) == 0
    head = Store(data).head()
    assert head is not None
    assert (head.number, head.user) == (2, "demo")
    assert sum(entry.rows for entry in head.files_of("owner")) > 1
