"""Contracts: what happened to them, in terms and prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import CURRENCY, PLANS
from cxdata.demo.customers import Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.timeline import Array, number
from cxdata.demo.world import Blocks, World

# What can happen to a contract.
TRIAL, START, UP, DOWN, PAUSE, RESUME, LAPSE, RETRIED, QUIT, DROP, RETURN, REPRICE, NO = range(13)

_STATUS = ("active", "trial", "paused")
_REASONS = ("voluntary", "involuntary", "upgrade", "downgrade", "end_of_term")
# Status of the term that an event opens, and why it ends the term before it, in the order above.
_EVENTS = (
    ("trial", None),
    ("active", "end_of_term"),
    ("active", "upgrade"),
    ("active", "downgrade"),
    ("paused", "end_of_term"),
    ("active", "end_of_term"),
    (None, "involuntary"),
    ("active", None),
    (None, "voluntary"),
    (None, "involuntary"),
    ("active", None),
    ("active", "end_of_term"),
    (None, "voluntary"),
)
_OPENS = np.array([-1 if opens is None else _STATUS.index(opens) for opens, _ in _EVENTS])
_ENDS = np.array([-1 if ends is None else _REASONS.index(ends) for _, ends in _EVENTS])


@dataclass(frozen=True)
class Contracts:
    """All contract events in order of customer and day, and the state by month.

    A term runs from one event to the customer's next.
    """

    customer: Array  # (events) position in the chunk
    day: Array
    kind: Array
    plan: Array  # plan after the event
    served_from: Array  # (CHUNK, months) first day served in the month
    served_to: Array  # (CHUNK, months) first day no longer served; equal to from: none
    paying: Array  # (CHUNK, months) on a paid term at the close of the month
    plan_at: Array  # (CHUNK, months) plan at the close of the month

    def events(self, *kinds: int) -> Array:
        """Return the positions of events of these kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))


def price_cents(world: World, plan: Array, day: Array) -> Array:
    """Return the monthly price of one seat of a plan on a day."""
    prices = np.array([[p.cents for p in PLANS], [p.risen_cents for p in PLANS]])
    return prices[(day >= number(world.truths.price_rise)).astype(np.int64), plan.astype(np.int64)]


def contract_batches(world: World, who: Customers, contracts: Contracts) -> Blocks:
    """Yield the terms."""
    yield _terms(world, who, contracts)


def _terms(world: World, who: Customers, contracts: Contracts) -> c.Block:
    customer, day, kind, plan = contracts.customer, contracts.day, contracts.kind, contracts.plan
    follows = np.append(customer[1:] == customer[:-1], False)
    after = np.append(np.arange(1, len(day)), 0)
    returns = np.cumsum(kind == RETURN)
    nth = returns - returns[np.searchsorted(customer, customer)]
    rows = np.flatnonzero(_OPENS[kind] >= 0)
    owner, ended = customer[rows], follows[rows]
    ends, reason = day[after[rows]], _ENDS[kind[after[rows]]]
    status = _OPENS[kind[rows]]
    cents = price_cents(world, plan[rows], day[rows]) * who.seats[owner]
    return c.block(
        "subscription_period",
        owner,
        subscription_id=c.ids("S", who.number[owner] * 100 + nth[rows]),
        start_date=c.days(day[rows]),
        customer_id=c.ids("C", who.number[owner]),
        product_code=c.codes(plan[rows], [p.code for p in PLANS]),
        end_date=c.days(ends, ~ended),
        recurring_amount=c.decimals(np.where(status == 0, cents, 0)),
        currency=c.constant(CURRENCY, len(rows)),
        status=c.codes(status, _STATUS),
        end_reason=c.codes(np.where(ended, reason, -1), _REASONS),
        source_system=c.constant("billing", len(rows)),
        loaded_at=c.instants(loaded(np.maximum(day[rows], world.time.starts[0] - 1), 0)),
    )
