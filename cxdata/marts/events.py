"""Summaries of events by their own date and journey: contacts, costs, answers, invitations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.contacts import CONTACT
from cxdata.marts.currency import converted
from cxdata.marts.expressions import byte_order, double, flag, month_start, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import PERIOD, Workspace
from cxdata.model.summaries import (
    CUSTOMER_INDEX,
    INTERACTION_SUMMARY,
    INVITATION_SUMMARY,
    NO_JOURNEY,
    RESPONSE_SUMMARY,
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


def _of_customer(
    work: Workspace, table: sa.Table
) -> tuple[sa.FromClause, Column, sa.ColumnElement[bool]]:
    """Join the index; unknown customers stay without a key, test accounts go."""
    if not work.has("customer"):
        return table, sa.cast(sa.null(), sa.Integer()), sa.true()
    rows = table.outerjoin(CUSTOMER_INDEX, CUSTOMER_INDEX.c.customer_id == table.c.customer_id)
    key = CUSTOMER_INDEX.c.customer_key
    return rows, key, sa.or_(CUSTOMER_INDEX.c.customer_id.is_(None), key.is_not(None))


def _within(work: Workspace, day: Column, span: Span) -> sa.ColumnElement[bool]:
    return sa.and_(
        day >= sa.literal(span.first), day < sa.literal(span.end), day <= sa.literal(work.through)
    )


def _journey(column: Column) -> Column:
    return sa.func.coalesce(column, NO_JOURNEY)


def fill_service_costs(work: Workspace, span: Span) -> None:
    """Sum other costs to serve."""
    if not work.has("service_cost"):
        return
    table = work.table("service_cost")
    rows, key, counted = _of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.cost_date)
    amount = converted(work, table, table.c.amount, table.c.cost_date)
    keys = {
        "month": month_start(table.c.cost_date),
        "profile_id": profile,
        "journey_code": _journey(table.c.journey_code),
        "cost_type": sa.func.coalesce(table.c.cost_type, "other"),
        "allocation": sa.func.coalesce(table.c.allocation, "direct"),
    }
    base = (
        sa.select(
            *(value.label(name) for name, value in keys.items()),
            sa.cast(zero(amount), sa.Numeric(18, 4)).label("amount"),
        )
        .select_from(rows)
        .where(counted, _within(work, table.c.cost_date, span))
        .cte("base")
    )
    grouped = [base.c[name] for name in keys]
    work.fill(
        SERVICE_COST_SUMMARY,
        sa.select(
            *grouped, sa.func.count().label("items"), sa.func.sum(base.c.amount).label("cost")
        ).group_by(*grouped),
    )


def fill_responses(work: Workspace, span: Span) -> None:
    """Count the latest answer of each person to each survey, a month, quarter and year.

    Agent-chosen answers are left out (METRICS.md 2.8); an answer without a score stands at -1.
    ``span`` must cover whole years, since a year's latest answer may stand in any of its months.
    """
    if not work.has("survey_response"):
        return
    base = _answers(work, span).cte("base")
    keys = [
        base.c[name]
        for name in ("period_start", "months", "profile_id", "journey_code", "survey_type", "score")
    ]
    work.fill(
        RESPONSE_SUMMARY,
        sa.select(
            *keys,
            sa.func.count().label("answers"),
            sa.func.sum(base.c.weight).label("weight"),
            sa.func.sum(base.c.weight * base.c.weight).label("weight_sq"),
            sa.func.sum(base.c.has_csat).label("csat_answers"),
            sa.func.sum(base.c.is_top).label("csat_top"),
        )
        .where(base.c.nth == 1)
        .group_by(*keys),
    )


def _answers(work: Workspace, span: Span) -> sa.Select[Any]:
    """Answers of the span, numbered from each person's latest in each period they fall in."""
    table = work.table("survey_response")
    rows, key, counted = _of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.responded_date)
    rows = rows.join(PERIOD, PERIOD.c.month == month_start(table.c.responded_date))
    person = sa.func.coalesce(
        "p" + table.c.person_id,
        "k" + sa.cast(key, sa.String()),
        "c" + table.c.customer_id,
        "r" + table.c.response_id,
    )
    # Plain folders and databases are not checked row by row: what is no score is none.
    is_score = table.c.nps_score.between(0, 10)
    has_score = flag(is_score)
    latest = sa.func.row_number().over(
        partition_by=(
            PERIOD.c.months,
            PERIOD.c.period_start,
            person,
            table.c.survey_code,
            has_score,
        ),
        order_by=latest_answer(table),
    )
    weight = sa.func.coalesce(table.c.weight, sa.literal_column("1.0"))
    top = _top_box(table)
    return (
        sa.select(
            PERIOD.c.period_start,
            PERIOD.c.months,
            profile.label("profile_id"),
            _journey(table.c.journey_code).label("journey_code"),
            sa.func.coalesce(table.c.survey_type, "relationship").label("survey_type"),
            sa.case((is_score, table.c.nps_score), else_=-1).label("score"),
            double(weight).label("weight"),
            flag(table.c.csat_score.is_not(None)).label("has_csat"),
            flag(top).label("is_top"),
            latest.label("nth"),
        )
        .select_from(rows)
        .where(
            counted,
            _within(work, table.c.responded_date, span),
            sa.func.coalesce(table.c.solicited, "random") != "agent_chosen",
        )
    )


def latest_answer(table: sa.Table) -> tuple[Column, ...]:
    """The order that puts a person's latest answer first, whatever the engine and its settings."""
    date_alone = sa.cast(table.c.responded_date, sa.DateTime(timezone=True))
    return (
        table.c.responded_date.desc(),
        sa.func.coalesce(table.c.responded_at, date_alone).desc(),
        byte_order(table.c.response_id).desc(),
    )


def _top_box(table: sa.Table) -> sa.ColumnElement[bool]:
    """Top two boxes of the scale; a scale of unknown length counts as one of five."""
    return table.c.csat_score >= sa.func.coalesce(table.c.csat_max, sa.literal_column("5.0")) - 1


def fill_invitations(work: Workspace, span: Span) -> None:
    """Count invitations and the answers they brought."""
    if not work.has("survey_invitation"):
        return
    table = work.table("survey_invitation")
    rows, key, counted = _of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.sent_date)
    base = (
        sa.select(
            month_start(table.c.sent_date).label("month"),
            profile.label("profile_id"),
            _journey(table.c.journey_code).label("journey_code"),
            sa.func.coalesce(table.c.survey_type, "relationship").label("survey_type"),
            flag(sa.func.coalesce(table.c.status, "sent") != "bounced").label("is_delivered"),
            flag(table.c.status == "responded").label("is_responded"),
        )
        .select_from(rows)
        .where(counted, _within(work, table.c.sent_date, span))
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
