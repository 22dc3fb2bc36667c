"""Revenue of a period."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="revenue",
    label="Revenue",
    question="What do customers spend?",
    unit=Unit.MONEY,
    better=Better.UP,
    definition="Recurring and one-off revenue and sales less refunds of identified customers.",
    formula="recurring + one-off + sales",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    stats={
        "revenue": total(CUSTOMER_TOTAL.c.revenue),
        "customers": total(CUSTOMER_TOTAL.c.customers),
    },
    finish=count("revenue", "customers"),
    additive=Additive.YES,
    source="METRICS.md 9.13",
)
