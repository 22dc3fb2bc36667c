"""What the columns of one extract prove together about how its sender writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cxdata.intake.values.facts import Facts


@dataclass(frozen=True)
class House:
    """The sender's habits: "" where nothing in the extract proves one, or columns disagree."""

    decimal: str = ""
    decimal_from: str = ""
    order: str = ""
    order_from: str = ""
    missing: frozenset[str] = frozenset()
    american: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)

    def choice(self, column: str, key: str) -> Any:
        """Return what was chosen for a column, or for all columns; None where nothing was."""
        return self.choices.get(f"column:{column}:{key}", self.choices.get(key))


def house(columns: Iterable[Facts], choices: Mapping[str, Any]) -> House:
    """Return the habits that the columns prove; two columns that disagree prove none."""
    decimals: dict[str, str] = {}
    orders: dict[str, str] = {}
    missing: set[str] = set()
    american = False
    for one in columns:
        for mark, votes in decimal_votes(one).items():
            if votes and one.number_count >= 0.5 * one.real:
                decimals.setdefault(mark, one.name)
        for order, votes in order_votes(one).items():
            if votes and one.date_count >= 0.5 * one.real:
                orders.setdefault(order, one.name)
        if one.real and one.number_count + one.date_count >= 0.9 * one.real:
            missing.update(one.missing)
        american = american or _american(one)
    decimal = next(iter(decimals)) if len(decimals) == 1 else ""
    order = next(iter(orders)) if len(orders) == 1 else ""
    return House(
        decimal,
        decimals.get(decimal, ""),
        order,
        orders.get(order, ""),
        frozenset(missing),
        american,
        choices,
    )


def decimal_votes(column: Facts) -> dict[str, float]:
    """Return how many values prove each decimal sign."""
    votes = {".": 0.0, ",": 0.0}
    for shown, count in column.numbers.values():
        if shown.decimal:
            votes[shown.decimal] += count
        elif shown.group in (".", ","):
            votes["," if shown.group == "." else "."] += count
    return votes


def order_votes(column: Facts) -> dict[str, float]:
    """Return how many values prove that the day, or the month, comes first."""
    votes = {"day": 0.0, "month": 0.0}
    for shown, count in column.dates.values():
        votes["day"] += count * shown.day_first
        votes["month"] += count * shown.month_first
    return votes


def _american(column: Facts) -> bool:
    halves = any("%p" in shown.formats[0] for shown, _ in column.dates.values())
    return halves or any(shown.sign in ("$", "US$", "USD") for shown, _ in column.numbers.values())
