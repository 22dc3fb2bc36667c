"""Surveys: who is asked, who answers, and with what score (truths 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from cxdata.demo.company import (
    DELIVERY,
    HELP,
    ONBOARDING,
    PROFESSIONALS,
    SEGMENTS,
    STORE,
    YOUNG,
)
from cxdata.demo.contact_rows import Handled
from cxdata.demo.contacts import Contacts
from cxdata.demo.contracts import Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.journeys import COMPLETED, OPEN, Walks
from cxdata.demo.lateness import has_arrived, lags, loaded
from cxdata.demo.opinions import detractors, opinions, promoters
from cxdata.demo.streams import pick
from cxdata.demo.timeline import DAY_US, Array, number
from cxdata.demo.world import World

_ANSWERS = 0.245
_SETTLED_DAYS = 60
_OPEN_DAYS = 30  # an invitation expires after
_BOUNCES = 0.02
_NOISE = 0.25

RELATIONSHIP = -1  # journey of a relationship survey
EMAIL, APP, SMS = range(3)


@dataclass(frozen=True)
class Asked:
    """Invitations of a chunk, every field of shape (invitations)."""

    customer: Array
    day: Array
    journey: Array  # RELATIONSHIP or the journey just walked
    instance: Array  # number of the journey instance; -1 is none
    contact: Array  # position of the contact; -1 is none
    chance: Array  # selection probability
    score: Array  # what they would answer, 0..10
    mode: Array
    bounced: Array
    answered_on: Array  # day of the answer
    answered: Array  # bool: answered and loaded by now
    at: Array  # instant (µs) of the answer
    loaded: Array  # instant (µs) of loading the answer


def draw_surveys(
    world: World,
    who: Customers,
    contracts: Contracts,
    contacts: Contacts,
    how: Handled,
    walks: list[Walks],
) -> Asked:
    """Draw all invitations and answers."""
    rng = world.rng("surveys")
    asked = [
        _relationship(world, who, contracts, rng),
        _after_walk(world, who, walks[ONBOARDING], rng, 0.6),
        _after_walk(world, who, walks[DELIVERY], rng, 0.06),
        _after_contact(world, who, contacts, how, rng, 0.16),
    ]
    invited = _Invited(
        *(np.concatenate(column) for column in zip(*map(_columns, asked), strict=True))
    )
    inside = (invited.day >= world.time.starts[0]) & (invited.day < world.time.stop)
    rows = np.flatnonzero(inside)
    return _answers(world, who, rng, _Invited(*(column[rows] for column in _columns(invited))))


@dataclass(frozen=True)
class _Invited:
    customer: Array
    day: Array
    journey: Array
    instance: Array
    contact: Array
    chance: Array
    mood: Array  # latent score with what just happened


def _columns(invited: _Invited) -> list[Array]:
    return [getattr(invited, field.name) for field in fields(invited)]


def _relationship(
    world: World, who: Customers, contracts: Contracts, rng: np.random.Generator
) -> _Invited:
    """Ask everyone on a paid term once a quarter, young adults more often of late (truth 1)."""
    time, mix = world.time, world.truths.mix
    month = np.arange(time.months)
    rounds = np.full((len(who.number), time.months), mix.asked_before)
    often = (who.segment == YOUNG)[:, None] & (time.starts[:-1] >= number(mix.since))
    rounds[often] = mix.asked_every
    turn = (month + who.number[:, None]) % rounds == 0
    served = contracts.served_to - contracts.served_from
    settled = time.starts[:-1] - who.begins[:, None] >= _SETTLED_DAYS
    customer, when = np.nonzero(turn & (served > 3) & settled)
    count = len(customer)
    within = rng.random(count) * served[customer, when]
    none = np.full(count, -1)
    return _Invited(
        customer=customer,
        day=contracts.served_from[customer, when] + within.astype(np.int64),
        journey=np.full(count, RELATIONSHIP),
        instance=none,
        contact=none,
        chance=1 / rounds[customer, when],
        mood=opinions(world, who, customer, when),
    )


def _after_walk(
    world: World, who: Customers, walk: Walks, rng: np.random.Generator, share: float
) -> _Invited:
    """Ask some of those who have finished a journey, a day later."""
    ended = (walk.outcome != OPEN) & (rng.random(len(walk.day)) < share)
    rows = np.flatnonzero(ended)
    customer, day = walk.customer[rows], walk.end[rows] // DAY_US + 1
    mood = opinions(world, who, customer, world.time.month_of(day))
    mood = mood + np.where(walk.smooth[rows], 0.35, -1.7)
    mood = mood - np.where(walk.outcome[rows] == COMPLETED, 0, 1.0)
    if walk.journey == ONBOARDING:
        slow = walk.day[rows] >= number(world.truths.onboarding.since)
        mood = mood - np.where(slow & (who.segment[customer] == PROFESSIONALS), 1.5, 0)
    count = len(rows)
    return _Invited(
        customer=customer,
        day=day,
        journey=np.full(count, walk.journey),
        instance=walk.number[rows],
        contact=np.full(count, -1),
        chance=np.full(count, share),
        mood=mood,
    )


def _after_contact(
    world: World,
    who: Customers,
    contacts: Contacts,
    how: Handled,
    rng: np.random.Generator,
    share: float,
) -> _Invited:
    """Ask some of those who spoke to a person, the day after."""
    spoke = (contacts.channel < STORE) & how.here & ~how.unidentified & ~how.abandoned
    rows = np.flatnonzero(spoke & (rng.random(len(contacts)) < share))
    customer, day = contacts.customer[rows], contacts.day[rows] + 1
    mood = opinions(world, who, customer, world.time.month_of(day))
    mood = mood + np.where(how.resolved[rows], 0.2, -2.4)
    mood = mood - 0.15 * np.log2(1 + how.wait[rows] / 120).clip(0, 6)
    count = len(rows)
    return _Invited(
        customer=customer,
        day=day,
        journey=np.where(how.journey[rows] < 0, HELP, how.journey[rows]),
        instance=how.instance[rows],
        contact=rows,
        chance=np.full(count, share),
        mood=mood,
    )


def _answers(world: World, who: Customers, rng: np.random.Generator, asked: _Invited) -> Asked:
    """Let some answer: more promoters than detractors, fewer passives, by segment."""
    count = len(asked.day)
    mood = asked.mood + _NOISE * rng.standard_normal(count)
    likely = np.select([promoters(mood), detractors(mood)], [1.2, 0.98], 0.78)
    likely *= np.array([s.answers for s in SEGMENTS])[who.segment[asked.customer]] * _ANSWERS
    bounced = rng.random(count) < _BOUNCES
    delay = np.minimum(rng.geometric(0.32, count) - 1, _OPEN_DAYS - 1)
    day = asked.day + delay
    at = loaded(day, lags(rng, 0.25, count))
    answers = (rng.random(count) < likely) & ~bounced & (day < world.time.stop)
    young = who.segment[asked.customer] == YOUNG
    mode = np.where(young & (rng.random(count) < 0.6), APP, pick(rng, (0.8, 0.12, 0.08), count))
    seconds = rng.integers(7 * 3600, 22 * 3600, count)
    return Asked(
        customer=asked.customer,
        day=asked.day,
        journey=asked.journey,
        instance=asked.instance,
        contact=asked.contact,
        chance=asked.chance,
        score=np.clip(np.floor(mood + 0.5), 0, 10).astype(np.int64),
        mode=mode,
        bounced=bounced,
        answered_on=day,
        answered=answers & has_arrived(world, at),
        at=day * DAY_US + seconds * 1_000_000,
        loaded=at,
    )
