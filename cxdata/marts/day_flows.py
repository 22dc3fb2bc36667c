"""day_flow: who came and left by day, against the start of the period (METRICS.md 2.1, C9).

Customers of two instants cannot be counted by days: who joins and leaves within a period is neither
new nor lost. Signed events can: a customer who was not there at the start counts +1 when it comes
and -1 when it leaves again, one who was there +1 among the lost when it leaves and -1 when it is
back. Up to the close of any day they add up to the bridge from the period's start to that day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.days import kept_from
from cxdata.marts.expressions import flag, number, zero
from cxdata.marts.flows import INVOLUNTARY, VOLUNTARY
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import PERIOD, Workspace
from cxdata.model.period import Grain, Period
from cxdata.model.summaries import ACTIVITY_SPAN, CUSTOMER_LIFE, CUSTOMER_MONTH, DAY_FLOW

Column = sa.ColumnElement[Any]

_KEYS = ("period_start", "months", "day", "profile_id", "journey_set")
_MEASURES = [column.name for column in DAY_FLOW.c if column.name not in _KEYS]


def periods_of_days(work: Workspace, span: Span) -> list[tuple[date, int]]:
    """Months, quarters and years that a span touches and of which all days are kept."""
    fiscal = work.rules.fiscal_start
    touched = {
        (Period.containing(month, grain, fiscal).start, grain.months)
        for month in span.months()
        for grain in Grain
    }
    oldest = max(kept_from(work), work.span.first)
    return sorted(period for period in touched if period[0] >= oldest)


def fill_day_flows(work: Workspace, span: Span) -> None:
    """Build the days of the span; older days of its periods stand."""
    kept = periods_of_days(work, span)
    work.run(
        sa.delete(DAY_FLOW).where(
            sa.or_(
                DAY_FLOW.c.day >= sa.literal(span.first),
                DAY_FLOW.c.period_start < sa.literal(kept_from(work)),
            )
        )
    )
    if kept and work.has("customer"):
        work.spread(kept)
        rows = sa.union_all(_there(span), _moved(span)).cte("rows")
        keys = [rows.c[name] for name in _KEYS]
        sums = [sa.func.sum(rows.c[name]).label(name) for name in _MEASURES]
        work.fill(DAY_FLOW, sa.select(*keys, *sums).group_by(*keys))


def _row(keys: dict[str, Column], **measures: Column) -> sa.Select[Any]:
    """Events with what they count; what they do not count is 0."""
    counted = {name: measures.get(name, number(0)) for name in _MEASURES}
    return sa.select(
        *(value.label(name) for name, value in keys.items()),
        *(sa.cast(value, sa.BigInteger()).label(name) for name, value in counted.items()),
    )


def _there(span: Span) -> sa.Select[Any]:
    """Customers at the start of each period, on its first day."""
    at_start, period = CUSTOMER_MONTH.c, PERIOD.c
    keys: dict[str, Column] = {
        "period_start": period.period_start,
        "months": period.months,
        "day": period.period_start,
        "profile_id": at_start.profile_id,
        "journey_set": at_start.journey_set,
    }
    one = number(1)
    rows = _row(keys, customers_start=one, customers_end=one, customers_retained=one)
    opens = sa.and_(period.month == period.period_start, at_start.month == period.month)
    return rows.select_from(CUSTOMER_MONTH.join(PERIOD, opens)).where(
        at_start.is_start == 1, period.period_start >= sa.literal(span.first)
    )


def _moves(span: Span) -> sa.CTE:
    """Days on which a time of activity begins (1) or ends (-1) within a period, and why."""
    times, period = ACTIVITY_SPAN.c, PERIOD.c
    order = {"partition_by": times.customer_key, "order_by": times.start_date}
    told = sa.select(
        times.customer_key,
        times.start_date,
        times.end_date,
        times.end_reason,
        sa.func.lag(times.end_reason).over(**order).label("reason_before"),  # type: ignore[arg-type]
    ).cte("told")
    parts = []
    for day, reason, sign in (
        (told.c.start_date, told.c.reason_before, 1),
        (told.c.end_date, told.c.end_reason, -1),
    ):
        within = sa.and_(
            period.month == period.period_start,
            day >= period.period_start,
            day < period.close,
            day >= sa.literal(span.first),
        )
        parts.append(
            sa.select(
                period.period_start,
                period.months,
                told.c.customer_key,
                day.label("day"),
                reason.label("reason"),
                number(sign).label("sign"),
            ).select_from(told.join(PERIOD, within))
        )
    return sa.union_all(*parts).cte("moves")


def _moved(span: Span) -> sa.Select[Any]:
    """Each move against whether the customer was there at the period's start."""
    move, life, opening = _moves(span), CUSTOMER_LIFE, CUSTOMER_MONTH
    own = sa.and_(
        opening.c.customer_key == move.c.customer_key, opening.c.month == move.c.period_start
    )
    rows: sa.FromClause = move.outerjoin(opening, own).outerjoin(
        life, life.c.customer_key == move.c.customer_key
    )
    began = life.c.first_active_date >= move.c.period_start
    # Only who has no row at the start is looked up there: the others' profile is in theirs.
    absent = sa.case((opening.c.customer_key.is_(None), move.c.customer_key))
    rows, elsewhere = profile_at(rows, absent, move.c.period_start)
    keys: dict[str, Column] = {
        "period_start": move.c.period_start,
        "months": move.c.months,
        "day": move.c.day,
        "profile_id": sa.case(
            (began, life.c.profile_id),
            else_=sa.func.coalesce(opening.c.profile_id, elsewhere),
        ),
        "journey_set": zero(opening.c.journey_set),
    }
    sign, was_there = move.c.sign, zero(opening.c.is_start) == 1
    came = sa.func.coalesce(began, sa.false())

    def when(*conditions: Column) -> Column:
        return sign * flag(sa.and_(*conditions))

    return _row(
        keys,
        customers_end=sign,
        customers_new=when(~was_there, came),
        customers_reactivated=when(~was_there, ~came),
        customers_lost=-when(was_there),
        lost_voluntary=-when(was_there, move.c.reason.in_(VOLUNTARY)),
        lost_involuntary=-when(was_there, move.c.reason.in_(INVOLUNTARY)),
        customers_retained=when(was_there),
    ).select_from(rows)
