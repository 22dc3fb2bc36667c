"""Contacts that repeat an earlier one."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="repeat_contact_rate",
    label="Repeat contacts",
    question="How often do customers have to ask again?",
    unit=Unit.SHARE,
    better=Better.DOWN,
    definition=(
        "Contacts with an earlier one of the same customer and reason group in the repeat "
        "window (7 days unless configured), as a share of identified contacts."
    ),
    formula="repeats / identified contacts",
    needs=(("interaction",),),
    stats={
        "part": total(INTERACTION_SUMMARY.c.repeats),
        "whole": total(INTERACTION_SUMMARY.c.identified),
    },
    finish=share("part", "whole"),
    difference=share_difference("part", "whole"),
    source="METRICS.md 2.7",
)
