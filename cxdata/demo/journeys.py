"""Journeys: every walk through one, and its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import (
    BILLING,
    CHANGE,
    DELIVERY,
    EXPLORE,
    HELP,
    JOIN,
    JOURNEYS,
    LEAVE,
    ONBOARDING,
    STORE,
)
from cxdata.demo.contact_rows import Handled
from cxdata.demo.contacts import Contacts
from cxdata.demo.contracts import DOWN, PAUSE, QUIT, UP, Contracts
from cxdata.demo.customers import FOREVER, Customers
from cxdata.demo.lateness import has_arrived, lags, loaded
from cxdata.demo.orders import Orders
from cxdata.demo.streams import pick
from cxdata.demo.timeline import DAY_US, Array, number
from cxdata.demo.world import CHUNK, WALKS, Blocks, World

COMPLETED, ABANDONED, FAILED, OPEN = range(4)
_OUTCOMES = ("completed", "abandoned", "failed", "open")
_PASSED, _DROPPED, _FAILED, _OPEN = range(4)
_STEP_OUTCOMES = ("passed", "dropped", "failed", "open")
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Walks:
    """Instances of one journey in a chunk, every field of shape (instances)."""

    journey: int
    customer: Array
    number: Array
    start: Array  # µs
    length: Array  # µs
    outcome: Array
    smooth: Array  # right first time
    order: Array  # order number; -1 is none

    @property
    def day(self) -> Array:
        """Business date of the start."""
        return self.start // DAY_US

    @property
    def end(self) -> Array:
        """Instant (µs) at which it ended or will end."""
        return self.start + self.length


def draw_walks(
    world: World,
    who: Customers,
    contracts: Contracts,
    orders: Orders,
    contacts: Contacts,
    how: Handled,
) -> list[Walks]:
    """Draw the walks of all journeys that have been loaded by now, one entry a journey."""
    rng = world.rng("journeys")
    joined = np.flatnonzero((who.arrives >= world.time.starts[0]) & (who.arrives < FOREVER))
    walks = [
        _explore(world, who, rng),
        _walks(world, rng, JOIN, joined, who.arrives[joined], _spread(rng, 0.02, len(joined))),
        _onboarding(world, who, rng),
        _deliveries(world, orders, rng),
        *_cases(world, contacts, how, rng),
        _events(world, contracts, rng, CHANGE, (UP, DOWN, PAUSE), 1.5),
        _events(world, contracts, rng, LEAVE, (QUIT,), 9.0),
    ]
    return [_arrived(world, rng, walk) for walk in walks]


def _spread(rng: np.random.Generator, mean_days: float, count: int) -> Array:
    """Draw lengths in µs around a mean."""
    return (mean_days * DAY_US * rng.lognormal(-0.12, 0.5, count)).astype(np.int64)


def _walks(
    world: World,
    rng: np.random.Generator,
    journey: int,
    customer: Array,
    day: Array,
    length: Array,
    smooth: float = 0.9,
) -> Walks:
    count = len(customer)
    start = day * DAY_US + rng.integers(7 * 60, 21 * 60, count) * (_HOUR // 60)
    well = JOURNEYS[journey].completes
    outcome = pick(rng, (well, (1 - well) * 0.7, (1 - well) * 0.3), count)
    return Walks(
        journey=journey,
        customer=customer,
        number=world.room + journey * WALKS + np.arange(count),
        start=start,
        length=length,
        outcome=outcome,
        smooth=(rng.random(count) < smooth) & (outcome == COMPLETED),
        order=np.full(count, -1),
    )


def _explore(world: World, who: Customers, rng: np.random.Generator) -> Walks:
    """Look at offers before joining, and now and then later."""
    joined = (who.arrives >= world.time.starts[0] + 20) & (who.arrives < FOREVER)
    looked = np.flatnonzero(joined & (rng.random(CHUNK) < 0.55))
    day = who.arrives[looked] - rng.integers(0, 20, len(looked))
    return _walks(world, rng, EXPLORE, looked, day, _spread(rng, 0.05, len(looked)))


def _onboarding(world: World, who: Customers, rng: np.random.Generator) -> Walks:
    """Get started, slower from a certain day on (truth 3)."""
    slow = world.truths.onboarding
    fresh = (who.begins >= world.time.starts[0]) & (who.begins < world.time.stop)
    customer = np.flatnonzero(fresh)
    mean = np.where(who.arrives[customer] >= number(slow.since), slow.slower, 1.0)
    length = (_spread(rng, 6.0, len(customer)) * mean).astype(np.int64)
    smooth = np.where(mean > 1, 0.62, 0.85)
    walk = _walks(world, rng, ONBOARDING, customer, who.begins[customer], length, 1.0)
    walk.smooth[rng.random(len(customer)) >= smooth] = False
    return walk


def _deliveries(world: World, orders: Orders, rng: np.random.Generator) -> Walks:
    """Follow each order that is delivered."""
    rows = np.flatnonzero(orders.channel != STORE)
    length = orders.delivery_days[rows] * DAY_US - rng.integers(0, 8, len(rows)) * _HOUR
    walk = _walks(world, rng, DELIVERY, orders.customer[rows], orders.day[rows], length)
    walk.start[:] = orders.at[rows]
    walk.order[:] = orders.number[rows]
    walk.smooth[orders.late[rows]] = False
    return walk


def _cases(world: World, contacts: Contacts, how: Handled, rng: np.random.Generator) -> list[Walks]:
    """Follow each question until its last contact."""
    last = contacts.at.copy()
    np.maximum.at(last, contacts.root, contacts.at + (how.wait + how.handle) * 1_000_000)
    walks = []
    for journey in (HELP, BILLING):
        first = contacts.root == np.arange(len(contacts))
        rows = np.flatnonzero((how.journey == journey) & first & ~how.unidentified & how.here)
        length = last[rows] - contacts.at[rows] + _spread(rng, 0.2, len(rows))
        walk = _walks(world, rng, journey, contacts.customer[rows], contacts.day[rows], length)
        walk.start[:] = contacts.at[rows]
        walk.number[:] = how.instance[rows]
        walk.smooth[contacts.again[rows]] = False
        walks.append(walk)
    return walks


def _events(
    world: World,
    contracts: Contracts,
    rng: np.random.Generator,
    journey: int,
    kinds: tuple[int, ...],
    mean_days: float,
) -> Walks:
    """Follow changes of contracts, from shortly before they took effect."""
    rows = contracts.events(*kinds)
    length = _spread(rng, mean_days, len(rows))
    day = contracts.day[rows] - length // DAY_US
    return _walks(world, rng, journey, contracts.customer[rows], day, length)


def _arrived(world: World, rng: np.random.Generator, walk: Walks) -> Walks:
    """Keep what began in the data and has been loaded; what has not ended is open.

    Cases are loaded with their contacts, and those are here.
    """
    late = lags(rng, 0.1, len(walk.day))
    at = loaded(walk.day, 0 if walk.journey in (HELP, BILLING) else late)
    inside = (walk.day >= world.time.starts[0]) & (walk.day < world.time.stop)
    rows = np.flatnonzero(inside & has_arrived(world, at))
    running = walk.end[rows] >= world.time.stop * DAY_US
    return Walks(
        journey=walk.journey,
        customer=walk.customer[rows],
        number=walk.number[rows],
        start=walk.start[rows],
        length=walk.length[rows],
        outcome=np.where(running, OPEN, walk.outcome[rows]),
        smooth=walk.smooth[rows],
        order=walk.order[rows],
    )


def journey_batches(world: World, who: Customers, walks: list[Walks]) -> Blocks:
    """Yield instances and their steps, journey by journey."""
    rng = world.rng("steps")
    for walk in walks:
        yield _instances(who, walk)
        yield _steps(world, rng, walk)


def _instances(who: Customers, walk: Walks) -> c.Block:
    count, running = len(walk.day), walk.outcome == OPEN
    return c.block(
        "journey_instance",
        walk.customer,
        journey_instance_id=c.ids("J", walk.number),
        customer_id=c.ids("C", who.number[walk.customer]),
        journey_code=c.constant(JOURNEYS[walk.journey].code, count),
        started_at=c.instants(walk.start),
        started_date=c.days(walk.day),
        ended_at=c.instants(walk.end, running),
        outcome=c.codes(walk.outcome, _OUTCOMES),
        right_first_time=c.flags(walk.smooth, running),
        order_id=c.ids("O", walk.order, walk.order < 0),
        source_system=c.constant("journey_log", count),
        loaded_at=c.instants(loaded(walk.day, 0)),
    )


def _steps(world: World, rng: np.random.Generator, walk: Walks) -> c.Block:
    """Return the steps walked, evenly spread over the walk; some are tried twice."""
    steps, count = len(JOURNEYS[walk.journey].steps), len(walk.day)
    stops_at = np.where(
        np.isin(walk.outcome, (ABANDONED, FAILED)), rng.integers(0, steps, count), steps
    )
    owner = np.repeat(np.arange(count), steps)
    step = np.tile(np.arange(steps), count)
    again = rng.random(len(owner)) < np.where(walk.smooth[owner], 0.0, 0.3)
    rows = np.repeat(np.arange(len(owner)), 1 + again)
    attempt = np.append(False, rows[1:] == rows[:-1]) if len(rows) else np.zeros(0, bool)
    owner, step, twice = owner[rows], step[rows], again[rows]
    share = (step + np.where(attempt, 0.6, 0)) / steps
    until = (step + np.where(twice & ~attempt, 0.6, 1.0)) / steps
    enters = walk.start[owner] + (walk.length[owner] * share).astype(np.int64)
    leaves = walk.start[owner] + (walk.length[owner] * until).astype(np.int64)
    here = (step <= stops_at[owner]) & (enters < world.time.stop * DAY_US)
    running = leaves >= world.time.stop * DAY_US
    ends = np.where(walk.outcome[owner] == FAILED, _FAILED, _DROPPED)
    outcome = np.where(step == stops_at[owner], ends, _PASSED)
    outcome = np.where(twice & ~attempt, _FAILED, outcome)
    outcome = np.where(running, _OPEN, outcome)[here]
    owner, step, attempt = owner[here], step[here], attempt[here]
    enters, leaves, running = enters[here], leaves[here], running[here]
    return c.block(
        "journey_step_event",
        walk.customer[owner],
        journey_instance_id=c.ids("J", walk.number[owner]),
        step_code=c.codes(step, [code for code, _ in JOURNEYS[walk.journey].steps]),
        attempt_no=c.ints(1 + attempt),
        entered_at=c.instants(enters),
        entered_date=c.days(enters // DAY_US),
        exited_at=c.instants(leaves, running),
        outcome=c.codes(outcome, _STEP_OUTCOMES),
        source_system=c.constant("journey_log", len(owner)),
        loaded_at=c.instants(loaded(enters // DAY_US, 0)),
    )
