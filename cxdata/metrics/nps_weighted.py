"""Net promoter score by survey weights."""

from __future__ import annotations

from cxdata.metrics.finish.score import weighted_score
from cxdata.model.metric import Better, Metric, Unit, total_where
from cxdata.model.summaries import RESPONSE_SUMMARY

METRIC = Metric(
    name="nps_weighted",
    label="Weighted NPS",
    question="What would all customers say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Share of promoters less share of detractors, each answer by its survey weight, in points."
    ),
    formula="100 (weight of promoters - weight of detractors) / weight",
    needs=(("survey_response",),),
    columns=("survey_response.weight",),
    stats={
        "weight_promoters": total_where(RESPONSE_SUMMARY.c.score >= 9, RESPONSE_SUMMARY.c.weight),
        "weight_passives": total_where(
            RESPONSE_SUMMARY.c.score.between(7, 8), RESPONSE_SUMMARY.c.weight
        ),
        "weight_detractors": total_where(
            RESPONSE_SUMMARY.c.score.between(0, 6), RESPONSE_SUMMARY.c.weight
        ),
        "weight_sq": total_where(RESPONSE_SUMMARY.c.score >= 0, RESPONSE_SUMMARY.c.weight_sq),
        "answers": total_where(RESPONSE_SUMMARY.c.score >= 0, RESPONSE_SUMMARY.c.answers),
    },
    finish=weighted_score,
    is_survey=True,
    source="METRICS.md 2.8; Kish 1965",
)
