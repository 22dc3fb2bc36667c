"""Recurring revenue of all customers."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import TENURE_RISK

METRIC = Metric(
    name="recurring_revenue_ever",
    label="Recurring revenue of all customers",
    question="What are the contracts of all customers worth a month?",
    unit=Unit.MONEY,
    better=Better.UP,
    definition=(
        "Monthly recurring revenue of every customer there ever was, each at its last contract: "
        "what a snapshot extract holds."
    ),
    formula="sum of the last monthly amounts",
    needs=(("customer",), ("subscription_period",)),
    stats={
        "recurring": total(TENURE_RISK.c.recurring),
        "customers": total(TENURE_RISK.c.customers),
    },
    finish=count("recurring", "customers"),
    additive=Additive.SLICES,
    has_journey=False,
    is_dated=False,
    source="METRICS.md 9.9",
)
