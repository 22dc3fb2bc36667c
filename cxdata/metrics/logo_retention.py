"""Retention of customers."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="logo_retention",
    label="Retention",
    question="Who stays?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Of the customers at the start, the share still active at the end; new customers are in "
        "neither part."
    ),
    formula="retained / start",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={
        "retained": total(CUSTOMER_FLOW.c.customers_retained),
        "start": total(CUSTOMER_FLOW.c.customers_start),
    },
    finish=share("retained", "start"),
    difference=share_difference("retained", "start"),
    source="METRICS.md 2.2; Wilson 1927; Newcombe 1998",
)
