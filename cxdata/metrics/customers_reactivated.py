"""Customers won back."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_reactivated",
    label="Won back",
    question="How many customers came back?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition=(
        "Customers active at the end, not at the start, who were customers some time before."
    ),
    formula="|A(t1) without A(t0), active before t0|",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={"customers": total(CUSTOMER_FLOW.c.customers_reactivated)},
    finish=count("customers"),
    additive=Additive.SLICES,
    source="METRICS.md 2.1",
)
