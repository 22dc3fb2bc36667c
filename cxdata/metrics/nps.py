"""Net promoter score."""

from __future__ import annotations

from cxdata.metrics.finish.score import score, score_difference
from cxdata.model.metric import Better, Metric, Unit, total_where
from cxdata.model.summaries import RESPONSE_SUMMARY

METRIC = Metric(
    name="nps",
    label="NPS",
    question="What do customers say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Share of promoters (9-10) less share of detractors (0-6) among the latest answers of "
        "each person, in points."
    ),
    formula="100 (promoters - detractors) / answers",
    needs=(("survey_response",),),
    stats={
        "promoters": total_where(RESPONSE_SUMMARY.c.score >= 9, RESPONSE_SUMMARY.c.answers),
        "passives": total_where(RESPONSE_SUMMARY.c.score.between(7, 8), RESPONSE_SUMMARY.c.answers),
        "detractors": total_where(
            RESPONSE_SUMMARY.c.score.between(0, 6), RESPONSE_SUMMARY.c.answers
        ),
    },
    finish=score,
    difference=score_difference,
    is_survey=True,
    excludes="test accounts, answers chosen by agents, answers without a score",
    source="METRICS.md 2.8; Reichheld 2003; Rocks 2016",
)
