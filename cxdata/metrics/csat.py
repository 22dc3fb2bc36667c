"""Satisfied customers: top two boxes."""

from __future__ import annotations

from cxdata.metrics.finish.satisfied import satisfied, satisfied_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import ANSWER_PAIR, RESPONSE_SUMMARY

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
        "beyond_first": total(ANSWER_PAIR.c.csat_beyond_first),
        "pairs": total(ANSWER_PAIR.c.csat_pairs),
        "pairs_top": total(ANSWER_PAIR.c.csat_pairs_top),
        "pairs_product": total(ANSWER_PAIR.c.csat_pairs_product),
    },
    finish=satisfied,
    difference=satisfied_difference,
    is_survey=True,
    source="METRICS.md 2.9; Korn & Graubard 1998",
)
