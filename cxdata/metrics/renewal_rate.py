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
        "Of the customers whose paid contract ran out in the period, at its term or by notice to "
        "the end of a full month of it, the share with a paid contract that begins within the "
        "grace days and runs on; pauses, upgrades, downgrades, another price before the month was "
        "full, failed payments and notice within a month were not due."
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
