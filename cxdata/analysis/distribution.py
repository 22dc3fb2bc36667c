"""How spend, cost and contribution spread over customers (METRICS.md 2.6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.spreads import histogram_bins
from cxdata.statistics.distribution import Parts, gini, parts, top_share
from cxdata.statistics.histogram import Histogram
from cxdata.statistics.quantile import QuantileInterval, median_interval, quantile

LABELS = {
    "revenue": "Spend per customer",
    "cost": "Cost to serve per customer",
    "contribution": "Spend less cost to serve per customer",
}
"""Measures whose spread is kept, and their names."""

GRANULARITY = "from classes 6 % wide, within 3 %"
"""How exact a quantile is: customers are kept in classes of spend, each at its mean."""

_CLASSES = 10


@dataclass(frozen=True)
class Spread:
    """How one measure spreads over the customers of a period.

    ``classes`` has ``class`` (bounds in words), ``low``, ``high``, ``customers``, ``share``, in
    order. Money is in the reporting currency; shares are of customers, or of the total.
    """

    measure: str
    label: str
    n: int
    mean: float
    median: float
    interval: QuantileInterval
    p10: float
    p90: float
    zero_share: float
    negative: int
    top_tenth: float
    gini: float
    tenths: Parts
    classes: pd.DataFrame
    mean_class: str | None
    median_class: str | None


def distribution(gate: Gate, scope: Scope, measure: str = "revenue") -> Spread | None:
    """Return how a measure spreads; None where there is no customer.

    Raises:
        BadScope: several journeys at once, whose customers overlap.
    """
    bins = histogram_bins(gate, scope, measure)
    if bins.empty:
        return None
    n, total = bins["customers"].to_numpy(float), bins["total"].to_numpy(float)
    histogram = Histogram.of_bins(n, total)
    zeros = float(n[bins["bin"] == 0].sum())
    p10, median, p90, p95 = (float(v) for v in quantile(histogram, [0.1, 0.5, 0.9, 0.95]))
    mean = float(total.sum() / n.sum())
    classes = _classes(bins, n, total, p95)
    return Spread(
        measure,
        LABELS[measure],
        int(n.sum()),
        mean,
        median,
        median_interval(histogram),
        p10,
        p90,
        zeros / float(n.sum()),
        int(n[bins["bin"] < 0].sum()),
        top_share(histogram, 0.1),
        gini(histogram).estimate,
        parts(histogram),
        classes,
        _class_of(classes, mean),
        _class_of(classes, median),
    )


def _classes(bins: pd.DataFrame, n: np.ndarray, total: np.ndarray, p95: float) -> pd.DataFrame:
    """Gather the bins into classes of a round width; a bin goes where its mean lies."""
    value = total / n
    step = _round_step(max(p95, 1e-9) / _CLASSES)
    edges = step * np.arange(_CLASSES + 1)
    place = np.select(
        [bins["bin"] < 0, bins["bin"] == 0],
        [-2, -1],
        default=np.clip(np.searchsorted(edges, value, side="right") - 1, 0, _CLASSES),
    )
    rows = [
        (_name(at, step), _low(at, step), _high(at, step), float(n[place == at].sum()))
        for at in range(-2, _CLASSES + 1)
        if at >= 0 or (place == at).any()
    ]
    frame = pd.DataFrame(rows, columns=["class", "low", "high", "customers"])
    frame["share"] = frame["customers"] / frame["customers"].sum()
    return frame


def _round_step(width: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= width * 0.999))


def _name(at: int, step: float) -> str:
    if at < 0:
        return "below 0" if at == -2 else "0"
    if at == _CLASSES:
        return f"{step * at:,g}+"
    return f"{step * at:,g} to {step * (at + 1):,g}"


def _low(at: int, step: float) -> float:
    return -np.inf if at == -2 else 0.0 if at == -1 else step * at


def _high(at: int, step: float) -> float:
    return 0.0 if at < 0 else np.inf if at == _CLASSES else step * (at + 1)


def _class_of(classes: pd.DataFrame, value: float) -> str | None:
    if value == 0 and (classes["class"] == "0").any():
        return "0"
    inside = classes[(classes["low"] <= value) & (value < classes["high"])]
    return str(inside["class"].iloc[-1]) if len(inside) else None
