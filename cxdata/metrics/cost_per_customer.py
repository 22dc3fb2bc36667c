"""Cost to serve per average customer."""

from __future__ import annotations

from cxdata.metrics.finish.allocation import allocated_stats, direct_cost
from cxdata.metrics.finish.cost import cost_per_average_customer
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL, INTERACTION_SUMMARY

METRIC = Metric(
    name="cost_per_customer",
    label="Cost to serve per customer",
    question="What does serving a customer cost?",
    unit=Unit.UNIT_MONEY,
    better=Better.DOWN,
    definition=(
        "Cost to serve over the average number of active customers, those without a contact "
        "included; a journey's part is its own contacts' cost over all customers."
    ),
    formula="cost to serve / average customers",
    needs=(
        ("customer",),
        ("interaction", "service_cost"),
        ("subscription_period", "revenue_period", "sales_transaction"),
    ),
    stats={
        "contact_cost": total(INTERACTION_SUMMARY.c.cost),
        "direct_cost": direct_cost(),
        **allocated_stats(),
        "customers": total(CUSTOMER_TOTAL.c.exposure, role="all"),
    },
    finish=cost_per_average_customer,
    per_day=True,
    source="METRICS.md 2.7",
)
