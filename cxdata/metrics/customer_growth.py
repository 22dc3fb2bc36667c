"""Growth of the customer base over a period."""

from __future__ import annotations

from sqlalchemy import func

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Stat, Unit, total
from cxdata.model.summaries import CUSTOMER_FLOW

METRIC = Metric(
    name="customer_growth",
    label="Customer growth",
    question="Does the customer base grow?",
    unit=Unit.SHARE,
    better=Better.UP,
    definition="New and won-back less lost customers, as a share of the customers at the start.",
    formula="(new + won back - lost) / start",
    needs=(("customer",), ("subscription_period", "revenue_period", "sales_transaction")),
    stats={
        "start": total(CUSTOMER_FLOW.c.customers_start),
        "net": Stat(
            func.sum(
                CUSTOMER_FLOW.c.customers_new
                + CUSTOMER_FLOW.c.customers_reactivated
                - CUSTOMER_FLOW.c.customers_lost
            )
        ),
    },
    finish=quotient("net", "start"),
    source="METRICS.md 2.1",
)
