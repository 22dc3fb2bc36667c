"""Net promoter score with accounts counted by their revenue."""

from __future__ import annotations

from cxdata.metrics.finish.score import account_score, account_score_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import ACCOUNT_SCORE

_SUMS = ("weight", "weight_sq", "weight_score", "weight_sq_score", "weight_score_sq")

METRIC = Metric(
    name="nps_by_revenue",
    label="NPS by revenue",
    question="What does the money say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Each account's mean of +1 for a promoter, 0 for a passive and -1 for a detractor, "
        "averaged by the account's revenue in the period, in points; segments at the start of "
        "the period."
    ),
    formula="100 x sum of revenue x (promoters - detractors) / answers, over revenue",
    needs=(
        ("customer",),
        ("survey_response",),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        "accounts": total(ACCOUNT_SCORE.c.accounts),
        "weight": total(ACCOUNT_SCORE.c.weight),
        "weight_sq": total(ACCOUNT_SCORE.c.weight_sq),
        "weight_score": total(ACCOUNT_SCORE.c.weight_score),
        "weight_sq_score": total(ACCOUNT_SCORE.c.weight_sq_score),
        "weight_score_sq": total(ACCOUNT_SCORE.c.weight_score_sq),
    },
    finish=account_score(*_SUMS),
    difference=account_score_difference(*_SUMS),
    has_journey=False,
    is_survey=True,
    source="METRICS.md 1.5, 2.8; Kish 1965",
)
