"""Summaries of answers: by point of the scale, by pairs within an account, and by account (2.8).

An interval may not treat answers of one account as independent (METRICS.md 1.5, B2B). What it
needs beyond the counts are sums over pairs of answers of one account: ``answer_pair`` holds them,
and nothing where every account answered once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cxdata.marts.accounts import HEARD
from cxdata.marts.events import journey_of, of_customer, within
from cxdata.marts.expressions import byte_order, double, flag, month_start, number
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import PERIOD, SCRATCH, Workspace
from cxdata.model.summaries import ANSWER_PAIR, EVERYONE, RESPONSE_SUMMARY

Column = sa.ColumnElement[Any]

ANSWER = sa.Table(
    "scratch_answer",
    SCRATCH,
    sa.Column("period_start", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("customer_key", sa.Integer()),
    sa.Column("account", sa.Text()),
    sa.Column("person", sa.Text()),
    sa.Column("survey_code", sa.Text()),
    sa.Column("profile_id", sa.Integer()),
    sa.Column("journey_code", sa.String(64)),
    sa.Column("survey_type", sa.String(64)),
    sa.Column("score", sa.Integer()),
    sa.Column("weight", sa.Double()),
    sa.Column("has_csat", sa.SmallInteger()),
    sa.Column("is_top", sa.SmallInteger()),
    prefixes=["TEMPORARY"],
)
"""The latest answer of each person to each survey in each period."""

_PERIOD = ("period_start", "months")


def fill_responses(work: Workspace, span: Span) -> None:
    """Count the latest answer of each person to each survey, a month, quarter and year.

    Agent-chosen answers are left out (METRICS.md 2.8); an answer without a score stands at -1.
    ``span`` must cover whole years, since a year's latest answer may stand in any of its months.
    """
    if not work.has("survey_response"):
        return
    work.fresh(ANSWER)
    work.fill(ANSWER, latest(work, span))
    work.fill(RESPONSE_SUMMARY, _counts())
    work.fill(ANSWER_PAIR, pairs(ANSWER, _PERIOD))
    work.fill(HEARD, _heard())


def latest(work: Workspace, span: Span) -> sa.Select[Any]:
    """Return the latest answer of each person to each survey in each scratch period."""
    return _kept(work, span, [column.name for column in ANSWER.c])


def with_ids(work: Workspace, span: Span) -> sa.Select[Any]:
    """Return the same answers, each with the id of its response."""
    return _kept(work, span, [*(column.name for column in ANSWER.c), "response_id"])


def _kept(work: Workspace, span: Span, names: list[str]) -> sa.Select[Any]:
    told = numbered(work, span).cte("numbered")
    return sa.select(*(told.c[name] for name in names)).where(told.c.nth == 1)


def numbered(work: Workspace, span: Span) -> sa.Select[Any]:
    """Answers of the span, numbered from each person's latest in each period they fall in.

    Each stands from its ``day`` ``until`` the next of the same person, where there is one.
    """
    table = work.table("survey_response")
    rows, key, counted = of_customer(work, table)
    rows, profile = profile_at(rows, key, table.c.responded_date)
    rows = rows.join(PERIOD, PERIOD.c.month == month_start(table.c.responded_date))
    named = {
        "p": table.c.person_id,
        "k": sa.cast(key, sa.String()),
        "c": table.c.customer_id,
        "r": table.c.response_id,
    }
    person, account = (sa.func.coalesce(*(at + named[at] for at in order)) for order in _UNITS)
    # Plain folders and databases are not checked row by row: what is no score is none.
    is_score = table.c.nps_score.between(0, 10)
    same = (PERIOD.c.months, PERIOD.c.period_start, person, table.c.survey_code, flag(is_score))
    order: dict[str, Any] = {"partition_by": same, "order_by": latest_answer(table)}
    latest = sa.func.row_number().over(**order)
    replaced = sa.func.lag(table.c.responded_date).over(**order)
    return (
        sa.select(
            PERIOD.c.period_start,
            PERIOD.c.months,
            table.c.response_id,
            key.label("customer_key"),
            account.label("account"),
            person.label("person"),
            sa.func.coalesce(table.c.survey_code, "").label("survey_code"),
            profile.label("profile_id"),
            journey_of(table.c.journey_code).label("journey_code"),
            sa.func.coalesce(table.c.survey_type, "relationship").label("survey_type"),
            sa.case((is_score, table.c.nps_score), else_=-1).label("score"),
            double(sa.func.coalesce(table.c.weight, sa.literal_column("1.0"))).label("weight"),
            flag(table.c.csat_score.is_not(None)).label("has_csat"),
            flag(_top_box(table)).label("is_top"),
            table.c.responded_date.label("day"),
            replaced.label("until"),
            latest.label("nth"),
        )
        .select_from(rows)
        .where(
            counted,
            within(work, table.c.responded_date, span),
            sa.func.coalesce(table.c.solicited, "random") != "agent_chosen",
        )
    )


_UNITS = ("pkcr", "kcpr")
"""What tells people apart, and what tells accounts apart, the first that is there."""


def latest_answer(table: sa.FromClause) -> tuple[Column, ...]:
    """The order that puts a person's latest answer first, whatever the engine and its settings."""
    date_alone = sa.cast(table.c.responded_date, sa.DateTime(timezone=True))
    return (
        table.c.responded_date.desc(),
        sa.func.coalesce(table.c.responded_at, date_alone).desc(),
        byte_order(table.c.response_id).desc(),
    )


