"""customer_month: a row a customer and month in which it was active or anything happened.

All windowing over customers happens here, once, when data are published. The state at
an instant t is the state at the close of day t - 1 (METRICS.md 9.8): a contract that starts on
1 February is new in February's bridge.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.answers import latest_answer
from cxdata.marts.contacts import CONTACT
from cxdata.marts.currency import converted, is_single
from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import (
    FAR_DATE,
    days_between,
    flag,
    month_start,
    months_before,
    number,
    plus_days,
    zero,
)
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.sales import SALE
from cxdata.marts.workspace import MONTH, SCRATCH, Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import (
    ACTIVITY_SPAN,
    CURRENCY_MONTH,
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
    JOURNEY_BIT,
)

Column = sa.ColumnElement[Any]

_MONEY = sa.Numeric(18, 2)
_COST = sa.Numeric(18, 4)

_FACTS: dict[str, sa.types.TypeEngine[Any]] = {
    "is_start": sa.SmallInteger(),
    "is_end": sa.SmallInteger(),
    "active_days": sa.SmallInteger(),
    "recurring_before": _MONEY,
    "recurring": _MONEY,
    "revenue": _MONEY,
    "orders": sa.Integer(),
    "contacts": sa.Integer(),
    "cost": _COST,
}

_WHEN_FACT = sa.Table(
    "scratch_fact",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("month", sa.Date()),
    *(sa.Column(name, kind) for name, kind in _FACTS.items()),
    prefixes=["TEMPORARY"],
)

_EXPOSED = sa.Table(
    "scratch_exposed",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("month", sa.Date()),
    sa.Column("journey_set", sa.BigInteger()),
    prefixes=["TEMPORARY"],
)

_SCORED = sa.Table(
    "scratch_scored",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("month", sa.Date()),
    sa.Column("score_class", sa.Integer()),
    prefixes=["TEMPORARY"],
)


def fill_customer_month(work: Workspace, span: Span) -> None:
    """Build the months of the span; ``CONTACT`` and ``SALE`` must hold the span's rows."""
    work.fresh(_WHEN_FACT, _EXPOSED, _SCORED)
    parts = [part for part in _parts(work, span) if part is not None]
    facts = sa.union_all(*parts).cte("fact")
    work.fill(_WHEN_FACT, _summed(facts))
    exposed = _exposures(work, span)
    if exposed is not None:
        work.fill(_EXPOSED, exposed)
    scored = _scores(work, span)
    if scored is not None:
        work.fill(_SCORED, scored)
    work.fill(CUSTOMER_MONTH, _rows())
    native = _native(work, span)
    if native is not None:
        work.fill(CURRENCY_MONTH, native)


def _summed(facts: sa.CTE) -> sa.Select[Any]:
    aggregate: dict[str, Any] = {"is_start": sa.func.max, "is_end": sa.func.max}
    measures = [
        sa.cast(aggregate.get(name, sa.func.sum)(facts.c[name]), kind).label(name)
        for name, kind in _FACTS.items()
    ]
    return sa.select(facts.c.customer_key, facts.c.month, *measures).group_by(
        facts.c.customer_key, facts.c.month
    )


def _part(key: Column, month: Column, **measures: Column) -> sa.Select[Any]:
    """One strand of facts; what it does not measure, or cannot convert, is 0."""
    columns = [
        sa.cast(zero(measures[name]) if name in measures else number(0), kind).label(name)
        for name, kind in _FACTS.items()
    ]
    return sa.select(
        key.label("customer_key"), sa.type_coerce(month, sa.Date()).label("month"), *columns
    )


def _parts(work: Workspace, span: Span) -> list[sa.Select[Any] | None]:
    return [
        _active(),
        *_recurring(work, span),
        _sales(work),
        _contacts(),
        _service_costs(work, span),
    ]


def _active() -> sa.Select[Any]:
    """Activity at both ends of each month, and the days between."""
    times, month = ACTIVITY_SPAN, MONTH
    end = sa.func.coalesce(times.c.end_date, FAR_DATE)
    meets = sa.and_(times.c.start_date < month.c.close, end >= month.c.month)
    days = days_between(
        sa.func.least(end, month.c.close), sa.func.greatest(times.c.start_date, month.c.month)
    )
    return _part(
        times.c.customer_key,
        month.c.month,
        is_start=flag(times.c.start_date < month.c.month),
        is_end=flag(end >= month.c.close),
        active_days=days,
    ).select_from(times.join(month, meets))


def _recurring(work: Workspace, span: Span) -> list[sa.Select[Any] | None]:
    """R of the revenue movement: this month's, and the month before's beside it."""
    if work.has("revenue_period"):
        return _billed(work, span)
    if work.has("subscription_period"):
        return [_closing_terms(work, 0), _closing_terms(work, 1)]
    return [_trailing_year(work, 0), _trailing_year(work, 1)]


