"""Closed-loop cases: who followed up an unhappy answer, how fast, and how it ended."""

from __future__ import annotations

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.streams import pick
from cxdata.demo.surveys import Asked
from cxdata.demo.timeline import Array
from cxdata.demo.world import Blocks, World

_SINCE_MONTHS = 22  # before the last complete month
_FOLLOWED_UP = 0.62
_OWNERS = ("Aoife Byrne", "Lars Holm", "Ines Duarte", "Marta Silva")
_CAUSES = ("late_parcel", "wrong_item", "unclear_bill", "slow_answer", "price", "app_error")
_OUTCOMES = ("recovered", "not_recovered", "no_reach", "open")
_OPEN = 3


def case_batches(world: World, who: Customers, asked: Asked) -> Blocks:
    """Yield the cases of detractors since follow-up began."""
    rng = world.rng("cases")
    unhappy = asked.answered & (asked.score <= 6)
    since = asked.answered_on >= world.time.back(_SINCE_MONTHS)
    rows = np.flatnonzero(unhappy & since & (rng.random(len(asked.day)) < _FOLLOWED_UP))
    opened = asked.answered_on[rows] + 1 + rng.integers(0, 2, len(rows))
    rows, opened = rows[opened < world.time.stop], opened[opened < world.time.stop]
    yield _cases(world, who, asked, rng, rows, opened)


def _cases(
    world: World, who: Customers, asked: Asked, rng: np.random.Generator, rows: Array, opened: Array
) -> c.Block:
    count, stop = len(rows), world.time.stop
    outcome = pick(rng, (0.46, 0.26, 0.28), count)
    spoken = opened + rng.geometric(0.35, count) - 1
    closed = spoken + rng.geometric(0.12, count)
    unspoken = (outcome == 2) | (spoken >= stop)
    running = closed >= stop
    return c.block(
        "closed_loop_case",
        asked.customer[rows],
        case_id=c.ids("K", world.room + rows),
        response_id=c.ids("R", world.room + rows),
        customer_id=c.ids("C", who.number[asked.customer[rows]]),
        opened_date=c.days(opened),
        first_contact_date=c.days(spoken, unspoken),
        closed_date=c.days(closed, running),
        level=c.codes((rng.random(count) < 0.12).astype(int), ("inner", "outer")),
        owner=c.codes(pick(rng, (4, 3, 3, 2), count), _OWNERS),
        root_cause=c.codes(np.where(running, -1, pick(rng, (5, 2, 3, 4, 3, 2), count)), _CAUSES),
        outcome=c.codes(np.where(running, _OPEN, outcome), _OUTCOMES),
        source_system=c.constant("closed_loop", count),
        loaded_at=c.instants(loaded(opened, 0)),
    )
