"""Contacts, costed and chained: what each cost, what repeated, what was solved (METRICS.md 2.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.currency import converted
from cxdata.marts.expressions import (
    FAR_DATE,
    byte_order,
    days_between,
    flag,
    month_start,
    number,
    plus_days,
    zero,
)
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.summaries import CUSTOMER_INDEX, NO_JOURNEY

_COST = sa.Numeric(18, 4)

CONTACT = sa.Table(
    "scratch_contact",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("day", sa.Date()),
    sa.Column("month", sa.Date()),
    sa.Column("profile_id", sa.Integer()),
    sa.Column("journey_code", sa.String(64)),
    sa.Column("channel_code", sa.String(64)),
    sa.Column("demand_type", sa.String(64)),
    *(
        sa.Column(name, sa.SmallInteger())
        for name in (
            *("is_inbound", "is_identified", "is_abandoned", "is_uncosted", "is_imputed"),
            *("is_repeat", "is_episode", "is_resolved", "target_known", "target_met", "is_handled"),
        )
    ),
    sa.Column("handle_seconds", sa.Integer()),
    sa.Column("cost", _COST),
    sa.Column("cost_marginal", _COST),
    prefixes=["TEMPORARY"],
)


def fill_contacts(work: Workspace, span: Span) -> None:
    """Cost and chain the contacts of the span into the scratch table."""
    work.fresh(CONTACT)
    if work.has("interaction"):
        work.fill(CONTACT, costed(work, span))


def costed(work: Workspace, span: Span) -> sa.Select[Any]:
    """Contacts of a span, each with its cost and whether it repeats or was the only one."""
    chained = _chained(work, span).cte("chained")
    rows, loaded = _rated(work, chained, chained, "fully_loaded", "loaded")
    rows, marginal = _rated(work, chained, rows, "marginal", "marginal")
    rows, profile = profile_at(rows, chained.c.customer_key, chained.c.interaction_date)
    # A contact on the last day of the window counts as a repeat, so that day must be seen.
    mature = plus_days(chained.c.interaction_date, work.rules.repeat_days) <= sa.literal(
        work.through
    )
    begins = sa.and_(chained.c.customer_key.is_not(None), chained.c.is_repeat == 0, mature)
    return (
        sa.select(
            chained.c.customer_key,
            chained.c.interaction_date.label("day"),
            month_start(chained.c.interaction_date).label("month"),
            profile.label("profile_id"),
            chained.c.journey_code,
            chained.c.channel_code,
            chained.c.demand_type,
            chained.c.is_inbound,
            flag(chained.c.customer_key.is_not(None)).label("is_identified"),
            chained.c.is_abandoned,
            flag(loaded.is_(None)).label("is_uncosted"),
            chained.c.is_imputed,
            chained.c.is_repeat,
            flag(begins).label("is_episode"),
            flag(sa.and_(begins, chained.c.is_followed == 0)).label("is_resolved"),
            chained.c.target_known,
            chained.c.target_met,
            chained.c.is_handled,
            chained.c.handle_seconds,
            loaded.label("cost"),
            marginal.label("cost_marginal"),
        )
        .select_from(rows)
        .where(
            chained.c.interaction_date >= sa.literal(span.first),
            chained.c.interaction_date < sa.literal(span.end),
        )
    )


def _chained(work: Workspace, span: Span) -> sa.Select[Any]:
    """Contacts of the span and of the repeat window around it, with their neighbours in time."""
    contact = work.table("interaction")
    window = timedelta(days=work.rules.repeat_days + 1)
    in_window = sa.and_(
        contact.c.interaction_date >= sa.literal(span.first - window),
        contact.c.interaction_date < sa.literal(span.end + window),
        contact.c.interaction_date <= sa.literal(work.through),
    )
    rows: sa.FromClause = contact
    key: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Integer())
    if work.has("customer"):
        rows = rows.outerjoin(CUSTOMER_INDEX, CUSTOMER_INDEX.c.customer_id == contact.c.customer_id)
        key = CUSTOMER_INDEX.c.customer_key
        in_window = sa.and_(
            in_window, sa.or_(CUSTOMER_INDEX.c.customer_id.is_(None), key.is_not(None))
        )
    rows, reason_group, demand, reason_journey = _reasons(work, contact, rows)
    rows, usual = _usual_seconds(work, contact, rows, span)
    abandoned = sa.func.coalesce(contact.c.abandoned, sa.false())
    since, until = _neighbours(contact, key, reason_group)
    limit = work.rules.repeat_days
    identified = key.is_not(None)
    return (
        sa.select(
            key.label("customer_key"),
            contact.c.interaction_date,
            sa.func.coalesce(contact.c.journey_code, reason_journey, NO_JOURNEY).label(
                "journey_code"
            ),
            sa.func.coalesce(contact.c.channel_code, "(unknown)").label("channel_code"),
            demand.label("demand_type"),
            flag(sa.func.coalesce(contact.c.direction, "inbound") == "inbound").label("is_inbound"),
            flag(abandoned).label("is_abandoned"),
            flag(sa.and_(contact.c.handle_seconds.is_(None), ~abandoned)).label("is_imputed"),
            flag(contact.c.handle_seconds.is_not(None)).label("is_handled"),
            zero(contact.c.handle_seconds).label("handle_seconds"),
            sa.case(
                (abandoned, 0), else_=sa.func.coalesce(contact.c.handle_seconds, usual, 0)
            ).label("seconds"),
            converted(work, contact, contact.c.cost_amount, contact.c.interaction_date).label(
                "cost_amount"
            ),
            flag(contact.c.cost_amount.is_not(None)).label("is_priced"),
            flag(sa.and_(identified, since <= limit)).label("is_repeat"),
            flag(sa.and_(identified, until <= limit)).label("is_followed"),
            flag(contact.c.within_target.is_not(None)).label("target_known"),
            flag(sa.func.coalesce(contact.c.within_target, sa.false())).label("target_met"),
        )
        .select_from(rows)
        .where(in_window)
    )


def _neighbours(
    contact: sa.FromClause, key: sa.ColumnElement[Any], reason_group: sa.ColumnElement[Any]
) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Days since a customer's last contact for the same group of reasons, and until the next."""
    chain: dict[str, Any] = {
        "partition_by": (key, reason_group),
        "order_by": (
            contact.c.interaction_date,
            contact.c.started_at,
            byte_order(contact.c.interaction_id),
        ),
    }
    day = contact.c.interaction_date
    return (
        days_between(day, sa.func.lag(day).over(**chain)),
        days_between(sa.func.lead(day).over(**chain), day),
    )


