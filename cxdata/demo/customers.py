"""Who the customers are, when they come, and what they are like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.company import (
    JOIN_SEASON,
    LANGUAGES,
    PROFESSIONALS,
    REGIONS,
    SEGMENTS,
    SMALL_BUSINESS,
    TEAMS,
    YOUNG,
)
from cxdata.demo.streams import pick, pick_by, runs
from cxdata.demo.timeline import Array, month_and_day, number
from cxdata.demo.world import CHUNK, Blocks, World

BEFORE = 0.42  # share of customers who were there before the data start
OLDEST_DAYS = 6 * 365
TRIAL_DAYS = 14
YEARLY = 0.5  # share of those offered a contract of a year who take it
FOREVER = 10**6

_SOURCES = ("earned", "bought", "unknown")
_DETAILS = ("friend", "search", "social_ad", "partner", "store")
_ROLES = ("decision_maker", "influencer", "user")


@dataclass(frozen=True)
class Customers:
    """One chunk of customers, every field of shape (CHUNK)."""

    number: Array
    segment: Array
    region: Array
    country: Array  # 0 or 1 within the region
    language: Array
    plan: Array  # first plan
    seats: Array
    opinion: Array  # latent, standard normal
    begins: Array  # day of the first paid term; FOREVER if a trial never became one
    trial: Array  # day the trial starts; FOREVER if there was none
    contact_factor: Array
    order_factor: Array
    is_test: Array
    team: Array
    people: Array
    yearly: Array  # whether the contract runs for a year at a time, else until notice is given

    @property
    def arrives(self) -> Array:
        """Day of the first term, paid or trial."""
        return np.minimum(self.begins, self.trial)


def draw_customers(world: World) -> Customers:
    """Draw the customers of a chunk."""
    rng = world.rng("customers")
    joined = _join_days(world, rng)
    segment = _segments(world, rng, joined)
    region = pick(rng, [r.share for r in REGIONS], CHUNK)
    plans = np.array([s.plans for s in SEGMENTS])
    business = segment == SMALL_BUSINESS
    begins, trial = _trials(world, rng, joined)
    return Customers(
        number=world.chunk * CHUNK + np.arange(CHUNK),
        segment=segment,
        region=region,
        country=(rng.random(CHUNK) < 0.3).astype(np.int64),
        language=np.array([LANGUAGES.index(r.language) for r in REGIONS])[region],
        plan=pick_by(rng, plans, segment),
        seats=np.where(business, 1 + rng.poisson(1.6, CHUNK), 1),
        opinion=rng.standard_normal(CHUNK),
        begins=begins,
        trial=trial,
        contact_factor=rng.gamma(1.6, 1 / 1.6, CHUNK),
        order_factor=rng.gamma(2.0, 1 / 2.0, CHUNK),
        is_test=rng.random(CHUNK) < 0.001,
        team=region * 2 + (rng.random(CHUNK) < 0.5),
        people=np.where(business, 1 + rng.integers(0, 3, CHUNK), 0),
        yearly=_yearly(world, segment, begins),
    )


def _yearly(world: World, segment: Array, begins: Array) -> Array:
    """Draw who has a contract of a year: not those whose losses are planted by month (1 and 3).

    Nobody leaves on the first of a month, so no such contract begins on one.
    """
    takes = world.rng("yearly").random(CHUNK) < YEARLY
    offered = ~np.isin(segment, (YOUNG, PROFESSIONALS))
    return takes & offered & (month_and_day(begins)[1] > 0)


def _join_days(world: World, rng: np.random.Generator) -> Array:
    """Draw arrival days: long-standing customers, then a growing, seasonal stream."""
    time = world.time
    month = np.arange(time.months)
    growth = 1.012**month * np.array(JOIN_SEASON)[time.calendar_months]
    growth[time.starts[:-1] >= number(world.truths.mix.campaign_since)] *= 1.5
    seen = np.minimum(time.starts[1:], time.stop) - time.starts[:-1]
    chosen = pick(rng, growth * seen / time.lengths, CHUNK)
    new = time.starts[chosen] + (rng.random(CHUNK) * seen[chosen]).astype(np.int64)
    age = np.minimum(rng.exponential(700, CHUNK), OLDEST_DAYS).astype(np.int64)
    return np.where(rng.random(CHUNK) < BEFORE, time.starts[0] - 1 - age, new)


def _segments(world: World, rng: np.random.Generator, joined: Array) -> Array:
    """Draw segments; the campaign brings more young adults (truth 1)."""
    usual = np.array([s.share for s in SEGMENTS])
    campaign = usual.copy()
    campaign[YOUNG] *= world.truths.mix.campaign
    during = joined >= number(world.truths.mix.campaign_since)
    return pick_by(rng, np.vstack([usual, campaign]), during.astype(np.int64))


def _trials(world: World, rng: np.random.Generator, joined: Array) -> tuple[Array, Array]:
    """Return the first paid day and the first day of trial."""
    tries = (rng.random(CHUNK) < 0.35) & (joined >= world.time.starts[0])
    stays = rng.random(CHUNK) < 0.86
    begins = np.where(tries, np.where(stays, joined + TRIAL_DAYS, FOREVER), joined)
    return begins, np.where(tries, joined, FOREVER)


def customer_batches(world: World, who: Customers) -> Blocks:
    """Yield customers, their merged duplicates, people and care teams."""
    rng = world.rng("customer rows")
    yield _customers(world, who, rng)
    yield _duplicates(world, who, rng)
    yield _people(who, rng)
    yield _teams(world, who, rng)


def _customers(world: World, who: Customers, rng: np.random.Generator) -> c.Block:
    source = pick(rng, (0.34, 0.5, 0.16), CHUNK)
    detail = np.where(source == 0, pick(rng, (0.8, 0.2), CHUNK), 1 + pick(rng, (3, 4, 2, 1), CHUNK))
    return c.block(
        "customer",
        np.arange(CHUNK),
        customer_id=c.ids("C", who.number),
        customer_type=c.codes((who.segment == SMALL_BUSINESS).astype(int), ("b2c", "b2b")),
        first_active_date=c.days(who.begins, who.begins >= world.time.stop),
        acquisition_source=c.codes(source, _SOURCES),
        acquisition_detail=c.codes(np.where(source == 2, -1, detail), _DETAILS),
        country=_countries(who),
        is_test=c.flags(who.is_test),
    )


def _countries(who: Customers) -> pa.Array:
    names = [country for region in REGIONS for country in region.countries]
    return c.codes(who.region * 2 + who.country, names)


def _duplicates(world: World, who: Customers, rng: np.random.Generator) -> c.Block:
    """Return customers that were merged into another; facts already point to the survivor."""
    twice = np.flatnonzero(rng.random(CHUNK) < 0.004)
    count = len(twice)
    return c.block(
        "customer",
        twice,
        customer_id=c.ids("D", who.number[twice]),
        customer_type=c.codes((who.segment[twice] == SMALL_BUSINESS).astype(int), ("b2c", "b2b")),
        first_active_date=c.days(who.begins[twice], who.begins[twice] >= world.time.stop),
        acquisition_source=c.constant("unknown", count),
        country=_countries(who).take(pa.array(twice)),
        merged_into_id=c.ids("C", who.number[twice]),
        is_test=c.flags(np.zeros(count)),
    )


def _people(who: Customers, rng: np.random.Generator) -> c.Block:
    people = who.people
    owner = np.repeat(np.arange(len(people)), people)
    nth = runs(people)
    role = np.where(nth == 0, 0, 1 + pick(rng, (0.4, 0.6), len(owner)))
    return c.block(
        "person",
        owner,
        person_id=person_ids(who.number[owner], nth),
        customer_id=c.ids("C", who.number[owner]),
        role=c.codes(role, _ROLES),
        language=c.codes(who.language[owner], LANGUAGES),
    )


def person_ids(customer: Array, nth: Array, missing: Array | None = None) -> pa.Array:
    """Return the ids of the nth people of accounts."""
    return c.ids("P", customer * 10 + nth, missing)


def _teams(world: World, who: Customers, rng: np.random.Generator) -> c.Block:
    """Return which care team serves whom; a few change team once."""
    start = who.arrives
    moved = (rng.random(CHUNK) < 0.05) & (start < world.time.starts[0])
    day = world.time.starts[0] + rng.integers(1, world.time.stop - world.time.starts[0], CHUNK)
    owner = np.concatenate([np.arange(CHUNK), np.flatnonzero(moved)])
    again = np.arange(len(owner)) >= CHUNK
    sort = np.lexsort((again, owner))
    owner, again = owner[sort], again[sort]
    team = np.where(again, who.team[owner] ^ 1, who.team[owner])
    return c.block(
        "customer_unit",
        owner,
        customer_id=c.ids("C", who.number[owner]),
        unit_type=c.constant("team", len(owner)),
        valid_from=c.days(np.where(again, day[owner], start[owner])),
        valid_to=c.days(day[owner], again | ~moved[owner]),
        unit_id=c.codes(team, TEAMS),
    )
