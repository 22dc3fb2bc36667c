"""The customers of whom something changed since the last build: only they are looked at anew.

Where a source keeps its files, the rows that came and went are known. Whom they name, whose
contract began or ended in the days that became known, and who paid earlier than known is built
again; what is known of everybody else still holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import FAR_DATE, month_start
from cxdata.marts.lives import paid_in, payment
from cxdata.marts.workspace import CHANGED, SCRATCH, Workspace
from cxdata.model.summaries import (
    ACTIVITY_SPAN,
    CUSTOMER_INDEX,
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
    TABLE_MONTH,
)
from cxdata.model.tables import CURATED, PROVENANCE
from cxdata.sources.source import Turnover

_SEGMENTS = ("customer", "customer_segment")
_DECIDE = (*_SEGMENTS, "subscription_period", "revenue_period", "sales_transaction")
"""Tables that decide who is a customer, since when and in which segment."""


def _index(name: str) -> sa.Table:
    columns = (sa.Column(column.name, column.type) for column in CUSTOMER_INDEX.c)
    return sa.Table(name, SCRATCH, *columns, prefixes=["TEMPORARY"])


_TOUCHED = _index("scratch_touched")
_MOVED = _index("scratch_moved")
"""Parts of the index: who is looked at anew, and of those whose segment may be another."""

_NEW = sa.Table(
    "scratch_new",
    SCRATCH,
    sa.Column("customer_id", sa.String(64)),
    prefixes=["TEMPORARY"],
)
"""Customers who had no number yet."""

_TIMES_BEFORE = sa.Table(
    "scratch_times_before",
    SCRATCH,
    *(sa.Column(name, ACTIVITY_SPAN.c[name].type) for name in ("customer_key", "start_date")),
    sa.Column("end_date", sa.Date()),
    prefixes=["TEMPORARY"],
)
_LIFE_BEFORE = sa.Table(
    "scratch_life_before",
    SCRATCH,
    *(sa.Column(column.name, column.type) for column in CUSTOMER_LIFE.c),
    prefixes=["TEMPORARY"],
)


def changed_rows(name: str, turnover: Turnover) -> sa.Subquery:
    """Return the rows that only one of two versions has: ``times`` of them more, or fewer."""
    said = [column.name for column in CURATED.tables[name].c if column.name not in PROVENANCE]
    sides = [
        sa.select(*(rows.c[one] for one in said), sa.literal_column(sign).label("times"))
        for part, sign in ((turnover.added, "1"), (turnover.gone, "-1"))
        if part is not None
        for rows in (part.subquery(),)
    ]
    if len(sides) == 1:
        return sides[0].subquery("changed")
    both = sa.union_all(*sides).subquery("both")
    times = sa.func.sum(both.c.times)
    rows = [both.c[one] for one in said]
    return sa.select(*rows, times.label("times")).group_by(*rows).having(times != 0).subquery()


def collect(work: Workspace) -> None:
    """Gather the customer ids of the rows that changed, by table; before anybody is numbered."""
    work.fresh(CHANGED, _NEW)
    for name, turnover in (work.turnover or {}).items():
        if name in _DECIDE:
            rows = changed_rows(name, turnover)
            table_name = sa.literal(name, sa.String(64)).label("table_name")
            work.fill(CHANGED, sa.select(table_name, rows.c.customer_id).distinct())
    one = CHANGED.c
    is_new = one.customer_id.not_in(sa.select(CUSTOMER_INDEX.c.customer_id))
    work.fill(_NEW, sa.select(one.customer_id).where(one.table_name == "customer", is_new))


def moved(work: Workspace) -> sa.Table:
    """The part of the index whose segments may be other than they were; all, if not known."""
    return _part(work, _MOVED, [_named(*_SEGMENTS)])


def touched(work: Workspace, activity_before: date | None) -> sa.Table:
    """The part of the index of which anything may be other than it was; all, if not known."""
    bought = sa.and_(CHANGED.c.table_name == "sales_transaction", ~CUSTOMER_INDEX.c.is_contractual)
    billed = [] if work.has("subscription_period") else ["revenue_period"]
    reasons = [_named(*_SEGMENTS, "subscription_period", *billed), _named().where(bought)]
    if work.turnover is not None:
        reasons += [*_paid_earlier(work), *_began_or_ended(work, activity_before)]
    return _part(work, _TOUCHED, reasons)


def _part(work: Workspace, part: sa.Table, reasons: list[sa.Select[Any]]) -> sa.Table:
    if work.turnover is None:
        return CUSTOMER_INDEX
    work.fresh(part)
    keys = sa.union(*reasons).subquery("reason")
    everybody = CUSTOMER_INDEX
    work.fill(part, sa.select(everybody).where(everybody.c.customer_key.in_(sa.select(keys.c[0]))))
    return part


def _named(*tables: str) -> sa.Select[Any]:
    """Customers whom the changed rows of some tables name."""
    rows, key = customer_key(CHANGED)
    found = sa.select(key.label("customer_key")).select_from(rows).where(key.is_not(None))
    return found.where(CHANGED.c.table_name.in_(tables)) if tables else found


def _paid_earlier(work: Workspace) -> Iterator[sa.Select[Any]]:
    """Whose first payment may be another: one went, or one came that is earlier than the first."""
    name = paid_in(work)
    if name is None or work.turnover is None or name not in work.turnover:
        return
    rows = changed_rows(name, work.turnover[name])
    joined, key = customer_key(rows)
    month, is_paid = payment(name, rows)
    first = CUSTOMER_LIFE.c.first_revenue_month
    yield (
        sa.select(key.label("customer_key"))
        .select_from(joined.outerjoin(CUSTOMER_LIFE, CUSTOMER_LIFE.c.customer_key == key))
        .where(key.is_not(None), is_paid)
        .where(sa.or_(rows.c.times < 0, first.is_(None), first > month))
    )


def _began_or_ended(work: Workspace, before: date | None) -> Iterator[sa.Select[Any]]:
    """Whose contracts run otherwise at the last known day than at the one known before."""
    if before is None or before == work.activity_through:
        return
    first, last = sorted((before, work.activity_through))
    low, high = (sa.literal(day + timedelta(days=1), sa.Date()) for day in (first, last))
    exit_date = CUSTOMER_LIFE.c.first_exit_date
    yield sa.select(CUSTOMER_LIFE.c.customer_key).where(exit_date >= low, exit_date <= high)
    if work.has("subscription_period"):
        term = work.table("subscription_period")
        joined, key = customer_key(term)
        turns = (sa.and_(day >= low, day < high) for day in (term.c.start_date, term.c.end_date))
        yield (
            sa.select(key.label("customer_key"))
            .select_from(joined)
            .where(key.is_not(None), sa.or_(*turns))
        )


def remember(work: Workspace) -> None:
    """Keep the touched customers' times of activity and lives as they were last built."""
    work.fresh(_TIMES_BEFORE, _LIFE_BEFORE)
    for kept, of in ((_TIMES_BEFORE, ACTIVITY_SPAN), (_LIFE_BEFORE, CUSTOMER_LIFE)):
        columns = (of.c[column.name] for column in kept.c)
        work.fill(kept, sa.select(*columns).where(work.among(of.c.customer_key)))


