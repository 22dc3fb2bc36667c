"""Spend less direct cost to serve."""

from __future__ import annotations

from cxdata.metrics.finish.census import net
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="contribution",
    label="Spend less direct cost to serve",
    question="What is left after serving customers?",
    unit=Unit.MONEY,
    better=Better.UP,
    definition=(
        "Revenue less the direct cost to serve; this is not profit, and allocated costs are "
        "left out."
    ),
    formula="revenue - direct cost to serve",
    needs=(
        ("customer",),
        ("revenue_period", "subscription_period", "sales_transaction"),
        ("interaction",),
    ),
    stats={
        "revenue": total(CUSTOMER_TOTAL.c.revenue),
        "cost": total(CUSTOMER_TOTAL.c.cost),
        "customers": total(CUSTOMER_TOTAL.c.customers),
    },
    finish=net(("revenue",), ("cost",), "customers"),
    additive=Additive.YES,
    source="METRICS.md 2.12",
)
