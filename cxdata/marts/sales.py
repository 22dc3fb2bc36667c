"""Orders: the lines of one order in one month, with segment and journey as they were (2.6, 9.14).

``SALE`` is scratch that both customer_month and ``sales_summary`` are made of, so that the lines
are read once. An order with lines in two months is an order of each in which something was sold;
lines that lost their customer belong to the order of the lines that kept one.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.currency import converted
from cxdata.marts.events import of_customer, within
from cxdata.marts.expressions import byte_order, flag, is_sale, month_start, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.summaries import NO_JOURNEY, SALES_SUMMARY

Column = sa.ColumnElement[Any]

SALE = sa.Table(
    "scratch_sale",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("month", sa.Date()),
    sa.Column("first_date", sa.Date()),
    sa.Column("journey_code", sa.String(64)),
    sa.Column("is_order", sa.SmallInteger()),
    sa.Column("amount", sa.Numeric(18, 2)),
    prefixes=["TEMPORARY"],
)
"""One row an order and month; refunds without a sale are no order of their own."""


def fill_sales(work: Workspace, span: Span) -> None:
    """Gather the lines of the span into orders, and sum the orders."""
    work.fresh(SALE)
    if not work.has("sales_transaction"):
        return
    work.fill(SALE, orders(work, span))
    work.fill(SALES_SUMMARY, _sums())


def orders(work: Workspace, span: Span) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Lines gathered by order; a line without an order is one by itself."""
    table = work.table("sales_transaction")
    rows, key, counted = of_customer(work, table)
    day, order = table.c.transaction_date, table.c.order_id
    amount = zero(converted(work, table, table.c.net_amount, day))
    line = {
        "customer_key": key,
        "month": month_start(day),
        "first_date": day,
        "journey_code": table.c.journey_code,
        "is_order": flag(is_sale(table)),
        "amount": sa.cast(amount, sa.Numeric(18, 2)),
    }
    held = sa.and_(counted, within(work, day, span))
    alone = _named(line).select_from(rows).where(held)
    if "order_id" not in work.tables["sales_transaction"]:
        return alone
    whole = line | {
        "first_date": sa.func.min(day),
        "journey_code": sa.func.min(byte_order(table.c.journey_code)),
        "is_order": sa.func.max(line["is_order"]),
        "amount": sa.func.sum(line["amount"]),
    }
    together = _named(whole | {"order_id": order}).select_from(rows).where(held, order.is_not(None))
    return sa.union_all(
        alone.where(order.is_(None)), _counted_once(together.group_by(key, line["month"], order))
    )


def _counted_once(together: sa.Select[Any]) -> sa.Select[Any]:
    """An order some of whose lines lost their customer is not a second, anonymous order."""
    part = together.cte("part")
    named = sa.case((part.c.customer_key.is_not(None), part.c.is_order), else_=0)
    has_name = sa.func.max(named).over(partition_by=(part.c.month, part.c.order_id)) > 0
    is_order = sa.case((sa.and_(part.c.customer_key.is_(None), has_name), 0), else_=part.c.is_order)
    return sa.select(
        *(
            is_order.label("is_order") if column.name == "is_order" else part.c[column.name]
            for column in SALE.columns
        )
    )


def _named(values: dict[str, Column]) -> sa.Select[Any]:
    journey = sa.func.coalesce(values["journey_code"], NO_JOURNEY)
    return sa.select(
        *(value.label(name) for name, value in (values | {"journey_code": journey}).items())
    )


def _sums() -> sa.Select[Any]:
    rows, profile = profile_at(SALE, SALE.c.customer_key, SALE.c.first_date)
    base = (
        sa.select(
            SALE.c.month,
            profile.label("profile_id"),
            SALE.c.journey_code,
            SALE.c.is_order,
            SALE.c.amount,
        )
        .select_from(rows)
        .cte("base")
    )
    keys = [base.c[name] for name in ("month", "profile_id", "journey_code")]
    return sa.select(
        *keys,
        sa.func.sum(base.c.is_order).label("orders"),
        sa.func.sum(base.c.amount).label("amount"),
    ).group_by(*keys)
