"""Contracts: who joins, pauses, changes plan, fails to pay, leaves and comes back.

The state of all customers of a chunk moves month by month; what happens is noted as events
``(customer, day, kind, plan)``. A term runs from one event to the customer's next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import CURRENCY, IBERIA, LEAVE_SEASON, PLANS, PROFESSIONALS, SEGMENTS
from cxdata.demo.customers import FOREVER, TRIAL_DAYS, Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.opinions import detractors, opinions, promoters
from cxdata.demo.streams import pick
from cxdata.demo.timeline import Array, number
from cxdata.demo.world import CHUNK, Blocks, World

# What can happen to a contract.
TRIAL, START, UP, DOWN, PAUSE, RESUME, LAPSE, RETRIED, QUIT, DROP, RETURN, REPRICE, NO = range(13)
# Status of the term that the event opens; -1 opens none.
_OPENS = np.array([1, 0, 0, 0, 2, 0, -1, 0, -1, -1, 0, 0, -1])
_STATUS = ("active", "trial", "paused")
# Why the event ends the term before it; -1 says nothing.
_REASONS = ("voluntary", "involuntary", "upgrade", "downgrade", "end_of_term")
_ENDS = np.array([-1, 4, 2, 3, 4, 4, 1, -1, 0, 1, -1, 4, 0])

AWAY, ACTIVE, PAUSED, GONE = range(4)
# Monthly chances of what is not leaving.
_UP, _DOWN, _PAUSE, _LAPSE, _DROP = 0.007, 0.0035, 0.004, 0.006, 0.0022
_BACK = 0.011


@dataclass(frozen=True)
class Contracts:
    """All contract events in order of customer and day, and the state by month."""

    customer: Array  # (events) position in the chunk
    day: Array
    kind: Array
    plan: Array  # plan after the event
    served_from: Array  # (CHUNK, months) first day served in the month
    served_to: Array  # (CHUNK, months) first day no longer served; equal to from: none
    paying: Array  # (CHUNK, months) on a paid term at the close of the month
    plan_at: Array  # (CHUNK, months) plan at the close of the month

    def events(self, *kinds: int) -> Array:
        """Return the positions of events of these kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))


@dataclass
class _Book:
    """The state while months go by, and the notes."""

    state: Array
    plan: Array
    resume: Array
    owed: Array  # left by the failed payments of truth 6
    notes: list[tuple[Array, Array, Array, Array]] = field(default_factory=list)

    def note(self, who: Array, day: Array, kind: int | Array) -> None:
        kinds = np.broadcast_to(np.asarray(kind, dtype=np.int64), who.shape)
        days = np.broadcast_to(np.asarray(day, dtype=np.int64), who.shape)
        self.notes.append((who, days, kinds, self.plan[who]))


def draw_contracts(world: World, who: Customers) -> Contracts:
    """Live through the months."""
    time, rng = world.time, world.rng("contracts")
    book = _Book(
        state=np.full(CHUNK, AWAY),
        plan=who.plan.copy(),
        resume=np.full(CHUNK, -1),
        owed=np.zeros(CHUNK, dtype=bool),
    )
    _begin(world, who, book)
    shape = (CHUNK, time.months)
    served_from, served_to = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    paying, plan_at = np.zeros(shape, bool), np.zeros(shape, np.int8)
    for month in range(time.months):
        opening = int(time.starts[month])
        close = min(int(time.starts[month + 1]), time.stop)
        born = (who.begins >= opening) & (who.begins < close)
        before = np.isin(book.state, (ACTIVE, PAUSED))
        since = np.where(before, opening, close)
        since[born] = who.begins[born]
        book.state[born] = ACTIVE
        book.state[(month == 0) & (who.begins < opening)] = ACTIVE
        since[book.state == ACTIVE] = np.where(born, who.begins, opening)[book.state == ACTIVE]
        until = _month(world, who, book, month, rng, since)
        back = np.isin(book.state, (ACTIVE, PAUSED)) & (since == close)
        since[back] = close - 1
        served_from[:, month] = since
        served_to[:, month] = np.maximum(until, since)
        paying[:, month] = book.state == ACTIVE
        plan_at[:, month] = book.plan
    return _in_order(book, served_from, served_to, paying, plan_at)


