"""Losses per customer-month at risk."""

from __future__ import annotations

from cxdata.metrics.finish.events import events_per_month
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW, CUSTOMER_TOTAL

METRIC = Metric(
    name="churn_rate",
    label="Losses per customer-month",
    question="How fast do customers leave?",
    unit=Unit.RATE,
    better=Better.DOWN,
    definition=(
        "Lost customers per month of customers' time at risk; fair for fast-growing bases and "
        "periods of unequal length; a loss counts also where the customer came back later, or came "
        "in the same month."
    ),
    formula="lost / customer-months",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={
        # Who came and left within a month is at risk on those days, and at neither end of it.
        "events": total(CUSTOMER_FLOW.c.customers_lost + CUSTOMER_FLOW.c.joined_and_left, months=1),
        "days": total(CUSTOMER_TOTAL.c.customer_days),
    },
    finish=events_per_month,
    source="METRICS.md 2.2; Garwood 1936",
)
