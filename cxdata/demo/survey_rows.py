"""Surveys as rows: invitations, answers with their words, driver questions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.company import JOURNEYS, LANGUAGES, ONBOARDING
from cxdata.demo.contact_rows import contact_ids
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.surveys import RELATIONSHIP, Asked
from cxdata.demo.timeline import Array
from cxdata.demo.words import verbatims
from cxdata.demo.world import Blocks, World

_MODES = ("email", "app", "sms")
_STATUS = ("sent", "bounced", "responded", "expired")
_SURVEYS = ("relationship", "after_onboarding", "after_delivery", "after_contact")
_TOUCHPOINTS = ("", "", "welcome_mail", "parcel_tracking", "care_call", "bill_mail", "plan_page")
_DRIVERS = (("easy_to_use", 0.32), ("worth_the_price", 0.25), ("delivery", 0.3), ("care", 0.22))
_OPEN_DAYS = 30
_WORDS = 0.45  # share of answers with words
_UNLINKED = 0.01  # share of answers without an invitation (opt-in link)


def survey_batches(world: World, who: Customers, asked: Asked) -> Blocks:
    """Yield invitations, answers and driver ratings."""
    rng = world.rng("survey rows")
    business = who.people[asked.customer]
    nth = (rng.random(len(business)) * business).astype(np.int64)
    yield _invitations(world, who, asked, business, nth)
    rows = np.flatnonzero(asked.answered)
    yield _responses(world, who, asked, rows, business, nth, rng)
    yield _ratings(world, asked, rows, rng)


def _survey(journey: Array) -> Array:
    """Return the position of the survey: relationship, onboarding, delivery, any contact."""
    return np.select([journey == RELATIONSHIP, journey == ONBOARDING, journey == 3], [0, 1, 2], 3)


def _about(world: World, who: Customers, asked: Asked, rows: Array) -> dict[str, pa.Array]:
    """Return the columns that invitations and answers share."""
    journey, contact = asked.journey[rows], asked.contact[rows]
    transactional = journey != RELATIONSHIP
    return {
        "survey_code": c.codes(
            np.where(transactional & (contact >= 0), 3, _survey(journey)), _SURVEYS
        ),
        "survey_type": c.codes(transactional.astype(int), ("relationship", "transactional")),
        "customer_id": c.ids("C", who.number[asked.customer[rows]]),
        "mode": c.codes(asked.mode[rows], _MODES),
        "journey_code": c.codes(journey, [j.code for j in JOURNEYS]),
        "touchpoint_code": c.codes(
            np.where((journey < 2) | (journey >= len(_TOUCHPOINTS)), -1, journey), _TOUCHPOINTS
        ),
        "interaction_id": contact_ids(world.room + contact, contact < 0),
        "journey_instance_id": c.ids("J", asked.instance[rows], asked.instance[rows] < 0),
        "source_system": c.constant("survey_tool", len(rows)),
    }


def _invitations(
    world: World, who: Customers, asked: Asked, business: Array, nth: Array
) -> c.Block:
    rows = np.arange(len(asked.day))
    expired = asked.day < world.time.stop - _OPEN_DAYS
    status = np.select([asked.bounced, asked.answered, expired], [1, 2, 3], 0)
    return c.block(
        "survey_invitation",
        asked.customer,
        **_about(world, who, asked, rows),
        invitation_id=c.ids("Q", world.room + rows),
        person_id=c.ids("P", who.number[asked.customer] * 10 + nth, business == 0),
        sent_date=c.days(asked.day),
        selection_probability=c.nums(asked.chance),
        status=c.codes(status, _STATUS),
        loaded_at=c.instants(loaded(asked.day, 0)),
    )


def _responses(
    world: World,
    who: Customers,
    asked: Asked,
    rows: Array,
    business: Array,
    nth: Array,
    rng: np.random.Generator,
) -> c.Block:
    count = len(rows)
    score, transactional = asked.score[rows], asked.journey[rows] != RELATIONSHIP
    person, owner = business[rows] > 0, who.number[asked.customer[rows]]
    unlinked = rng.random(count) < _UNLINKED
    satisfied = np.clip(np.round(1 + score * 0.4 + rng.normal(0, 0.5, count)), 1, 5)
    effort = np.clip(np.round(1.5 + score * 0.52 + rng.normal(0, 0.8, count)), 1, 7)
    language = who.language[asked.customer[rows]]
    words = verbatims(rng, language, asked.journey[rows], score)
    silent = rng.random(count) >= _WORDS
    return c.block(
        "survey_response",
        asked.customer[rows],
        **_about(world, who, asked, rows),
        response_id=c.ids("R", world.room + rows),
        invitation_id=c.ids("Q", world.room + rows, unlinked),
        person_id=c.ids("P", owner * 10 + nth[rows], ~person),
        responded_date=c.days(asked.answered_on[rows]),
        responded_at=c.instants(asked.at[rows]),
        nps_score=c.ints(score),
        csat_score=c.nums(satisfied, ~transactional),
        csat_max=c.nums(np.full(count, 5.0), ~transactional),
        ces_score=c.nums(effort, ~transactional),
        ces_max=c.nums(np.full(count, 7.0), ~transactional),
        verbatim=words.take(pa.array(np.arange(count), mask=silent)),
        language=c.codes(np.where(silent, -1, language), LANGUAGES),
        solicited=c.codes(unlinked.astype(int), ("random", "opt_in")),
        loaded_at=c.instants(asked.loaded[rows]),
    )


def _ratings(world: World, asked: Asked, rows: Array, rng: np.random.Generator) -> c.Block:
    """Return 1 to 5 ratings of the driver questions in relationship answers."""
    rows = rows[asked.journey[rows] == RELATIONSHIP]
    driver = np.tile(np.arange(len(_DRIVERS)), len(rows))
    owner = np.repeat(rows, len(_DRIVERS))
    slope = np.array([s for _, s in _DRIVERS])[driver]
    rating = 3.6 + slope * (asked.score[owner] - 7.5) + rng.normal(0, 0.8, len(owner))
    given = rng.random(len(owner)) < 0.94
    owner, driver, rating = owner[given], driver[given], rating[given]
    return c.block(
        "response_attribute",
        asked.customer[owner],
        response_id=c.ids("R", world.room + owner),
        attribute_code=c.codes(driver, [code for code, _ in _DRIVERS]),
        score=c.nums(np.clip(np.round(rating), 1, 5)),
        scale_max=c.nums(np.full(len(owner), 5.0)),
        source_system=c.constant("survey_tool", len(owner)),
        loaded_at=c.instants(asked.loaded[owner]),
    )
