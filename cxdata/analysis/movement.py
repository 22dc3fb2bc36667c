"""Changes told by their own lines: the bridge of customers or revenue, the chain of costs.

A stock changes by who and what came and went (METRICS.md 2.1, 2.5). Cost to serve changes by how
many customers there are, how often they need help, on which channel, and what a contact costs there
(METRICS.md 2.7); other costs stand beside the chain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxdata.analysis.bridge import HEADS, MONEY
from cxdata.analysis.parts import Amount, Drawn, Part
from cxdata.analysis.split import SEED
from cxdata.metrics import metric as metric_of
from cxdata.metrics.finish.allocation import allocated
from cxdata.model.metric import Floats, Stats, total
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import CUSTOMER_FLOW, CUSTOMER_TOTAL
from cxdata.query.cells import channel_cells
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.statistics.decomposition import shapley
from cxdata.statistics.draws import DRAWS, class_draws
from cxdata.statistics.interval import divide
from cxdata.statistics.mean import ratio_interval

_FLOW = CUSTOMER_FLOW.c

BRIDGED = {"customers_end": HEADS, "recurring_revenue": MONEY}
"""Stocks, and the lines of the bridge that moves them."""

CHAINED = frozenset({"cost_to_serve", "cost_per_customer"})
"""Costs told by their chain of factors."""

_COLUMNS = {
    "customers_end": {
        "new": _FLOW.customers_new,
        "reactivated": _FLOW.customers_reactivated,
        "lost": _FLOW.customers_lost,
    },
    "recurring_revenue": {
        "new": _FLOW.revenue_new,
        "reactivation": _FLOW.revenue_reactivation,
        "expansion": _FLOW.revenue_expansion,
        "contraction": _FLOW.revenue_contraction,
        "churn": _FLOW.revenue_churn,
        "adjustment": _FLOW.revenue_adjustment,
        "fx": _FLOW.revenue_fx,
    },
}
_MOVED = "transfers"

_FACTORS = (
    ("customers", "Number of customers"),
    ("contact_rate", "Contacts per customer"),
    ("channel_mix", "Which channels they use"),
    ("unit_cost", "Cost of a contact on each channel"),
)


def bridge_parts(gate: Gate, name: str, scope: Scope, against: Period) -> tuple[Part, ...]:
    """Return the lines between two closes: those of the months in between, customer by customer.

    Whoever changed segment in between is in a line of transfers where a segment is chosen.
    """
    months = (scope.period.end.year - against.end.year) * 12
    months += scope.period.end.month - against.end.month
    columns = _COLUMNS[name]
    flow = replace(
        metric_of(name),
        name="movement",
        stats={line: total(column, months=months) for line, column in columns.items()},
        finish=lambda stats: metric_of("customers_start").finish(
            {"customers": next(iter(stats.values()))}
        ),
    )
    found = evaluate(gate, [flow], scope, at=[scope.period])["movement"]
    return tuple(
        Part(line, label, Amount(sign * float(found.exact[line][0])))
        for line, label, sign in BRIDGED[name]
        if line in columns
    )


def closing_gap(parts: tuple[Part, ...], change: float) -> tuple[Part, ...]:
    """Add what changed segment between the closes, where the lines alone do not make the change."""
    rest = change - sum(part.amount.value for part in parts)
    if abs(rest) < 0.005:
        return parts
    return (*parts, Part(_MOVED, "Moved between segments", Amount(rest)))


@dataclass(frozen=True)
class _Chain:
    """Factors of the cost of contacts, (factors, 2 periods, channels), and the costs beside it."""

    factors: Floats
    others: dict[str, Floats]


def chain_parts(gate: Gate, name: str, scope: Scope, against: Period) -> tuple[Part, ...]:
    """Return what each factor of the cost to serve brought, over all channels, and other costs."""
    metric = metric_of("cost_per_customer")
    role = {"role": "all"}
    table = CUSTOMER_TOTAL.c
    sums = {
        "units": total(table.customers, **role),
        "y": total(table.contacts, **role),
        "yy": total(table.contacts_sq, **role),
        "x": total(table.exposure, **role),
        "xx": total(table.exposure_sq, **role),
        "xy": total(table.contacts_exposure, **role),
    }
    reading = replace(metric, name="chain", stats={**metric.stats, **sums})
    at = (against, scope.period)
    stats = evaluate(gate, [reading], scope, at=at)["chain"].stats
    _, (contacts, cost) = channel_cells(gate, scope, at)
    is_total = name == "cost_to_serve"
    customers = stats["customers"]
    whole = np.ones(2) if is_total else customers
    others = {
        "direct": divide(stats["direct_cost"], whole),
        "shared": divide(allocated(stats), whole),
    }
    chain = _factors(customers, contacts, cost)
    drawn = _drawn(stats, contacts, chain)
    first = 0 if is_total else 1
    exact = shapley(chain[first:, 0], chain[first:, 1])
    again = shapley(drawn[first:, 0], drawn[first:, 1])
    parts = [
        Part(label_of, label, Drawn(exact[at], again[at]).sum())
        for at, (label_of, label) in enumerate(_FACTORS[first:])
    ]
    labels = {"direct": "Other direct costs", "shared": "Shared costs"}
    parts += [
        Part(line, labels[line], Amount(float(values[1] - values[0])))
        for line, values in others.items()
        if np.any(values != 0)
    ]
    return tuple(parts)


def _factors(customers: Floats, contacts: Floats, cost: Floats) -> Floats:
    """Customers, contacts a customer, share and cost by channel: (4, 2 periods, channels).

    A channel without contacts in one period keeps the cost it has in the other.
    """
    every = contacts.sum(axis=-1, keepdims=True)
    unit = divide(cost, contacts)
    unit = np.where(np.isnan(unit), np.nan_to_num(unit[::-1]), unit)
    shape = contacts.shape
    return np.stack(
        [
            np.broadcast_to(customers[:, np.newaxis], shape),
            np.broadcast_to(divide(every, customers[:, np.newaxis]), shape),
            np.nan_to_num(divide(contacts, every)),
            unit,
        ]
    )


def _drawn(stats: Stats, contacts: Floats, chain: Floats) -> Floats:
    """Draw how often customers call and on which channel; their number and rates are counted.

    The rate varies as its customers do; channels vary as that many independent contacts would.
    Returns (4, 2 periods, draws, channels).
    """
    random = np.random.default_rng(SEED)
    names = ("units", "y", "yy", "x", "xx", "xy")
    again = np.repeat(chain[:, :, np.newaxis, :], DRAWS, axis=2)
    for at in (0, 1):
        found = ratio_interval(*(stats[name][at] for name in names))
        error = float(np.nan_to_num(divide(found.se, found.estimate)))
        again[1, at] *= 1 + error * random.standard_normal((DRAWS, 1))
        every = float(contacts[at].sum())
        if every > 0:
            independent = every if error == 0 else min(every, 1 / error**2)
            drawn = class_draws(contacts[at][np.newaxis], random, independent)[:, 0]
            again[2, at] = drawn / every
    return again
