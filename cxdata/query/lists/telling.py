"""The list behind a figure as SQL: its rows, how many there are, what they sum to, the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from cxdata.marts import behind
from cxdata.marts.expressions import byte_order, flag
from cxdata.marts.workspace import Spread, Workspace
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import CUSTOMER_INDEX, CUSTOMER_LIFE, CUSTOMER_MONTH, JOURNEY_BIT
from cxdata.query.gate import Gate, members
from cxdata.query.lists.listed import Kind, Listed
from cxdata.query.statement import JOURNEY

SHOWN: Final = 200
"""Rows that are shown; how many there are is said."""

MONEY: Final = "money"
WORDS: Final = "words"

Part = tuple[tuple[str, str], ...]
"""One slice as (dimension, code) pairs; () is everybody in the scope."""


@dataclass(frozen=True)
class Question:
    """Whose rows: behind which figure, in which scope and part, in which order, how many."""

    metric: str
    scope: Scope
    part: Part = ()
    order: str = ""
    most: int = SHOWN

    @property
    def narrowed(self) -> Scope:
        """The scope of the part alone."""
        scope = self.scope
        for dimension, code in self.part:
            is_journey = dimension == JOURNEY
            scope = scope.on_journey(code) if is_journey else scope.narrowed(dimension, code)
        return scope


@dataclass(frozen=True)
class Telling:
    """One list on its way into SQL: the rows that are summed, then those of the figure, named."""

    gate: Gate
    listed: Listed
    question: Question
    may_say: bool

    @property
    def has_words(self) -> bool:
        """Whether the rows say what people wrote."""
        columns = self.gate.available.get("survey_response", frozenset())
        return self.listed.kind is Kind.ANSWERS and self.may_say and "verbatim" in columns

    def rows(self, work: Workspace) -> sa.Select[Any]:
        """Return the rows as a build would sum them."""
        period, kind = self.question.scope.period, self.listed.kind
        now = _spread(period)
        if kind is Kind.MOVES:
            return behind.moves(work, [now])
        if kind is Kind.LOSSES:
            return behind.moves(work, [(month, 1) for month in _months(period)])
        if kind is Kind.YEAR:
            return behind.moves(work, [(add_months(period.end, -12), 12)])
        if kind is Kind.CALLS:
            return behind.calls(work, now)
        if kind is Kind.ORDERS:
            return behind.orders(work, now)
        if kind is Kind.ANSWERS:
            return behind.responses(work, now)
        return self._sums(work, now)

    def _sums(self, work: Workspace, now: Spread) -> sa.Select[Any]:
        """Customers' sums in the period, and in the one it is compared with."""
        against, periods = self.question.scope.against, [now]
        if self.listed.is_compared and against is not None and against.start >= work.span.first:
            periods.append(_spread(against))
        rows = behind.sums(work, periods).subquery("side")
        return sa.select(rows, flag(rows.c.period_start == sa.literal(now[0])).label("is_now"))

    def told(self, work: Workspace, seen: sa.FromClause) -> sa.Select[Any]:
        """Keep the rows of the figure, count and sum them, and name the first."""
        chosen = self._chosen(work, seen).cte("chosen")
        numbers = [one.name for one in self.listed.fields if one.unit is not None]
        whole = sa.select(
            sa.func.count().label("count_all"),
            *(sa.func.sum(chosen.c[name]).label(f"sum_{name}") for name in numbers),
        ).select_from(chosen)
        top = sa.select(chosen).order_by(*self._order(chosen)).limit(self.question.most).cte("top")
        of_all = whole.cte("whole")
        rows, columns = self._named(work, top)
        every = of_all.outerjoin(rows, sa.true())
        told = sa.select(*top.c, *columns, *of_all.c).select_from(every)
        return told.order_by(*self._order(top))

    def _chosen(self, work: Workspace, seen: sa.FromClause) -> sa.Select[Any]:
        row, listed = seen.c, self.listed
        scope = self.question.narrowed
        kept = [listed.keep(row), *members(row[listed.profile], scope.where)]
        if scope.journeys and "journey_set" in row:
            kept.append(row.journey_set.bitwise_and(_mask(scope)) != 0)
        elif scope.journeys:
            kept.append(row.journey_code.in_(scope.journeys))
        fields = [one.of(row).label(one.name) for one in listed.fields]
        if listed.kind is Kind.ANSWERS:
            money = _revenue(self.question.scope.period)
            rows = seen.outerjoin(money, money.c.customer_key == row.customer_key)
            own = [row.customer_key, row.response_id, row[listed.profile].label("profile")]
            amount = money.c.amount.label(MONEY)
            return sa.select(*own, *fields, amount).select_from(rows).where(*kept)
        profile = row[listed.profile]
        if not listed.is_gathered:
            return sa.select(row.customer_key, profile.label("profile"), *fields).where(*kept)
        sums = {one.name: sa.func.sum(one.of(row)) for one in listed.fields}
        gathered = (
            sa.select(
                row.customer_key,
                sa.func.max(profile).label("profile"),
                *(value.label(name) for name, value in sums.items()),
            )
            .where(*kept)
            .group_by(row.customer_key)
            .subquery("gathered")
        )
        return sa.select(gathered).where(listed.having(gathered.c))

    def _order(self, rows: sa.FromClause) -> list[sa.ColumnElement[Any]]:
        """Most money first, or what was asked for; the rest by customer, so that it stays put."""
        wanted = self.question.order
        leading = rows.c[wanted] if wanted in orders(self.listed) else self.listed.first(rows.c)
        order = [sa.nulls_last(leading.desc())]
        if MONEY in rows.c and wanted != MONEY:
            order.append(sa.nulls_last(rows.c[MONEY].desc()))
        last = rows.c.response_id if "response_id" in rows.c else rows.c.customer_key
        return [*order, byte_order(last) if "response_id" in rows.c else sa.nulls_last(last.asc())]

    def _named(
        self, work: Workspace, top: sa.CTE
    ) -> tuple[sa.FromClause, list[sa.ColumnElement[Any]]]:
        """Join names, first days, and what an answer said, to the few rows that are shown."""
        name = _names(work, top)
        rows: sa.FromClause = top.outerjoin(name, name.c.customer_key == top.c.customer_key)
        columns: list[sa.ColumnElement[Any]] = [name.c.name]
        if self.listed.kind is not Kind.ANSWERS:
            lives, key = CUSTOMER_LIFE, CUSTOMER_LIFE.c.customer_key
            life = _of(lives, key, top.c.customer_key).cte("life")
            rows = rows.outerjoin(life, life.c.customer_key == top.c.customer_key)
            return rows, [*columns, life.c.first_active_date.label("since")]
        said = work.table("survey_response")
        answer = _of(said, said.c.response_id, top.c.response_id).cte("answer")
        rows = rows.outerjoin(answer, answer.c.response_id == top.c.response_id)
        columns.append(answer.c.responded_date.label("day"))
        if self.has_words:
            columns.append(answer.c.verbatim.label(WORDS))
        return rows, columns