def _reasons(
    work: Workspace, contact: sa.FromClause, rows: sa.FromClause
) -> tuple[sa.FromClause, sa.ColumnElement[Any], sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Join the reason: the group in which contacts repeat, kind of demand, default journey."""
    own = sa.func.coalesce(contact.c.reason_code, "(unknown)")
    if not work.has("interaction_reason"):
        return rows, own, sa.literal("unknown"), sa.cast(sa.null(), sa.String(64))
    reason = work.table("interaction_reason")
    joined = rows.outerjoin(reason, reason.c.reason_code == contact.c.reason_code)
    demand = sa.func.coalesce(reason.c.demand_type, "unknown")
    return joined, sa.func.coalesce(reason.c.reason_group, own), demand, reason.c.journey_code


def _usual_seconds(
    work: Workspace, contact: sa.FromClause, rows: sa.FromClause, span: Span
) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Join the channel's median handling time of the month, for contacts without one.

    Contacts given up were not handled and have no say in it.
    """
    month = month_start(contact.c.interaction_date)
    middle = sa.func.percentile_cont(0.5).within_group(contact.c.handle_seconds)
    counted: sa.ColumnElement[bool] = sa.true()
    if work.has("customer"):
        tests = sa.select(CUSTOMER_INDEX.c.customer_id).where(
            CUSTOMER_INDEX.c.customer_key.is_(None)
        )
        counted = sa.func.coalesce(contact.c.customer_id, "").not_in(tests)
    usual = (
        sa.select(
            contact.c.channel_code,
            month.label("month"),
            sa.cast(sa.func.floor(middle), sa.Integer()).label("seconds"),
        )
        .where(
            contact.c.handle_seconds.is_not(None),
            contact.c.interaction_date >= sa.literal(span.first),
            contact.c.interaction_date < sa.literal(span.end),
            contact.c.interaction_date <= sa.literal(work.through),
            ~sa.func.coalesce(contact.c.abandoned, sa.false()),
            counted,
        )
        .group_by(contact.c.channel_code, month)
        .cte("usual")
    )
    same = sa.and_(usual.c.channel_code == contact.c.channel_code, usual.c.month == month)
    return rows.outerjoin(usual, same), usual.c.seconds


def _rated(
    work: Workspace, chained: sa.CTE, rows: sa.FromClause, basis: str, name: str
) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Join the rate card of a basis; the cost is the contact's own, else by the card, else none.

    Minutes are charged by the second in whole ten-thousandths, so that no engine rounds.
    """
    own = sa.cast(chained.c.cost_amount, _COST)
    if not work.has("unit_cost"):
        return rows, own
    card = work.table("unit_cost").alias(f"card_{name}")
    holds = sa.and_(
        card.c.channel_code == chained.c.channel_code,
        sa.func.coalesce(card.c.basis, "fully_loaded") == basis,
        card.c.valid_from <= chained.c.interaction_date,
        sa.func.coalesce(card.c.valid_to, FAR_DATE) > chained.c.interaction_date,
    )
    per_minute = sa.cast(zero(card.c.cost_per_minute) * number(10_000), sa.BigInteger())
    tenths = per_minute * chained.c.seconds + number(30)
    parts = sa.cast((tenths - tenths % number(60)), sa.Numeric(18, 0))
    minutes = sa.cast(parts / number(60), sa.Numeric(18, 0)) * sa.literal_column("0.0001")
    by_card = sa.case(
        (card.c.channel_code.is_not(None), sa.cast(zero(card.c.cost_per_contact) + minutes, _COST))
    )
    priced = converted(work, card, by_card, chained.c.interaction_date)
    return rows.outerjoin(card, holds), sa.case((chained.c.is_priced == 1, own), else_=priced)
