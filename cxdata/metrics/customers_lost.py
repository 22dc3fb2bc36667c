"""Lost customers."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_lost",
    label="Lost customers",
    question="How many customers did we lose?",
    unit=Unit.CUSTOMERS,
    better=Better.DOWN,
    definition="Customers active at the start who are not active at the end.",
    formula="|A(t0) without A(t1)|",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"customers": total(CUSTOMER_FLOW.c.customers_lost)},
    finish=count("customers"),
    additive=Additive.SLICES,
    per_day=True,
    source="METRICS.md 2.1",
)
