"""How well an extract fits a table: what it needs, what it explains, and whether its key is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from cxdata.intake.matching.suggestion import ColumnSuggestion, TableSuggestion
from cxdata.intake.values import ColumnProfile
from cxdata.intake.values.scan import COUNTED
from cxdata.model.tables import CURATED, required

GIVEN_BY = {
    ("sales_transaction", "transaction_date"): "transacted_at",
    ("interaction", "interaction_date"): "started_at",
    ("journey_instance", "started_date"): "started_at",
    ("journey_step_event", "entered_date"): "entered_at",
    ("survey_response", "responded_date"): "responded_at",
}
"""Business dates that follow from an instant of the same table."""

_TELLING = 20
_UNIQUE = 0.8
"""Share of distinct values below which a column is no key; the count is approximate, and records
that stand twice in an extract are a fault of it, not of the match."""
_REPEATED = 0.5


def lacking(table: sa.Table, columns: Sequence[ColumnSuggestion]) -> list[str]:
    """Return what the table needs and neither a column nor an instant of it gives."""
    given = {one.target for one in columns}
    return [
        name
        for name in required(table)
        if name not in given and GIVEN_BY.get((table.name, name)) not in given
    ]


def scored(
    table: sa.Table, columns: list[ColumnSuggestion], profiles: Mapping[str, ColumnProfile]
) -> TableSuggestion:
    """Weigh how much of what the table needs is there, and how much of the extract it explains."""
    missing = lacking(table, columns)
    needed = required(table)
    trust = {one.target: one.confidence for one in columns if one.target}
    # What an instant gives counts as that instant.
    covered = sum(
        max(trust.get(name, 0.0), trust.get(GIVEN_BY.get((table.name, name), ""), 0.0))
        for name in needed
    )
    explained = sum(trust.values()) / len(columns) if columns else 0.0
    score = 0.55 * covered / len(needed) + 0.45 * explained if trust else 0.0
    found = len(needed) - len(missing)
    reason = (
        f"{len(trust)} of {len(columns)} columns fit, and {found} of the {len(needed)} that it "
        "needs are there"
    )
    fit = TableSuggestion(table.name, round(score, 4), reason, tuple(columns), tuple(missing))
    return _of_its_grain(fit, profiles)


def _of_its_grain(fit: TableSuggestion, profiles: Mapping[str, ColumnProfile]) -> TableSuggestion:
    """Trust a table less whose key repeats: a record of the extract is then no row of it."""
    keys = [column.name for column in CURATED.tables[fit.table].primary_key]
    source = fit.source_of(keys[0]) if len(keys) == 1 else ""
    profile = profiles.get(source)
    if profile is None or not profile.distinct:
        return fit
    filled = min(profile.filled, COUNTED)
    if filled < _TELLING or profile.distinct >= _UNIQUE * filled:
        return fit
    return replace(
        fit,
        score=round(fit.score * _REPEATED, 4),
        reason=f"{fit.reason}; yet {source!r} repeats, and a {_words(fit.table)} has one record",
    )


def _words(table: str) -> str:
    return table.replace("_", " ")