def _begin(world: World, who: Customers, book: _Book) -> None:
    """Note trials and first terms that start before the data end."""
    stop = world.time.stop
    trial = np.flatnonzero(who.trial < stop)
    book.note(trial, who.trial[trial], TRIAL)
    over = trial[(who.begins[trial] == FOREVER) & (who.trial[trial] + TRIAL_DAYS < stop)]
    book.note(over, who.trial[over] + TRIAL_DAYS, NO)
    paid = np.flatnonzero(who.begins < stop)
    book.note(paid, who.begins[paid], START)


def _month(
    world: World,
    who: Customers,
    book: _Book,
    month: int,
    rng: np.random.Generator,
    since: Array,
) -> Array:
    """Let one month happen; return the first day no longer served."""
    time = world.time
    opening, full = int(time.starts[month]), int(time.lengths[month])
    close = min(opening + full, time.stop)
    until = np.full(CHUNK, close)
    if opening == number(world.truths.price_rise):
        runs_on = (book.state == ACTIVE) & (who.begins < opening)
        book.note(np.flatnonzero(runs_on), np.array(opening), REPRICE)
    # One event at most, from the second day on and clear of the first day of service.
    day = opening + 1 + (rng.random(CHUNK) * (full - 1)).astype(np.int64)
    happens = (day < close) & (day > since)
    what, state = rng.random(CHUNK), book.state.copy()
    resumes = (state == PAUSED) & (book.resume == month) & happens
    leaves = resumes & (what < 0.15)
    book.state[resumes] = ACTIVE
    book.note(np.flatnonzero(resumes & ~leaves), day[resumes & ~leaves], RESUME)
    _leave(book, leaves, day, until, QUIT)
    _active(world, who, book, month, rng, (state == ACTIVE) & happens, what, day, until)
    _return(world, book, month, (state == GONE) & (day < close), what, day)
    return until


def _leave(book: _Book, who: Array, day: Array, until: Array, kind: int) -> None:
    book.state[who] = GONE
    until[who] = day[who]
    book.note(np.flatnonzero(who), day[who], kind)


def _active(
    world: World,
    who: Customers,
    book: _Book,
    month: int,
    rng: np.random.Generator,
    can: Array,
    what: Array,
    day: Array,
    until: Array,
) -> None:
    """Let customers on a paid term leave, fail to pay, change plan or pause."""
    quits = voluntary_hazard(world, who, month)
    drop = np.full(CHUNK, _DROP)
    shock = int(world.time.starts[month]) == number(world.truths.payments.month)
    if shock:
        drop[np.isin(who.region, IBERIA)] += world.truths.payments.hazard
    edges = np.cumsum(
        np.vstack([quits, drop, *(np.full(CHUNK, p) for p in (_LAPSE, _UP, _DOWN, _PAUSE))]), axis=0
    )
    kind = np.where(can, (what >= edges).sum(axis=0), 6)
    _leave(book, kind == 0, day, until, QUIT)
    _leave(book, kind == 1, day, until, DROP)
    if shock:
        book.owed |= (kind == 1) & np.isin(who.region, IBERIA)
    lapse = np.flatnonzero((kind == 2) & (day < world.time.starts[month + 1] - 8))
    again = day[lapse] + rng.integers(2, 7, len(lapse))
    book.note(lapse, day[lapse], LAPSE)
    book.note(lapse[again < world.time.stop], again[again < world.time.stop], RETRIED)
    for number_of, step, event in ((3, 1, UP), (4, -1, DOWN)):
        plan = book.plan + step
        moves = (kind == number_of) & (plan >= 0) & (plan < len(PLANS))
        book.plan[moves] = plan[moves]
        book.note(np.flatnonzero(moves), day[moves], event)
    pauses = kind == 5
    book.state[pauses] = PAUSED
    book.resume[pauses] = month + pick(rng, (0, 0.5, 0.3, 0.2), CHUNK)[pauses]
    book.note(np.flatnonzero(pauses), day[pauses], PAUSE)


