"""Net promoter score by survey weights."""

from __future__ import annotations

from cxdata.metrics.finish.classes import classes, scored
from cxdata.metrics.finish.score import weighted_score
from cxdata.model.metric import Better, Metric, Unit

METRIC = Metric(
    name="nps_weighted",
    label="Weighted NPS",
    question="What would all customers say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Share of promoters less share of detractors in the relationship survey, each answer by "
        "its survey weight, in points."
    ),
    formula="100 (weight of promoters - weight of detractors) / weight",
    needs=(("survey_response",),),
    columns=("survey_response.weight",),
    stats={
        **classes("relationship", "weight", "weight_"),
        "weight_sq": scored("relationship", "weight_sq"),
        "answers": scored("relationship", "answers"),
    },
    finish=weighted_score,
    has_journey=False,
    is_survey=True,
    source="METRICS.md 2.8; Kish 1965",
)
