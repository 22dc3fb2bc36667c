"""Build the marts of a data version: everything once, then only the months that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cxdata.marts import (
    activity,
    answers,
    contacts,
    customer_month,
    customers,
    day_answers,
    day_flows,
    days,
    earned,
    events,
    flows,
    health,
    lapse,
    lifetimes,
    lives,
    panel,
    profiles,
    quality,
    renewals,
    sales,
    totals,
    touched,
)
from cxdata.marts import plan as planning
from cxdata.marts.accounts import HEARD
from cxdata.marts.currency import is_single
from cxdata.marts.rules import Rules, Span
from cxdata.marts.workspace import Spread, Workspace
from cxdata.model.errors import SourceError
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.progress import Progress, silent
from cxdata.model.summaries import (
    ACCOUNT_SCORE,
    ANSWER_PAIR,
    ANSWER_PANEL,
    BUILD,
    CURRENCY_MONTH,
    CUSTOMER_FLOW,
    CUSTOMER_MONTH,
    CUSTOMER_TOTAL,
    DATA_QUALITY,
    DAY_ANSWER,
    DAY_PAIR,
    EVENT_LAG,
    FINGERPRINT,
    INTERACTION_SUMMARY,
    INVITATION_SUMMARY,
    JOURNEY_BIT,
    MARTS,
    RENEWAL_SUMMARY,
    RESPONSE_SUMMARY,
    SALES_SUMMARY,
    SERVICE_COST_SUMMARY,
    SPEND_HISTOGRAM,
    TABLE_HEALTH,
    TENURE_RISK,
    marts_format,
)
from cxdata.model.tables import CURATED
from cxdata.sources.source import DataVersion, Source

MONTHS_A_BATCH, MOST_MONTHS_A_BATCH = 6, 36
"""Months built in one statement: enough to be quick, few enough to keep memory flat."""

ROWS_A_BATCH = 5_000_000
"""Rows of facts up to which more months are built in one statement: less is read twice."""

MOST_JOURNEYS = 62
"""Bits of a journey set; a source with more journeys is refused by name."""

_BY_MONTH = (
    *(CUSTOMER_MONTH, CURRENCY_MONTH),
    *(SALES_SUMMARY, INTERACTION_SUMMARY, SERVICE_COST_SUMMARY, INVITATION_SUMMARY),
)
_OF_ANSWERS = (RESPONSE_SUMMARY, ANSWER_PAIR, ANSWER_PANEL, DAY_ANSWER, DAY_PAIR)
_BY_PERIOD = (CUSTOMER_FLOW, CUSTOMER_TOTAL, ACCOUNT_SCORE, SPEND_HISTOGRAM, *_OF_ANSWERS)
_WHOLE = (TABLE_HEALTH, DATA_QUALITY, TENURE_RISK, EVENT_LAG, BUILD, FINGERPRINT)


@dataclass(frozen=True)
class Built:
    """What a build did."""

    version: DataVersion
    why: str
    first_month: date
    last_month: date
    months: int
    is_full: bool


def build(
    source: Source,
    rules: Rules,
    *,
    now: datetime,
    full: bool = False,
    estimate_lapse: bool = False,
    progress: Progress = silent,
) -> Built | None:
    """Build what the source's version needs; None where the summaries are up to date.

    Raises:
        SourceError: the data hold no dated event at all, or too many journeys.
    """
    pinned = source.pinned()
    before = None if full else _previous(pinned)
    if before and before.version_id == pinned.version().id and before.rules == rules.key():
        return None
    whole = full or before is None
    with pinned.building(fresh=whole) as engine, engine.connect() as connection:
        kept = None if full else planning.previous(connection)
        changes = _changes(connection, pinned, kept)
        work, healths, faults = _workspace(connection, pinned, rules, now.date(), changes)
        work.is_unseen = whole
        dimensions = planning.digest(connection, work.tables)
        found = _plan(work, kept, changes, dimensions)
        since = _prepare(work, found, kept, estimate_lapse, progress)
        _months(work, since, progress)
        lifetimes.fill_tenure(work)
        lifetimes.fill_cohorts(work, since and _cohorts_since(work, since))
        work.put(DATA_QUALITY, (asdict(fault) for fault in faults))
        health.fill_months(work, changes.days)
        _finish(work, healths, dimensions, pinned.version(), now)
        connection.commit()
        progress("Summaries are ready", 1.0)
    span = work.span if since is None else work.span.since(since) or work.span
    return Built(
        pinned.version(), found.why, span.first, span.last, len(span.months()), since is None
    )


def _previous(source: Source) -> planning.Previous | None:
    if not source.marts.exists:
        return None
    with source.engine.connect() as connection:
        return planning.previous(connection)


def _changes(
    connection: sa.Connection, source: Source, before: planning.Previous | None
) -> planning.Changes:
    """What is known to have changed since the previous build, by days and by rows."""
    if before is None:
        return planning.Changes(None, None)
    days = source.changed_since(before.version_id)
    rows = source.turnover_since(before.version_id)
    known = set(connection.scalars(sa.select(TABLE_HEALTH.c.table_name)))
    if days is None or rows is None or known != set(source.available()):
        return planning.Changes(days, None)
    return planning.Changes(days, {name: rows[name] for name in days if name in rows})


def _workspace(
    connection: sa.Connection, source: Source, rules: Rules, today: date, changes: planning.Changes
) -> tuple[Workspace, list[health.Health], list[quality.Fault]]:
    tables = source.available()
    healths = health.measure(connection, tables, today)
    through = health.horizon(healths)
    if through is None:
        raise SourceError(
            "The data hold no dated event: load at least one of subscription_period,"
            " revenue_period, sales_transaction, interaction or survey_response."
        )
    quality.refuse_double_keys(connection, tables, changes.rows)
    span = Span(health.first_month(healths, through), through.replace(day=1))
    work = Workspace(connection, tables, rules, span, through)
    faults = [] if source.kind == "store" else quality.measure(connection, tables)
    work.sound = {
        fault.table_name: quality.sound(
            CURATED.tables[fault.table_name], tables[fault.table_name], faults
        )
        for fault in faults
        if fault.set_aside
    }
    work.months_a_batch = _months_a_batch(span, healths)
    work.activity_through = health.activity_through(healths, through)
    currencies = _currencies(work)
    work.currencies = currencies
    work.currency = rules.currency or (min(currencies) if len(currencies) == 1 else "EUR")
    return work, healths, faults


def _months_a_batch(span: Span, healths: list[health.Health]) -> int:
    a_month = sum(one.row_count for one in healths if one.first_date) // len(span.months()) + 1
    return min(max(ROWS_A_BATCH // a_month, MONTHS_A_BATCH), MOST_MONTHS_A_BATCH)


def _currencies(work: Workspace) -> frozenset[str]:
    found: set[str] = set()
    for name in work.tables:
        table = work.table(name)
        if "currency" in table.c and "currency" in work.tables[name] and name != "initiative":
            found.update(work.connection.scalars(sa.select(table.c.currency).distinct()))
    return frozenset(code for code in found if code)


def _plan(
    work: Workspace,
    before: planning.Previous | None,
    changes: planning.Changes,
    dimensions: str,
) -> planning.Plan:
    found = planning.plan(
        work.connection, before, changes.days, work.rules, dimensions, work.tables
    )
    if before and not found.is_full and (work.sound or _set_aside(work.connection)):
        # A row that arrives may set aside one of any earlier month.
        return replace(found, since=None, why="rows are set aside")
    if before and not found.is_full:
        work.lapse_days = before.lapse_days or work.lapse_days
        if before.first_month != work.span.first:
            return replace(found, since=None, why="older months arrived")
        if before.currency != work.currency or not _same_currencies(work):
            return replace(found, since=None, why="a currency came or went")
        work.turnover = changes.rows
    return found


def _set_aside(connection: sa.Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.func.sum(DATA_QUALITY.c.set_aside))))


def _same_currencies(work: Workspace) -> bool:
    """Whether there are several currencies as before, or one as before."""
    several = work.connection.scalar(sa.select(CURRENCY_MONTH.c.currency).limit(1)) is not None
    return several != is_single(work)


def _prepare(
    work: Workspace,
    found: planning.Plan,
    before: planning.Previous | None,
    estimate_lapse: bool,
    progress: Progress,
) -> date | None:
    """Make the tables and dimensions; return the month from which facts are built (None: all)."""
    since = found.since
    frozen = _frozen_lapse(work) if not estimate_lapse else None
    if found.is_full:
        MARTS.drop_all(work.connection)
    MARTS.create_all(work.connection)
    _empty(work, _WHOLE)
    progress("Customers", 0.02)
    touched.collect(work)
    customers.fill_index(work)
    _fill_journeys(work)
    _set_lapse(work, frozen)
    if before and before.lapse_days != work.lapse_days:
        work.turnover = None
    work.index = touched.touched(work, before.activity_through if before else None)
    if since is not None:
        touched.remember(work)
    activity.fill_activity(work)
    progress("Segments", 0.06)
    moved = _segments(work)
    if since is not None and moved is not None:
        # The month that closes on that day closes in the new profile.
        since = min(since, (moved - timedelta(days=1)).replace(day=1))
    lives.fill_life(work)
    if since is not None:
        reached = (touched.first_difference(work), *touched.reaching_back(work, since))
        since = min([since, *(day.replace(day=1) for day in reached if day)])
    work.settle()
    work.history_start = lives.history_start(work)
    return since


def _segments(work: Workspace) -> date | None:
    """Build the segments of whom they may have changed; return the first day on which they did."""
    return profiles.refresh(replace(work, index=touched.moved(work)))


def _cohorts_since(work: Workspace, since: date) -> date:
    """First month of which a cohort may be another."""
    return min(since, touched.first_other_life(work) or since)


def _empty(work: Workspace, tables: Sequence[sa.Table]) -> None:
    for table in tables:
        work.run(sa.delete(table))


def _frozen_lapse(work: Workspace) -> lapse.Lapse | None:
    before = planning.previous(work.connection)
    if before and before.lapse_days and before.lapse_return_share is not None:
        return lapse.Lapse(before.lapse_days, before.lapse_return_share)
    return None


def _set_lapse(work: Workspace, frozen: lapse.Lapse | None) -> None:
    if work.rules.lapse_days:
        found = lapse.Lapse(work.rules.lapse_days, None)
    elif not work.has("sales_transaction", "customer"):
        found = lapse.Lapse(work.lapse_days, None)
    else:
        found = frozen or lapse.estimate(work)
    work.lapse_days, work.lapse_return_share = found.days, found.return_share


def _fill_journeys(work: Workspace) -> None:
    """Give each journey a bit of the journey set; bits once given stay."""
    if not work.has("journey"):
        return
    journey = work.table("journey")
    known = dict(
        work.connection.execute(sa.select(JOURNEY_BIT.c.journey_code, JOURNEY_BIT.c.bit)).all()
    )
    codes = work.connection.scalars(
        sa.select(journey.c.journey_code).order_by(journey.c.sort, journey.c.journey_code)
    )
    new = [code for code in codes if code not in known]
    if len(known) + len(new) > MOST_JOURNEYS:
        raise SourceError(
            f"There are {len(known) + len(new)} journeys; only {MOST_JOURNEYS} can be told apart."
            " Merge some in the journey table."
        )
    bits = enumerate(new, start=len(known))
    work.put(JOURNEY_BIT, ({"journey_code": c, "bit": b, "mask": 1 << b} for b, c in bits))


def _months(work: Workspace, since: date | None, progress: Progress) -> None:
    """Build months, then the periods that any of them lies in."""
    span = work.span if since is None else work.span.since(since)
    if span is None:
        return
    if since is not None:
        _clear(work, span)
    batches = span.batches(work.months_a_batch)
    for done, batch in enumerate(batches):
        progress(
            f"Months {batch.first:%b %Y} to {batch.last:%b %Y}", 0.1 + 0.6 * done / len(batches)
        )
        work.calendar(batch)
        contacts.fill_contacts(work, batch)
        sales.fill_sales(work, batch)
        events.fill_interactions(work)
        days.fill_days(work)
        events.fill_service_costs(work, batch)
        events.fill_invitations(work, batch)
        if work.has("customer"):
            customer_month.fill_customer_month(work, batch)
        work.settle()
    _restate_contacts(work, span)
    _renewals(work, span)
    _responses(work, span)
    _periods(work, span, progress)


def _clear(work: Workspace, span: Span) -> None:
    for table in _BY_MONTH:
        work.run(sa.delete(table).where(table.c.month >= sa.literal(span.first)))
    days.clear_days(work, span)
    for table in _BY_PERIOD:
        for months in (1, 3, 12):
            earliest = add_months(span.first, 1 - months)
            work.run(
                sa.delete(table).where(
                    table.c.months == months, table.c.period_start >= sa.literal(earliest)
                )
            )


def _restate_contacts(work: Workspace, span: Span) -> None:
    """Sum the month before once more: whether its last contacts were repeated is known only now."""
    before = Span(add_months(span.first, -1), add_months(span.first, -1))
    if before.first < work.span.first or not work.has("interaction"):
        return
    work.run(
        sa.delete(INTERACTION_SUMMARY).where(
            INTERACTION_SUMMARY.c.month == sa.literal(before.first)
        )
    )
    work.calendar(before)
    contacts.fill_contacts(work, before)
    events.fill_interactions(work)


def _renewals(work: Workspace, span: Span) -> None:
    span = renewals.settled_from(work, span)
    work.run(sa.delete(RENEWAL_SUMMARY).where(RENEWAL_SUMMARY.c.month >= sa.literal(span.first)))
    renewals.fill_renewals(work, span)


def _periods(work: Workspace, span: Span, progress: Progress) -> None:
    if not work.has("customer"):
        return
    flows.fill_monthly_flow(work, span.months())
    day_flows.fill_day_flows(work, span)
    many = work.months_a_batch // MONTHS_A_BATCH
    for some in _batches([(month, 1) for month in span.months()], 12 * many):
        progress(f"Months from {some[0][0]:%b %Y}", 0.7)
        totals.fill_monthly_totals(work, some)
        work.settle()
    calendar, rolling = _longer(work, span)
    for some in _batches(calendar, 5 * many):
        progress(f"Quarters and years from {some[0][0]:%b %Y}", 0.8)
        totals.fill_totals(work, some)
        work.settle()
    for some in _batches(sorted({*calendar, *rolling}), 6 * many):
        progress(f"Movement from {some[0][0]:%b %Y}", 0.9)
        flows.fill_flow(work, some)
        work.settle()
    earned.fill_earned(work, span.first)


def _batches(periods: list[Spread], size: int) -> list[list[Spread]]:
    return [periods[at : at + size] for at in range(0, len(periods), size)]


def _longer(work: Workspace, span: Span) -> tuple[list[Spread], list[Spread]]:
    """Quarters and years that a span touches; and rolling years, one a month."""
    fiscal = work.rules.fiscal_start
    calendar = {
        (Period.containing(month, grain, fiscal).start, grain.months)
        for month in span.months()
        for grain in (Grain.QUARTER, Grain.YEAR)
    }
    rolling = {(add_months(month, -11), 12) for month in span.months()}
    first = work.span.first
    whole, moving = ([pair for pair in some if pair[0] >= first] for some in (calendar, rolling))
    return sorted(whole), sorted(moving)


def _responses(work: Workspace, span: Span) -> None:
    """Build the answers of every period that the span touches."""
    work.fresh(HEARD)
    if not work.has("survey_response"):
        return
    year = Period.containing(span.first, Grain.YEAR, work.rules.fiscal_start)
    whole = Span(year.start, span.last)
    panel.begin_panel(work, whole, span.first)
    for batch in whole.batches(12):
        work.calendar(batch, span.first)
        answers.fill_responses(work, batch)
        day_answers.fill_day_answers(work, batch)
        panel.fill_panel(work, batch, span.first)
        work.settle()


def _finish(
    work: Workspace,
    healths: list[health.Health],
    dimensions: str,
    version: DataVersion,
    now: datetime,
) -> None:
    health.fill_lags(work)
    work.put(TABLE_HEALTH, (asdict(item) for item in healths))
    work.put(FINGERPRINT, [{"name": "dimensions", "checksum": dimensions}])
    work.put(
        BUILD,
        [
            {
                "version_id": version.id,
                "format": marts_format(),
                "built_at": now,
                "rules": work.rules.key(),
                "first_month": work.span.first,
                "last_month": work.span.last,
                "history_start": work.history_start,
                "complete_through": work.through,
                "activity_through": work.activity_through,
                "lapse_days": work.lapse_days,
                "lapse_return_share": work.lapse_return_share,
                "currency": work.currency,
            }
        ],
    )
