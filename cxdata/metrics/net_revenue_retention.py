"""Net revenue retention, over twelve months."""

from __future__ import annotations

from sqlalchemy import func

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Stat, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="net_revenue_retention",
    label="Net revenue retention",
    question="Do existing customers spend more than we lose?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Recurring revenue now of the customers of twelve months before, as a share of theirs "
        "then; new and won-back customers are left out."
    ),
    formula="(R0 + expansion - contraction - churn) / R0",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    stats={
        "kept": Stat(
            func.sum(
                CUSTOMER_FLOW.c.revenue_base
                + CUSTOMER_FLOW.c.revenue_expansion
                - CUSTOMER_FLOW.c.revenue_contraction
                - CUSTOMER_FLOW.c.revenue_churn
            ),
            months=12,
        ),
        "base": total(CUSTOMER_FLOW.c.revenue_base, months=12),
        "customers": total(CUSTOMER_FLOW.c.base_customers, months=12),
    },
    finish=quotient("kept", "base", "customers"),
    source="METRICS.md 2.5, at the grain of customers",
)
