"""The one place that turns numbers into text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from cxdata.model.metric import Unit

NOTHING = "–"
_MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}
_STEPS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True)
class Format:
    """How figures are written: the reporting currency."""

    currency: str = "EUR"

    @property
    def symbol(self) -> str:
        """Sign before an amount of the reporting currency."""
        return _SYMBOLS.get(self.currency, f"{self.currency} ")

    def value(self, value: float | Decimal | None, unit: Unit, *, short: bool = False) -> str:
        """Write a figure in its unit.

        >>> Format().value(0.9731, Unit.SHARE), Format().value(1234567, Unit.MONEY, short=True)
        ('97.3 %', '€1.23m')
        """
        number = None if value is None else float(value)
        if number is None or not math.isfinite(number):
            return NOTHING
        return _signed(number, self._size(abs(number), unit, short), plus=False)

    def change(self, value: float | Decimal | None, unit: Unit, *, short: bool = False) -> str:
        """Write a difference with its sign; shares differ in percentage points.

        >>> Format().change(-0.0123, Unit.SHARE), Format().change(3.25, Unit.POINTS)
        ('−1.2 pp', '+3.2 points')
        """
        number = None if value is None else float(value)
        if number is None or not math.isfinite(number):
            return NOTHING
        if unit is Unit.SHARE:
            text = f"{abs(number) * 100:.1f} pp"
        elif unit is Unit.POINTS:
            text = f"{abs(number):.1f} points"
        else:
            text = self._size(abs(number), unit, short)
        return _signed(number, text, plus=True)

    def margin(self, value: float | None, unit: Unit) -> str:
        """Write a margin of error: ``±2.1 pp``."""
        if value is None or not math.isfinite(value):
            return ""
        if unit is Unit.SHARE:
            return f"±{value * 100:.1f} pp"
        return f"±{self._size(value, unit, False)}"

    def _size(self, size: float, unit: Unit, short: bool) -> str:
        if unit is Unit.SHARE:
            return f"{size * 100:.1f} %"
        if unit is Unit.POINTS:
            return f"{size:.1f}"
        if unit is Unit.RATE:
            return f"{size:.3f}"
        if unit is Unit.MONTHS:
            return f"{size:.1f} months"
        if unit in (Unit.MONEY, Unit.UNIT_MONEY):
            return self.symbol + self._amount(size, unit, short)
        return _shortened(size) if short else f"{size:,.0f}"

    @staticmethod
    def _amount(size: float, unit: Unit, short: bool) -> str:
        if unit is Unit.UNIT_MONEY and size < 10_000:
            return f"{size:,.2f}"
        return _shortened(size) if short else f"{size:,.0f}"


def span(low: str, high: str) -> str:
    """Write a range of two written figures; a word or sign that follows both stands once.

    >>> span("97.1 %", "97.7 %"), span("−2.0 points", "+3.5 points"), span("€1.20", "€1.40")
    ('97.1 to 97.7 %', '−2.0 to +3.5 points', '€1.20 to €1.40')
    """
    for unit in (" %", " pp", " points"):
        if high.endswith(unit):
            return f"{low.removesuffix(unit)} to {high}"
    return f"{low} to {high}"


def _shortened(size: float) -> str:
    for step, letter in _STEPS:
        if size >= step * 0.9995:
            scaled = size / step
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:,.{digits}f}{letter}"
    return f"{size:,.0f}"


def _signed(number: float, text: str, *, plus: bool) -> str:
    is_zero = not any(digit in text for digit in "123456789")
    if is_zero:
        return text
    if number < 0:
        return _MINUS + text
    return "+" + text if plus else text
