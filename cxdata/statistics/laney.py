"""Control charts of shares and rates whose n changes: Laney's p' and u'.

With n in the thousands the classic limits are far too tight, since shares vary between periods by
more than the binomial says. Laney measures by how much and widens them.  Laney 2002, Quality
Engineering 14: 531.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.control import (
    FEWEST_POINTS,
    RANGE_FACTOR,
    ControlChart,
    lag_one,
    mean_range,
    signals,
)
from cxdata.statistics.interval import Floats, check, divide, floats, root

_D2 = 1.128  # mean range of two normal values, in sigmas


def laney_p(successes: ArrayLike, n: ArrayLike, baseline: int = 24) -> ControlChart:
    """Chart of shares k/n: p̄ -/+ 3·√(p̄(1 - p̄)/n_i)·sigma_z, cut to 0..1.

    z_i = (p_i - p̄)/√(p̄(1 - p̄)/n_i); sigma_z = mean moving range of z / 1.128. p̄ and sigma_z come
    from the first `baseline` points. Periods without cases are NaN.
    """
    k, cases = floats(successes, n)
    check(~(k < 0) & ~(k > cases), "A share needs successes between 0 and the number of cases.")
    known = _baseline(k, cases, baseline)
    middle = float(divide(k[known].sum(), cases[known].sum()))
    sigma = root(divide(middle * (1 - middle), cases))
    return _chart(divide(k, cases), middle, sigma, known, ceiling=1.0)


def laney_u(events: ArrayLike, exposure: ArrayLike, baseline: int = 24) -> ControlChart:
    """Chart of rates per exposure (contacts per customer-month), never below 0.

    ū -/+ 3·√(ū/n_i)·sigma_z, sigma_z as in `laney_p` from z_i = (u_i - ū)/√(ū/n_i).
    """
    count, time = floats(events, exposure)
    check(~(count < 0) & ~(time < 0), "Events and exposure cannot be negative.")
    known = _baseline(count, time, baseline)
    middle = float(divide(count[known].sum(), time[known].sum()))
    return _chart(divide(count, time), middle, root(divide(middle, time)), known, ceiling=np.inf)


def _baseline(count: Floats, size: Floats, baseline: int) -> NDArray[np.intp]:
    check(12 <= baseline <= 24, "The baseline of a control chart is its first 12 to 24 periods.")
    return np.flatnonzero(~np.isnan(divide(count, size)))[:baseline]


def _chart(
    values: Floats, middle: float, sigma: Floats, known: NDArray[np.intp], ceiling: float
) -> ControlChart:
    enough = known.size >= FEWEST_POINTS
    first = slice(0, known[-1] + 1 if enough else 0)
    z = divide(values - middle, sigma)[first]
    inflation, moving = mean_range(z) / _D2, mean_range(values[first])
    spread = sigma * inflation
    centre = np.where(np.isnan(spread), np.nan, middle)
    lo = np.maximum(centre - 3 * spread, 0.0)
    hi = np.minimum(centre + 3 * spread, ceiling)
    return ControlChart(
        values=values,
        centre=centre,
        sigma=spread,
        lo=lo,
        hi=hi,
        moving_range=moving,
        range_limit=RANGE_FACTOR * moving,
        baseline=known.size,
        autocorrelation=lag_one(z),
        inflation=inflation,
        season_removed=False,
        signals=signals(values, centre, lo, hi),
    )
