"""What the programme says of itself: who owns what, what is aimed at, what happened and was done.

Read through the gate like everything else: rows of the source, and beside them those that people
entered in the product. Where neither has any, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.model.tables import CURATED
from cxdata.query.gate import Gate

EVERYONE = "*"
"""The slice of a goal that is meant for everybody."""

TARGET = "target"
"""The kind of goal that a trend is held against."""


@dataclass(frozen=True)
class Owner:
    """Who answers for a metric, journey or segment from a day on."""

    kind: str
    code: str
    since: date
    name: str


@dataclass(frozen=True)
class Goal:
    """What is aimed at for a metric from a day on, over everybody, in the metric's unit."""

    metric: str
    since: date
    value: float


@dataclass(frozen=True)
class Event:
    """Something that happened or was done on a day.

    ``affects`` names what it concerns: a journey, a metric, or a word of either; "" is everything.
    ``owner`` is who answers for an initiative.
    """

    day: date
    label: str
    affects: str = ""
    owner: str = ""
    journey: str = ""


@dataclass(frozen=True)
class Initiative:
    """One thing done to improve an outcome.

    ``until`` is the first day after it. ``design`` says how its effect could be told; with "none",
    a difference after its start says nothing of its cause.
    """

    name: str
    owner: str
    start: date
    metric: str
    until: date | None = None
    journey: str = ""
    status: str = "live"
    design: str = "none"
    expected: str = ""
    one_off_cost: float = 0.0
    run_cost_per_month: float = 0.0


def initiatives(gate: Gate) -> tuple[Initiative, ...]:
    """Return what is being done and was done, the newest first."""
    found = [
        Initiative(
            name=str(name),
            owner=str(who or ""),
            start=start,
            metric=str(metric or ""),
            until=until,
            journey=str(journey or ""),
            status=str(status or "live"),
            design=str(design or "none"),
            expected=str(expected or ""),
            one_off_cost=float(once or 0),
            run_cost_per_month=float(run or 0),
        )
        for name, who, start, metric, until, journey, status, design, expected, once, run in (
            _remembered(gate, "initiative", _INITIATIVE)
        )
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.name), reverse=True))


_INITIATIVE = (
    "name",
    "owner",
    "start_date",
    "primary_metric",
    "end_date",
    "journey_code",
    "status",
    "design",
    "hypothesis",
    "one_off_cost",
    "run_cost_per_month",
)


def owners(gate: Gate) -> tuple[Owner, ...]:
    """Return who owns what, by the day since when."""
    rows = _remembered(gate, "owner", ("kind", "code", "valid_from", "owner"))
    return tuple(Owner(str(k), str(c), since, str(name)) for k, c, since, name in rows if name)


def owner(gate: Gate, kind: str, code: str, on: date) -> str:
    """Return who owns something on a day; "" where nobody is named."""
    named = [o for o in owners(gate) if (o.kind, o.code) == (kind, code) and o.since <= on]
    return max(named, key=lambda one: one.since).name if named else ""


def goals(gate: Gate, metric: str) -> tuple[Goal, ...]:
    """Return the goals of a metric for everybody, oldest first."""
    columns = ("metric_id", "slice_key", "kind", "valid_from", "value")
    found = [
        Goal(metric, since, float(value))
        for name, part, kind, since, value in _remembered(gate, "target", columns)
        if (name, part or EVERYONE, kind or TARGET) == (metric, EVERYONE, TARGET)
        if value is not None
    ]
    return tuple(sorted(found, key=lambda goal: goal.since))


def events(gate: Gate) -> tuple[Event, ...]:
    """Return what happened and which initiatives began, oldest first."""
    noted = _remembered(gate, "annotation", ("event_date", "label", "affects"))
    begun = _remembered(
        gate, "initiative", ("start_date", "name", "primary_metric", "owner", "journey_code")
    )
    found = [Event(day, str(label), affects or "") for day, label, affects in noted]
    found += [
        Event(day, str(name), metric or "", who or "", journey or "")
        for day, name, metric, who, journey in begun
    ]
    return tuple(sorted(found, key=lambda event: (event.day, event.label)))


def _remembered(gate: Gate, table: str, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Read columns of a table once for a gate; a column that is not there is empty."""
    found: list[tuple[Any, ...]] = gate.memory.recall(
        {table: ("programme", table, names)}, lambda _: {table: _read(gate, table, names)}
    )[table]
    return found


def _read(gate: Gate, table: str, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return the rows of the source and those that people entered, which win by their key."""
    added = [tuple(row.get(name) for name in names) for row in gate.entered.rows.get(table, ())]
    keys = CURATED.tables[table].primary_key.columns.keys()
    places = [names.index(key) for key in keys if key in names]
    if len(places) < len(keys):
        return [*_of_source(gate, table, names), *added]
    held = {
        tuple(row[at] for at in places): row for row in (*_of_source(gate, table, names), *added)
    }
    return list(held.values())


def _of_source(gate: Gate, table: str, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    there = gate.available.get(table)
    if there is None:
        return []
    columns = CURATED.tables[table].c
    wanted = [columns[name] if name in there else sa.null().label(name) for name in names]
    frame = gate.read(sa.select(*wanted).select_from(CURATED.tables[table]))
    return [tuple(row) for row in frame.itertuples(index=False, name=None)]
