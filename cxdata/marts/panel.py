"""answer_panel: the answers of two periods, person by person (METRICS.md 3.3).

Whoever answered the same survey in a period and in an earlier one is the same; whoever answered in
one of them only had left or come in between, or was a customer all along and fell silent or was
newly heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.answers import ANSWER, latest
from cxdata.marts.expressions import FAR_DATE, flag
from cxdata.marts.rules import Span
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.summaries import ACTIVITY_SPAN, ANSWER_PANEL, CUSTOMER_LIFE, NO_ANSWER

Column = sa.ColumnElement[Any]

YEAR = 12
"""Months of the longest way back."""

_SEEN = sa.Table(
    "scratch_seen",
    SCRATCH,
    sa.Column("period_start", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("person", sa.Text()),
    sa.Column("survey_code", sa.Text()),
    sa.Column("survey_type", sa.String(64)),
    sa.Column("is_score", sa.SmallInteger()),
    sa.Column("customer_key", sa.Integer()),
    sa.Column("profile_id", sa.Integer()),
    sa.Column("nps", sa.String(64)),
    sa.Column("csat", sa.String(64)),
    prefixes=["TEMPORARY"],
)
"""Answers of the year under way and of the year before, by class."""

_STEP = sa.Table(
    "scratch_step",
    SCRATCH,
    sa.Column("period_start", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("lag_months", sa.Integer()),
    sa.Column("earlier_start", sa.Date()),
    sa.Column("close_before", sa.Date()),
    sa.Column("close_after", sa.Date()),
    prefixes=["TEMPORARY"],
)
"""Periods, each with the one before and that of the year before, and when both closed."""

_WHO = ("person", "survey_code", "survey_type", "is_score")
_WHEN = ("period_start", "months", "lag_months", "close_before", "close_after")


def begin_panel(work: Workspace, span: Span, since: date) -> None:
    """Hold the answers of earlier periods that those of the span are compared with.

    Periods that have ended by ``since`` are not built.
    """
    work.fresh(_SEEN)
    built = {(period.start, period.grain.months) for period in _periods(work, span, since)}
    compared = {(one["earlier_start"], one["months"]) for one in _steps(work, span, since)}
    earlier = sorted(compared - built)
    if earlier:
        work.spread(earlier)
        last = max(add_months(start, months - 1) for start, months in earlier)
        before = Span(earlier[0][0], last)
        work.fresh(ANSWER)
        work.fill(ANSWER, latest(work, before))
        work.fill(_SEEN, _by_class())


def fill_panel(work: Workspace, year: Span, since: date) -> None:
    """Pair the scratch answers of a year with each other and with those of the year before."""
    work.fill(_SEEN, _by_class())
    work.fresh(_STEP)
    work.put(_STEP, _steps(work, year, since))
    met = _met().cte("met")
    work.fill(ANSWER_PANEL, _counts(sa.union_all(_told(met, "nps"), _told(met, "csat"))))
    work.run(sa.delete(_SEEN).where(_SEEN.c.period_start < sa.literal(year.first)))


def _by_class() -> sa.Select[Any]:
    one = ANSWER.c
    said = sa.case(
        (one.score >= 9, "promoter"),
        (one.score >= 7, "passive"),
        (one.score >= 0, "detractor"),
    )
    box = sa.case((one.is_top == 1, "satisfied"), (one.has_csat == 1, "other"))
    same = ("period_start", "months", "person", "survey_code", "survey_type")
    return sa.select(
        *(one[name] for name in (*same, "customer_key", "profile_id")),
        flag(one.score >= 0).label("is_score"),
        said.label("nps"),
        box.label("csat"),
    )


def _periods(work: Workspace, span: Span, since: date) -> list[Period]:
    """Periods that the span meets and that have not ended by ``since``."""
    fiscal = work.rules.fiscal_start
    met = {Period.containing(month, grain, fiscal) for month in span.months() for grain in Grain}
    return sorted(one for one in met if add_months(one.start, one.grain.months) > since)


def _steps(work: Workspace, span: Span, since: date) -> Iterator[dict[str, Any]]:
    """Each period of a span with its own length and a year back, as far as there are data."""
    for period in _periods(work, span, since):
        months = period.grain.months
        for lag in sorted({months, YEAR}):
            earlier = add_months(period.start, -lag)
            if add_months(earlier, months) > work.span.first:
                yield {
                    "period_start": period.start,
                    "months": months,
                    "lag_months": lag,
                    "earlier_start": earlier,
                    "close_before": work.close(earlier, months),
                    "close_after": work.close(period.start, months),
                }


def _met() -> sa.Select[Any]:
    """One row a person, survey and pair of periods: what was answered in either."""
    sides = []
    for name, start in (("later", _STEP.c.period_start), ("earlier", _STEP.c.earlier_start)):
        seen = _SEEN.alias(f"seen_{name}")
        same = sa.and_(seen.c.period_start == start, seen.c.months == _STEP.c.months)
        columns = [seen.c[c] for c in (*_WHO, "customer_key", "profile_id", "nps", "csat")]
        sides.append(
            sa.select(*(_STEP.c[c] for c in _WHEN), *columns)
            .select_from(seen.join(_STEP, same))
            .cte(name)
        )
    later, earlier = sides
    pair = ("period_start", "months", "lag_months", *_WHO)
    both = later.join(earlier, sa.and_(*(later.c[c] == earlier.c[c] for c in pair)), full=True)
    known = (*_WHEN, "survey_type", "customer_key", "profile_id")
    return sa.select(
        *(sa.func.coalesce(later.c[c], earlier.c[c]).label(c) for c in known),
        *(earlier.c[c].label(f"{c}_before") for c in ("nps", "csat")),
        *(later.c[c].label(f"{c}_after") for c in ("nps", "csat")),
    ).select_from(both)


def _told(met: sa.CTE, measure: str) -> sa.Select[Any]:
    """Answers to one question, and on which day to look whether a silent one was a customer."""
    before, after = met.c[f"{measure}_before"], met.c[f"{measure}_after"]
    silent_at = sa.case(
        (after.is_(None), met.c.close_after), (before.is_(None), met.c.close_before)
    )
    return sa.select(
        *(met.c[c] for c in ("period_start", "months", "lag_months", "profile_id", "survey_type")),
        *(met.c[c] for c in ("customer_key", "close_after")),
        sa.literal(measure, sa.String(64)).label("measure"),
        before.label("before"),
        after.label("after"),
        silent_at.label("silent_at"),
    ).where(sa.or_(before.is_not(None), after.is_not(None)))


def _counts(rows: sa.CompoundSelect[Any]) -> sa.Select[Any]:
    """Count people by standing; of whom it is not known when they were customers, none has left."""
    told = rows.cte("told")
    times, life = ACTIVITY_SPAN, CUSTOMER_LIFE
    active = sa.and_(
        times.c.customer_key == told.c.customer_key,
        times.c.start_date < told.c.silent_at,
        sa.func.coalesce(times.c.end_date, FAR_DATE) >= told.c.silent_at,
    )
    joined = told.outerjoin(times, active).outerjoin(
        life, life.c.customer_key == told.c.customer_key
    )
    is_gone = sa.and_(times.c.customer_key.is_(None), life.c.first_active_date < told.c.close_after)
    standing = sa.case(
        (told.c.silent_at.is_(None), "same"),
        (sa.and_(told.c.after.is_(None), is_gone), "left"),
        (told.c.after.is_(None), "silent"),
        (is_gone, "joined"),
        else_="heard",
    )
    none = sa.literal(NO_ANSWER, sa.String(64))
    counted = (
        sa.select(
            *(told.c[c] for c in ("period_start", "months", "lag_months", "profile_id")),
            *(told.c[c] for c in ("survey_type", "measure")),
            standing.label("standing"),
            sa.func.coalesce(told.c.before, none).label("class_before"),
            sa.func.coalesce(told.c.after, none).label("class_after"),
        )
        .select_from(joined)
        .cte("counted")
    )
    return sa.select(*counted.c, sa.func.count().label("people")).group_by(*counted.c)
