"""New customers."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_new",
    label="New customers",
    question="How many customers did we win?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition="Customers active at the end who were never active before the period.",
    formula="|A(t1) without A(t0), never active before t0|",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"customers": total(CUSTOMER_FLOW.c.customers_new)},
    finish=count("customers"),
    additive=Additive.SLICES,
    per_day=True,
    source="METRICS.md 2.1",
)
