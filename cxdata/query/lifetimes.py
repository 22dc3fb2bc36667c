"""Rows of the lifetime summaries: cohorts by age, and customers by age at entry and exit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from cxdata.model.scope import Scope
from cxdata.model.summaries import COHORT_SUMMARY, PROFILE_MEMBER, TENURE_RISK
from cxdata.query.gate import Gate, members


def cohort_counts(gate: Gate, scope: Scope, measure: str) -> pd.DataFrame:
    """Return ``cohort_month``, ``age``, ``size`` (at age 0) and ``count`` of a measure."""
    table = COHORT_SUMMARY.c
    return gate.read(
        sa.select(
            table.cohort_month,
            table.age,
            sa.func.sum(table.customers).label("size"),
            sa.func.sum(table[measure]).label("count"),
        )
        .where(*members(table.profile_id, scope.where), table.age >= 0)
        .group_by(table.cohort_month, table.age)
    )


def tenure_counts(gate: Gate, scope: Scope, by: str | None = None) -> pd.DataFrame:
    """Return ``entry_age``, ``exit_age``, ``cause``, ``customers``, and ``group`` where sliced."""
    table, member = TENURE_RISK.c, PROFILE_MEMBER.c
    keys: list[sa.ColumnElement[Any]] = [table.entry_age, table.exit_age, table.cause]
    rows: sa.FromClause = TENURE_RISK
    if by is not None:
        same = sa.and_(member.profile_id == table.profile_id, member.scheme == by)
        rows = TENURE_RISK.join(PROFILE_MEMBER, same)
        keys.append(member.segment_code.label("group"))
    return gate.read(
        sa.select(*keys, sa.func.sum(table.customers).label("customers"))
        .select_from(rows)
        .where(*members(table.profile_id, scope.where))
        .group_by(*keys)
    )
