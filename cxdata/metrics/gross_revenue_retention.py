"""Gross revenue retention, over twelve months."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="gross_revenue_retention",
    label="Gross revenue retention",
    question="How much of last year's revenue did we keep?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Of the recurring revenue twelve months before, the share still there, increases left out."
    ),
    formula="sum of min(R0, R1) / sum of R0",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    stats={
        "kept": total(CUSTOMER_FLOW.c.revenue_kept, months=12),
        "base": total(CUSTOMER_FLOW.c.revenue_base, months=12),
        "customers": total(CUSTOMER_FLOW.c.base_customers, months=12),
    },
    finish=quotient("kept", "base", "customers"),
    source="METRICS.md 2.5, at the grain of customers",
)
