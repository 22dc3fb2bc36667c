"""Renewals among contracts that ran out."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import RENEWAL_SUMMARY

METRIC = Metric(
    name="renewal_rate",
    label="Renewal rate",
    question="Who stays when the contract runs out?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Of the customers whose paid contract ended in the period at its term or by their choice, "
        "the share with a paid contract that begins within the grace days and runs on; upgrades, "
        "downgrades and failed payments were not due."
    ),
    formula="renewed / due",
    needs=(("customer",), ("subscription_period",)),
    columns=("subscription_period.end_reason",),
    stats={
        "renewed": total(RENEWAL_SUMMARY.c.renewed),
        "due": total(RENEWAL_SUMMARY.c.due),
    },
    finish=share("renewed", "due"),
    difference=share_difference("renewed", "due"),
    has_journey=False,
    source="METRICS.md 2.2",
)
