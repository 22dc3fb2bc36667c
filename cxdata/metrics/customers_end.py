"""Customers at the end of a period."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_end",
    label="Customers at the end",
    question="How many customers do we have?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition="Customers active at the close of the period's last day; segments as of that day.",
    formula="|A(t1)|",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"customers": total(CUSTOMER_FLOW.c.customers_end, profile="end")},
    finish=count("customers"),
    additive=Additive.SLICES,
    is_stock=True,
    source="METRICS.md 2.1",
)
