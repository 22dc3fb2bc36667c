"""Slides that stay at a data version are told from it, not from the newest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cxdata.cli import main
from cxdata.exports.earlier import desk_of
from cxdata.exports.manifest import opened
from cxdata.exports.pack import Pack, pack
from cxdata.exports.verify import Standing, verify
from cxdata.exports.write import files_of, put
from cxdata.model.errors import SourceError
from cxdata.model.story import Slide, Story, View
from cxdata.query.door import Door
from cxdata.sources.store import Store
from cxdata.sources.store_source import EARLIER, StoreSource
from tests.exports.conftest import CLOCK
from tests.ui.conftest import sales
from tests.versions import publish, two_versions

TREND = "trend-revenue_per_customer"
STAYS = Slide(View("spend", panel=TREND, version="1"), "Then")
LIVES = Slide(View("spend", panel=TREND), "Now")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two versions of a store."""
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    return two_versions(tmp_path / "data")


def _told(*slides: Slide) -> Pack:
    return pack(desk_of(Door()), Story("Then and now", slides), CLOCK)


def _figures(told: Pack, at: int = 0) -> list[float | None]:
    data = told.scenes[at].data
    assert data is not None
    return data.numbers("estimate")


def test_each_slide_is_told_from_its_own_version_and_says_so(store: Path) -> None:
    told = _told(STAYS, LIVES)
    then, now = _figures(told, 0), _figures(told, 1)
    pairs = [(a, b) for a, b in zip(then, now, strict=True) if a is not None and b is not None]
    assert len(pairs) > 3
    assert all(b > a + 900 for a, b in pairs)
    assert [scene.state.name for scene in told.scenes] == ["1", "2"]
    assert "version 1 " in told.footer(told.scenes[0])
    assert "version 2 " in told.footer(told.scenes[1])


def test_summaries_that_are_gone_are_built_again_apart_with_the_figures_of_then(
    store: Path,
) -> None:
    before = _told(STAYS)
    (of_then,) = [one for one in (store / "marts").iterdir() if one.name.startswith("1")]
    of_then.unlink()
    left = {one.name: one.stat().st_mtime_ns for one in (store / "marts").glob("*.duckdb")}
    again = _told(STAYS)
    assert _figures(again) == _figures(before)
    assert [one.data for one in again.scenes] == [one.data for one in before.scenes]
    assert [one.name for one in (store / "marts" / EARLIER).iterdir()] == [of_then.name]
    assert {one.name: one.stat().st_mtime_ns for one in (store / "marts").glob("*.duckdb")} == left
    assert Door().gate().built.version_id == Door().version().id


def test_a_version_that_is_gone_is_said_and_never_told_from_another(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(STAYS, LIVES)
    out = tmp_path / "pack"
    put(out, files_of(told, ("csv", "pptx")))
    assert main(["verify", str(out)]) == 0
    (store / "versions" / "00000001.json").unlink()
    gone = _told(STAYS, LIVES)
    assert [scene.title for scene in gone.scenes] == ["Now"]
    assert gone.left_out == ("Then: Data version 1 is no longer kept; those from 2 to 2 are.",)
    found = verify(out, desk_of(Door()))
    assert (found.standing, found.drifts) == (Standing.UNTOLD, ())
    assert found.untold[0].startswith("view 1: Data version 1 is no longer kept")
    capsys.readouterr()
    assert main(["verify", str(out)]) == 2
    assert "Cannot be told: view 1: Data version 1 is no longer kept" in capsys.readouterr().out


def test_a_pack_of_an_earlier_version_agrees_when_the_data_have_moved_on(
    store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pack"
    put(out, files_of(_told(STAYS, LIVES), ("csv",)))
    assert [view["version"][0] for view in opened(out)["views"]] == ["1", "2"]
    rows = [{**one, "transaction_id": f"N{one['transaction_id']}"} for one in sales(60)]
    publish(store, sales_transaction=rows)
    found = verify(out, desk_of(Door()))
    assert found.standing is Standing.DRIFTED
    assert {drift.view for drift in found.drifts} == {2}


def test_a_damaged_version_is_said(store: Path) -> None:
    first = Store(store).read_version(1)
    path = store / first.files_of("sales_transaction")[0].path
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(SourceError, match="Data version 1 is damaged"):
        StoreSource(store).at(1)


def test_the_command_builds_an_earlier_version(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(store / "marts")
    assert main(["build", "--quiet"]) == 0
    assert main(["build", "--version", "1", "--quiet"]) == 0
    assert len(list((store / "marts" / EARLIER).iterdir())) == 1
    assert main(["build", "--version", "7", "--quiet"]) == 2
    assert "Data version 7 is no longer kept; those from 1 to 2 are." in capsys.readouterr().err


@pytest.mark.parametrize("version", ["first", "-1", "²", "7"])
def test_a_version_that_there_never_was_is_said(store: Path, version: str) -> None:
    with pytest.raises(SourceError, match=r"version|kept"):
        desk_of(Door()).at(version)
