"""Rows behind a spread: customers a bin of spend, answers a point of the scale."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from cxdata.model.errors import BadScope
from cxdata.model.scope import Scope
from cxdata.model.summaries import EVERYONE, RESPONSE_SUMMARY, SPEND_HISTOGRAM
from cxdata.query.gate import Gate, members


def histogram_bins(gate: Gate, scope: Scope, measure: str) -> pd.DataFrame:
    """Return ``bin``, ``customers`` and ``total`` of a measure in the scope's period.

    Raises:
        BadScope: several journeys at once, whose customers overlap.
    """
    if len(scope.journeys) > 1:
        raise BadScope("Choose one journey, or none: the customers of several overlap.")
    table = SPEND_HISTOGRAM.c
    frame = gate.read(
        sa.select(
            table.bin,
            sa.func.sum(table.customers).label("customers"),
            sa.func.sum(table.total).label("total"),
        )
        .where(
            table.period_start == sa.literal(scope.period.start),
            table.months == scope.period.grain.months,
            table.measure == measure,
            table.journey_code == (scope.journeys[0] if scope.journeys else EVERYONE),
            *members(table.profile_id, scope.where),
        )
        .group_by(table.bin)
        .order_by(table.bin)
    )
    return frame.astype({"bin": int, "customers": float, "total": float})


def score_counts(gate: Gate, scope: Scope) -> dict[int, int]:
    """Return answers by score in the scope's period.

    Of the relationship survey; where journeys are chosen, of the surveys sent after them.
    """
    table = RESPONSE_SUMMARY.c
    kind = "transactional" if scope.journeys else "relationship"
    conditions = [
        table.period_start == sa.literal(scope.period.start),
        table.months == scope.period.grain.months,
        table.survey_type == kind,
        table.score >= 0,
        *members(table.profile_id, scope.where),
    ]
    if scope.journeys:
        conditions.append(table.journey_code.in_(scope.journeys))
    found = gate.read(
        sa.select(table.score, sa.func.sum(table.answers).label("answers"))
        .where(*conditions)
        .group_by(table.score)
    )
    return {int(s): int(n) for s, n in zip(found["score"], found["answers"], strict=True)}
