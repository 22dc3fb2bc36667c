"""Contacts: why people get in touch, through what, and whether they come back (truth 4)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from cxdata.demo.company import (
    BOT,
    CANCEL,
    CHANGE_REQUEST,
    CHANNELS,
    CHAT,
    CONTACT_SEASON,
    EMAIL,
    PAYMENT_FAILED,
    PHONE,
    REASONS,
    SEGMENTS,
    WEB,
)
from cxdata.demo.contracts import DOWN, DROP, LAPSE, QUIT, UP, Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.initiatives import TREATED, Arms
from cxdata.demo.streams import pick, pick_by
from cxdata.demo.timeline import DAY_US, Array, number
from cxdata.demo.world import World

_NEW_DAYS = 60
_REPEATS, _REPEATS_AGAIN = 0.105, 0.15
_SECOND = 1_000_000


@dataclass(frozen=True)
class Contacts:
    """Contacts of a chunk, every field of shape (contacts)."""

    customer: Array
    day: Array
    at: Array  # µs
    channel: Array
    reason: Array
    root: Array  # position of the first contact about the same thing
    again: Array  # somebody comes back after this one

    def __len__(self) -> int:
        return len(self.day)


def draw_contacts(world: World, who: Customers, contracts: Contracts, arms: Arms) -> Contacts:
    """Draw first contacts, then those who come back about the same thing."""
    rng = world.rng("contacts")
    customer, day = _background(world, who, contracts, rng)
    new = (day - who.begins[customer] < _NEW_DAYS).astype(np.int64)
    weights = np.array([[r.settled for r in REASONS], [r.new for r in REASONS]])
    reason = pick_by(rng, weights, new)
    occasions = [_occasions(contracts, rng, *occasion) for occasion in _OCCASIONS]
    customer = np.concatenate([customer, *(o[0] for o in occasions)])
    day = np.concatenate([day, *(o[1] for o in occasions)])
    reason = np.concatenate([reason, *(o[2] for o in occasions)])
    here = (day >= world.time.starts[0]) & (day < world.time.stop)
    here &= ~_spared(world, arms, rng, customer, day)
    first = _first(world, rng, customer[here], day[here], reason[here])
    second = _back(world, rng, first, _REPEATS)
    third = _back(world, rng, second, _REPEATS_AGAIN)
    return _together(first, second, third)


def _background(
    world: World, who: Customers, contracts: Contracts, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw customers and days: overdispersed by customer, more of them when new."""
    time = world.time
    rate = np.array([s.contacts for s in SEGMENTS])[who.segment] * who.contact_factor
    served = contracts.served_to - contracts.served_from
    expected = rate[:, None] * np.array(CONTACT_SEASON)[time.calendar_months] * served / 30.4
    expected[(time.starts[:-1] - who.begins[:, None]) < 45] *= 1.5
    counts = rng.poisson(expected)
    customer, month = np.nonzero(counts)
    many = counts[customer, month]
    customer, month = np.repeat(customer, many), np.repeat(month, many)
    within = (rng.random(len(customer)) * served[customer, month]).astype(np.int64)
    return customer, contracts.served_from[customer, month] + within


def _spared(
    world: World, arms: Arms, rng: np.random.Generator, customer: Array, day: Array
) -> Array:
    """Say which contacts do not happen because the customer got the updates (truth 5)."""
    updates = world.truths.updates
    treated = (arms.updates[customer] == TREATED) & (day >= number(updates.since))
    return treated & (rng.random(len(day)) >= updates.contact_rate)


# Events that make people get in touch: kinds, share, days from the event, reason.
_OCCASIONS = (
    ((QUIT,), 0.4, (-10, 0), CANCEL),
    ((LAPSE, DROP), 0.5, (0, 3), PAYMENT_FAILED),
    ((UP, DOWN), 0.3, (-5, 0), CHANGE_REQUEST),
)


def _occasions(
    contracts: Contracts,
    rng: np.random.Generator,
    kinds: tuple[int, ...],
    share: float,
    window: tuple[int, int],
    reason: int,
) -> tuple[Array, Array, Array]:
    events = contracts.events(*kinds)
    events = events[rng.random(len(events)) < share]
    shift = rng.integers(window[0], window[1] + 1, len(events))
    return contracts.customer[events], contracts.day[events] + shift, np.full(len(events), reason)


def _first(
    world: World, rng: np.random.Generator, customer: Array, day: Array, reason: Array
) -> Contacts:
    """Give first contacts a channel; simple ones may meet the bot."""
    count, bot = len(day), world.truths.bot
    channel = pick(rng, [x.share for x in CHANNELS], count)
    simple = np.array([r.bot for r in REASONS])[reason]
    assisted = channel < WEB
    met = simple & assisted & (day >= number(bot.since)) & (rng.random(count) < bot.takes)
    channel[met] = BOT
    at = day * DAY_US + _seconds(rng, count) * _SECOND
    return Contacts(
        customer, day, at, channel, reason, np.arange(count), np.zeros(count, dtype=bool)
    )


def _back(world: World, rng: np.random.Generator, earlier: Contacts, share: float) -> Contacts:
    """Draw those who come back within the bot's window; to a person, mostly by phone."""
    bot = world.truths.bot
    chance = np.where(earlier.channel == BOT, bot.returns, share)
    rows = np.flatnonzero(rng.random(len(earlier)) < chance)
    day = earlier.day[rows] + rng.integers(1, bot.days + 1, len(rows))
    stays = day < world.time.stop
    rows, day = rows[stays], day[stays]
    earlier.again[rows] = True
    at = day * DAY_US + _seconds(rng, len(rows)) * _SECOND
    channel = np.array([PHONE, CHAT, EMAIL])[pick(rng, (0.6, 0.25, 0.15), len(rows))]
    again = np.zeros(len(rows), dtype=bool)
    return Contacts(
        earlier.customer[rows], day, at, channel, earlier.reason[rows], earlier.root[rows], again
    )


def _seconds(rng: np.random.Generator, count: int) -> Array:
    """Draw seconds of the day, most of them in office hours."""
    return (np.clip(rng.normal(13.5, 3.2, count), 0.2, 23.8) * 3600).astype(np.int64)


def _together(*parts: Contacts) -> Contacts:
    names = [field.name for field in fields(Contacts)]
    return Contacts(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})
