"""Who counts as a customer: the index of customers (METRICS.md 2.2)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.workspace import CHANGED, Workspace
from cxdata.model.summaries import CUSTOMER_INDEX


def fill_index(work: Workspace) -> None:
    """Number the customers; merged ids take their survivor's number, test accounts take none.

    Numbers once given stay, so that months already built keep their meaning.
    """
    if not work.has("customer"):
        return
    if not work.keeps("customer", "subscription_period"):
        work.run(_restated(work, work.table("customer")))
    if not work.keeps("customer"):
        work.fill(CUSTOMER_INDEX, _new(work))


def _new(work: Workspace) -> sa.Select[Any]:
    """Customers without a number yet."""
    known = CUSTOMER_INDEX
    customer = work.table("customer")
    merged = survivors(customer)
    survivor = sa.func.coalesce(merged.c.survivor_id, customer.c.customer_id)
    everybody = customer.outerjoin(merged, merged.c.customer_id == customer.c.customer_id)
    top = sa.select(sa.func.coalesce(sa.func.max(known.c.customer_key), 0)).scalar_subquery()
    test = sa.func.coalesce(customer.c.is_test, sa.false())
    heads = (
        sa.select(
            survivor.label("customer_id"),
            (top + sa.func.row_number().over(order_by=survivor)).label("customer_key"),
        )
        .select_from(everybody)
        .where(~test, survivor.not_in(sa.select(known.c.customer_id)))
        .group_by(survivor)
        .cte("head")
    )
    given = sa.union_all(
        sa.select(heads.c.customer_id, heads.c.customer_key),
        sa.select(known.c.customer_id, known.c.customer_key),
    ).cte("given")
    return (
        sa.select(
            customer.c.customer_id,
            sa.case((~test, given.c.customer_key)).label("customer_key"),
            _contractual(work, customer).label("is_contractual"),
        )
        .select_from(everybody.outerjoin(given, given.c.customer_id == survivor))
        .where(customer.c.customer_id.not_in(sa.select(known.c.customer_id)))
    )


def _restated(work: Workspace, customer: sa.FromClause) -> sa.Update:
    """Judge numbered customers anew: a first contract decides for who only bought before."""
    judged = sa.select(customer.c.customer_id, _contractual(work, customer).label("is_contractual"))
    if work.turnover is not None:
        judged = judged.where(customer.c.customer_id.in_(sa.select(CHANGED.c.customer_id)))
    now = judged.subquery("now")
    return (
        sa.update(CUSTOMER_INDEX)
        .values(is_contractual=now.c.is_contractual)
        .where(
            now.c.customer_id == CUSTOMER_INDEX.c.customer_id,
            now.c.is_contractual != CUSTOMER_INDEX.c.is_contractual,
        )
    )


def survivors(customer: sa.FromClause) -> sa.CTE:
    """Merged customer ids, each with the one that is left at the end of all its merges.

    Ids merged in a circle have no survivor; they are not in it and stand for themselves.
    """
    into = customer.c.merged_into_id
    merged = sa.select(customer.c.customer_id, into.label("into_id")).where(into.is_not(None))
    steps = merged.cte("merge_step", recursive=True)
    onward, gone = merged.subquery("onward"), merged.subquery("gone")
    steps = steps.union(
        sa.select(steps.c.customer_id, onward.c.into_id).join(
            onward, onward.c.customer_id == steps.c.into_id
        )
    )
    return (
        sa.select(steps.c.customer_id, steps.c.into_id.label("survivor_id"))
        .select_from(steps.outerjoin(gone, gone.c.customer_id == steps.c.into_id))
        .where(gone.c.customer_id.is_(None))
        .cte("survivor")
    )


def _contractual(work: Workspace, customer: sa.FromClause) -> sa.ColumnElement[bool]:
    stated = customer.c.relationship_type
    if work.has("subscription_period"):
        terms = work.table("subscription_period")
        if not work.has("sales_transaction"):
            return sa.func.coalesce(stated, "contractual") == "contractual"
        has_term = customer.c.customer_id.in_(sa.select(terms.c.customer_id))
        return sa.func.coalesce(stated == "contractual", has_term)
    if work.has("revenue_period") and not work.has("sales_transaction"):
        return sa.true()
    return sa.func.coalesce(stated, "non_contractual") == "contractual"


def customer_key(
    table: sa.FromClause, index: sa.Table = CUSTOMER_INDEX
) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Join a fact to the index; facts of test accounts have no key, those of unknown ids go."""
    joined = table.join(index, index.c.customer_id == table.c.customer_id)
    return joined, index.c.customer_key
