"""The cohort triangle and its curve (METRICS.md 2.3, 9.11)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from cxdata.model.period import add_months
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.lifetimes import cohort_counts
from cxdata.statistics.cohort import RetentionCurve, chain_curve, mature, pooled_curve
from cxdata.statistics.interval import divide
from cxdata.statistics.proportion import wilson


class Variant(StrEnum):
    """What counts as still there at an age; every view names the one it shows."""

    KEPT = "kept"
    ACTIVE = "active"
    BOUGHT = "bought"
    REVENUE = "revenue"

    @property
    def words(self) -> str:
        """The variant for a reader."""
        return {
            "kept": "has never left since",
            "active": "is a customer at that age",
            "bought": "bought in that month",
            "revenue": "revenue of that month against the first",
        }[self.value]


_COLUMN = {
    Variant.KEPT: "customers_kept",
    Variant.ACTIVE: "customers_active",
    Variant.BOUGHT: "customers_bought",
    Variant.REVENUE: "revenue",
}


def cohorts(gate: Gate, scope: Scope, variant: Variant = Variant.KEPT) -> pd.DataFrame:
    """Return one row a cohort and age.

    Columns ``cohort_month``, ``cohort`` (its name), ``age`` (months), ``count`` (customers; money
    for revenue), ``n`` (size of the cohort), ``estimate``, ``lo``, ``hi``; immature cells are NaN.
    Age 0 is the cohort itself. Segments are taken at each customer's first day.
    """
    sizes, counts, starts = _triangle(gate, scope, variant)
    estimate = divide(counts, counts[:, :1] if variant is Variant.REVENUE else sizes[:, np.newaxis])
    whole = np.broadcast_to(sizes[:, np.newaxis], counts.shape)
    if variant is Variant.REVENUE:
        lo = hi = np.full(counts.shape, np.nan)
    else:
        lo, hi = wilson(counts, whole)
    rows, ages = np.indices(counts.shape)
    return pd.DataFrame(
        {
            "cohort_month": [starts[row] for row in rows.ravel()],
            "cohort": [f"{starts[row]:%b %Y}" for row in rows.ravel()],
            "age": ages.ravel(),
            "count": counts.ravel(),
            "n": whole.ravel(),
            "estimate": estimate.ravel(),
            "lo": np.asarray(lo).ravel(),
            "hi": np.asarray(hi).ravel(),
        }
    )


def cohort_curve(gate: Gate, scope: Scope, variant: Variant = Variant.KEPT) -> RetentionCurve:
    """Return the curve over all cohorts: chained where nobody comes back, else pooled."""
    sizes, counts, _ = _triangle(gate, scope, variant)
    counts[:, 0] = sizes
    return (chain_curve if variant is Variant.KEPT else pooled_curve)(counts)


def _triangle(
    gate: Gate, scope: Scope, variant: Variant
) -> tuple[np.ndarray, np.ndarray, list[date]]:
    frame = cohort_counts(gate, scope, _COLUMN[variant])
    starts = sorted(set(frame["cohort_month"]))
    if not starts:
        return np.zeros(0), np.zeros((0, 1)), []
    through = gate.built.activity_through
    ages = max(_months(starts[0], through) + 1, 1)
    at = {(row.cohort_month, row.age): row for row in frame.itertuples()}
    sizes = np.array([float(getattr(at.get((s, 0)), "size", 0) or 0) for s in starts])
    counts = np.array([[_count(at.get((s, age))) for age in range(ages)] for s in starts])
    if variant in (Variant.KEPT, Variant.ACTIVE):
        counts[:, 0] = sizes
    counts = np.where(mature(starts, ages, through), counts, np.nan)
    return sizes, counts, starts


def _count(row: Any) -> float:
    return 0.0 if row is None else float(row.count)


def _months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if add_months(first, months) <= last else months - 1
