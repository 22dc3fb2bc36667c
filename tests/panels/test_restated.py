from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxdata.analysis.figure import figure
from cxdata.analysis.restatement import Cause
from cxdata.journal.database import Journal
from cxdata.journal.shown import remember, shown
from cxdata.metrics import metric
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.restated import History, restatements, slice_key, tables_of


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.db")


def _late(before: str, after: str, tables: frozenset[str], period: Period) -> frozenset[Cause]:
    return frozenset({Cause.LATE})


LATE = History(_late)


def test_what_is_shown_is_kept_and_says_nothing_at_first(desk: Desk, journal: Journal) -> None:
    scope = Scope(desk.choices.latest(Grain.MONTH))
    names = ("customers_lost", "nps")
    assert restatements(desk, journal, LATE, scope, names) == ()
    assert restatements(desk, journal, LATE, scope, names) == ()
    (kept,) = shown(journal, "customers_lost", scope.period.key, "")
    assert kept.value == figure(desk.gate, "customers_lost", scope).cell.estimate
    assert kept.data_version == desk.gate.version.id


def test_a_figure_that_was_another_says_by_how_much_and_why(
    desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    scope = Scope(desk.choices.latest(Grain.MONTH))
    restatements(desk, journal, LATE, scope, ("customers_lost",))
    (now,) = shown(journal, "customers_lost", scope.period.key, "")
    assert now.value is not None
    assert now.shown_at is not None
    long_ago = now.shown_at - timedelta(days=20)
    earlier = Journal(tmp_path / "journal.db", clock=lambda: long_ago)
    first = replace(now, data_version="1-earlier", value=now.value - 3, shown_at=None)
    remember(earlier, [first])
    (said,) = restatements(desk, journal, LATE, scope, ("customers_lost",))
    assert f"was {now.value - 3:,.0f} when first shown" in said
    assert f"is {now.value:,.0f} now: late data +3." in said


def test_an_unfinished_period_is_not_held_to_its_word(desk: Desk, journal: Journal) -> None:
    newest = desk.choices.periods[Grain.MONTH][0]
    if desk.choices.is_complete(newest):
        newest = replace(newest, start=newest.end)
    restatements(desk, journal, LATE, Scope(newest), ("customers_lost",))
    assert shown(journal, "customers_lost", newest.key, "") == ()


def test_each_slice_is_kept_for_itself(desk: Desk, journal: Journal) -> None:
    scope = Scope(desk.choices.latest(Grain.MONTH))
    part = scope.narrowed("segment", desk.choices.schemes["segment"][0])
    restatements(desk, journal, LATE, part, ("customers_lost",))
    assert shown(journal, "customers_lost", scope.period.key, "") == ()
    assert len(shown(journal, "customers_lost", scope.period.key, slice_key(part))) == 1


def test_what_a_figure_is_made_of() -> None:
    assert "survey_response" in tables_of(metric("nps"))
    assert "interaction" not in tables_of(metric("nps"))
    assert "unit_cost" in tables_of(metric("cost_per_customer"))


def test_each_publish_between_two_showings_answers_for_its_own_part(
    desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    """Two publishes, late rows and then a correction: each has the part that it brought."""
    scope = Scope(desk.choices.latest(Grain.MONTH))
    restatements(desk, journal, LATE, scope, ("customers_lost",))
    (now,) = shown(journal, "customers_lost", scope.period.key, "")
    assert now.value is not None
    assert now.shown_at is not None
    long_ago = now.shown_at - timedelta(days=20)
    earlier = Journal(tmp_path / "journal.db", clock=lambda: long_ago)
    remember(earlier, [replace(now, data_version="1-a", value=now.value + 5, shown_at=None)])

    def causes(before: str, after: str, tables: frozenset[str], period: Period) -> frozenset[Cause]:
        steps = {
            ("1-a", "2-b"): {Cause.LATE},
            ("2-b", desk.gate.version.id): {Cause.CORRECTION},
            ("1-a", desk.gate.version.id): {Cause.LATE, Cause.CORRECTION},
        }
        return frozenset(steps[before, after])

    def between(before: str, after: str) -> tuple[tuple[int, str], ...]:
        return ((2, "2-b"),)

    kept = History(causes, between, lambda number: desk.gate if number == 2 else None)
    (said,) = restatements(desk, journal, kept, scope, ("customers_lost",))
    assert said.endswith("now: late data −5.")
    gone = History(causes, between)
    (said,) = restatements(desk, journal, gone, scope, ("customers_lost",))
    assert said.endswith("now: late data and corrections −5.")
