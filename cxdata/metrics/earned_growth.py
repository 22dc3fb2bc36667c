"""Earned growth of revenue over twelve months: what is known to be earned."""

from __future__ import annotations

from cxdata.metrics.finish.earned import PARTS, earned_rate
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import EARNED_SUMMARY

METRIC = Metric(
    name="earned_growth",
    label="Earned growth, at least",
    question="How much of our growth is earned?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Revenue of twelve months from customers of the twelve months before and from new ones who "
        "came by recommendation, against the revenue of the twelve months before; new customers "
        "of unknown source and those won back are not counted as earned."
    ),
    formula="revenue of earlier and recommended customers / revenue before - 1",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    columns=("customer.acquisition_source",),
    stats={
        **{name: total(EARNED_SUMMARY.c[name], months=12) for name in PARTS},
        "customers": total(EARNED_SUMMARY.c.customers, months=12),
    },
    finish=earned_rate(0),
    has_journey=False,
    source="METRICS.md 2.10; Reichheld, Darnell & Burns 2021",
)
