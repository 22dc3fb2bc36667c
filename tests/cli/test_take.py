from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxdata.cli import main, take
from cxdata.publish.drop_folder import drop_folder
from cxdata.publish.staged import staged
from cxdata.sources.store import Store
from tests.publish.kit import JANUARY


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(take, "_WAIT", 0.0)
    store = Store(tmp_path / "data")
    drop_folder(store).mkdir(parents=True)
    return store


def test_a_dropped_file_waits_and_is_told_as_json(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drop_folder(store) / "sales.csv"
    path.write_text(JANUARY)
    assert main(["take", "--name", "sales.csv", "--user", "ann", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (item,) = staged(store)
    assert (told["id"], told["name"], told["user"]) == (item.id, "sales.csv", "ann")
    assert not path.exists()


def test_a_name_is_never_a_path(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    secret = store.path / "secret.csv"
    secret.write_text(JANUARY)
    assert main(["take", "--name", "../secret.csv", "--quiet"]) == 2
    assert "no file in the drop folder" in capsys.readouterr().err
    assert secret.exists()
    assert staged(store) == ()
