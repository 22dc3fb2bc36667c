"""What can be asked: periods, slicing attributes, journeys, and their names for readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cxdata.model.period import Grain, Period
from cxdata.model.scope import Labels, Scope
from cxdata.model.summaries import JOURNEY_BIT, PROFILE_MEMBER, UNIDENTIFIED, UNKNOWN
from cxdata.model.tables import CURATED
from cxdata.query.gate import Gate


@dataclass(frozen=True)
class Options:
    """Choices that the data offer, in the order readers expect."""

    schemes: dict[str, tuple[str, ...]]
    journeys: tuple[str, ...]
    labels: Labels


def options(gate: Gate) -> Options:
    """Read the choices through the gate: only what who asks may see."""
    found: Options = gate.memory.recall({"options": "options"}, lambda _: {"options": _read(gate)})[
        "options"
    ]
    return found


def _read(gate: Gate) -> Options:
    members = gate.read(
        sa.select(PROFILE_MEMBER.c.scheme, PROFILE_MEMBER.c.segment_code)
        .where(PROFILE_MEMBER.c.profile_id > 0)
        .distinct()
    )
    segments, order = _segments(gate)
    schemes: dict[str, list[str]] = {}
    for scheme, code in zip(members["scheme"], members["segment_code"], strict=True):
        schemes.setdefault(scheme, []).append(code)
    for scheme, codes in schemes.items():
        ranked = {code: (code == UNKNOWN, order.get((scheme, code), 0), code) for code in codes}
        codes.sort(key=ranked.__getitem__)
    journeys, journey_labels = _journeys(gate)
    for scheme in schemes:
        segments[scheme, UNKNOWN] = "Unknown"
        segments[scheme, UNIDENTIFIED] = "Not identified"
    ordered = sorted(schemes, key=lambda name: (name != "segment", name))
    return Options(
        {name: tuple(schemes[name]) for name in ordered},
        journeys,
        Labels(segments=segments, journeys=journey_labels),
    )


def leaving(gate: Gate) -> frozenset[str]:
    """Return the journeys on which customers leave: what they keep is no fault of the journey."""
    if "stage" not in gate.available.get("journey", frozenset()):
        return frozenset()
    table = CURATED.tables["journey"].c
    query = sa.select(table.journey_code).where(table.stage == "leave")
    found: frozenset[str] = gate.memory.recall(
        {"leaving": "leaving"}, lambda _: {"leaving": frozenset(gate.read(query)["journey_code"])}
    )["leaving"]
    return found


def _segments(gate: Gate) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], int]]:
    if "segment" not in gate.available:
        return {}, {}
    table = CURATED.tables["segment"]
    rows = gate.read(sa.select(table.c.scheme, table.c.segment_code, table.c.label, table.c.sort))
    keys = list(zip(rows["scheme"], rows["segment_code"], strict=True))
    labels = {key: label or key[1] for key, label in zip(keys, rows["label"], strict=True)}
    return labels, {key: int(sort or 0) for key, sort in zip(keys, rows["sort"], strict=True)}


def _journeys(gate: Gate) -> tuple[tuple[str, ...], dict[str, str]]:
    bits = gate.read(sa.select(JOURNEY_BIT.c.journey_code).order_by(JOURNEY_BIT.c.bit))
    codes = tuple(bits["journey_code"])
    if "journey" not in gate.available:
        return codes, {}
    table = CURATED.tables["journey"]
    rows = gate.read(sa.select(table.c.journey_code, table.c.label, table.c.sort))
    labels = {c: label or c for c, label in zip(rows["journey_code"], rows["label"], strict=True)}
    order = dict(zip(rows["journey_code"], rows["sort"], strict=True))
    return tuple(sorted(codes, key=lambda code: (order.get(code) or 0, code))), labels


def periods(gate: Gate, grain: Grain) -> tuple[Period, ...]:
    """Periods of a grain that the data cover, oldest first; the last may be unfinished."""
    first = Period.containing(gate.built.first_month, grain, gate.fiscal_start)
    if first.start < gate.built.first_month:
        first = first.shift(1)
    last = Period.containing(gate.built.last_month, grain, gate.fiscal_start)
    found = []
    while first <= last:
        found.append(first)
        first = first.shift(1)
    return tuple(found) or (last,)


def finished_through(gate: Gate) -> date:
    """Last day on which any table of events is complete; the pages and commands start there."""
    promised = (t.complete_through for t in gate.tables.values() if t.row_count and t.last_date)
    return max((day for day in promised if day), default=gate.built.complete_through)


def held_back(gate: Gate) -> tuple[tuple[str, date], ...]:
    """Tables of events that are complete for fewer days than others, and to when, worst first."""
    through = finished_through(gate)
    late = [
        (name, facts.complete_through)
        for name, facts in gate.tables.items()
        if facts.row_count and facts.last_date and facts.complete_through
        if facts.complete_through < through
    ]
    return tuple(sorted(late, key=lambda one: (one[1], one[0])))


def latest_complete(gate: Gate, grain: Grain) -> Period:
    """Return the last finished period of a grain, or the only one there is."""
    known, through = periods(gate, grain), finished_through(gate)
    whole = [p for p in known if (p.end - through).days <= 1]
    return whole[-1] if whole else known[-1]


def default_scope(gate: Gate, grain: Grain = Grain.MONTH) -> Scope:
    """Return the scope a reader starts with: everyone, the last finished period."""
    return Scope(latest_complete(gate, grain))
