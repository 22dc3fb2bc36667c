"""Recurring revenue lost so far."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total_where
from cxdata.model.summaries import TENURE_RISK

METRIC = Metric(
    name="recurring_revenue_lost",
    label="Recurring revenue lost so far",
    question="What are the contracts of all customers worth a month?",
    unit=Unit.MONEY,
    better=Better.DOWN,
    definition="Monthly recurring revenue of the customers ever lost, each at its last contract.",
    formula="sum of the last monthly amounts",
    needs=(("customer",), ("subscription_period",)),
    stats={
        "recurring": total_where(TENURE_RISK.c.cause != "", TENURE_RISK.c.recurring),
        "customers": total_where(TENURE_RISK.c.cause != "", TENURE_RISK.c.customers),
    },
    finish=count("recurring", "customers"),
    additive=Additive.SLICES,
    has_journey=False,
    is_dated=False,
    source="METRICS.md 9.9",
)