def _native(work: Workspace, span: Span) -> sa.Select[Any] | None:
    """Recurring revenue in its own currencies, where there are several.

    Sales of twelve months are each converted on their own day, so they have no such ends.
    """
    if is_single(work):
        return None
    if work.has("revenue_period"):
        table = work.table("revenue_period")
        rows, key = customer_key(table)
        month: Column = month_start(table.c.period_month)
        counts = _from_to(table.c.period_month, span.first, span.end)
    elif work.has("subscription_period"):
        table, month = work.table("subscription_period"), MONTH.c.month
        joined, key = customer_key(table)
        end = sa.func.coalesce(table.c.end_date, FAR_DATE)
        rows = joined.join(MONTH, sa.and_(table.c.start_date < MONTH.c.close, end >= MONTH.c.close))
        counts = sa.func.coalesce(table.c.status, "active") != "trial"
    else:
        return None
    currency = sa.func.coalesce(table.c.currency, work.currency)
    return (
        sa.select(
            key.label("customer_key"),
            month.label("month"),
            currency.label("currency"),
            sa.func.sum(table.c.recurring_amount).label("amount"),
        )
        .select_from(rows)
        .where(key.is_not(None), counts)
        .group_by(key, month, currency)
    )


def _billed(work: Workspace, span: Span) -> list[sa.Select[Any] | None]:
    """Recurring and one-off revenue of each month, and what recurred in the month before it."""
    table = work.table("revenue_period")
    joined, key = customer_key(table)
    day = table.c.period_month
    billed = (
        sa.select(
            key.label("customer_key"),
            month_start(day).label("month"),
            zero(converted(work, table, table.c.recurring_amount, day)).label("recurring"),
            zero(converted(work, table, table.c.one_off_amount, day)).label("one_off"),
        )
        .select_from(joined)
        .where(key.is_not(None), _from_to(day, add_months(span.first, -1), span.end))
        .cte("billed")
    )
    own, month, recurring = billed.c.customer_key, billed.c.month, billed.c.recurring
    now = _part(own, month, recurring=recurring, revenue=recurring + billed.c.one_off)
    before = _part(own, months_before(month, -1), recurring_before=recurring)
    return [
        now.where(month >= sa.literal(span.first)),
        before.where(month < sa.literal(span.last)),
    ]


def _from_to(day: Column, first: date, end: date) -> sa.ColumnElement[bool]:
    """Hold a plain date column to a span: files and row groups outside it are not read."""
    return sa.and_(day >= sa.literal(first), day < sa.literal(end))


def _during(table: sa.FromClause, day: Column, span: Span, **measures: Column) -> sa.Select[Any]:
    """A strand of dated rows, each in the month of its date."""
    joined, key = customer_key(table)
    return (
        _part(key, month_start(day), **measures)
        .select_from(joined)
        .where(key.is_not(None), _from_to(day, span.first, span.end))
    )


def _closing_terms(work: Workspace, earlier: int) -> sa.Select[Any]:
    """Monthly amount of the contracts running at a month's close (METRICS.md 9.13)."""
    table, month = work.table("subscription_period"), MONTH
    joined, key = customer_key(table)
    close = month.c.close if earlier == 0 else month.c.month
    end = sa.func.coalesce(table.c.end_date, FAR_DATE)
    runs = sa.and_(table.c.start_date < close, end >= close)
    amount = converted(work, table, table.c.recurring_amount, months_before(month.c.month, earlier))
    measures = (
        {"recurring": amount, "revenue": amount} if earlier == 0 else {"recurring_before": amount}
    )
    return (
        _part(key, month.c.month, **measures)
        .select_from(joined.join(month, runs))
        .where(key.is_not(None), sa.func.coalesce(table.c.status, "active") != "trial")
    )


def _trailing_year(work: Workspace, earlier: int) -> sa.Select[Any] | None:
    """Twelve months' spend at the month's end, where there are no contracts (METRICS.md 2.5)."""
    if not work.has("sales_transaction", "customer"):
        return None
    table, month = work.table("sales_transaction"), MONTH
    joined, key = customer_key(table)
    close = month.c.close if earlier == 0 else month.c.month
    year = sa.cast(close - sa.text("INTERVAL '12 months'"), sa.Date())
    counts = sa.and_(table.c.transaction_date < close, table.c.transaction_date >= year)
    amount = converted(work, table, table.c.net_amount, table.c.transaction_date)
    name = "recurring" if earlier == 0 else "recurring_before"
    return (
        _part(key, month.c.month, **{name: amount})
        .select_from(joined.join(month, counts))
        .where(key.is_not(None))
    )


def _sales(work: Workspace) -> sa.Select[Any] | None:
    """Orders, and sales that are not in the revenue table already; refunds count negative."""
    if not work.has("sales_transaction", "customer"):
        return None
    counted = number(0) if work.rules.sales_in_revenue else SALE.c.amount
    return _part(SALE.c.customer_key, SALE.c.month, revenue=counted, orders=SALE.c.is_order).where(
        SALE.c.customer_key.is_not(None)
    )


