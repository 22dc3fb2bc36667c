"""Initiatives: who was treated, who was left as control, and what they are judged by (truth 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.company import CURRENCY, DELIVERY, JOURNEYS, SEGMENTS, TEAMS
from cxdata.demo.contracts import Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.timeline import Array, number
from cxdata.demo.world import CHUNK, Batches, Blocks, World

NOT_ENROLLED, CONTROL, TREATED = -1, 0, 1
_ARMS = ("control", "treated")


@dataclass(frozen=True)
class Arms:
    """Arm of each customer in the two customer-level initiatives, shape (CHUNK)."""

    updates: Array
    mailing: Array


def draw_arms(world: World, contracts: Contracts) -> Arms:
    """Assign customers who are active when an initiative starts."""
    rng = world.rng("initiatives")
    arms = []
    for plan in (world.truths.updates, world.truths.mailing):
        month = int(world.time.month_of(np.array([number(plan.since)]))[0])
        active = contracts.paying[:, max(month - 1, 0)]
        enrolled = active & (rng.random(CHUNK) < plan.enrolled_share)
        treated = np.where(rng.random(CHUNK) < plan.treated_share, TREATED, CONTROL)
        arms.append(np.where(enrolled, treated, NOT_ENROLLED))
    return Arms(*arms)


def unit_batches(world: World, who: Customers, arms: Arms) -> Blocks:
    """Yield the customers of both customer-level initiatives with their arms."""
    for arm, plan in ((arms.updates, world.truths.updates), (arms.mailing, world.truths.mailing)):
        rows = np.flatnonzero(arm != NOT_ENROLLED)
        count, since = len(rows), number(plan.since)
        yield c.block(
            "initiative_unit",
            rows,
            initiative_id=c.constant(plan.initiative_id, count),
            unit_type=c.constant("customer", count),
            unit_id=c.ids("C", who.number[rows]),
            arm=c.codes(arm[rows], _ARMS),
            treated_from=c.days(np.full(count, since), arm[rows] == CONTROL),
            stratum=c.codes(who.segment[rows], [s.code for s in SEGMENTS]),
            source_system=c.constant("programme", count),
            loaded_at=c.instants(loaded(np.full(count, since), 0)),
        )


def initiative_batches(world: World) -> Batches:
    """Yield the initiatives, and the teams of the one that came team by team."""
    updates, mailing, time = world.truths.updates, world.truths.mailing, world.time
    help_since = time.back(20)
    starts = [number(updates.since), number(mailing.since), help_since, time.back(4)]
    full = [number(updates.full_effect), number(mailing.since), time.back(14)]
    days = np.array(starts)
    yield (
        "initiative",
        c.batch(
            "initiative",
            initiative_id=pa.array(
                [updates.initiative_id, mailing.initiative_id, "help_pages", "cutlery_bonus"]
            ),
            name=pa.array(
                [
                    "Delivery updates before you ask",
                    "Loyalty mailing",
                    "New help pages",
                    "Cutlery bonus",
                ]
            ),
            owner=pa.array(["Ines Duarte", "Tom Becker", "Aoife Byrne", "Tom Becker"]),
            hypothesis=pa.array(
                [
                    "Customers who know where their parcel is do not need to ask.",
                    "A monthly letter with recipes makes members stay longer.",
                    "Clearer pages answer questions without a call.",
                    "A gift after a year brings larger orders.",
                ]
            ),
            journey_code=c.codes(
                np.array([DELIVERY, -1, 4, -1]), [journey.code for journey in JOURNEYS]
            ),
            start_date=c.days(days),
            full_effect_date=c.days(np.array([*full, 0]), np.array([False, False, False, True])),
            end_date=c.days(np.array([0, 0, 0, time.back(1)]), np.array([True, True, True, False])),
            status=pa.array(["live", "live", "live", "stopped"]),
            design=pa.array(["randomised", "control_group", "staggered", "none"]),
            primary_metric=pa.array(
                ["contact_rate", "logo_retention", "contact_rate", "revenue_per_customer"]
            ),
            registered_on=c.days(days - np.array([21, 14, 30, 0]), np.arange(4) == 3),
            one_off_cost=c.decimals(np.array([4_800_000, 1_200_000, 6_500_000, 300_000])),
            run_cost_per_month=c.decimals(np.array([150_000, 420_000, 90_000, 80_000])),
            currency=c.constant(CURRENCY, 4),
            source_system=c.constant("programme", 4),
            loaded_at=c.instants(loaded(days, 0)),
        ),
    )
    yield "initiative_unit", _teams(world)


def _teams(world: World) -> pa.RecordBatch:
    """Return the teams that got the help pages, one wave every two months."""
    count = len(TEAMS)
    since = np.array([world.time.back(20 - 2 * (place % 4)) for place in range(count)])
    never = np.arange(count) >= count - 3
    return c.batch(
        "initiative_unit",
        initiative_id=c.constant("help_pages", count),
        unit_type=c.constant("team", count),
        unit_id=pa.array(TEAMS),
        arm=c.codes((~never).astype(int), _ARMS),
        treated_from=c.days(since, never),
        source_system=c.constant("programme", count),
        loaded_at=c.instants(loaded(since, 0)),
    )
