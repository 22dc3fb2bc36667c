"""All customers there ever were."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import TENURE_RISK

METRIC = Metric(
    name="customers_ever",
    label="Customers ever",
    question="How many customers have there ever been?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition="Customers ever active in the data.",
    formula="count of customers",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"ever": total(TENURE_RISK.c.customers)},
    finish=count("ever"),
    additive=Additive.SLICES,
    has_journey=False,
    is_dated=False,
    source="METRICS.md 9.9",
)
