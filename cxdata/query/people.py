"""The customers or answers behind a figure, through the gate's own door for rows of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from cxdata.marts import behind
from cxdata.marts.expressions import byte_order, flag
from cxdata.marts.workspace import Spread, Workspace
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope, NotAllowed
from cxdata.model.evidence import Flag
from cxdata.model.masking import masked
from cxdata.model.metric import Metric
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import (
    CUSTOMER_INDEX,
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
    JOURNEY_BIT,
    PROFILE_MEMBER,
)
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Asking, Gate, members
from cxdata.query.listed import LISTED, Kind, Listed
from cxdata.query.statement import JOURNEY

SHOWN: Final = 200
"""Rows that are shown; how many there are is said."""

MOST: Final = 100_000
"""Rows that a file holds at most."""

WORDS_FROM: Final = 10
"""People behind a figure from which their own words may be shown (METRICS.md C11)."""

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
class People:
    """The first rows, how many there are in all, and what each column sums to over all of them.

    ``frame``: ``name`` (customer; None where an event names none), ``since`` or ``day``, the
    columns of ``listed``, ``money`` and ``words`` for answers, ``profile``.
    """

    listed: Listed
    frame: pd.DataFrame
    count: int
    sums: Mapping[str, Any]
    has_words: bool = False


def people(gate: Gate, question: Question, who: str) -> People:
    """Read the customers or answers behind a figure; who asks is kept first.

    Raises:
        MissingTables: the data lack what the figure needs.
        BadScope: the figure has no list, or not by journey.
        NotAllowed: so few people answered that a list would tell who said what.
        JournalError: who asks could not be kept.
    """
    metric = metric_of(question.metric)
    gate.require(metric)
    listed = LISTED.get(metric.name)
    if listed is None:
        raise BadScope(f"{metric.label} has no list of customers or answers behind it.")
    n = _n(gate, metric, question)
    scope = question.narrowed
    if scope.journeys and not metric.has_journey:
        raise BadScope(f"{metric.label} cannot be told by journey: {metric.definition}")
    telling = _Telling(gate, listed, question, n >= WORDS_FROM)
    found = gate.people(telling.rows, telling.told, _asking(gate, question, who), listed.profile)
    return _people(gate, telling, found)


def _n(gate: Gate, metric: Metric, question: Question) -> float:
    """Return how many people answered; a figure that hides them has no list either."""
    by = tuple(dimension for dimension, _ in question.part)
    scope = question.scope
    found = evaluate(gate, [metric], scope, by=by, at=[scope.period])[metric.name]
    codes = tuple(code for _, code in question.part)
    for row in range(len(found.frame)):
        record = found.record(row)
        if tuple(record[name] for name in by) != codes:
            continue
        cell = found.cell(row)
        if metric.is_survey and cell.flag is Flag.SUPPRESSED:
            raise NotAllowed(
                f"{metric.label} of so few people is hidden, and so is what each of them said."
                " Choose more customers or a longer period."
            )
        return float(record["n"])
    return 0.0


def _asking(gate: Gate, question: Question, who: str) -> Asking:
    scope = question.narrowed
    about = {
        "period": scope.period.key,
        "where": {scheme: list(codes) for scheme, codes in scope.where},
        "journeys": list(scope.journeys),
        "most": question.most,
        "version": gate.version.id,
        "policy": gate.policy.name,
    }
    return Asking(who, question.metric, about)


@dataclass(frozen=True)
class _Telling:
    """One list on its way into SQL."""

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


def _people(gate: Gate, telling: _Telling, found: pd.DataFrame) -> People:
    listed = telling.listed
    count = int(found["count_all"].iloc[0]) if len(found) else 0
    sums = {
        name.removeprefix("sum_"): found[name].iloc[0] or 0
        for name in found.columns
        if name.startswith("sum_")
    }
    frame = found.loc[
        :, [name for name in found.columns if not name.startswith(("sum_", "count_"))]
    ]
    frame = frame.head(min(count, telling.question.most))
    if telling.has_words:
        said = [None if words is None else masked(str(words)) for words in frame[WORDS]]
        frame = frame.assign(words=pd.Series(said, frame.index, dtype=object))
    return People(listed, frame.reset_index(drop=True), count, sums, telling.has_words)


def segments_of(gate: Gate, profiles: list[int]) -> dict[int, dict[str, str]]:
    """Return the segment codes of profiles, by attribute."""
    c = PROFILE_MEMBER.c
    query = sa.select(c.profile_id, c.scheme, c.segment_code).where(c.profile_id.in_(set(profiles)))
    found: dict[int, dict[str, str]] = {}
    for row in gate.read(query).to_dict("records"):
        found.setdefault(int(row["profile_id"]), {})[str(row["scheme"])] = str(row["segment_code"])
    return found
