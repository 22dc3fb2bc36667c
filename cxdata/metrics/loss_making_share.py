"""Customers who cost more to serve than they spend."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="loss_making_share",
    label="Cost more than they spend",
    question="How many customers cost more to serve than they spend?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition="Customers whose direct cost to serve exceeds their spend, as a share of all.",
    formula="customers with spend < cost / customers",
    needs=(
        ("customer",),
        ("revenue_period", "subscription_period", "sales_transaction"),
        ("interaction",),
    ),
    stats={
        "negative": total(CUSTOMER_TOTAL.c.negative_contribution),
        "customers": total(CUSTOMER_TOTAL.c.customers),
    },
    finish=share("negative", "customers"),
    difference=share_difference("negative", "customers"),
    source="METRICS.md 2.12",
)
