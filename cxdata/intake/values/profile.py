"""How the columns of an extract are written, by evidence from all its records.

The first records give a first judgement of each column. One pass over all records then holds it
against every value; what does not fit, or settles what was unclear, is evidence for the next
judgement. Columns whose judgement changes are passed over again, a few times at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from cxdata.intake.values.decide import decide
from cxdata.intake.values.decision import Decision
from cxdata.intake.values.facts import Facts, facts
from cxdata.intake.values.house import house
from cxdata.intake.values.noticing import likely, notice, within
from cxdata.intake.values.scan import Placed, Scan, scan
from cxdata.intake.values.summary import fault_notes, zone_notes
from cxdata.intake.values.why import why
from cxdata.intake.values.words import SPACES
from cxdata.intake.values.writing import ColumnProfile, ValueFault

_CELLS = 400_000
"""Cells that the first judgement looks at."""

_RECORDS = (200, 2000)
"""Fewest and most records of the first judgement."""

_TOGETHER = 500
"""Columns that are read at once; each takes buffers of the engine."""

_ROUNDS = 4
_EXAMPLES = 5


@dataclass
class _Column:
    """One column on its way: the values that are its evidence, weighted, and the judgement."""

    name: str
    place: int
    sample: dict[str, float]
    found: dict[str, float] = field(default_factory=dict)
    facts: Facts | None = None
    decision: Decision | None = None
    scanned: Scan | None = None

    @property
    def values(self) -> dict[str, float]:
        """Return the evidence: the sample, and what all records added to it."""
        return {**self.sample, **self.found}


def profile(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    header: Sequence[str],
    *,
    choices: Mapping[str, Any] | None = None,
    records: int,
    sample: int | None = None,
) -> tuple[ColumnProfile, ...]:
    """Return how each column of ``relation`` is written.

    ``relation`` has ``_record``, ``_line`` and the texts ``c0``, ``c1`` ...; ``choices`` are
    answers to questions. ``sample`` is how many records the first judgement looks at.
    """
    if not header:
        return ()
    few, many = _RECORDS
    sampled = min(sample or min(many, max(few, _CELLS // len(header))), records)
    columns = _first_look(connection, relation, header, sampled)
    _judge(columns, choices or {})
    _settle(connection, relation, columns, choices or {})
    return tuple(_profiled(connection, relation, column) for column in columns)


def _first_look(
    connection: duckdb.DuckDBPyConnection, relation: str, header: Sequence[str], sampled: int
) -> list[_Column]:
    columns = []
    for start in range(0, len(header), _TOGETHER):
        names = header[start : start + _TOGETHER]
        places = ", ".join(f"c{start + number}" for number in range(len(names)))
        query = f"SELECT {places} FROM {relation} LIMIT {sampled}"
        table = connection.execute(query).to_arrow_table()
        columns += [
            _Column(name, start + number, _distinct(table.column(number).to_pylist()))
            for number, name in enumerate(names)
        ]
    return columns


def _distinct(cells: Sequence[str | None]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for cell, number in Counter(cells).items():
        counts[(cell or "").strip(SPACES)] += number
    return dict(counts)


def _judge(columns: Sequence[_Column], choices: Mapping[str, Any]) -> list[_Column]:
    """Judge every column by its evidence; return those whose judgement is new."""
    for column in columns:
        if column.facts is None:
            stated = _stated_missing(column.name, choices)
            column.facts = facts(column.name, column.values, stated)
    habits = house([one.facts for one in columns if one.facts is not None], choices)
    changed = []
    for column in columns:
        decision = decide(column.facts or Facts(column.name), habits)
        before = column.decision
        if before is None or _differs(before, decision):
            changed.append(column)
        column.decision = decision
    return changed


def _differs(one: Decision, other: Decision) -> bool:
    return one.writing != other.writing or one.unclear != other.unclear


def _stated_missing(name: str, choices: Mapping[str, Any]) -> tuple[str, ...]:
    stated = choices.get(f"column:{name}:missing", choices.get("missing"))
    return (stated,) if isinstance(stated, str) else tuple(stated or ())


def _settle(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: list[_Column],
    choices: Mapping[str, Any],
) -> None:
    by_place = {column.place: column for column in columns}
    pending = columns
    for _ in range(_ROUNDS):
        asked = [(one.place, one.decision) for one in pending if one.decision is not None]
        for place, scanned in scan(connection, relation, asked):
            by_place[place].scanned = scanned
            _learn(by_place[place], scanned)
        pending = _judge(columns, choices)
        if not pending:
            return
    asked = [(one.place, one.decision) for one in pending if one.decision is not None]
    for place, scanned in scan(connection, relation, asked):
        by_place[place].scanned = scanned


def _learn(column: _Column, scanned: Scan) -> None:
    """Add what did not fit, or tells, to the evidence, with the weight it has in all records."""
    if not scanned.misfit_count and not scanned.telling_count:
        return
    column.facts = None
    news = _weights(scanned.misfits, scanned.misfit_count)
    news.update(_weights(scanned.telling, scanned.telling_count))
    fitting = {text: n for text, n in column.sample.items() if text and text not in news}
    known = sum(n for text, n in column.found.items() if text not in news)
    rest = scanned.filled + scanned.missing - scanned.misfit_count - scanned.telling_count - known
    scale = rest / sum(fitting.values()) if fitting else 1.0
    column.sample = {text: n * max(scale, 1e-9) for text, n in fitting.items()}
    column.found = {**column.found, **news}


def _weights(found: Sequence[Placed], count: int) -> dict[str, float]:
    if not found:
        return {}
    each = count / len(found)
    texts = Counter(one.value.strip(SPACES) for one in found)
    return {text: number * each for text, number in texts.items()}


def _profiled(
    connection: duckdb.DuckDBPyConnection, relation: str, column: _Column
) -> ColumnProfile:
    decision, scanned = column.decision, column.scanned
    if decision is None or scanned is None:
        raise AssertionError("every column is judged and scanned before it is told")
    faults = tuple(
        ValueFault(one.record, one.line, one.value, why(one.value, decision.writing))
        for one in scanned.misfits
    )
    seen = [text for text in column.values if text and text not in decision.writing.missing]
    found = ColumnProfile(
        name=column.name,
        place=column.place,
        writing=decision.writing,
        filled=scanned.filled,
        distinct=scanned.distinct,
        examples=tuple(seen[:_EXAMPLES]),
        faults=faults,
        fault_count=scanned.misfit_count,
        questions=tuple(decision.questions),
    )
    noticed = notice(found, seen, scanned.suspects)
    if not noticed.kind and scanned.suspect_count > len(scanned.suspects):
        noticed = within(column.name, *likely(connection, relation, column.place))
    notes = [
        *decision.notes,
        *fault_notes(found),
        *zone_notes(connection, relation, found),
        *noticed.notes,
    ]
    return replace(found, notes=tuple(notes), personal=noticed.kind, personal_kinds=noticed.kinds)
