"""Who came, stayed and left, behind each figure of customers and their recurring revenue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from cxdata.marts.flows import INVOLUNTARY, VOLUNTARY
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


def _flag(name: str) -> Callable[[Columns], Column]:
    return lambda row: row[name] == 1


def _lost(row: Columns) -> Column:
    return sa.and_(row.is_start == 1, row.is_end == 0)


def _moved(row: Columns) -> Column:
    return sa.or_(_lost(row), row.is_new == 1, row.is_reactivated == 1)


def _what(row: Columns) -> Column:
    return sa.case(
        (_lost(row), "Lost"),
        (row.is_new == 1, "New"),
        (row.is_reactivated == 1, "Won back"),
        (sa.and_(row.is_start == 1, row.is_end == 1), "Stayed"),
        (row.is_joined_and_left == 1, "Came and left"),
        else_="No customer",
    )


def _reason(row: Columns) -> Column:
    return sa.case((_lost(row), sa.func.coalesce(sa.func.nullif(row.reason, ""), "(unknown)")))


def _positive(amount: Column) -> Column:
    return sa.case((amount > 0, amount), else_=sa.literal_column("0"))


_BEFORE = Field("before", "Recurring before", Unit.MONEY, lambda row: row.opening)
_AFTER = Field("after", "Recurring after", Unit.MONEY, lambda row: row.closing)
_CHANGE = Field("change", "Change", Unit.MONEY, lambda row: row.closing - row.opening)
_WHAT = Field("what", "What happened", None, _what)
_REASON = Field("reason", "Reason", None, _reason)


_NET = Field("net", "Counts", Unit.COUNT, lambda row: sa.case((_lost(row), -1), else_=1))
_MOVE = (_WHAT, _REASON, _BEFORE, _AFTER, _CHANGE)


def _movers(
    who: str,
    keep: Callable[[Columns], Column],
    equals: Mapping[str, Sum],
    first: Callable[[Columns], Column] = lambda out: size(out.change),
    **how: Any,
) -> Listed:
    return Listed(Kind.MOVES, who, how.pop("fields", _MOVE), first, equals, keep, **how)


def _balance(equals: Sum) -> Listed:
    who = "customers who came or left"
    return _movers(who, _moved, {"net": equals}, fields=(*_MOVE, _NET))


def _of_loss(equals: Sum, keep: Callable[[Columns], Column] = _lost, **how: Any) -> Listed:
    return _movers("customers lost", keep, {ROWS: equals}, lambda out: out.before, **how)


def _for_reasons(reasons: tuple[str, ...]) -> Callable[[Columns], Column]:
    return lambda row: sa.and_(_lost(row), row.reason.in_(reasons))


_YEAR = (
    _WHAT,
    Field("before", "Recurring a year before", Unit.MONEY, lambda row: _positive(row.opening)),
    Field("after", "Recurring now", Unit.MONEY, lambda row: _positive(row.steady)),
    Field(
        "kept",
        "Of it kept",
        Unit.MONEY,
        lambda row: sa.func.least(_positive(row.opening), _positive(row.steady)),
    ),
    Field(
        "change",
        "Change",
        Unit.MONEY,
        lambda row: _positive(row.steady) - _positive(row.opening),
    ),
)


def _of_year(column: str) -> Listed:
    return Listed(
        Kind.YEAR,
        "customers with recurring revenue a year before",
        _YEAR,
        lambda out: size(out.change),
        {ROWS: stat("customers"), "before": stat("base"), column: stat("kept")},
        lambda row: row.opening > 0,
    )


LISTED: Mapping[str, Listed] = {
    "logo_retention": _of_loss(less("start", "retained")),
    "logo_churn": _of_loss(less("start", "retained")),
    "customers_lost": _of_loss(stat("customers")),
    "churn_voluntary": _of_loss(stat("lost"), _for_reasons(VOLUNTARY)),
    "churn_involuntary": _of_loss(stat("lost"), _for_reasons(INVOLUNTARY)),
    "churn_rate": Listed(
        Kind.LOSSES,
        "customers lost",
        (_WHAT, _REASON, _BEFORE),
        lambda out: out.before,
        {ROWS: stat("events")},
        lambda row: sa.or_(_lost(row), row.is_joined_and_left == 1),
    ),
    "customers_new": _movers(
        "new customers", _flag("is_new"), {ROWS: stat("customers")}, lambda out: out.after
    ),
    "customers_reactivated": _movers(
        "customers won back",
        _flag("is_reactivated"),
        {ROWS: stat("customers")},
        lambda out: out.after,
    ),
    "customers_net": _balance(lambda stats: stats["new"] + stats["reactivated"] - stats["lost"]),
    "customer_growth": _balance(stat("net")),
    "customers_start": _movers(
        "customers at the start",
        _flag("is_start"),
        {ROWS: stat("customers")},
        lambda out: out.before,
    ),
    "customers_end": _movers(
        "customers at the end",
        _flag("is_end"),
        {ROWS: stat("customers")},
        lambda out: out.after,
        profile="profile_end_id",
    ),
    "recurring_revenue": _movers(
        "customers with recurring revenue",
        lambda row: sa.or_(row.opening != 0, row.closing != 0),
        {"after": stat("revenue")},
    ),
    "gross_revenue_retention": _of_year("kept"),
    "net_revenue_retention": _of_year("after"),
}
