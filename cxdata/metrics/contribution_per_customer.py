"""Spend less direct cost to serve, per average customer."""

from __future__ import annotations

from sqlalchemy import func

from cxdata.metrics.finish.average import per_average_customer
from cxdata.model.metric import Better, Metric, Stat, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="contribution_per_customer",
    label="Spend less direct cost to serve, per customer",
    question="What is a customer worth after serving?",
    unit=Unit.UNIT_MONEY,
    better=Better.UP,
    definition=(
        "Revenue less the direct cost to serve, over the average number of active customers; "
        "shared costs are left out."
    ),
    formula="(revenue - direct cost) / average customers",
    needs=(
        ("customer",),
        ("revenue_period", "subscription_period", "sales_transaction"),
        ("interaction",),
    ),
    stats={
        "amount": Stat(func.sum(CUSTOMER_TOTAL.c.revenue - CUSTOMER_TOTAL.c.cost)),
        "customers": total(CUSTOMER_TOTAL.c.exposure),
    },
    finish=per_average_customer,
    source="METRICS.md 2.12",
)
