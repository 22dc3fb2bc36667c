"""Type 2 history of segment, region and plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import PLANS, REGIONS, SEGMENTS, YOUNG
from cxdata.demo.contracts import DOWN, UP, Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.timeline import Array
from cxdata.demo.world import CHUNK, Blocks, World

_UNKNOWN = 0.003  # share of customers whose segment nobody has recorded
_FAMILIES = 0
_PROSPECT_DAYS = 30  # known by segment and region before the first term


def segment_batches(world: World, who: Customers, contracts: Contracts) -> Blocks:
    """Yield the history of each scheme."""
    rng, everyone = world.rng("segments"), np.arange(CHUNK)
    known = rng.random(CHUNK) >= _UNKNOWN
    yield _scheme(
        world,
        who,
        "segment",
        [s.code for s in SEGMENTS],
        *_grown_up(world, who, rng, everyone[known]),
    )
    yield _scheme(
        world, who, "region", [r.code for r in REGIONS], *_moved(world, who, rng, everyone)
    )
    moves = contracts.events(UP, DOWN)
    yield _scheme(
        world,
        who,
        "plan",
        [p.code for p in PLANS],
        np.concatenate([everyone, contracts.customer[moves]]),
        np.concatenate([who.arrives, contracts.day[moves]]),
        np.concatenate([who.plan, contracts.plan[moves]]),
    )


def _some_day(world: World, rng: np.random.Generator) -> Array:
    first, stop = int(world.time.starts[0]), world.time.stop
    return rng.integers(first + 1, stop, CHUNK)


def _grown_up(
    world: World, who: Customers, rng: np.random.Generator, known: Array
) -> tuple[Array, Array, Array]:
    """Let a few young adults among the long-standing customers found families."""
    day = _some_day(world, rng)
    moves = (who.segment == YOUNG) & (who.arrives < day - 180) & (rng.random(CHUNK) < 0.06)
    movers = np.intersect1d(np.flatnonzero(moves), known)
    return (
        np.concatenate([known, movers]),
        np.concatenate([who.arrives[known] - _PROSPECT_DAYS, day[movers]]),
        np.concatenate([who.segment[known], np.full(len(movers), _FAMILIES)]),
    )


def _moved(
    world: World, who: Customers, rng: np.random.Generator, everyone: Array
) -> tuple[Array, Array, Array]:
    """Let a few customers come from another region; the last one is where they live."""
    day = _some_day(world, rng)
    movers = np.flatnonzero((who.arrives < day - 90) & (rng.random(CHUNK) < 0.03))
    before = who.region.copy()
    before[movers] = (who.region[movers] + rng.integers(1, len(REGIONS), len(movers))) % len(
        REGIONS
    )
    return (
        np.concatenate([everyone, movers]),
        np.concatenate([who.arrives - _PROSPECT_DAYS, day[movers]]),
        np.concatenate([before, who.region[movers]]),
    )


def _scheme(
    world: World,
    who: Customers,
    scheme: str,
    labels: Sequence[str],
    customer: Array,
    since: Array,
    code: Array,
) -> c.Block:
    """Return the periods of one scheme, each until the customer's next."""
    wanted = since < world.time.stop
    customer, since, code = customer[wanted], since[wanted], code[wanted]
    order = np.lexsort((since, customer))
    customer, since, code = customer[order], since[order], code[order]
    last = np.append(customer[1:] != customer[:-1], True)
    until = np.append(since[1:], 0)
    return c.block(
        "customer_segment",
        customer,
        customer_id=c.ids("C", who.number[customer]),
        scheme=c.constant(scheme, len(customer)),
        valid_from=c.days(since),
        valid_to=c.days(until, last),
        segment_code=c.codes(code, labels),
    )
