"""Total cost to serve."""

from __future__ import annotations

from cxdata.metrics.finish.allocation import allocated_stats, direct_cost
from cxdata.metrics.finish.cost import total_cost
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="cost_to_serve",
    label="Cost to serve",
    question="What does serving customers cost?",
    unit=Unit.MONEY,
    better=Better.DOWN,
    definition=(
        "Cost of all contacts at the fully loaded rate, direct costs, and shared costs by their "
        "declared key: active days, sales or contacts."
    ),
    formula="cost of contacts + direct costs + share of shared costs",
    needs=(("interaction", "service_cost"),),
    stats={
        "contacts": total(INTERACTION_SUMMARY.c.contacts),
        "contact_cost": total(INTERACTION_SUMMARY.c.cost),
        "direct_cost": direct_cost(),
        **allocated_stats(),
    },
    finish=total_cost,
    additive=Additive.YES,
    per_day=True,
    source="METRICS.md 2.7",
)
