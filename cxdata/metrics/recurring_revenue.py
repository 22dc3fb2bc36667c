"""Recurring revenue at the end of a period."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="recurring_revenue",
    label="Recurring revenue",
    question="What do customers pay us a month?",
    unit=Unit.MONEY,
    better=Better.UP,
    definition=(
        "Recurring revenue of the period's last month; without contracts, the twelve months' "
        "sales up to it."
    ),
    formula="sum of R1",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    stats={
        "revenue": total(CUSTOMER_FLOW.c.revenue_end),
        "customers": total(CUSTOMER_FLOW.c.customers_end),
    },
    finish=count("revenue", "customers"),
    additive=Additive.SLICES,
    is_stock=True,
    source="METRICS.md 2.5",
)
