"""Net promoter score with accounts counted alike."""

from __future__ import annotations

from cxdata.metrics.finish.score import account_score, account_score_difference
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import ACCOUNT_SCORE

_SUMS = ("accounts", "accounts", "score", "score", "score_sq")

METRIC = Metric(
    name="nps_by_account",
    label="NPS by account",
    question="What do accounts say?",
    unit=Unit.POINTS,
    better=Better.UP,
    definition=(
        "Each account's mean of +1 for a promoter, 0 for a passive and -1 for a detractor, "
        "averaged over accounts that count alike whatever the number of their answers, in "
        "points; segments at the start of the period."
    ),
    formula="100 x mean over accounts of (promoters - detractors) / answers",
    needs=(("customer",), ("survey_response",)),
    stats={
        "accounts": total(ACCOUNT_SCORE.c.accounts),
        "score": total(ACCOUNT_SCORE.c.score),
        "score_sq": total(ACCOUNT_SCORE.c.score_sq),
    },
    finish=account_score(*_SUMS),
    difference=account_score_difference(*_SUMS),
    has_journey=False,
    is_survey=True,
    source="METRICS.md 1.5, 2.8",
)
