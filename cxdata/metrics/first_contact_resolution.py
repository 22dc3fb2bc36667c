"""First-contact resolution."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="first_contact_resolution",
    label="Solved at first contact",
    question="How often is one contact enough?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Episodes whose first contact has no further one in the repeat window, as a share of "
        "episodes old enough to tell."
    ),
    formula="episodes of one contact / episodes old enough",
    needs=(("interaction",),),
    stats={
        "part": total(INTERACTION_SUMMARY.c.episodes_resolved),
        "whole": total(INTERACTION_SUMMARY.c.episodes),
    },
    finish=share("part", "whole"),
    difference=share_difference("part", "whole"),
    source="METRICS.md 2.7",
)
