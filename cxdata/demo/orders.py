"""Orders in the members' shop: lines, refunds, and how long delivery took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import (
    APP,
    CHANNELS,
    CURRENCY,
    DELIVERY,
    JOURNEYS,
    ORDER_SEASON,
    PRODUCTS,
    SEGMENTS,
    STORE,
    WEB,
)
from cxdata.demo.contracts import Contracts
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import has_arrived, lags, loaded
from cxdata.demo.streams import pick
from cxdata.demo.timeline import DAY_US, Array
from cxdata.demo.world import ROOM, Blocks, World

_KINDS = ("sale", "refund", "credit", "chargeback")
_REFUNDED, _CHARGED_BACK, _CREDITED = 0.045, 0.001, 0.004
_ANONYMOUS = 0.03


@dataclass(frozen=True)
class Orders:
    """Orders of a chunk, every field of shape (orders)."""

    customer: Array
    day: Array
    at: Array  # µs
    number: Array
    channel: Array
    delivery_days: Array
    late: Array  # delivered late


def draw_orders(world: World, who: Customers, contracts: Contracts) -> Orders:
    """Draw orders: Poisson by segment, customer and season, on days of service."""
    rng, time = world.rng("orders"), world.time
    rate = np.array([s.orders for s in SEGMENTS])[who.segment] * who.order_factor
    season = np.array(ORDER_SEASON)[time.calendar_months]
    served = contracts.served_to - contracts.served_from
    counts = rng.poisson(rate[:, None] * season * served / 30.4)
    customer, month = np.nonzero(counts)
    many = counts[customer, month]
    customer, month = np.repeat(customer, many), np.repeat(month, many)
    count = len(customer)
    day = contracts.served_from[customer, month]
    day = day + (rng.random(count) * served[customer, month]).astype(np.int64)
    late = rng.random(count) < 0.07
    hours = (np.clip(rng.normal(15, 4, count), 0, 23.9) * 3_600_000_000).astype(np.int64)
    return Orders(
        customer=customer,
        day=day,
        at=day * DAY_US + hours,
        number=world.room + np.arange(count),
        channel=np.array([WEB, APP, STORE])[pick(rng, (0.5, 0.38, 0.12), count)],
        delivery_days=2 + rng.integers(0, 3, count) + np.where(late, rng.integers(4, 10, count), 0),
        late=late,
    )


def order_batches(world: World, who: Customers, orders: Orders) -> Blocks:
    """Yield the lines: sales first, then what came back."""
    rng = world.rng("order lines")
    count = len(orders.day)
    lines = 1 + (rng.random(count) < 0.3)
    order = np.repeat(np.arange(count), lines)
    basket = np.array([s.basket for s in SEGMENTS])[who.segment[orders.customer[order]]]
    growth = 1 + 0.0025 * world.time.month_of(orders.day[order])
    euros = basket * growth * rng.lognormal(-0.25, 0.65, len(order))
    cents = np.maximum((euros * 100).astype(np.int64), 150)
    goods = (cents * rng.uniform(0.5, 0.68, len(order))).astype(np.int64)
    sale = _Lines(
        order=order,
        kind=np.zeros(len(order), np.int64),
        day=orders.day[order],
        cents=cents,
        goods=goods,
        product=pick(rng, (0.32, 0.14, 0.3, 0.19, 0.05), len(order)),
        anonymous=rng.random(len(order)) < _ANONYMOUS,
    )
    yield _rows(world, who, orders, sale, 0, rng)
    yield _rows(world, who, orders, _undone(rng, sale), ROOM // 2, rng)


@dataclass(frozen=True)
class _Lines:
    order: Array
    kind: Array
    day: Array
    cents: Array
    goods: Array
    product: Array
    anonymous: Array


def _undone(rng: np.random.Generator, sale: _Lines) -> _Lines:
    """Return refunds, credits and chargebacks of some lines, days after the sale."""
    edges = np.cumsum([0, _REFUNDED, _CREDITED, _CHARGED_BACK])
    what = np.searchsorted(edges, rng.random(len(sale.order)), side="right")
    rows = np.flatnonzero(what <= 3)
    kind = what[rows]
    part = np.where(rng.random(len(rows)) < 0.75, 1.0, 0.5)
    part[kind == 2] = 0.2
    return _Lines(
        order=sale.order[rows],
        kind=kind,
        day=sale.day[rows] + rng.integers(3, 26, len(rows)),
        cents=-np.maximum((sale.cents[rows] * part).astype(np.int64), 1),
        goods=np.where(kind == 1, -(sale.goods[rows] * part).astype(np.int64), 0),
        product=sale.product[rows],
        anonymous=sale.anonymous[rows],
    )


def _rows(
    world: World,
    who: Customers,
    orders: Orders,
    lines: _Lines,
    first: int,
    rng: np.random.Generator,
) -> c.Block:
    channel, customer = orders.channel[lines.order], orders.customer[lines.order]
    at = loaded(lines.day, lags(rng, np.where(channel == STORE, 1.5, 0.15), len(lines.day)))
    here = (lines.day < world.time.stop) & has_arrived(world, at)
    rows = np.flatnonzero(here)
    order, customer, day = lines.order[rows], customer[rows], lines.day[rows]
    sale = lines.kind[rows] == 0
    return c.block(
        "sales_transaction",
        customer,
        transaction_id=c.ids("T", world.room + first + rows),
        customer_id=c.ids("C", who.number[customer], lines.anonymous[rows]),
        order_id=c.ids("O", orders.number[order]),
        transaction_date=c.days(day),
        transacted_at=c.instants(np.where(sale, orders.at[order], 0), ~sale),
        kind=c.codes(lines.kind[rows], _KINDS),
        net_amount=c.decimals(lines.cents[rows]),
        cost_of_goods=c.decimals(lines.goods[rows]),
        product_code=c.codes(lines.product[rows], PRODUCTS),
        channel_code=c.codes(channel[rows], [x.code for x in CHANNELS]),
        journey_code=c.constant(JOURNEYS[DELIVERY].code, len(rows)),
        currency=c.constant(CURRENCY, len(rows)),
        source_system=c.constant("shop", len(rows)),
        loaded_at=c.instants(at[rows]),
    )
