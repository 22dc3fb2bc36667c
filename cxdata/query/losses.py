"""Customers lost for good by reason, with the recurring revenue that went with them."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from cxdata.model.scope import Scope
from cxdata.model.summaries import TENURE_RISK
from cxdata.query.gate import Gate, members


def losses_by_reason(gate: Gate, scope: Scope) -> pd.DataFrame:
    """Return ``cause`` ("" is still there), ``customers`` and ``recurring`` revenue a month."""
    table = TENURE_RISK.c
    found = gate.read(
        sa.select(
            table.cause,
            sa.func.sum(table.customers).label("customers"),
            sa.func.sum(table.recurring).label("recurring"),
        )
        .where(*members(table.profile_id, scope.where))
        .group_by(table.cause)
    )
    return found.astype({"cause": str, "customers": float, "recurring": float})