def _contacts() -> sa.Select[Any]:
    contact = CONTACT
    return _part(
        contact.c.customer_key, contact.c.month, contacts=number(1), cost=zero(contact.c.cost)
    ).where(contact.c.customer_key.is_not(None))


def _service_costs(work: Workspace, span: Span) -> sa.Select[Any] | None:
    """Direct costs only; allocated ones would order customers by the key (METRICS.md 2.12)."""
    if not work.has("service_cost", "customer"):
        return None
    table = work.table("service_cost")
    amount = converted(work, table, table.c.amount, table.c.cost_date)
    direct = sa.func.coalesce(table.c.allocation, "direct") == "direct"
    return _during(table, table.c.cost_date, span, cost=zero(amount)).where(direct)


def _exposures(work: Workspace, span: Span) -> sa.Select[Any] | None:
    """Journeys met in the exposure window before each month, as a set of bits (METRICS.md 9.15)."""
    if work.has("journey_instance", "customer"):
        table, day = work.table("journey_instance"), "started_date"
    elif work.has("interaction", "customer"):
        table, day = work.table("interaction"), "interaction_date"
    else:
        return None
    joined, key = customer_key(table)
    met = table.c[day]
    bit = JOURNEY_BIT
    window = timedelta(days=work.rules.exposure_days)
    exposed = sa.and_(
        met < MONTH.c.month, met >= plus_days(MONTH.c.month, -work.rules.exposure_days)
    )
    rows = joined.join(bit, bit.c.journey_code == table.c.journey_code).join(MONTH, exposed)
    return (
        sa.select(
            key.label("customer_key"),
            MONTH.c.month,
            sa.func.bit_or(bit.c.mask).label("journey_set"),
        )
        .select_from(rows)
        .where(key.is_not(None), met >= sa.literal(span.first - window), met < sa.literal(span.end))
        .group_by(key, MONTH.c.month)
    )


def _scores(work: Workspace, span: Span) -> sa.Select[Any] | None:
    """Class of the latest score before each month: 1 promoter, 0 passive, -1 detractor."""
    if not work.has("survey_response", "customer"):
        return None
    table = work.table("survey_response")
    joined, key = customer_key(table)
    order = latest_answer(table)
    kept = plus_days(MONTH.c.month, -work.rules.score_days)
    before = sa.and_(table.c.responded_date < MONTH.c.month, table.c.responded_date >= kept)
    ranked = (
        sa.select(
            key.label("customer_key"),
            MONTH.c.month,
            table.c.nps_score,
            sa.func.row_number()
            .over(partition_by=(key, MONTH.c.month), order_by=order)
            .label("nth"),
        )
        .select_from(joined.join(MONTH, before))
        .where(key.is_not(None), table.c.nps_score.between(0, 10))
        .cte("ranked")
    )
    score = ranked.c.nps_score
    return sa.select(
        ranked.c.customer_key,
        ranked.c.month,
        sa.case((score >= 9, 1), (score <= 6, -1), else_=0).label("score_class"),
    ).where(ranked.c.nth == 1)


def _rows() -> sa.Select[Any]:
    """Put the strands together with segment, journeys and score as they were."""
    fact, life, month = _WHEN_FACT, CUSTOMER_LIFE, MONTH
    first = life.c.first_active_date
    opening = sa.case(
        (sa.and_(first >= month.c.month, first < month.c.close), first), else_=month.c.month
    )
    rows: sa.FromClause = fact.join(month, month.c.month == fact.c.month).outerjoin(
        life, life.c.customer_key == fact.c.customer_key
    )
    rows, profile = profile_at(rows, fact.c.customer_key, opening, "profile_open")
    rows, profile_end = profile_at(rows, fact.c.customer_key, month.c.close, "profile_close")
    same = {"exposed": _EXPOSED, "scored": _SCORED}
    for table in same.values():
        rows = rows.outerjoin(
            table,
            sa.and_(table.c.customer_key == fact.c.customer_key, table.c.month == fact.c.month),
        )
    entered = sa.and_(fact.c.is_end == 1, fact.c.is_start == 0)
    never_at_ends = sa.and_(fact.c.is_end == 0, fact.c.is_start == 0, fact.c.active_days > 0)
    return sa.select(
        fact.c.customer_key,
        fact.c.month,
        profile.label("profile_id"),
        profile_end.label("profile_end_id"),
        sa.func.coalesce(_EXPOSED.c.journey_set, number(0)).label("journey_set"),
        _SCORED.c.score_class,
        fact.c.is_start,
        fact.c.is_end,
        flag(sa.and_(entered, first >= month.c.month)).label("is_new"),
        flag(sa.and_(entered, first < month.c.month)).label("is_reactivated"),
        flag(never_at_ends).label("is_joined_and_left"),
        fact.c.active_days,
        fact.c.recurring_before,
        fact.c.recurring,
        fact.c.revenue,
        fact.c.orders,
        fact.c.contacts,
        fact.c.cost,
    ).select_from(rows)
