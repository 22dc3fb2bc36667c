"""The customer bridge in heads and the revenue movement in money; both close exactly.

By segment both ends are taken at their own day, so two more lines stand for customers who changed
segment; over all segments they sum to nothing (METRICS.md 1.5, 2.1, 2.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from cxdata.metrics import metric as metric_of
from cxdata.model.errors import MissingTables
from cxdata.model.metric import Stat, Unit, total
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import CUSTOMER_FLOW
from cxdata.query.evaluate import totals
from cxdata.query.gate import Gate

_FLOW = CUSTOMER_FLOW.c

HEADS: tuple[tuple[str, str, int], ...] = (
    ("start", "At the start", 1),
    ("new", "New", 1),
    ("reactivated", "Won back", 1),
    ("transfers_in", "Moved here from other segments", 1),
    ("transfers_out", "Moved to other segments", -1),
    ("lost", "Lost", -1),
    ("end", "At the end", 0),
)
"""Lines of the bridge in heads: name, label, sign."""

MONEY: tuple[tuple[str, str, int], ...] = (
    ("start", "At the start", 1),
    ("new", "New customers", 1),
    ("reactivation", "Won back", 1),
    ("expansion", "Spent more", 1),
    ("transfers_in", "Moved here from other segments", 1),
    ("transfers_out", "Moved to other segments", -1),
    ("contraction", "Spent less", -1),
    ("churn", "Lost customers", -1),
    ("adjustment", "Corrections", 1),
    ("fx", "Exchange rates", 1),
    ("end", "At the end", 0),
)
"""Lines of the revenue movement: name, label, sign."""


@dataclass(frozen=True)
class Bridge:
    """One bridge: ``lines`` has ``line``, ``label``, ``amount`` (signed); ``check`` must be 0."""

    unit: Unit
    period: Period
    lines: pd.DataFrame
    check: Decimal

    def amount(self, line: str) -> Decimal:
        """Amount of one line; 0 where the bridge does not have it."""
        found = self.lines.loc[self.lines["line"] == line, "amount"]
        return found.iloc[0] if len(found) else Decimal(0)


_STATS: Mapping[str, Stat] = {
    "start": total(_FLOW.customers_start),
    "new": total(_FLOW.customers_new),
    "reactivated": total(_FLOW.customers_reactivated),
    "lost": total(_FLOW.customers_lost),
    "kept_end": total(_FLOW.customers_end),
    "end": total(_FLOW.customers_end, profile="end"),
    "money_start": total(_FLOW.revenue_start),
    "money_new": total(_FLOW.revenue_new),
    "money_reactivation": total(_FLOW.revenue_reactivation),
    "money_expansion": total(_FLOW.revenue_expansion),
    "money_contraction": total(_FLOW.revenue_contraction),
    "money_churn": total(_FLOW.revenue_churn),
    "money_adjustment": total(_FLOW.revenue_adjustment),
    "money_fx": total(_FLOW.revenue_fx),
    "money_kept_end": total(_FLOW.revenue_end),
    "money_end": total(_FLOW.revenue_end, profile="end"),
}
"""What the lines are made of; ``kept_end`` is the end by the segment at the start."""


def bridges(gate: Gate, scope: Scope) -> tuple[Bridge, Bridge]:
    """Return the bridge in heads and the movement in money of a scope.

    Raises:
        MissingTables: nothing says who is a customer.
    """
    lacking = gate.missing(metric_of("customers_net"))
    if lacking:
        raise MissingTables("The customer bridge", lacking)
    sums = totals(gate, _STATS, scope)
    exact = {name: _decimal(value) for name, value in sums.items()}
    return _heads(scope.period, exact), _money(scope.period, exact)


def _heads(period: Period, exact: dict[str, Decimal]) -> Bridge:
    moved = exact["end"] - exact["kept_end"]
    amounts = {
        **exact,
        "transfers_in": max(moved, Decimal(0)),
        "transfers_out": max(-moved, Decimal(0)),
    }
    return _closed(Unit.CUSTOMERS, period, HEADS, amounts)


def _money(period: Period, exact: dict[str, Decimal]) -> Bridge:
    amounts = {
        name.removeprefix("money_"): v for name, v in exact.items() if name.startswith("money_")
    }
    moved = amounts["end"] - amounts["kept_end"]
    amounts |= {"transfers_in": max(moved, Decimal(0)), "transfers_out": max(-moved, Decimal(0))}
    return _closed(Unit.MONEY, period, MONEY, amounts)


def _closed(
    unit: Unit, period: Period, lines: tuple[tuple[str, str, int], ...], amounts: dict[str, Decimal]
) -> Bridge:
    rows = [
        {"line": name, "label": label, "amount": amounts[name] * (sign or 1)}
        for name, label, sign in lines
        if name not in _ONLY_WHERE_ANY or amounts[name]
    ]
    parts = sum((amounts[name] * sign for name, _, sign in lines), Decimal(0))
    return Bridge(unit, period, pd.DataFrame(rows), parts - amounts["end"])


_ONLY_WHERE_ANY = frozenset({"transfers_in", "transfers_out", "adjustment", "fx"})


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(int(value))
