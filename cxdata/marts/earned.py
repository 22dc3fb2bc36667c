"""earned_summary: revenue of twelve months against the twelve before, by whose it is (2.10).

Customers of the twelve months before are those with any revenue in them; what the others bring is
new, by where the customer came from. Nobody asked those who were won back why they came, so theirs
is of unknown source.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import number, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import CUSTOMER_LIFE, CUSTOMER_MONTH, EARNED_SUMMARY

Column = sa.ColumnElement[Any]

YEAR = 12
KEPT = 13
"""Years of twelve months that are kept, one a month: the last, and back to the one before it."""

_SIDES = ("now", "then")

_SPENT = sa.Table(
    "scratch_spent",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("first_month", sa.Date()),
    *(sa.Column(f"{side}_{at}", sa.Numeric(18, 2)) for at in range(KEPT) for side in _SIDES),
    prefixes=["TEMPORARY"],
)
"""Revenue of each customer in each of the kept years and in the year before it.

``first_month`` is the first in which the customer paid anything, whether by contract or not.
"""


_CAME = sa.Table(
    "scratch_came",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("of", sa.Text()),
    prefixes=["TEMPORARY"],
)
"""Where each customer came from."""


def fill_earned(work: Workspace, since: date) -> None:
    """Build the kept years that have not ended by ``since``; all where customers changed.

    The source of a customer may have become known.
    """
    if not work.keeps("customer"):
        since = date.min
    kept = EARNED_SUMMARY.c.period_start
    first = add_months(since, 1 - YEAR) if since > date.min else since
    oldest = add_months(work.span.last, 2 - YEAR - KEPT)
    work.run(
        sa.delete(EARNED_SUMMARY).where(
            sa.or_(kept >= sa.literal(first), kept < sa.literal(oldest))
        )
    )
    if not work.has("customer") or "acquisition_source" not in work.tables["customer"]:
        return
    starts = [add_months(work.span.last, 1 - YEAR - back) for back in range(KEPT)]
    starts = [
        start
        for start in starts
        if add_months(start, -YEAR) >= work.span.first and add_months(start, YEAR) > since
    ]
    if starts:
        work.fresh(_SPENT, _CAME)
        work.fill(_CAME, _sources(work))
        work.fill(_SPENT, _spent(starts))
        for at, start in enumerate(starts):
            work.fill(EARNED_SUMMARY, _of_year(work, at, start))


def _spent(starts: list[date]) -> sa.Select[Any]:
    """Sum each customer's months, all years in one pass."""
    table = CUSTOMER_MONTH
    paid = sa.case((table.c.revenue > 0, table.c.month))
    sums: list[Column] = [sa.func.min(paid).label("first_month")]
    for at, start in enumerate(starts):
        for side, first in zip(_SIDES, (start, add_months(start, -YEAR)), strict=True):
            month = table.c.month
            held = month.between(sa.literal(first), sa.literal(add_months(first, YEAR - 1)))
            sums.append(
                sa.func.sum(sa.case((held, table.c.revenue), else_=0)).label(f"{side}_{at}")
            )
    return (
        sa.select(table.c.customer_key, *sums)
        .where(table.c.revenue != 0)
        .group_by(table.c.customer_key)
    )


def _sources(work: Workspace) -> sa.Select[Any]:
    """Where each customer came from; merged ones as their survivor did."""
    customer = work.table("customer")
    joined, key = customer_key(customer)
    alone: sa.ColumnElement[bool] = sa.true()
    if "merged_into_id" in work.tables["customer"]:
        alone = customer.c.merged_into_id.is_(None)
    return (
        sa.select(key.label("customer_key"), sa.func.min(customer.c.acquisition_source).label("of"))
        .select_from(joined)
        .where(key.is_not(None), alone)
        .group_by(key)
    )


def _of_year(work: Workspace, at: int, start: date) -> sa.Select[Any]:
    spent, life, source = _SPENT, CUSTOMER_LIFE, _CAME
    now, then = spent.c[f"now_{at}"], spent.c[f"then_{at}"]
    is_new = then == 0
    was_before = spent.c.first_month < sa.literal(add_months(start, -YEAR))
    rows: sa.FromClause = spent.outerjoin(
        life, life.c.customer_key == spent.c.customer_key
    ).outerjoin(source, source.c.customer_key == spent.c.customer_key)
    first_day = sa.literal(start, sa.Date())
    settled = sa.case((sa.not_(is_new), spent.c.customer_key))
    rows, opening = profile_at(rows, settled, first_day)
    known = sa.case(
        (sa.func.coalesce(was_before, sa.false()), "unknown"),
        (source.c.of.in_(("earned", "bought")), source.c.of),
        else_="unknown",
    )
    told = (
        sa.select(
            sa.case((is_new, zero(life.c.profile_id)), else_=opening).label("profile_id"),
            sa.case((is_new, known), else_="same").label("whose"),
            now.label("now"),
            then.label("then"),
        )
        .select_from(rows)
        .where(sa.or_(now != 0, then != 0))
        .cte("told")
    )
    parts = {
        whose: sa.func.sum(sa.case((told.c.whose == whose, told.c.now), else_=number(0)))
        for whose in ("same", "earned", "bought", "unknown")
    }
    return sa.select(
        first_day.label("period_start"),
        number(YEAR).label("months"),
        told.c.profile_id,
        sa.func.count().label("customers"),
        sa.func.sum(told.c.then).label("opening"),
        *(value.label(name) for name, value in parts.items()),
    ).group_by(told.c.profile_id)
