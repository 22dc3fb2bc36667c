"""Customers who said something."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import ACCOUNT_SCORE, CUSTOMER_TOTAL

METRIC = Metric(
    name="accounts_heard",
    label="Accounts heard",
    question="How many customers are heard?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition=(
        "Customers with at least one answer to the relationship survey in the period, as a share "
        "of those who were customers on any day of it; segments at the start of the period."
    ),
    formula="active customers with an answer / active customers",
    needs=(
        ("customer",),
        ("survey_response",),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        "heard": total(ACCOUNT_SCORE.c.active),
        "customers": total(CUSTOMER_TOTAL.c.active),
    },
    finish=quotient("heard", "customers", "heard"),
    has_journey=False,
    is_survey=True,
    source="METRICS.md 1.5",
)