def _top_box(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Top two boxes of the scale; a scale of unknown length counts as one of five."""
    return table.c.csat_score >= sa.func.coalesce(table.c.csat_max, sa.literal_column("5.0")) - 1


def _counts() -> sa.Select[Any]:
    one = ANSWER.c
    keys = [one[name] for name in (*_PERIOD, "profile_id", "journey_code", "survey_type", "score")]
    return sa.select(
        *keys,
        sa.func.count().label("answers"),
        sa.func.sum(one.weight).label("weight"),
        sa.func.sum(one.weight * one.weight).label("weight_sq"),
        sa.func.sum(one.has_csat).label("csat_answers"),
        sa.func.sum(one.is_top).label("csat_top"),
    ).group_by(*keys)


def _class(score: Column) -> Column:
    """1 a promoter, -1 a detractor, 0 neither or no score."""
    return sa.case((score >= 9, number(1)), (score.between(0, 6), number(-1)), else_=number(0))


def pairs(rows: sa.Table, when: Sequence[str]) -> sa.Select[Any]:
    """Sums over pairs of different answers of one account; in a slice, its answers with all others.

    ``rows`` are answers as ``ANSWER`` holds them, and ``when`` the columns that tell their times
    apart. An account whose answers lie in several slices counts in each by its answers there, so
    that slices add up to the whole exactly.
    """
    cells = _cells(rows, when)
    whole = [cells.c[name] for name in (*when, "survey_type", "journey_code", "account")]
    names = ("answers", "score", "csat", "top")
    sums = {name: sa.func.sum(cells.c[name]).over(partition_by=whole) for name in names}
    beside = sa.select(cells, *(value.label(f"all_{name}") for name, value in sums.items())).cte(
        "beside"
    )
    one = beside.c
    keys = [one[name] for name in (*when, "profile_id", "journey_code", "survey_type")]
    measures = {
        "beyond_first": one.answers - double(one.answers) / _some(one.all_answers),
        "pairs": one.answers * one.all_answers - one.answers,
        "pairs_score": _mean(one.answers, one.all_score, one.score, one.all_answers) - one.score,
        "pairs_product": one.score * one.all_score - one.squares,
        "csat_beyond_first": one.csat - double(one.csat) / _some(one.all_csat),
        "csat_pairs": one.csat * one.all_csat - one.csat,
        "csat_pairs_top": _mean(one.csat, one.all_top, one.top, one.all_csat) - one.top,
        "csat_pairs_product": one.top * one.all_top - one.top,
    }
    return (
        sa.select(
            *keys, *(sa.func.sum(double(value)).label(name) for name, value in measures.items())
        )
        .where(sa.or_(one.all_answers > 1, one.all_csat > 1))
        .group_by(*keys)
    )


def _cells(table: sa.Table, when: Sequence[str]) -> sa.CTE:
    """Answers by account and profile: of each journey, and of all journeys together."""
    several = several_answers(table)
    same = sa.and_(*(several.c[column.name] == table.c[column.name] for column in several.c))
    one, rows = table.c, table.join(several, same)
    found = []
    for journey in (one.journey_code, sa.literal(EVERYONE, sa.String(64))):
        keys = [one[name] for name in (*when, "profile_id", "survey_type", "account")]
        part = sa.select(
            *keys,
            journey.label("journey_code"),
            sa.func.sum(flag(one.score >= 0)).label("answers"),
            sa.func.sum(_class(one.score)).label("score"),
            sa.func.sum(_class(one.score) * _class(one.score)).label("squares"),
            sa.func.sum(one.has_csat).label("csat"),
            sa.func.sum(one.is_top).label("top"),
        ).select_from(rows)
        is_own = journey is one.journey_code
        found.append(part.group_by(*keys, *([one.journey_code] if is_own else [])))
    return sa.union_all(*found).cte("cell")


_WHOSE = ("survey_type", "account")


def several_answers(table: sa.Table) -> sa.CTE:
    """Accounts with several answers to one kind of survey: few, where people pay for themselves."""
    keys = [table.c[name] for name in (*_PERIOD, *_WHOSE)]
    return sa.select(*keys).group_by(*keys).having(sa.func.count() > 1).cte("several")


def _some(count: Column) -> Column:
    return sa.func.nullif(double(count), sa.literal_column("0.0"))


def _mean(a: Column, b: Column, c: Column, d: Column) -> Column:
    return double(a * b + c * d) / sa.literal_column("2.0")


def _heard() -> sa.Select[Any]:
    """Each customer's mean of +1, 0, -1 in the relationship survey."""
    one = ANSWER.c
    keys = [one.period_start, one.months, one.customer_key]
    return (
        sa.select(
            *keys, (double(sa.func.sum(_class(one.score))) / double(sa.func.count())).label("score")
        )
        .where(one.customer_key.is_not(None), one.survey_type == "relationship", one.score >= 0)
        .group_by(*keys)
    )