def first_difference(work: Workspace) -> date | None:
    """First day on which it is otherwise than remembered who is a customer, or who is new.

    What arrives late can reach back before its own date: a contract bridges the gap before it, a
    customer's stated first day moves, W is estimated for the first time.
    """
    then = _TIMES_BEFORE
    now = _of(work, ACTIVITY_SPAN)
    same = sa.and_(then.c.customer_key == now.c.customer_key, then.c.start_date == now.c.start_date)
    start = sa.func.coalesce(now.c.start_date, then.c.start_date)
    ends = [sa.func.coalesce(side.c.end_date, FAR_DATE) for side in (now, then)]
    in_both = sa.and_(now.c.customer_key.is_not(None), then.c.customer_key.is_not(None))
    times = (
        sa.select(sa.func.min(sa.case((in_both, sa.func.least(*ends)), else_=start)))
        .select_from(now.join(then, same, full=True))
        .where(sa.or_(~in_both, ends[0] != ends[1]))
    )
    life, was = _of(work, CUSTOMER_LIFE), _LIFE_BEFORE
    days = [work.connection.scalar(times)]
    for name in ("first_active_date", "first_revenue_month"):
        other = (
            sa.select(sa.func.min(sa.func.least(life.c[name], was.c[name])))
            .select_from(life.join(was, was.c.customer_key == life.c.customer_key))
            .where(life.c[name].is_distinct_from(was.c[name]))
        )
        days.append(work.connection.scalar(other))
    return min((day for day in days if day), default=None)


