"""What stands behind each figure, a row a customer or an answer: which rows, with which columns.

``equals`` says which statistic of the figure the rows, or the sum of a column, are: a list that
does not add up to its figure is no list of what is behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from cxdata.marts.flows import INVOLUNTARY, VOLUNTARY
from cxdata.model.metric import Stats, Unit

Column = sa.ColumnElement[Any]
Columns = Any
"""Columns of a relation by name: ``columns.revenue``."""

Sum = Callable[[Stats], Any]

ROWS = "rows"
"""In place of a column: how many rows there are."""


class Kind(StrEnum):
    """From what a list is made."""

    MOVES = "moves"
    LOSSES = "losses"
    YEAR = "year"
    SUMS = "sums"
    CALLS = "calls"
    ORDERS = "orders"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Field:
    """One column: what it says of a row, or in a list that gathers rows, their sum."""

    name: str
    label: str
    unit: Unit | None
    of: Callable[[Columns], Column]


def _every(_: Columns) -> Column:
    return sa.true()


@dataclass(frozen=True)
class Listed:
    """The rows behind one figure: ``who`` they are in words, what is kept, and who comes first."""

    kind: Kind
    who: str
    fields: tuple[Field, ...]
    first: Callable[[Columns], Column]
    equals: Mapping[str, Sum]
    keep: Callable[[Columns], Column] = _every
    having: Callable[[Columns], Column] = _every
    profile: str = "profile_id"

    @property
    def is_gathered(self) -> bool:
        """Whether several rows of one customer are one row of the list."""
        return self.kind in (Kind.SUMS, Kind.CALLS, Kind.ORDERS)

    @property
    def is_compared(self) -> bool:
        """Whether the list tells the earlier period beside the one asked for."""
        return any(one.name == "before" for one in self.fields) and self.kind is Kind.SUMS


def _stat(name: str) -> Sum:
    return lambda stats: stats[name]


def _less(whole: str, part: str) -> Sum:
    return lambda stats: stats[whole] - stats[part]


def _size(column: Column) -> Column:
    return sa.func.abs(column)


def _flag(name: str) -> Callable[[Columns], Column]:
    return lambda row: row[name] == 1


# ---- who came, stayed and left -------------------------------------------------------------------


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
    first: Callable[[Columns], Column] = lambda out: _size(out.change),
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
        lambda out: _size(out.change),
        {ROWS: _stat("customers"), "before": _stat("base"), column: _stat("kept")},
        lambda row: row.opening > 0,
    )


# ---- what customers spend, cost and ask ----------------------------------------------------------


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
        lambda out: _size(out.change),
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
    lambda out: _size(out.contribution),
    {ROWS: _stat("negative")},
    lambda row: sa.and_(row.is_now == 1, row.revenue < row.cost),
)


def _contacts(
    who: str, parts: Mapping[str, tuple[str, Callable[[Columns], Column], Sum]]
) -> Listed:
    """Customers by their contacts; those with none of the first part are left out."""
    fields = [Field(name, label, Unit.COUNT, of) for name, (label, of, _) in parts.items() if name]
    leading = fields[0].name
    cost = Field("cost", "Cost of contacts", Unit.MONEY, lambda row: sa.func.coalesce(row.cost, 0))
    return Listed(
        Kind.CALLS,
        who,
        (*fields, *(() if "cost" in parts else (cost,))),
        lambda out: out[leading],
        {name: equals for name, (_, _, equals) in parts.items()},
        having=lambda out: out[leading] > 0,
    )


def _one(_: Columns) -> Column:
    return sa.literal_column("1", sa.Integer())


def _cost_of(who: str, cost: str, more: Mapping[str, Any] | None = None) -> Listed:
    return Listed(
        Kind.CALLS,
        who,
        (
            Field("contacts", "Contacts", Unit.COUNT, _one),
            Field("costed", "With a cost", Unit.COUNT, lambda row: 1 - row.is_uncosted),
            Field(
                "cost", "Cost of contacts", Unit.MONEY, lambda row: sa.func.coalesce(row.cost, 0)
            ),
        ),
        lambda out: out.cost,
        {"cost": _stat(cost), **(more or {})},
    )


_BOUGHT = Listed(
    Kind.ORDERS,
    "customers who bought",
    (
        Field("amount", "Sales", Unit.MONEY, lambda row: row.amount),
        Field("orders", "Orders", Unit.COUNT, lambda row: row.is_order),
    ),
    lambda out: _size(out.amount),
    {"amount": _stat("amount"), "orders": _stat("orders")},
)

# ---- what they say -------------------------------------------------------------------------------


def _class(row: Columns) -> Column:
    score = row.score
    return sa.case((score >= 9, "Promoter"), (score >= 7, "Passive"), (score >= 0, "Detractor"))


def _answers(
    who: str, keep: Callable[[Columns], Column], equals: Mapping[str, Sum], *fields: Field
) -> Listed:
    return Listed(Kind.ANSWERS, who, fields, lambda out: -out[fields[0].name], equals, keep)


_SCORE = Field("score", "Score", Unit.COUNT, lambda row: row.score)
_CLASS = Field("standing", "Who", None, _class)
_WEIGHT = Field("weight", "Weight", Unit.RATE, lambda row: row.weight)
_TOP = Field("top", "Satisfied", Unit.COUNT, lambda row: row.is_top)


def _scored(kind: str) -> Callable[[Columns], Column]:
    return lambda row: sa.and_(row.survey_type == kind, row.score >= 0)


def _of_classes(prefix: str = "") -> Sum:
    names = ("promoters", "passives", "detractors")
    return lambda stats: sum(stats[f"{prefix}{name}"] for name in names)


LISTED: Mapping[str, Listed] = {
    "logo_retention": _of_loss(_less("start", "retained")),
    "logo_churn": _of_loss(_less("start", "retained")),
    "customers_lost": _of_loss(_stat("customers")),
    "churn_voluntary": _of_loss(_stat("lost"), _for_reasons(VOLUNTARY)),
    "churn_involuntary": _of_loss(_stat("lost"), _for_reasons(INVOLUNTARY)),
    "churn_rate": Listed(
        Kind.LOSSES,
        "customers lost",
        (_REASON, _BEFORE),
        lambda out: out.before,
        {ROWS: _stat("events")},
        _lost,
    ),
    "customers_new": _movers(
        "new customers", _flag("is_new"), {ROWS: _stat("customers")}, lambda out: out.after
    ),
    "customers_reactivated": _movers(
        "customers won back",
        _flag("is_reactivated"),
        {ROWS: _stat("customers")},
        lambda out: out.after,
    ),
    "customers_net": _balance(lambda stats: stats["new"] + stats["reactivated"] - stats["lost"]),
    "customer_growth": _balance(_stat("net")),
    "customers_start": _movers(
        "customers at the start",
        _flag("is_start"),
        {ROWS: _stat("customers")},
        lambda out: out.before,
    ),
    "customers_end": _movers(
        "customers at the end",
        _flag("is_end"),
        {ROWS: _stat("customers")},
        lambda out: out.after,
        profile="profile_end_id",
    ),
    "recurring_revenue": _movers(
        "customers with recurring revenue",
        lambda row: sa.or_(row.opening != 0, row.closing != 0),
        {"after": _stat("revenue")},
    ),
    "gross_revenue_retention": _of_year("kept"),
    "net_revenue_retention": _of_year("after"),
    "revenue": _amounts(
        "customers who spent", "Spend", Unit.MONEY, lambda row: row.revenue, _stat("revenue")
    ),
    "revenue_per_customer": _amounts(
        "customers who spent", "Spend", Unit.MONEY, lambda row: row.revenue, _stat("amount")
    ),
    "arpu": _amounts(
        "customers with recurring revenue",
        "Recurring revenue",
        Unit.MONEY,
        lambda row: row.recurring,
        _stat("amount"),
    ),
    "contribution": _amounts(
        "customers who spent or cost",
        "Spend less cost",
        Unit.MONEY,
        lambda row: row.revenue - row.cost,
        _less("revenue", "cost"),
    ),
    "contribution_per_customer": _amounts(
        "customers who spent or cost",
        "Spend less cost",
        Unit.MONEY,
        lambda row: row.revenue - row.cost,
        _stat("amount"),
    ),
    "contact_rate": _amounts(
        "customers who contacted us", "Contacts", Unit.COUNT, lambda row: row.contacts, _stat("y")
    ),
    "loss_making_share": _LOSS_MAKING,
    "contacts": _contacts(
        "customers who contacted us", {"contacts": ("Contacts", _one, _stat("contacts"))}
    ),
    "abandoned_share": _contacts(
        "customers who gave up",
        {"abandoned": ("Given up", lambda row: row.is_abandoned, _stat("part"))},
    ),
    "failure_demand": _contacts(
        "customers who had to call because something went wrong",
        {
            "failure": (
                "Avoidable contacts",
                lambda row: sa.case((row.demand_type == "failure", row.is_inbound), else_=0),
                _stat("failure"),
            )
        },
    ),
    "first_contact_resolution": _contacts(
        "customers whom one contact did not help",
        {
            "unsolved": (
                "Not solved at first",
                lambda row: row.is_episode - row.is_resolved,
                _less("whole", "part"),
            )
        },
    ),
    "repeat_contact_rate": _contacts(
        "customers who had to call again",
        {"repeats": ("Repeat contacts", lambda row: row.is_repeat, _stat("part"))},
    ),
    "within_target_share": _contacts(
        "customers who waited too long",
        {
            "late": (
                "Beyond target",
                lambda row: row.target_known - row.target_met,
                _less("whole", "part"),
            )
        },
    ),
    "cost_per_contact": _cost_of("customers who contacted us", "cost", {"costed": _stat("costed")}),
    "cost_per_customer": _cost_of("customers who contacted us", "contact_cost"),
    "cost_to_serve": _cost_of("customers who contacted us", "contact_cost"),
    "average_order_value": _BOUGHT,
    "nps": _answers("answers", _scored("relationship"), {ROWS: _of_classes()}, _SCORE, _CLASS),
    "nps_after_journey": _answers(
        "answers", _scored("transactional"), {ROWS: _of_classes()}, _SCORE, _CLASS
    ),
    "nps_weighted": _answers(
        "answers",
        _scored("relationship"),
        {ROWS: _stat("answers"), "weight": _of_classes("weight_")},
        _SCORE,
        _CLASS,
        _WEIGHT,
    ),
    "answers": _answers(
        "answers", lambda row: row.score >= 0, {ROWS: _stat("answers")}, _SCORE, _CLASS
    ),
    "csat": _answers(
        "answers",
        lambda row: row.has_csat == 1,
        {ROWS: _stat("answers"), "top": _stat("top")},
        _TOP,
    ),
}
"""Figures whose rows can be shown, by metric."""
