"""Shared costs per average customer; part of the cost to serve, shown apart."""

from __future__ import annotations

from cxdata.metrics.finish.allocation import allocated_stats
from cxdata.metrics.finish.cost import shared_cost_per_average_customer
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="shared_cost_per_customer",
    label="Shared costs per customer",
    question="What do costs that no single customer has come to?",
    unit=Unit.UNIT_MONEY,
    better=Better.DOWN,
    definition=(
        "Costs of platform, delivery and the like that name no customer, shared out by active "
        "days, sales or contacts as declared, over the average number of active customers."
    ),
    formula="shared costs / average customers",
    needs=(
        ("customer",),
        ("service_cost",),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        **allocated_stats(),
        "customers": total(CUSTOMER_TOTAL.c.exposure, role="all"),
    },
    finish=shared_cost_per_average_customer,
    source="METRICS.md 2.7",
)
