"""Who answered in two periods and who in one of them only, counted by class of answer."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import ANSWER_PANEL
from cxdata.query.gate import Gate, members


def panel_counts(
    gate: Gate, scope: Scope, against: Period, measure: str, survey_type: str | None
) -> pd.DataFrame:
    """Return ``standing``, ``class_before``, ``class_after`` and ``people``.

    People are in the segments of the scope by their later answer, else by the earlier one.
    ``survey_type`` None takes every kind of survey.
    """
    table, period = ANSWER_PANEL.c, scope.period
    lag = (period.start.year - against.start.year) * 12 + period.start.month - against.start.month
    keys = (table.standing, table.class_before, table.class_after)
    of_kind = [] if survey_type is None else [table.survey_type == survey_type]
    return gate.read(
        sa.select(*keys, sa.func.sum(table.people).label("people"))
        .where(
            table.period_start == sa.literal(period.start),
            table.months == period.grain.months,
            table.lag_months == lag,
            table.measure == measure,
            *of_kind,
            *members(table.profile_id, scope.where),
        )
        .group_by(*keys)
    )
