"""Contacts as rows: times, outcomes, and what a real contact system leaves out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.company import (
    BILLING,
    BOT,
    CHANNELS,
    CHAT,
    CURRENCY,
    EMAIL,
    HELP,
    JOURNEYS,
    PHONE,
    REASONS,
    SOCIAL,
    STORE,
    WEB,
)
from cxdata.demo.contacts import Contacts
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import has_arrived, lags, loaded
from cxdata.demo.timeline import Array
from cxdata.demo.world import WALKS, Blocks, World

_UNIDENTIFIED = np.array([0.07, 0.05, 0.04, 0.3, 0.25, 0.1, 0.02, 0.05])
_TARGET = np.array([120, 90, 86_400, 600, 14_400, 1, 1, 1])  # seconds of wait
_GIVES_UP = np.array([0.06, 0.04, 0, 0.01, 0, 0, 0, 0])
_UNTIMED = 0.03
_SECOND = 1_000_000


@dataclass(frozen=True)
class Handled:
    """How contacts went, every field of shape (contacts)."""

    handle: Array
    wait: Array
    abandoned: Array
    resolved: Array
    journey: Array
    instance: Array  # number of the journey instance; -1 is none
    unidentified: Array
    at: Array  # loaded
    here: Array  # loaded by now


def draw_handling(world: World, contacts: Contacts) -> Handled:
    """Draw how long contacts took and how they ended."""
    rng, count, channel = world.rng("handling"), len(contacts), contacts.channel
    median = np.array([x.handle for x in CHANNELS])[channel]
    queue = np.array([x.wait for x in CHANNELS])[channel]
    wait = queue * rng.lognormal(0, 0.9, count)
    abandoned = rng.random(count) < _GIVES_UP[channel] * (0.6 + 0.4 * wait / np.maximum(queue, 1))
    journey = np.array([r.journey for r in REASONS])[contacts.reason]
    unidentified = rng.random(count) < _UNIDENTIFIED[channel]
    at = loaded(contacts.day, lags(rng, np.array([x.late_days for x in CHANNELS])[channel], count))
    here = has_arrived(world, at)
    followed = np.isin(journey, (HELP, BILLING)) & (here & ~unidentified)[contacts.root]
    return Handled(
        handle=np.where(abandoned, 0, median * rng.lognormal(0, 0.55, count)).astype(np.int64),
        wait=wait.astype(np.int64),
        abandoned=abandoned,
        resolved=~contacts.again & ~abandoned & (rng.random(count) < 0.93),
        journey=journey,
        instance=np.where(followed, world.room + journey * WALKS + contacts.root, -1),
        unidentified=unidentified,
        at=at,
        here=here,
    )


def contact_batches(world: World, who: Customers, contacts: Contacts, how: Handled) -> Blocks:
    """Yield the contacts that have been loaded by now."""
    rng = world.rng("contact rows")
    untimed = (rng.random(len(contacts)) < _UNTIMED) & ~how.abandoned
    transfers = np.where(contacts.channel == PHONE, rng.poisson(0.14, len(contacts)), 0)
    rows = np.flatnonzero(how.here)
    channel, wait, handle = contacts.channel[rows], how.wait[rows], how.handle[rows]
    hidden, started = how.unidentified[rows], contacts.at[rows]
    person = who.people[contacts.customer[rows]] > 0
    asked = (channel == EMAIL) | (channel == SOCIAL)
    waits = channel < WEB
    yield c.block(
        "interaction",
        contacts.customer[rows],
        interaction_id=contact_ids(world.room + rows),
        customer_id=c.ids("C", who.number[contacts.customer[rows]], hidden),
        person_id=c.ids("P", who.number[contacts.customer[rows]] * 10, hidden | ~person),
        started_at=c.instants(started),
        ended_at=c.instants(started + (wait + handle) * _SECOND, untimed[rows]),
        interaction_date=c.days(contacts.day[rows]),
        direction=c.constant("inbound", len(rows)),
        channel_code=c.codes(channel, [x.code for x in CHANNELS]),
        reason_code=c.codes(_reason(rng, contacts.reason)[rows], [r.code for r in REASONS]),
        journey_code=c.codes(how.journey[rows], [j.code for j in JOURNEYS]),
        journey_instance_id=c.ids("J", how.instance[rows], (how.instance[rows] < 0) | hidden),
        handle_seconds=c.ints(handle, untimed[rows]),
        wait_seconds=c.ints(wait, ~waits),
        first_reply_seconds=c.ints(wait, ~asked),
        reply_basis=c.codes(np.where(asked, 0, -1), ("calendar",)),
        resolved=c.flags(how.resolved[rows], how.abandoned[rows] | (channel == STORE)),
        transferred=c.ints(transfers[rows], ~np.isin(channel, (PHONE, CHAT))),
        abandoned=c.flags(how.abandoned[rows]),
        within_target=c.flags(wait <= _TARGET[channel], ~waits),
        cost_amount=c.decimals(np.full(len(rows), 4_7500), 4, channel != STORE),
        currency=c.constant(CURRENCY, len(rows)),
        source_system=c.codes(np.where(channel == BOT, 1, 0), ("contact_centre", "bot")),
        loaded_at=c.instants(how.at[rows]),
    )


def contact_ids(numbers: Array, missing: Array | None = None) -> pa.Array:
    """Return the ids of contacts."""
    return c.ids("I", numbers, missing, width=11)


def _reason(rng: np.random.Generator, reason: Array) -> Array:
    """Leave out the reason of one contact in fifty."""
    return np.where(rng.random(len(reason)) < 0.02, -1, reason)
