"""Summaries of events by their own date and journey: contacts, costs, invitations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.contacts import CONTACT
from cxdata.marts.currency import converted
from cxdata.marts.expressions import flag, month_start, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import (
    CUSTOMER_INDEX,
    INTERACTION_SUMMARY,
    INVITATION_SUMMARY,
    NO_JOURNEY,
    SERVICE_COST_SUMMARY,
)

Column = sa.ColumnElement[Any]


def fill_interactions(work: Workspace) -> None:
    """Sum the scratch contacts."""
    table = CONTACT
    keys = [
        table.c[name]
        for name in ("month", "profile_id", "journey_code", "channel_code", "demand_type")
    ]
    sums = {
        "inbound": table.c.is_inbound,
        "identified": table.c.is_identified,
        "abandoned": table.c.is_abandoned,
        "uncosted": table.c.is_uncosted,
        "imputed": table.c.is_imputed,
        "cost": zero(table.c.cost),
        "cost_marginal": zero(table.c.cost_marginal),
        "repeats": table.c.is_repeat,
        "episodes": table.c.is_episode,
        "episodes_resolved": table.c.is_resolved,
        "target_known": table.c.target_known,
        "target_met": table.c.target_met,
        "handled": table.c.is_handled,
        "handle_seconds": table.c.handle_seconds,
    }
    work.fill(
        INTERACTION_SUMMARY,
        sa.select(
            *keys,
            sa.func.count().label("contacts"),
            *(sa.func.sum(value).label(name) for name, value in sums.items()),
        ).group_by(*keys),
    )


def of_customer(
    work: Workspace, table: sa.FromClause
) -> tuple[sa.FromClause, Column, sa.ColumnElement[bool]]:
    """Join the index; unknown customers stay without a key, test accounts go."""
    if not work.has("customer"):
        return table, sa.cast(sa.null(), sa.Integer()), sa.true()
    rows = table.outerjoin(CUSTOMER_INDEX, CUSTOMER_INDEX.c.customer_id == table.c.customer_id)
    key = CUSTOMER_INDEX.c.customer_key
    return rows, key, sa.or_(CUSTOMER_INDEX.c.customer_id.is_(None), key.is_not(None))


def within(work: Workspace, day: Column, span: Span) -> sa.ColumnElement[bool]:
    """Hold a date to a span, and to the days of data."""
    return sa.and_(
        day >= sa.literal(span.first), day < sa.literal(span.end), day <= sa.literal(work.through)
    )


def journey_of(column: Column) -> Column:
    """The journey of an event, or that it has none."""
    return sa.func.coalesce(column, NO_JOURNEY)


def fill_service_costs(work: Workspace, span: Span) -> None:
    """Sum other costs to serve."""
    if not work.has("service_cost"):
        return
    table = work.table("service_cost")
    rows, key, counted = of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.cost_date)
    amount = converted(work, table, table.c.amount, table.c.cost_date)
    keys = {
        "month": month_start(table.c.cost_date),
        "profile_id": profile,
        "journey_code": journey_of(table.c.journey_code),
        "cost_type": sa.func.coalesce(table.c.cost_type, "other"),
        "allocation": sa.func.coalesce(table.c.allocation, "direct"),
    }
    base = (
        sa.select(
            *(value.label(name) for name, value in keys.items()),
            sa.cast(zero(amount), sa.Numeric(18, 4)).label("amount"),
        )
        .select_from(rows)
        .where(counted, within(work, table.c.cost_date, span))
        .cte("base")
    )
    grouped = [base.c[name] for name in keys]
    work.fill(
        SERVICE_COST_SUMMARY,
        sa.select(
            *grouped, sa.func.count().label("items"), sa.func.sum(base.c.amount).label("cost")
        ).group_by(*grouped),
    )


def fill_invitations(work: Workspace, span: Span) -> None:
    """Count invitations and the answers they brought."""
    if not work.has("survey_invitation"):
        return
    table = work.table("survey_invitation")
    rows, key, counted = of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.sent_date)
    base = (
        sa.select(
            month_start(table.c.sent_date).label("month"),
            profile.label("profile_id"),
            journey_of(table.c.journey_code).label("journey_code"),
            sa.func.coalesce(table.c.survey_type, "relationship").label("survey_type"),
            flag(sa.func.coalesce(table.c.status, "sent") != "bounced").label("is_delivered"),
            flag(table.c.status == "responded").label("is_responded"),
        )
        .select_from(rows)
        .where(counted, within(work, table.c.sent_date, span))
        .cte("base")
    )
    keys = [base.c[name] for name in ("month", "profile_id", "journey_code", "survey_type")]
    work.fill(
        INVITATION_SUMMARY,
        sa.select(
            *keys,
            sa.func.count().label("invited"),
            sa.func.sum(base.c.is_delivered).label("delivered"),
            sa.func.sum(base.c.is_responded).label("responded"),
        ).group_by(*keys),
    )
