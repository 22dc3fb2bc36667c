"""Satisfied customers: top two boxes."""

from __future__ import annotations

from cxdata.metrics.finish.share import share, share_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import RESPONSE_SUMMARY

METRIC = Metric(
    name="csat",
    label="Satisfied",
    question="How many are satisfied?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition="Answers in the top two boxes of the scale, as a share of answers to the question.",
    formula="top two boxes / answers",
    needs=(("survey_response",),),
    columns=("survey_response.csat_score",),
    stats={
        "top": total(RESPONSE_SUMMARY.c.csat_top),
        "answers": total(RESPONSE_SUMMARY.c.csat_answers),
    },
    finish=share("top", "answers"),
    difference=share_difference("top", "answers"),
    is_survey=True,
    source="METRICS.md 2.9",
)
