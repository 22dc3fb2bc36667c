"""One ticket a run: held through a publish, kept through an outage, limited in number."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache as once
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cxdata.access.policy import EVERYONE, Policy
from cxdata.model.errors import CxError, SourceUnavailable
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.ui import cache, data
from cxdata.ui.data import Opening, Ticket
from tests.ui.conftest import customers, terms, written

Reading = Callable[[Path], None]


class Down:
    """A source whose database is gone."""

    def policy(self) -> Policy:
        return EVERYONE

    def gate(self, policy: Policy) -> Any:
        raise SourceUnavailable("The database does not answer.")


@once
def down() -> Down:
    return Down()


def test_a_ticket_is_asked_for_once_and_its_gate_stays(company: Path, reading: Reading) -> None:
    reading(company)
    first = data.opening()
    assert data.opening() is first
    assert data.gate(first.ticket) is data.gate(first.ticket)
    assert first.notices == ()


def test_new_data_and_new_summaries_each_bring_a_new_ticket(
    tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_FRESH_SECONDS", 0.0)
    tables = {"customer": customers(40), "subscription_period": terms(40)}
    folder = written(tmp_path / "d", tables)
    reading(folder)
    first = data.opening().ticket
    assert data.opening().ticket == first
    more = {"customer": customers(50), "subscription_period": terms(50)}
    written(folder, more)
    second = data.opening().ticket
    assert second != first
    assert data.choices(first) is not data.choices(second)  # both still open


def test_an_outage_leaves_what_was_read_under_a_notice(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(company)
    monkeypatch.setattr(data, "_FRESH_SECONDS", 0.0)
    before = data.opening()

    monkeypatch.setattr(data, "door", down)
    after = data.opening()
    assert after.ticket == before.ticket
    assert after.notices[0].startswith("The database does not answer.")


def test_an_outage_at_the_start_is_an_error_in_words(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(company)

    monkeypatch.setattr(data, "door", down)
    with pytest.raises(SourceUnavailable):
        data.opening()


def test_an_old_ticket_is_refused_in_words() -> None:
    with pytest.raises(CxError, match="load it again"):
        data.gate(Ticket("old", "old", "everyone", "", "1"))


def test_whoever_waits_takes_what_the_first_one_found(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight readers while a database is slow to say nothing: it is asked once, not eight times."""
    reading(company)
    before = data.opening()
    asked: list[float] = []

    def slow(policy: Policy) -> Opening:
        asked.append(time.monotonic())
        time.sleep(0.2)
        raise SourceUnavailable("The database does not answer.")

    monkeypatch.setattr(data, "_renewed", slow)
    newest = {before.ticket.policy: (time.monotonic() - 60, before)}
    monkeypatch.setattr(data._OPENED, "newest", newest)
    with ThreadPoolExecutor(8) as readers:
        found = list(readers.map(lambda _: data.opening(), range(8)))
    assert len(asked) == 1
    assert {opening.ticket for opening in found} == {before.ticket}


def test_the_disk_that_is_measured_is_that_of_the_data(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(company)
    measured: list[Path] = []

    def usage(path: Path) -> SimpleNamespace:
        measured.append(Path(path))
        return SimpleNamespace(free=10)

    monkeypatch.setattr("shutil.disk_usage", usage)
    assert data.checks()["disk"] == "almost full"
    assert measured == [company]


FAMILIES = Policy("families", (("segment", ("families",)),))
NORDICS = Policy("nordics", (("region", ("nordics",)),))


def test_two_policies_share_nothing_however_their_readers_come(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reader sees what everybody would see who filters by what that reader is held to."""
    reading(company)
    names = ("customers_end", "customers_lost", "revenue", "contacts")
    everyone = data.opening().ticket
    period = data.choices(everyone).latest(Grain.MONTH)
    expected = {
        policy.key: [
            tile.figure for tile in cache.tiles(everyone, Scope(period, where=policy.rows), names)
        ]
        for policy in (EVERYONE, FAMILIES, NORDICS)
    }
    assert len({tuple(figures) for figures in expected.values()}) == 3
    for policy in (EVERYONE, FAMILIES, NORDICS, FAMILIES, EVERYONE, NORDICS, EVERYONE):
        monkeypatch.setattr(data, "asking", lambda policy=policy: policy)
        taken = data.opening().ticket
        assert taken.policy == policy.key
        found = [tile.figure for tile in cache.tiles(taken, Scope(period), names)]
        assert found == expected[policy.key], policy.name
        offered = data.choices(taken).schemes
        for scheme, codes in data.choices(everyone).schemes.items():
            assert set(offered[scheme]) <= set(dict(policy.rows).get(scheme, codes))


def test_who_may_not_see_all_rows_learns_no_counts(company: Path, reading: Reading) -> None:
    reading(company)
    counts = [
        {facts.row_count for facts in data.door().gate(policy).tables.values()}
        for policy in (EVERYONE, FAMILIES)
    ]
    assert max(counts[0]) > 1000
    assert counts[1] <= {0, 1}


def test_desks_are_limited_in_number_and_the_one_in_use_stays(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(company)
    monkeypatch.setattr(data, "_KEPT", 2)
    tickets = []
    for policy in (EVERYONE, FAMILIES, NORDICS):
        monkeypatch.setattr(data, "asking", lambda policy=policy: policy)
        tickets.append(data.opening().ticket)
        data.desk(tickets[0])
    with pytest.raises(CxError, match="load it again"):
        data.desk(tickets[1])
    monkeypatch.setattr(data, "asking", lambda: FAMILIES)
    assert data.desk(data.opening().ticket).gate.policy == FAMILIES
