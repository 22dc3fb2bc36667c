"""What customers spend, cost and ask, behind each figure of amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from cxdata.model.metric import Unit
from cxdata.query.lists.listed import (
    ROWS,
    Column,
    Columns,
    Field,
    Kind,
    Listed,
    Sum,
    less,
    size,
    stat,
)


def _amounts(
    who: str, label: str, unit: Unit, of: Callable[[Columns], Column], equals: Sum
) -> Listed:
    def now(row: Columns) -> Column:
        return sa.case((row.is_now == 1, of(row)), else_=sa.literal_column("0"))

    def before(row: Columns) -> Column:
        return sa.case((row.is_now == 1, sa.literal_column("0")), else_=of(row))

    return Listed(
        Kind.SUMS,
        who,
        (
            Field("now", label, unit, now),
            Field("before", f"{label} before", unit, before),
            Field("change", "Change", unit, lambda row: now(row) - before(row)),
        ),
        lambda out: size(out.change),
        {"now": equals},
        having=lambda out: sa.or_(out.now != 0, out.before != 0),
    )


_LOSS_MAKING = Listed(
    Kind.SUMS,
    "customers who cost more than they spend",
    (
        Field("spend", "Spend", Unit.MONEY, lambda row: row.revenue),
        Field("cost", "Direct cost", Unit.MONEY, lambda row: row.cost),
        Field("contribution", "Spend less cost", Unit.MONEY, lambda row: row.revenue - row.cost),
    ),
    lambda out: size(out.contribution),
    {ROWS: stat("negative")},
    lambda row: sa.and_(row.is_now == 1, row.revenue < row.cost),
)


_BOUGHT = Listed(
    Kind.ORDERS,
    "customers who bought",
    (
        Field("amount", "Sales", Unit.MONEY, lambda row: row.amount),
        Field("orders", "Orders", Unit.COUNT, lambda row: row.is_order),
    ),
    lambda out: size(out.amount),
    {"amount": stat("amount"), "orders": stat("orders")},
)


LISTED: Mapping[str, Listed] = {
    "revenue": _amounts(
        "customers who spent", "Spend", Unit.MONEY, lambda row: row.revenue, stat("revenue")
    ),
    "revenue_per_customer": _amounts(
        "customers who spent", "Spend", Unit.MONEY, lambda row: row.revenue, stat("amount")
    ),
    "arpu": _amounts(
        "customers with recurring revenue",
        "Recurring revenue",
        Unit.MONEY,
        lambda row: row.recurring,
        stat("amount"),
    ),
    "contribution": _amounts(
        "customers who spent or cost",
        "Spend less cost",
        Unit.MONEY,
        lambda row: row.revenue - row.cost,
        less("revenue", "cost"),
    ),
    "contribution_per_customer": _amounts(
        "customers who spent or cost",
        "Spend less cost",
        Unit.MONEY,
        lambda row: row.revenue - row.cost,
        stat("amount"),
    ),
    "contact_rate": _amounts(
        "customers who contacted us", "Contacts", Unit.COUNT, lambda row: row.contacts, stat("y")
    ),
    "loss_making_share": _LOSS_MAKING,
    "average_order_value": _BOUGHT,
}
