"""Average value of an order."""

from __future__ import annotations

from cxdata.metrics.finish.census import quotient
from cxdata.model.metric import Better, Metric, Unit, total
from cxdata.model.summaries import SALES_SUMMARY

METRIC = Metric(
    name="average_order_value",
    label="Average order",
    question="How large is an order?",
    unit=Unit.UNIT_MONEY,
    better=Better.UP,
    definition=(
        "Sales less refunds over the number of orders, anonymous ones included; lines of one order "
        "are one order in the month, a line without an order is one by itself; segments on the day "
        "of the order."
    ),
    formula="(sales - refunds) / number of orders",
    needs=(("sales_transaction",),),
    stats={
        "amount": total(SALES_SUMMARY.c.amount),
        "orders": total(SALES_SUMMARY.c.orders),
    },
    finish=quotient("amount", "orders"),
    source="METRICS.md 2.6, 9.14",
)
