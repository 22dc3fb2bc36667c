"""Answers per invitation."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INVITATION_SUMMARY

METRIC = Metric(
    name="response_rate",
    label="Response rate",
    question="How many of those asked answered?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition="Invitations answered, as a share of invitations delivered.",
    formula="responded / delivered",
    needs=(("survey_invitation",),),
    stats={
        "responded": total(INVITATION_SUMMARY.c.responded),
        "delivered": total(INVITATION_SUMMARY.c.delivered),
    },
    finish=share("responded", "delivered"),
    difference=share_difference("responded", "delivered"),
    source="METRICS.md 2.8",
)