def reaching_back(work: Workspace, since: date) -> Iterator[date]:
    """Days before ``since`` on which something is known of who was unknown, or no customer yet."""
    yield from _waited(work)
    life, was = _of(work, CUSTOMER_LIFE), _LIFE_BEFORE
    day = sa.func.least(life.c.first_active_date, life.c.first_revenue_month)
    began = (
        sa.select(life.c.customer_key, day.label("day"))
        .select_from(life.outerjoin(was, was.c.customer_key == life.c.customer_key))
        .where(was.c.customer_key.is_(None), day < sa.literal(since))
        .cte("began")
    )
    first = sa.select(sa.func.min(began.c.day))
    if work.connection.scalar(first) is None:
        return
    month = CUSTOMER_MONTH
    seen = sa.and_(month.c.customer_key == began.c.customer_key, month.c.month < sa.literal(since))
    found = [first.select_from(began.join(month, seen))]
    if work.has("survey_response"):
        rows, key = customer_key(work.table("survey_response"), work.index)
        found.append(first.select_from(rows.join(began, began.c.customer_key == key)))
    yield from (day for one in found if (day := work.connection.scalar(one)))


def _waited(work: Workspace) -> Iterator[date]:
    """First day of a table's rows that named a customer before there was one."""
    if not work.connection.scalar(sa.select(sa.func.count()).select_from(_NEW)):
        return
    one = TABLE_MONTH.c
    rows = sa.select(one.table_name).group_by(one.table_name)
    for name in work.connection.scalars(rows.having(sa.func.sum(one.named - one.known) > 0)).all():
        table = work.table(name)
        day = table.c[CURATED.tables[name].info["event_date"]]
        theirs = table.c.customer_id.in_(sa.select(_NEW.c.customer_id))
        if first := work.connection.scalar(sa.select(sa.func.min(day)).where(theirs)):
            yield first


def first_other_life(work: Workspace) -> date | None:
    """First month of which a cohort is otherwise than remembered, facts of that month apart."""
    life, was = _of(work, CUSTOMER_LIFE), _LIFE_BEFORE
    same = sa.and_(
        life.c.first_active_date == was.c.first_active_date, life.c.profile_id == was.c.profile_id
    )
    exits = [sa.func.coalesce(side.c.first_exit_date, FAR_DATE) for side in (life, was)]
    first = sa.func.least(life.c.first_active_date, was.c.first_active_date)
    day = sa.case(
        (sa.func.coalesce(same, sa.false()), sa.func.least(*exits)),
        else_=first,
    )
    other = (
        sa.select(sa.func.min(month_start(day)))
        .select_from(life.join(was, was.c.customer_key == life.c.customer_key, full=True))
        .where(sa.or_(sa.not_(sa.func.coalesce(same, sa.false())), exits[0] != exits[1]))
    )
    return work.connection.scalar(other)


def _of(work: Workspace, table: sa.Table) -> sa.Subquery:
    return sa.select(table).where(work.among(table.c.customer_key)).subquery(f"now_{table.name}")
