from __future__ import annotations

from dataclasses import replace
from datetime import date

from cxdata.journal.entered import Entered
from cxdata.metrics import registry
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.quick_wins import quick_wins
from cxdata.panels.since import course
from cxdata.panels.unowned import shown_metrics, unowned
from cxdata.query.gate import Gate


def with_entries(desk: Desk, **rows: dict[str, object]) -> Desk:
    """The same desk, after people entered one row of each of these tables."""
    added = Entered({table: (row,) for table, row in rows.items()}, "x")
    return replace(desk, gate=Gate(desk.gate._source, entered=added))


def mailing(**columns: object) -> dict[str, object]:
    return {
        "name": "Letters",
        "owner": "Ann",
        "start_date": date(2026, 3, 10),
        "primary_metric": "logo_retention",
        **columns,
    }


def test_an_initiative_shows_its_figure_before_it_and_ninety_days_on(desk: Desk) -> None:
    here = with_entries(desk, initiative=mailing(), target=goal(0.99))
    win = next(one for one in quick_wins(here) if one.initiative.name == "Letters")
    assert win.course is not None
    before, after = Period.parse("2026-02"), Period.parse("2026-06")
    same = course(here, "logo_retention", Scope(after), before)
    assert win.course == same
    assert "in Feb 2026" in win.course.text
    assert "in Jun 2026" in win.course.text
    assert "Goal: Retention 99.0 %" in win.goal
    assert "do not say what the initiative did" in win.caution


def test_what_has_just_begun_has_no_result_yet(desk: Desk) -> None:
    here = with_entries(desk, initiative=mailing(start_date=date(2026, 9, 20)))
    win = next(one for one in quick_wins(here) if one.initiative.name == "Letters")
    assert win.course is None
    assert "No finished month" in win.waits


def test_what_names_no_known_figure_is_said(desk: Desk) -> None:
    here = with_entries(desk, initiative=mailing(primary_metric="luck"))
    win = next(one for one in quick_wins(here) if one.initiative.name == "Letters")
    assert "no figure" in win.waits


def test_a_named_owner_makes_one_figure_fewer_without(desk: Desk) -> None:
    missing = unowned(desk)
    assert set(missing) <= set(shown_metrics()) <= registry().keys()
    assert missing, "the demo company leaves figures without an owner"
    named = {"kind": "metric", "code": missing[0], "valid_from": date(2025, 1, 1), "owner": "Bo"}
    assert unowned(with_entries(desk, owner=named)) == missing[1:]


def test_a_course_needs_a_later_period(desk: Desk) -> None:
    newest = desk.choices.latest(Grain.MONTH)
    assert course(desk, "nps", Scope(newest), newest) is None
    assert course(desk, "no_such_figure", Scope(newest), newest.previous()) is None


def goal(value: float) -> dict[str, object]:
    return {
        "metric_id": "logo_retention",
        "slice_key": "*",
        "kind": "target",
        "valid_from": date(2026, 9, 1),
        "value": value,
    }
