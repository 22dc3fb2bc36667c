"""Net promoter score right after a journey."""

from __future__ import annotations

from cxdata.metrics.finish.classes import classes, pairs
from cxdata.metrics.finish.score import score, score_difference
from cxdata.model.metric import Better, Metric, Unit

METRIC = Metric(
    name="nps_after_journey",
    label="NPS after a journey",
    question="What do customers say right after a journey?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Share of promoters (9-10) less share of detractors (0-6) among the latest answers of "
        "each person to surveys sent after a journey, in points; never pooled with NPS."
    ),
    formula="100 (promoters - detractors) / answers",
    needs=(("survey_response",),),
    stats={**classes("transactional"), **pairs("transactional")},
    finish=score,
    difference=score_difference,
    is_survey=True,
    source="METRICS.md 2.8; Reichheld 2003; Rocks 2016",
)