def orders(listed: Listed) -> tuple[str, ...]:
    """Columns by which the first rows can be chosen."""
    more = (MONEY,) if listed.kind is Kind.ANSWERS else ()
    return (*(one.name for one in listed.fields if one.unit is not None), *more)


def _spread(period: Period) -> Spread:
    return period.start, period.grain.months


def _months(period: Period) -> list[date]:
    return [add_months(period.start, step) for step in range(period.grain.months)]


def _mask(scope: Scope) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.cast(sa.func.sum(JOURNEY_BIT.c.mask), sa.BigInteger()))
        .where(JOURNEY_BIT.c.journey_code.in_(scope.journeys))
        .scalar_subquery()
    )


def _revenue(period: Period) -> sa.CTE:
    """Revenue of each customer in a period: the money behind an answer."""
    month = CUSTOMER_MONTH.c.month
    return (
        sa.select(
            CUSTOMER_MONTH.c.customer_key, sa.func.sum(CUSTOMER_MONTH.c.revenue).label("amount")
        )
        .where(month >= sa.literal(period.start), month < sa.literal(period.end))
        .group_by(CUSTOMER_MONTH.c.customer_key)
        .cte("paid")
    )


def _names(work: Workspace, top: sa.CTE) -> sa.CTE:
    """The id of each customer of the list: of ids that were merged, the one that is left."""
    own = _of(CUSTOMER_INDEX, CUSTOMER_INDEX.c.customer_key, top.c.customer_key).cte("own")
    rows: sa.FromClause = own
    name: sa.ColumnElement[Any] = sa.func.min(own.c.customer_id)
    if "merged_into_id" in work.tables.get("customer", ()):
        customer = work.table("customer")
        left = (
            _of(customer, customer.c.customer_id, own.c.customer_id)
            .where(customer.c.merged_into_id.is_(None))
            .cte("left_over")
        )
        rows = own.outerjoin(left, left.c.customer_id == own.c.customer_id)
        name = sa.func.coalesce(sa.func.min(left.c.customer_id), name)
    named = sa.select(own.c.customer_key, name.label("name")).select_from(rows)
    return named.group_by(own.c.customer_key).cte("named")


def _of(
    table: sa.FromClause, key: sa.ColumnElement[Any], few: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """The few rows of a large table that are named elsewhere: nothing else of it is kept."""
    return sa.select(table).where(key.in_(sa.select(few)))
