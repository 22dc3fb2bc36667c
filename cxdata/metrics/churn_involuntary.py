"""Involuntary churn of customers."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="churn_involuntary",
    label="Involuntary churn",
    question="Whom do failed payments cost?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition=(
        "Of the customers at the start, the share lost because payments failed; with voluntary "
        "churn and losses without a stated reason it adds up to churn."
    ),
    formula="lost by failed payments / start",
    needs=(("customer",), ("subscription_period",)),
    columns=("subscription_period.end_reason",),
    stats={
        "lost": total(CUSTOMER_FLOW.c.lost_involuntary),
        "start": total(CUSTOMER_FLOW.c.customers_start),
    },
    finish=share("lost", "start"),
    difference=share_difference("lost", "start"),
    source="METRICS.md 2.2; Wilson 1927; Newcombe 1998",
)
