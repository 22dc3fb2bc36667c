"""Number formats of Office files that write a figure exactly as the pages do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from cxdata.model.format import Format
from cxdata.model.metric import Unit

_MINUS: Final = "\N{MINUS SIGN}"
_STEPS: Final = ((1e9, ",,,", "bn"), (1e6, ",,", "m"), (1e3, ",", "k"))
_PLAIN: Final = {
    Unit.SHARE: "0.0 %",
    Unit.CUSTOMERS: "#,##0",
    Unit.COUNT: "#,##0",
    Unit.POINTS: "0.0",
    Unit.RATE: "0.000",
    Unit.MONTHS: '0.0" months"',
}


def code(value: float | None, unit: Unit, form: Format) -> str:
    """Return the format in which a figure reads as ``say`` writes it.

    >>> code(0.976, Unit.SHARE, Format()), code(1_234_000, Unit.MONEY, Format())
    ('0.0 %;−0.0 %', '"€"0.00,,"m";−"€"0.00,,"m"')
    """
    return _signed(_PLAIN[unit] if unit in _PLAIN else _money(abs(value or 0.0), unit, form))


def exact(unit: Unit | None, form: Format) -> str:
    """Return the format of a column of figures in a workbook: every digit that means something."""
    if unit is None:
        return "General"
    if unit in _PLAIN:
        return _signed(_PLAIN[unit])
    return _signed(f'"{form.symbol}"#,##0.00')


def axis_code(values: Iterable[float], step: float, unit: Unit, form: Format) -> str:
    """Return the format of an axis whose ticks lie a step apart."""
    largest = max((abs(value) for value in values), default=0.0)
    if unit is Unit.SHARE:
        return _signed(f"{_zeros(step * 100)} %")
    if unit in (Unit.MONEY, Unit.UNIT_MONEY):
        for size, commas, letter in _STEPS:
            if largest >= size * 10:
                return _signed(f'"{form.symbol}"{_zeros(step / size)}{commas}"{letter}"')
        return _signed(f'"{form.symbol}"#,##{_zeros(step)}')
    return _signed(f"#,##{_zeros(step)}")


def scale(values: Iterable[float], *, zero: bool = False) -> tuple[float, float, float]:
    """Return where an axis begins and ends and how far its ticks lie apart.

    >>> scale([0.951, 0.988])
    (0.95, 0.99, 0.01)
    """
    known = [value for value in values if math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    span = (high - low) or abs(high) or 1.0
    rough = span / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough * 0.999)
    digits = max(0, 2 - math.floor(math.log10(step)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return round(first * step, digits), round(last * step, digits), round(step, digits)


def _money(size: float, unit: Unit, form: Format) -> str:
    sign = f'"{form.symbol}"'
    if unit is Unit.UNIT_MONEY and size < 10_000:
        return f"{sign}#,##0.00"
    for step, commas, letter in _STEPS:
        if size >= step * 0.9995:
            scaled = size / step
            digits = ".00" if scaled < 10 else ".0" if scaled < 100 else ""
            return f'{sign}{"0" if digits else "#,##0"}{digits}{commas}"{letter}"'
    return f"{sign}#,##0"


def _zeros(step: float) -> str:
    digits = min(4, max(0, -math.floor(math.log10(step) + 1e-9))) if step > 0 else 0
    if digits < 4 and abs(step * 10**digits - round(step * 10**digits)) > 1e-6:
        digits += 1
    return f"0.{'0' * digits}" if digits else "0"


def _signed(plain: str) -> str:
    return f"{plain};{_MINUS}{plain}"
