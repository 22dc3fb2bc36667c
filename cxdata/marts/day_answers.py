"""day_answer and day_pair: answers by day, each until a later one takes its place (2.8, C9).

A person's latest answer of a period is not the latest of its first days, so answers do not add up
by days. Signed ones do: an answer counts +1 on its day, and -1 on the day of the next one of the
same person in the period. Sums over pairs of answers of one account change likewise on each day on
which the account says something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cxdata.marts.answers import ANSWER, numbered, pairs, several_answers
from cxdata.marts.days import kept_from
from cxdata.marts.expressions import FAR_DATE, number
from cxdata.marts.rules import Span
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.summaries import DAY_ANSWER, DAY_PAIR

Column = sa.ColumnElement[Any]


def _standing(name: str) -> sa.Table:
    columns = [sa.Column(column.name, column.type) for column in ANSWER.c]
    days = [sa.Column("day", sa.Date()), sa.Column("until", sa.Date())]
    return sa.Table(name, SCRATCH, *columns, *days, prefixes=["TEMPORARY"])


_SAID = _standing("scratch_said")
"""Every answer of the kept periods, from its day until the next one of the person."""

_STATE = _standing("scratch_state")
"""Answers that stand on each day on which an account with several says something."""

_PERIOD = ("period_start", "months")
_CELL = (*_PERIOD, "profile_id", "journey_code", "survey_type")


def fill_day_answers(work: Workspace, span: Span) -> None:
    """Build the periods that begin in the span, a span of whole years in the scratch calendar."""
    oldest = max(kept_from(work), span.first)
    for table in (DAY_ANSWER, DAY_PAIR):
        work.run(sa.delete(table).where(table.c.period_start < sa.literal(kept_from(work))))
    if oldest >= span.end:
        return
    work.fresh(_SAID, _STATE)
    told = numbered(work, span).cte("told")
    kept = sa.select(*(told.c[column.name] for column in _SAID.c))
    work.fill(_SAID, kept.where(told.c.period_start >= sa.literal(oldest)))
    work.fill(_STATE, _states())
    one = number(1)
    weight = _SAID.c.weight
    measures = {
        "answers": one,
        "weight": weight,
        "weight_sq": weight * weight,
        "csat_answers": _SAID.c.has_csat,
        "csat_top": _SAID.c.is_top,
    }
    work.fill(DAY_ANSWER, _signed(_SAID, (*_CELL, "score"), measures))
    summed = pairs(_STATE, (*_PERIOD, "day", "until")).cte("summed")
    names = [column.name for column in DAY_PAIR.c if column.name not in (*_CELL, "day")]
    work.fill(DAY_PAIR, _signed(summed, _CELL, {name: summed.c[name] for name in names}))


def _signed(
    rows: sa.FromClause, keys: Sequence[str], measures: dict[str, Column]
) -> sa.Select[Any]:
    """Count what begins to stand on a day, less what ceases to."""
    named = [rows.c[name] for name in keys]

    def part(day: Column, sign: int) -> sa.Select[Any]:
        counted = (number(sign) * value for value in measures.values())
        labelled = (value.label(name) for name, value in zip(measures, counted, strict=True))
        return sa.select(*named, day.label("day"), *labelled).select_from(rows)

    ceases = part(rows.c.until, -1).where(rows.c.until.is_not(None))
    both = sa.union_all(part(rows.c.day, 1), ceases).cte("both")
    grouped = [both.c[name] for name in (*keys, "day")]
    sums = [sa.func.sum(both.c[name]).label(name) for name in measures]
    return sa.select(*grouped, *sums).group_by(*grouped)


def _states() -> sa.Select[Any]:
    """What accounts with several answers have said by each day on which they say something."""
    several = several_answers(_SAID)
    whose = [column.name for column in several.c]
    same = sa.and_(*(several.c[name] == _SAID.c[name] for name in whose))
    spoke = (
        sa.select(*(_SAID.c[name] for name in whose), _SAID.c.day)
        .select_from(_SAID.join(several, same))
        .distinct()
        .cte("spoke")
    )
    following = sa.func.lead(spoke.c.day).over(
        partition_by=[spoke.c[name] for name in whose], order_by=spoke.c.day
    )
    step = sa.select(*spoke.c, following.label("until")).cte("step")
    stands = sa.and_(
        *(step.c[name] == _SAID.c[name] for name in whose),
        _SAID.c.day <= step.c.day,
        sa.func.coalesce(_SAID.c.until, FAR_DATE) > step.c.day,
    )
    said = [_SAID.c[column.name] for column in ANSWER.c]
    return sa.select(*said, step.c.day, step.c.until).select_from(_SAID.join(step, stands))
