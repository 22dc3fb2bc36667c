"""A store beside a database: an extract is rehearsed with figures, and the pages' mix follows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cxdata.publish.publishing import publish
from cxdata.publish.rehearsal import Rehearsal, rehearse
from cxdata.sources.config import Settings, settings_of
from cxdata.sources.store import Store
from tests.publish.kit import FEBRUARY, JANUARY, NOON, ready


@pytest.fixture
def mix(tmp_path: Path) -> Settings:
    """Customers in a database, everything else in a store."""
    file = tmp_path / "crm.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE people (customer_id TEXT, country TEXT);"
            "INSERT INTO people VALUES ('a', 'CH'), ('b', 'CH'), ('c', 'DE'), ('d', 'DE');"
        )
    connection.close()
    places = {"crm": {"sql_url": f"sqlite:///{file}", "names": {"customer": "people"}}}
    return settings_of(
        {"data": "store", "sources": places, "tables": {"customer": "crm"}}, {}, tmp_path
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def rehearsed(store: Store, text: str, mix: Settings) -> Rehearsal:
    return rehearse(store, ready(store, text), settings=mix, now=NOON)


def test_figures_before_and_after_are_those_of_the_mix(
    summed: None, store: Store, mix: Settings
) -> None:
    first = rehearsed(store, JANUARY, mix)
    assert first.unsummed == ""
    done = publish(store, first, user="ann", reason="first", settings=mix, now=NOON)
    assert done.unsummed == ""
    second = rehearsed(store, FEBRUARY, mix)
    assert second.unsummed == ""
    revenue = {
        move.period: (move.before.estimate, move.after.estimate)
        for move in second.moves
        if move.metric == "revenue" and move.is_overall
    }
    assert revenue["2026-02"][1] == 47.5
    assert "2026-01" not in revenue
    (shown,) = [move for move in second.headlines if move.metric == "revenue"]
    assert (shown.period, shown.after.estimate) == ("2026-02", 47.5)


def test_what_the_pages_read_from_elsewhere_is_said(
    summed: None, store: Store, mix: Settings
) -> None:
    found = rehearsed(store, JANUARY, mix)
    assert (
        "The pages read customer from 'crm', so what is published of it here changes no figure."
        in found.notes
    )


def test_a_database_that_is_away_leaves_rows_and_a_sentence(
    summed: None, store: Store, mix: Settings, tmp_path: Path
) -> None:
    (tmp_path / "crm.sqlite").unlink()
    (tmp_path / "crm.sqlite").mkdir()
    found = rehearsed(store, JANUARY, mix)
    assert found.of("sales_transaction").words == "3 new"
    assert found.unsummed
    assert found.headlines == ()
