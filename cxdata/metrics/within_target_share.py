"""Contacts within their service target."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="within_target_share",
    label="Served within target",
    question="How often do we keep our service promise?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Contacts that met their service target, as a share of contacts whose target is known."
    ),
    formula="within target / target known",
    needs=(("interaction",),),
    stats={
        "part": total(INTERACTION_SUMMARY.c.target_met),
        "whole": total(INTERACTION_SUMMARY.c.target_known),
    },
    finish=share("part", "whole"),
    difference=share_difference("part", "whole"),
    source="METRICS.md 9.18",
)
