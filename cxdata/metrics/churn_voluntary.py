"""Voluntary churn of customers."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="churn_voluntary",
    label="Voluntary churn",
    question="Who leaves by choice?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition=(
        "Of the customers at the start, the share lost by their own choice: they left, or took no "
        "other contract when theirs ran out; with involuntary churn and losses without a stated "
        "reason it adds up to churn."
    ),
    formula="lost by choice / start",
    needs=(("customer",), ("subscription_period",)),
    columns=("subscription_period.end_reason",),
    stats={
        "lost": total(CUSTOMER_FLOW.c.lost_voluntary),
        "start": total(CUSTOMER_FLOW.c.customers_start),
    },
    finish=share("lost", "start"),
    difference=share_difference("lost", "start"),
    source="METRICS.md 2.2; Wilson 1927; Newcombe 1998",
)
