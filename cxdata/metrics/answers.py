"""Scored answers."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total_where
from cxdata.model.summaries import RESPONSE_SUMMARY

METRIC = Metric(
    name="answers",
    label="Answers",
    question="How many people answered?",
    unit=Unit.COUNT,
    better=Better.NEUTRAL,
    definition="Answers with a score, the latest of each person to each survey in the period.",
    formula="count of answers",
    needs=(("survey_response",),),
    stats={"answers": total_where(RESPONSE_SUMMARY.c.score >= 0, RESPONSE_SUMMARY.c.answers)},
    finish=count("answers"),
    additive=Additive.SLICES,
    is_survey=True,
    per_day=True,
    source="METRICS.md 2.8",
)
