"""Revenue per average customer."""

from __future__ import annotations

from cxdata.metrics.finish.average import per_average_customer
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="revenue_per_customer",
    label="Revenue per customer",
    question="What does a customer spend?",
    unit=Unit.UNIT_MONEY,
    better=Better.UP,
    definition=(
        "Revenue over the average number of active customers, those who spent nothing included."
    ),
    formula="revenue / average customers",
    needs=(("customer",), ("revenue_period", "subscription_period", "sales_transaction")),
    stats={
        "amount": total(CUSTOMER_TOTAL.c.revenue),
        "customers": total(CUSTOMER_TOTAL.c.exposure),
    },
    finish=per_average_customer,
    source="METRICS.md 2.6, 9.13",
)
