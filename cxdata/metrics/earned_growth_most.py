"""Earned growth of revenue over twelve months: what may be earned."""

from __future__ import annotations

from cxdata.metrics.finish.earned import PARTS, earned_rate
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import EARNED_SUMMARY

METRIC = Metric(
    name="earned_growth_most",
    label="Earned growth, at most",
    question="How much of our growth may be earned?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "As earned growth, at least, with the revenue of new customers of unknown source and of "
        "those won back counted as earned."
    ),
    formula="revenue of earlier, recommended and unknown customers / revenue before - 1",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    columns=("customer.acquisition_source",),
    stats={
        **{name: total(EARNED_SUMMARY.c[name], months=12) for name in PARTS},
        "customers": total(EARNED_SUMMARY.c.customers, months=12),
    },
    finish=earned_rate(1),
    has_journey=False,
    source="METRICS.md 2.10; Reichheld, Darnell & Burns 2021",
)
