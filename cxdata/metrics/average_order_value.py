"""Average value of an order line's sale."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import CUSTOMER_TOTAL

METRIC = Metric(
    name="average_order_value",
    label="Average sale",
    question="How large is a sale?",
    unit=Unit.UNIT_MONEY,
    better=Better.UP,
    definition="Sales less refunds over the number of sales.",
    formula="(sales - refunds) / number of sales",
    needs=(("customer",), ("sales_transaction",)),
    stats={
        "amount": total(CUSTOMER_TOTAL.c.sales),
        "orders": total(CUSTOMER_TOTAL.c.orders),
    },
    finish=quotient("amount", "orders"),
    source="METRICS.md 2.6",
)
