"""Contacts given up."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="abandoned_share",
    label="Gave up waiting",
    question="How often do customers give up?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition="Contacts given up by the customer before an answer, as a share of contacts.",
    formula="abandoned / contacts",
    needs=(("interaction",),),
    stats={
        "part": total(INTERACTION_SUMMARY.c.abandoned),
        "whole": total(INTERACTION_SUMMARY.c.contacts),
    },
    finish=share("part", "whole"),
    difference=share_difference("part", "whole"),
    source="METRICS.md 2.7",
)
