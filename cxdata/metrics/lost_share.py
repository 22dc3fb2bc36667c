"""Customers ever lost, as a share of all there ever were."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total, total_where
from cxdata.model.summaries import TENURE_RISK

METRIC = Metric(
    name="lost_share",
    label="Lost so far",
    question="Of all customers there ever were, how many have left?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition=(
        "Customers ever lost as a share of customers ever active: a fixed population, never a "
        "period's churn."
    ),
    formula="ever lost / ever active",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={
        "lost": total_where(TENURE_RISK.c.cause != "", TENURE_RISK.c.customers),
        "ever": total(TENURE_RISK.c.customers),
    },
    finish=share("lost", "ever"),
    difference=share_difference("lost", "ever"),
    has_journey=False,
    is_dated=False,
    source="METRICS.md 9.9",
)