def _return(world: World, book: _Book, month: int, gone: Array, what: Array, day: Array) -> None:
    """Win some back; most of those lost to failed payments come back at once."""
    after = world.time.starts[month] > number(world.truths.payments.month)
    chance = np.where(book.owed & after, world.truths.payments.return_share, _BACK)
    back = gone & (what < chance)
    book.state[back] = ACTIVE
    book.owed[back] = False
    book.note(np.flatnonzero(back), day[back], RETURN)


def voluntary_hazard(world: World, who: Customers, month: int) -> Array:
    """Return each customer's chance of giving notice in a month (truths 2 and 3)."""
    truths, opening = world.truths, int(world.time.starts[month])
    tenure = (opening - who.begins) / 30.4
    score = opinions(world, who, np.arange(CHUNK), np.full(CHUNK, month))
    factor = np.select(
        [detractors(score), promoters(score)],
        [truths.low_scorers.detractor, truths.low_scorers.promoter],
        truths.low_scorers.passive,
    )
    factor *= np.select([tenure < 3, tenure < 6, tenure < 24], [1.7, 1.3, 1.0], 0.8)
    slow = truths.onboarding
    hit = (who.segment == PROFESSIONALS) & (who.arrives >= number(slow.since))
    factor[hit & (tenure < slow.months)] *= slow.hazard
    season = LEAVE_SEASON[world.time.calendar_months[month]]
    return np.array([s.leave for s in SEGMENTS])[who.segment] * factor * season


def _in_order(
    book: _Book, served_from: Array, served_to: Array, paying: Array, plan_at: Array
) -> Contracts:
    customer, day, kind, plan = (np.concatenate(parts) for parts in zip(*book.notes, strict=True))
    order = np.lexsort((kind, day, customer))
    return Contracts(
        customer[order], day[order], kind[order], plan[order],
        served_from, served_to, paying, plan_at,
    )  # fmt: skip


def price_cents(world: World, plan: Array, day: Array) -> Array:
    """Return the monthly price of one seat of a plan on a day."""
    prices = np.array([[p.cents for p in PLANS], [p.risen_cents for p in PLANS]])
    return prices[(day >= number(world.truths.price_rise)).astype(np.int64), plan.astype(np.int64)]


def contract_batches(world: World, who: Customers, contracts: Contracts) -> Blocks:
    """Yield the terms."""
    yield _terms(world, who, contracts)


def _terms(world: World, who: Customers, contracts: Contracts) -> c.Block:
    customer, day, kind, plan = contracts.customer, contracts.day, contracts.kind, contracts.plan
    follows = np.append(customer[1:] == customer[:-1], False)
    after = np.append(np.arange(1, len(day)), 0)
    returns = np.cumsum(kind == RETURN)
    nth = returns - returns[np.searchsorted(customer, customer)]
    rows = np.flatnonzero(_OPENS[kind] >= 0)
    owner, ended = customer[rows], follows[rows]
    ends, reason = day[after[rows]], _ENDS[kind[after[rows]]]
    status = _OPENS[kind[rows]]
    cents = price_cents(world, plan[rows], day[rows]) * who.seats[owner]
    return c.block(
        "subscription_period",
        owner,
        subscription_id=c.ids("S", who.number[owner] * 100 + nth[rows]),
        start_date=c.days(day[rows]),
        customer_id=c.ids("C", who.number[owner]),
        product_code=c.codes(plan[rows], [p.code for p in PLANS]),
        end_date=c.days(ends, ~ended),
        recurring_amount=c.decimals(np.where(status == 0, cents, 0)),
        currency=c.constant(CURRENCY, len(rows)),
        status=c.codes(status, _STATUS),
        end_reason=c.codes(np.where(ended, reason, -1), _REASONS),
        source_system=c.constant("billing", len(rows)),
        loaded_at=c.instants(loaded(np.maximum(day[rows], world.time.starts[0] - 1), 0)),
    )
