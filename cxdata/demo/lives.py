"""Who joins, pauses, changes plan, fails to pay, leaves and comes back, month by month.

The state of all customers of a chunk moves on together; what happens is noted as events
``(customer, day, kind, plan)``, at most one a customer and month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.demo.company import IBERIA, LEAVE_SEASON, PLANS, PROFESSIONALS, SEGMENTS
from cxdata.demo.contracts import (
    DOWN,
    DROP,
    LAPSE,
    NO,
    PAUSE,
    QUIT,
    REPRICE,
    RESUME,
    RETRIED,
    RETURN,
    START,
    TRIAL,
    UP,
    YEAR,
    Contracts,
)
from cxdata.demo.customers import FOREVER, TRIAL_DAYS, Customers
from cxdata.demo.opinions import detractors, opinions, promoters
from cxdata.demo.streams import pick
from cxdata.demo.timeline import Array, month_and_day, number
from cxdata.demo.world import CHUNK, World

_AWAY, _ACTIVE, _PAUSED, _GONE = range(4)
# Monthly chances; that of giving notice is `voluntary_hazard`.
_DROPS, _LAPSES, _UPGRADES, _DOWNGRADES, _PAUSES = 0.0022, 0.006, 0.007, 0.0035, 0.004
_RETURNS = 0.011
_QUITS_AFTER_PAUSE = 0.15
_PAUSE_MONTHS = (0, 0.5, 0.3, 0.2)  # chances of 0, 1, 2 and 3
_RETRY_DAYS = (2, 7)


def draw_contracts(world: World, who: Customers) -> Contracts:
    """Live through the months."""
    lives = _Lives(world, who)
    lives.begin()
    columns = [lives.live(month) for month in range(world.time.months)]
    customer, day, kind, plan = (np.concatenate(part) for part in zip(*lives.notes, strict=True))
    order = np.lexsort((kind, day, customer))
    return Contracts(
        customer=customer[order],
        day=day[order],
        kind=kind[order],
        plan=plan[order],
        served_from=np.column_stack([month.served_from for month in columns]),
        served_to=np.column_stack([month.served_to for month in columns]),
        paying=np.column_stack([month.paying for month in columns]),
        plan_at=np.column_stack([month.plan for month in columns]),
    )


@dataclass(frozen=True)
class _Month:
    """One month of a chunk, every field of shape (CHUNK)."""

    served_from: Array
    served_to: Array
    paying: Array
    plan: Array


class _Lives:
    """The state of a chunk while months go by, and the notes of what happened."""

    def __init__(self, world: World, who: Customers) -> None:
        self.world, self.who, self.rng = world, who, world.rng("contracts")
        self.state = np.full(CHUNK, _AWAY)
        self.plan = who.plan.copy()
        self.signed = who.begins.copy()  # day on which the contract began
        self.resumes_in = np.full(CHUNK, -1)
        self.owed = np.zeros(CHUNK, dtype=bool)  # lost to the failed payments of truth 6
        self.notes: list[tuple[Array, Array, Array, Array]] = []

    def begin(self) -> None:
        """Note trials and first terms that start before the data end."""
        who, stop = self.who, self.world.time.stop
        trial = who.trial < stop
        over = trial & (who.begins == FOREVER) & (who.trial + TRIAL_DAYS < stop)
        self._note(trial, who.trial, TRIAL)
        self._note(over, who.trial + TRIAL_DAYS, NO)
        self._note(who.begins < stop, who.begins, START)
        self.state[who.begins < self.world.time.starts[0]] = _ACTIVE

    def live(self, month: int) -> _Month:
        """Let one month happen."""
        time, begins = self.world.time, self.who.begins
        opening, full = int(time.starts[month]), int(time.lengths[month])
        close = min(opening + full, time.stop)
        born = (begins >= opening) & (begins < close)
        since = np.where(np.isin(self.state, (_ACTIVE, _PAUSED)), opening, close)
        since[born] = begins[born]
        self.state[born] = _ACTIVE
        if opening == number(self.world.truths.price_rise):
            self._note((self.state == _ACTIVE) & ~born, np.full(CHUNK, opening), REPRICE)
        # From the second day of the month on and clear of the first day of service.
        day = opening + 1 + (self.rng.random(CHUNK) * (full - 1)).astype(np.int64)
        runs_out, last = self._runs_out(opening, full)
        day = np.where(runs_out, last, day)
        until = self._happen(month, day, (day < close) & (day > since), day < close)
        until = np.where(until < 0, close, until)
        back = np.isin(self.state, (_ACTIVE, _PAUSED)) & (since == close)
        since[back] = close - 1
        paying = self.state == _ACTIVE
        return _Month(since, np.maximum(until, since), paying, self.plan.astype(np.int8))

    def _runs_out(self, opening: int, full: int) -> tuple[Array, Array]:
        """Whose year of contract is over in a month, and on which day it would be."""
        now, _ = month_and_day(np.array([opening]))
        then, day = month_and_day(self.signed)
        is_over = self.who.yearly & (now > then) & ((now - then) % YEAR == 0)
        return is_over, opening + np.minimum(day, full - 1)

    def _happen(self, month: int, day: Array, can: Array, seen: Array) -> Array:
        """Let each customer's event of the month happen; return the day of leaving, or -1."""
        chance, state = self.rng.random(CHUNK), self.state.copy()
        resumes = (state == _PAUSED) & (self.resumes_in == month) & can
        quits = resumes & (chance < _QUITS_AFTER_PAUSE)
        self._become(_ACTIVE, resumes & ~quits, day, RESUME)
        self._become(_GONE, quits, day, QUIT)
        left = self._active(month, day, (state == _ACTIVE) & can, chance)
        self._return(month, day, (state == _GONE) & seen, chance)
        return np.where(quits | left, day, -1)

    def _active(self, month: int, day: Array, can: Array, chance: Array) -> Array:
        """Let customers on a paid term leave, fail to pay, change plan or pause; say who left."""
        payments, opening = self.world.truths.payments, int(self.world.time.starts[month])
        hit = np.isin(self.who.region, IBERIA) & (opening == number(payments.month))
        drops = _DROPS + payments.hazard * hit
        others = (np.full(CHUNK, p) for p in (_LAPSES, _UPGRADES, _DOWNGRADES, _PAUSES))
        leaves = voluntary_hazard(self.world, self.who, month)
        # Who is bound for a year decides once a year.
        runs_out, _ = self._runs_out(opening, int(self.world.time.lengths[month]))
        leaves *= np.where(runs_out, YEAR, np.where(self.who.yearly, 0, 1))
        hazards = [leaves, drops, *others]
        kind = (chance >= np.cumsum(hazards, axis=0)).sum(axis=0)
        quit_, dropped, lapsed, up, down, paused = (can & (kind == k) for k in range(6))
        self._become(_GONE, quit_, day, QUIT)
        self._become(_GONE, dropped, day, DROP)
        self.owed |= dropped & hit
        self._lapse(month, day, lapsed)
        self._change(day, up & (self.plan < len(PLANS) - 1), 1, UP)
        self._change(day, down & (self.plan > 0), -1, DOWN)
        self.resumes_in[paused] = month + pick(self.rng, _PAUSE_MONTHS, CHUNK)[paused]
        self._become(_PAUSED, paused, day, PAUSE)
        return quit_ | dropped

    def _lapse(self, month: int, day: Array, lapsed: Array) -> None:
        """Interrupt terms until the payment is retried, within the month."""
        time = self.world.time
        lapsed = lapsed & (day < time.starts[month + 1] - _RETRY_DAYS[1] - 1)
        again = day.copy()
        again[lapsed] += self.rng.integers(*_RETRY_DAYS, int(lapsed.sum()))
        self._note(lapsed, day, LAPSE)
        self._note(lapsed & (again < time.stop), again, RETRIED)

    def _change(self, day: Array, moves: Array, step: int, kind: int) -> None:
        self.plan[moves] += step
        self._note(moves, day, kind)

    def _return(self, month: int, day: Array, gone: Array, chance: Array) -> None:
        """Win some back; many of those lost to failed payments soon after."""
        payments = self.world.truths.payments
        after = self.world.time.starts[month] > number(payments.month)
        back = gone & (chance < np.where(self.owed & after, payments.return_share, _RETURNS))
        self.owed[back] = False
        self.signed[back] = day[back]
        self._become(_ACTIVE, back, day, RETURN)

    def _become(self, state: int, who: Array, day: Array, kind: int) -> None:
        self.state[who] = state
        self._note(who, day, kind)

    def _note(self, who: Array, day: Array, kind: int) -> None:
        rows = np.flatnonzero(who)
        self.notes.append((rows, day[rows], np.full(len(rows), kind), self.plan[rows]))


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
