"""Revenue of customers who said something."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import ACCOUNT_SCORE, CUSTOMER_TOTAL

METRIC = Metric(
    name="revenue_heard",
    label="Revenue heard",
    question="How much of the revenue is heard?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Revenue of customers with at least one answer to the relationship survey in the period, "
        "as a share of the period's revenue; segments at the start of the period."
    ),
    formula="revenue of customers with an answer / revenue",
    needs=(
        ("customer",),
        ("survey_response",),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        "heard": total(ACCOUNT_SCORE.c.revenue),
        "revenue": total(CUSTOMER_TOTAL.c.revenue),
        "accounts": total(ACCOUNT_SCORE.c.active),
    },
    finish=quotient("heard", "revenue", "accounts"),
    has_journey=False,
    is_survey=True,
    source="METRICS.md 1.5",
)
