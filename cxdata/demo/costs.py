"""Other costs to serve: direct ones by customer, shared ones by month."""

from __future__ import annotations

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import BILLING, CURRENCY, DELIVERY, HELP, JOURNEYS
from cxdata.demo.contact_rows import Handled
from cxdata.demo.contacts import Contacts
from cxdata.demo.contracts import LAPSE, Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import has_arrived, lags, loaded
from cxdata.demo.orders import Orders
from cxdata.demo.timeline import Array
from cxdata.demo.world import Batches, Blocks, World

_TYPES = ("return", "goodwill", "collections", "delivery", "platform")
_RETURN, _GOODWILL, _COLLECTIONS, _DELIVERY, _PLATFORM = range(5)
_LATE = 4.0  # mean extra days before a cost is loaded
_PARCEL, _SEAT = 390, 34  # cents an order, cents an active customer and month


def cost_batches(
    world: World,
    who: Customers,
    contracts: Contracts,
    orders: Orders,
    contacts: Contacts,
    how: Handled,
) -> Blocks:
    """Yield the direct costs: returns, goodwill, collections."""
    rng = world.rng("costs")
    back = np.flatnonzero(rng.random(len(orders.day)) < 0.05)
    kind = np.where(orders.late[back], _GOODWILL, _RETURN)
    unhappy = np.flatnonzero(
        (how.journey == HELP) & ~how.resolved & (rng.random(len(contacts)) < 0.2)
    )
    failed = contracts.events(LAPSE)
    parts = [
        (orders.customer[back], orders.day[back] + rng.integers(3, 25, len(back)), kind, DELIVERY),
        (contacts.customer[unhappy], contacts.day[unhappy], np.full(len(unhappy), _GOODWILL), HELP),
        (
            contracts.customer[failed],
            contracts.day[failed],
            np.full(len(failed), _COLLECTIONS),
            BILLING,
        ),
    ]
    customer, day, kind = (np.concatenate([part[place] for part in parts]) for place in range(3))
    journey = np.concatenate([np.full(len(part[0]), part[3]) for part in parts])
    cents = (np.array([520, 900, 240])[kind] * rng.lognormal(0, 0.35, len(day))).astype(np.int64)
    at = loaded(day, lags(rng, _LATE, len(day)))
    inside = (day >= world.time.starts[0]) & (day < world.time.stop)
    rows = np.flatnonzero(inside & has_arrived(world, at))
    yield c.block(
        "service_cost",
        customer[rows],
        cost_id=c.ids("E", world.room + rows),
        cost_date=c.days(day[rows]),
        customer_id=c.ids("C", who.number[customer[rows]]),
        journey_code=c.codes(journey[rows], [j.code for j in JOURNEYS]),
        cost_type=c.codes(kind[rows], _TYPES),
        amount=c.decimals(cents[rows]),
        currency=c.constant(CURRENCY, len(rows)),
        allocation=c.constant("direct", len(rows)),
        source_system=c.constant("ledger", len(rows)),
        loaded_at=c.instants(at[rows]),
    )


def month_sums(world: World, keep: int, contracts: Contracts, orders: Orders) -> Array:
    """Return orders delivered and customers on a paid term by month, shape (2, months);
    of the first ``keep`` customers."""
    months, mine = world.time.months, orders.customer < keep
    delivered = np.bincount(world.time.month_of(orders.day[mine]), minlength=months)
    return np.vstack([delivered, contracts.paying[:keep].sum(axis=0)])


def shared_cost_batches(world: World, sums: Array) -> Batches:
    """Yield the costs that no customer causes alone, booked on the last day of each month."""
    time = world.time
    complete = np.flatnonzero(time.starts[1:] <= time.stop)
    count = len(complete)
    day = np.tile(time.starts[1:][complete] - 1, 2)
    cents = np.concatenate([sums[0, complete] * _PARCEL, sums[1, complete] * _SEAT])
    second = (np.arange(2 * count) >= count).astype(np.int64)
    yield (
        "service_cost",
        c.batch(
            "service_cost",
            cost_id=c.ids("G", np.arange(2 * count)),
            cost_date=c.days(day),
            journey_code=c.codes(np.where(second == 1, -1, DELIVERY), [j.code for j in JOURNEYS]),
            cost_type=c.codes(np.where(second == 1, _PLATFORM, _DELIVERY), _TYPES),
            amount=c.decimals(cents),
            currency=c.constant(CURRENCY, 2 * count),
            allocation=c.codes(second, ("per_order", "per_customer")),
            source_system=c.constant("ledger", 2 * count),
            loaded_at=c.instants(loaded(day, 0)),
        ),
    )
