"""Customers at the start of a period."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_start",
    label="Customers at the start",
    question="How many customers did we begin with?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition="Customers active at the close of the day before the period.",
    formula="|A(t0)|",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"customers": total(CUSTOMER_FLOW.c.customers_start)},
    finish=count("customers"),
    additive=Additive.SLICES,
    is_stock=True,
    source="METRICS.md 2.1",
)
