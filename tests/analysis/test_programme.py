"""Owners, goals and events: who answers, what is aimed at, and which figures an event concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cxdata.analysis.programme import concerning, goal_of, ownership
from cxdata.journal.entered import Entered
from cxdata.metrics import metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.programme import events, owner
from tests.company import company

SEP = Period.parse("2026-09")
TERMS = [{"customer_id": "a", "start_date": date(2025, 1, 1)}]
PROGRAMME: dict[str, list[dict[str, Any]]] = {
    "owner": [
        {"kind": kind, "code": code, "valid_from": since, "owner": name}
        for kind, code, since, name in (
            ("metric", "logo_retention", date(2025, 1, 1), "Ann"),
            ("metric", "logo_retention", date(2026, 9, 15), "Bo"),
            ("metric", "logo_retention", date(2026, 10, 1), "Cy"),
            ("journey", "billing", date(2025, 1, 1), "Di"),
        )
    ],
    "target": [
        {"metric_id": name, "slice_key": part, "valid_from": since, "value": value}
        for name, part, since, value in (
            ("logo_retention", "*", date(2026, 1, 1), 0.95),
            ("logo_retention", "*", date(2026, 9, 1), 0.97),
            ("logo_retention", "segment=smb", date(2026, 9, 2), 0.5),
            ("nps", "*", date(2026, 1, 1), 40.0),
        )
    ],
    "annotation": [
        {
            "annotation_id": label,
            "event_date": date(2026, month, 1),
            "label": label,
            "affects": what,
        }
        for month, label, what in (
            (2, "prices", "revenue"),
            (3, "bot", "contacts"),
            (4, "bills", "billing"),
            (5, "strike", None),
            (1, "network", "retention"),
        )
    ],
    "initiative": [
        {
            "initiative_id": "i",
            "name": "Letters",
            "owner": "Ed",
            "start_date": date(2026, 6, 1),
            "primary_metric": "logo_retention",
            "journey_code": "onboarding",
        }
    ],
    "journey": [
        {"journey_code": code, "label": code.capitalize()} for code in ("billing", "onboarding")
    ],
    "journey_instance": [
        {"customer_id": "a", "journey_code": code, "started_date": date(2026, 5, 1)}
        for code in ("billing", "onboarding")
    ],
}


def gate_of(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Iterator[Gate]:
    found = company(folder, {"subscription_period": TERMS, **tables}, through=date(2026, 9, 30))
    yield found.gate
    found.source.engine.dispose()


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    yield from gate_of(tmp_path_factory.mktemp("programme"), PROGRAMME)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    yield from gate_of(tmp_path_factory.mktemp("bare"), {})


@pytest.mark.parametrize(
    ("on", "who"),
    [
        (date(2024, 12, 31), ""),
        (date(2026, 9, 14), "Ann"),
        (date(2026, 9, 15), "Bo"),
        (date(2027, 1, 1), "Cy"),
    ],
)
def test_an_owner_holds_from_a_day_on(gate: Gate, on: date, who: str) -> None:
    assert owner(gate, "metric", "logo_retention", on) == who


def test_owners_of_what_a_scope_names(gate: Gate) -> None:
    found = ownership(gate, ("logo_retention", "revenue"), Scope(SEP, journeys=("billing",)))
    assert [(one.kind, one.what, one.who) for one in found] == [
        ("metric", "Retention", "Bo"),
        ("journey", "Billing", "Di"),
    ]


@pytest.mark.parametrize(
    ("name", "scope", "goal"),
    [
        ("logo_retention", Scope(SEP), 0.97),
        ("logo_retention", Scope(Period.parse("2026-08")), 0.95),
        ("logo_retention", Scope(Period.parse("2025-12")), None),
        ("logo_retention", Scope(Period.parse("2026-Q3")), None),  # a goal is for a month
        ("nps", Scope(Period.parse("2026-Q3")), 40.0),  # a score is the same over any period
        ("logo_retention", Scope(SEP, journeys=("billing",)), None),  # and for everybody
        ("revenue", Scope(SEP), None),
    ],
)
def test_a_goal_holds_for_everybody_and_a_month(
    gate: Gate, name: str, scope: Scope, goal: float | None
) -> None:
    found = goal_of(gate, metric(name), scope, scope.period)
    assert (found.value if found else None) == goal


@pytest.mark.parametrize(
    ("name", "journeys", "labels"),
    [
        ("logo_retention", (), ["network", "bills", "strike", "Letters"]),
        ("logo_retention", ("billing",), ["network", "bills", "strike"]),
        ("revenue_per_customer", (), ["prices", "bills", "strike"]),
        ("contact_rate", ("onboarding",), ["bot", "strike"]),
    ],
)
def test_an_event_stands_where_it_concerns_the_figure(
    gate: Gate, name: str, journeys: tuple[str, ...], labels: list[str]
) -> None:
    found = concerning(gate, metric(name), Scope(SEP, journeys=journeys))
    assert [event.label for event in found] == labels


def test_where_nothing_is_told_nothing_is_said(bare: Gate) -> None:
    assert events(bare) == ()
    assert ownership(bare, ("logo_retention",), Scope(SEP)) == ()
    assert goal_of(bare, metric("logo_retention"), Scope(SEP), SEP) is None


def test_what_people_entered_stands_beside_the_source_and_wins_by_its_key(gate: Gate) -> None:
    added = Entered(
        {
            "owner": (_owner("logo_retention", date(2026, 9, 15), "Fay"),),
            "target": (
                {
                    "metric_id": "logo_retention",
                    "slice_key": "*",
                    "kind": "target",
                    "valid_from": date(2026, 9, 1),
                    "value": 0.99,
                },
            ),
            "annotation": ({"event_date": date(2026, 8, 1), "label": "fair", "affects": "nps"},),
        },
        "1",
    )
    both = Gate(gate._source, entered=added)
    assert owner(both, "metric", "logo_retention", date(2026, 9, 30)) == "Fay"
    goal = goal_of(both, metric("logo_retention"), Scope(SEP), SEP)
    assert goal is not None
    assert goal.value == 0.99
    assert {event.label for event in events(both)} == {event.label for event in events(gate)} | {
        "fair"
    }
    assert both.key != gate.key


def _owner(code: str, since: date, name: str) -> dict[str, Any]:
    return {"kind": "metric", "code": code, "valid_from": since, "owner": name}
