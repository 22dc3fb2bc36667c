"""Contracts: what happened to them, in terms and prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.demo import columns as c
from cxdata.demo.company import CURRENCY, PLANS
from cxdata.demo.customers import FOREVER, Customers
from cxdata.demo.lateness import loaded
from cxdata.demo.streams import runs
from cxdata.demo.timeline import Array, month_and_day, number
from cxdata.demo.world import Blocks, World

# What can happen to a contract.
TRIAL, START, UP, DOWN, PAUSE, RESUME, LAPSE, RETRIED, QUIT, DROP, RETURN, REPRICE, NO = range(13)

YEAR = 12
"""Months of a contract that is bound."""

_STATUS = ("active", "trial", "paused")
_REASONS = ("voluntary", "involuntary", "upgrade", "downgrade", "end_of_term")
# Status of the term that an event opens, and why it ends the term before it, in the order above.
_EVENTS = (
    ("trial", None),
    ("active", "end_of_term"),
    ("active", "upgrade"),
    ("active", "downgrade"),
    ("paused", None),
    ("active", None),
    (None, "involuntary"),
    ("active", None),
    (None, "voluntary"),
    (None, "involuntary"),
    ("active", None),
    ("active", None),
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


@dataclass(frozen=True)
class _Terms:
    """Terms of contracts, every field of shape (terms); ``ends`` counts where ``ended``."""

    kind: Array  # position of the event that opened it
    starts: Array
    ends: Array
    ended: Array
    reason: Array


def _terms(world: World, who: Customers, contracts: Contracts) -> c.Block:
    customer, kind = contracts.customer, contracts.kind
    returns = np.cumsum(kind == RETURN)
    nth = returns - returns[np.searchsorted(customer, customer)]
    terms = _by_year(world, who, contracts, _between(contracts))
    rows = terms.kind
    owner, start, status = customer[rows], terms.starts, _OPENS[kind[rows]]
    cents = price_cents(world, contracts.plan[rows], start) * who.seats[owner]
    return c.block(
        "subscription_period",
        owner,
        subscription_id=c.ids("S", who.number[owner] * 100 + nth[rows]),
        start_date=c.days(start),
        customer_id=c.ids("C", who.number[owner]),
        product_code=c.codes(contracts.plan[rows], [p.code for p in PLANS]),
        end_date=c.days(terms.ends, ~terms.ended),
        recurring_amount=c.decimals(np.where(status == 0, cents, 0)),
        currency=c.constant(CURRENCY, len(rows)),
        status=c.codes(status, _STATUS),
        end_reason=c.codes(np.where(terms.ended, terms.reason, -1), _REASONS),
        source_system=c.constant("billing", len(rows)),
        loaded_at=c.instants(loaded(np.maximum(start, world.time.starts[0] - 1), 0)),
    )


def _between(contracts: Contracts) -> _Terms:
    """Terms from one event to the customer's next."""
    customer, day, kind = contracts.customer, contracts.day, contracts.kind
    follows = np.append(customer[1:] == customer[:-1], False)
    after = np.append(np.arange(1, len(day)), 0)
    rows = np.flatnonzero(_OPENS[kind] >= 0)
    return _Terms(rows, day[rows], day[after[rows]], follows[rows], _ENDS[kind[after[rows]]])


def _by_year(world: World, who: Customers, contracts: Contracts, terms: _Terms) -> _Terms:
    """Cut paid terms of yearly contracts where a year of the contract was over and renewed."""
    customer, kind = contracts.customer, contracts.kind
    signs = np.isin(kind, (START, RETURN))
    latest = np.maximum.accumulate(np.where(signs, np.arange(len(kind)), 0))
    signed = contracts.day[latest[terms.kind]]
    paid = who.yearly[customer[terms.kind]] & (_OPENS[kind[terms.kind]] == 0)
    until = np.where(terms.ended, terms.ends, world.time.stop)
    month, dom = month_and_day(signed)
    most = int(np.max((until - signed) // 365, initial=0)) + 1
    opening = (month[:, None] + YEAR * np.arange(1, most + 1)).astype("datetime64[M]")
    first, after = (
        months.astype("datetime64[D]").astype(np.int64) for months in (opening, opening + 1)
    )
    over = np.minimum(first + dom[:, None], after - 1)
    cuts = paid[:, None] & (over > terms.starts[:, None]) & (over < until[:, None])
    count = cuts.sum(axis=1)
    row, nth = np.repeat(np.arange(len(count)), count + 1), runs(count + 1)
    days = np.sort(np.where(cuts, over, FOREVER), axis=1)
    is_last = nth == count[row]
    starts = np.where(nth == 0, terms.starts[row], days[row, nth - 1])
    ends = np.where(is_last, terms.ends[row], days[row, np.minimum(nth, most - 1)])
    reason = np.where(is_last, terms.reason[row], _REASONS.index("end_of_term"))
    return _Terms(terms.kind[row], starts, ends, terms.ended[row] | ~is_last, reason)
