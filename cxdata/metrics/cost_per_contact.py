"""Cost of one contact."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="cost_per_contact",
    label="Cost per contact",
    question="What does one contact cost?",
    unit=Unit.UNIT_MONEY,
    better=Better.DOWN,
    definition=(
        "Cost of contacts at the fully loaded rate over the number of contacts that have a rate."
    ),
    formula="cost of contacts / contacts with a rate",
    needs=(("interaction",),),
    stats={
        "cost": total(INTERACTION_SUMMARY.c.cost),
        "costed": total(INTERACTION_SUMMARY.c.contacts - INTERACTION_SUMMARY.c.uncosted),
    },
    finish=quotient("cost", "costed"),
    source="METRICS.md 2.7",
)
