"""Net promoter score."""

from __future__ import annotations

from cxdata.metrics.finish.classes import classes, pairs
from cxdata.metrics.finish.score import score, score_difference
from cxdata.model.metric import Better, Metric, Unit

METRIC = Metric(
    name="nps",
    label="NPS",
    question="What do customers say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Share of promoters (9-10) less share of detractors (0-6) among the latest answers of "
        "each person to the relationship survey, in points; it has no journey."
    ),
    formula="100 (promoters - detractors) / answers",
    needs=(("survey_response",),),
    stats={**classes("relationship"), **pairs("relationship")},
    finish=score,
    difference=score_difference,
    has_journey=False,
    is_survey=True,
    source="METRICS.md 2.8; Reichheld 2003; Rocks 2016",
)
