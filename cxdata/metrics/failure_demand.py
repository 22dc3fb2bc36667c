"""Contacts because something was not done, or not done right."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total, total_where
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="failure_demand",
    label="Avoidable contacts",
    question="How many contacts come from something that went wrong?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition=(
        "Inbound contacts whose reason is a failure, as a share of inbound contacts; unknown "
        "reasons count as not failed."
    ),
    formula="failure contacts / inbound contacts",
    needs=(("interaction",), ("interaction_reason",)),
    stats={
        "failure": total_where(
            INTERACTION_SUMMARY.c.demand_type == "failure", INTERACTION_SUMMARY.c.inbound
        ),
        "inbound": total(INTERACTION_SUMMARY.c.inbound),
    },
    finish=share("failure", "inbound"),
    difference=share_difference("failure", "inbound"),
    source="METRICS.md 2.7; Seddon 2003",
)
