"""Answers are given once: what is said at the command line or to the page is kept in the recipe."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxdata.cli import main
from cxdata.intake.asking import Unanswered
from cxdata.publish.preparing import prepare
from cxdata.publish.recognising import library
from cxdata.publish.remembering import Answered, remember, remembering
from cxdata.sources.store import Store
from tests.publish.kit import NOON, SALES, bring, recipe, rows

UNCLEAR = "id,who,day,sum\n1,a,05/01/2026,10.00\n2,b,06/02/2026,20.00\n"
NEXT = "id,who,day,sum\n3,a,03/01/2026,10.00\n4,b,04/02/2026,20.00\n"
ORDER = {"column:day:date_order": "day"}
INSTANTS = "id,who,day,sum\n1,a,2026-01-31T23:30:00Z,10.00\n2,b,2026-02-01T08:00:00Z,20.00\n"
BY_INSTANT = SALES.replace('{ from = "day" }', '{ from = "day", type = "TS" }')


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    return Store(tmp_path / "data")


def know(store: Store, text: str = SALES) -> None:
    folder = store.path / "recipes" / "shop"
    folder.mkdir(parents=True)
    (folder / "1.toml").write_text(text)


def days(store: Store, text: str, zone: str = "UTC") -> list[date]:
    item = prepare(store, bring(store, text), zone=zone, now=NOON)
    assert item.prepared is not None
    table = item.prepared.of("sales_transaction")
    assert table is not None
    read = pq.read_table(item.within(store, table.file)).column("transaction_date")
    return sorted(read.to_pylist())


def test_an_answer_at_the_command_line_holds_next_month_there_and_on_the_page(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    know(store)
    (tmp_path / "sales.csv").write_text(UNCLEAR)
    assert main(["rehearse", "sales.csv", "--quiet"]) == 2
    assert "--answer column:day:date_order=" in capsys.readouterr().err
    answer = ["--answer", "column:day:date_order=day", "--user", "ann"]
    assert main(["load", "sales.csv", "--quiet", *answer]) == 0
    saved = library(store).find("shop").saved
    assert saved is not None
    assert (saved.version, saved.by, saved.why) == (2, "ann", "Answered for sales.csv")
    assert days(store, NEXT) == [date(2026, 1, 3), date(2026, 2, 4)]
    (tmp_path / "next.csv").write_text(NEXT)
    assert main(["rehearse", "next.csv", "--quiet"]) == 0
    assert library(store).versions("shop") == (1, 2)


def test_answers_to_a_rehearsal_are_kept_as_well(store: Store) -> None:
    know(store)
    with pytest.raises(Unanswered):
        prepare(store, bring(store, UNCLEAR), by="ann", now=NOON)
    prepare(store, bring(store, UNCLEAR), None, ORDER, by="ann", now=NOON)
    assert library(store).versions("shop") == (1, 2)
    assert days(store, NEXT) == [date(2026, 1, 3), date(2026, 2, 4)]


def test_what_is_known_already_or_is_a_file_of_its_owner_is_not_saved(store: Store) -> None:
    know(store)
    said = Answered(ORDER, "ann", NOON, "sales.csv")
    header = ("id", "who", "day", "sum")
    assert remember(library(store), recipe(), header, said) is not None
    assert remember(library(store), recipe(), header, said) is None
    own = replace(recipe(), name="mine")
    assert remember(library(store), own, header, said) is None


def test_how_a_file_is_read_is_kept_but_not_which_file_of_a_zip_it_was() -> None:
    kept = remembering(recipe(), {"delimiter": ";", "member": "march.csv", "customers": True})
    assert (kept.layout.delimiter, kept.layout.member) == (";", "")
    assert remembering(kept, {"delimiter": ";"}) == kept


def test_the_configured_zone_makes_the_business_date_both_ways(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(store, BY_INSTANT)
    swiss = [date(2026, 2, 1), date(2026, 2, 1)]
    assert days(store, INSTANTS) == [date(2026, 1, 31), date(2026, 2, 1)]
    assert days(store, INSTANTS, zone="Europe/Zurich") == swiss
    monkeypatch.setenv("CXDATA_TIME_ZONE", "Europe/Zurich")
    (tmp_path / "sales.csv").write_text(INSTANTS)
    assert main(["load", "sales.csv", "--quiet"]) == 0
    assert rows(store, "sales_transaction", "transaction_date") == swiss
