"""Recognised membership revenue: one row a customer, month and plan."""

from __future__ import annotations

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import CURRENCY, PLANS
from cxdata.demo.contracts import Contracts, price_cents
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.world import Blocks, World

_FEE, _DEVICE, _CREDIT = 900, 7900, 500
_NEGATIVE = 0.0004  # share of months whose recurring amount is a net credit


def revenue_batches(world: World, who: Customers, contracts: Contracts) -> Blocks:
    """Yield the month's price of whoever is on a paid term at its close.

    The running month is billed in advance: its rows are there as of the last day.
    """
    rng, time = world.rng("revenue"), world.time
    customer, month = np.nonzero(contracts.paying)
    plan, opening = contracts.plan_at[customer, month], time.starts[month]
    cents = price_cents(world, plan, opening) * who.seats[customer]
    chance = rng.random(len(customer))
    joins = time.month_of(who.begins)[customer] == month
    other = np.select(
        [joins & (chance < 0.35), chance < 0.01, chance > 0.994, chance > 0.99],
        [_FEE, _DEVICE, -_CREDIT, -2 * _CREDIT],
        0,
    )
    cents = np.where(rng.random(len(customer)) < _NEGATIVE, -cents // 2, cents)
    closes = np.minimum(time.starts[month + 1], time.stop) - 1
    yield c.block(
        "revenue_period",
        customer,
        customer_id=c.ids("C", who.number[customer]),
        period_month=c.days(opening),
        product_code=c.codes(plan, [p.code for p in PLANS]),
        recurring_amount=c.decimals(cents),
        one_off_amount=c.decimals(other),
        currency=c.constant(CURRENCY, len(customer)),
        source_system=c.constant("billing", len(customer)),
        loaded_at=c.instants(loaded(closes, 0)),
    )
