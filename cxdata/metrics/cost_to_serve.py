"""Total cost to serve."""

from __future__ import annotations

from cxdata.metrics.finish.census import net
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY, SERVICE_COST_SUMMARY

METRIC = Metric(
    name="cost_to_serve",
    label="Cost to serve",
    question="What does serving customers cost?",
    unit=Unit.MONEY,
    better=Better.DOWN,
    definition="Cost of all contacts at the fully loaded rate, and other costs to serve.",
    formula="cost of contacts + other costs",
    needs=(("interaction", "service_cost"),),
    stats={
        "contacts": total(INTERACTION_SUMMARY.c.contacts),
        "contact_cost": total(INTERACTION_SUMMARY.c.cost),
        "other_cost": total(SERVICE_COST_SUMMARY.c.cost),
    },
    finish=net(("contact_cost", "other_cost"), (), "contacts"),
    additive=Additive.YES,
    excludes="test accounts, contacts without a rate",
    source="METRICS.md 2.7",
)
