"""New and won-back customers less lost ones."""

from __future__ import annotations

from cxdata.metrics.finish.census import net
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customers_net",
    label="Net customers",
    question="Do we win more customers than we lose?",
    unit=Unit.CUSTOMERS,
    better=Better.UP,
    definition="New and won-back customers less lost customers.",
    formula="new + won back - lost",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={
        "start": total(CUSTOMER_FLOW.c.customers_start),
        "new": total(CUSTOMER_FLOW.c.customers_new),
        "reactivated": total(CUSTOMER_FLOW.c.customers_reactivated),
        "lost": total(CUSTOMER_FLOW.c.customers_lost),
    },
    finish=net(("new", "reactivated"), ("lost",), "start"),
    additive=Additive.SLICES,
    source="METRICS.md 2.1",
)
