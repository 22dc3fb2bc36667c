"""Log-rank test: do groups leave at the same pace?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from cxdata.statistics.interval import Floats, check, divide
from cxdata.statistics.risk import RiskTable


@dataclass(frozen=True, slots=True, eq=False)
class LogRank:
    """χ² with its degrees of freedom and p; events observed and expected in each group."""

    chi2: float
    df: int
    p: float
    observed: Floats
    expected: Floats


def log_rank(tables: Sequence[RiskTable]) -> LogRank:
    """Compare two or more groups whose tables share their ages (`risk_tables`).

    Expected events of group g at t: d_t·n_gt/n_t; variance hypergeometric. χ² on groups - 1
    degrees of freedom; NaN when there is nothing to compare.  Mantel 1966; Klein & Moeschberger
    2003, 7.3.
    """
    check(len(tables) >= 2, "A log-rank test compares at least two groups.")
    ages = tables[0].time
    same = all(np.array_equal(t.time, ages) for t in tables)
    check(same, "A log-rank test needs risk tables on the same ages; build them with risk_tables.")
    n_group = np.stack([t.at_risk for t in tables])
    d_group = np.stack([t.lost for t in tables])
    n, d = n_group.sum(axis=0), d_group.sum(axis=0)
    share = np.nan_to_num(divide(n_group, n))
    observed, expected = d_group.sum(axis=1), (share * d).sum(axis=1)
    spread = np.nan_to_num(divide(d * (n - d), n - 1))
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    chi2, df = _quadratic(observed - expected, covariance)
    return LogRank(chi2, df, float(chdtrc(df, chi2)) if df else float("nan"), observed, expected)


def _quadratic(excess: Floats, covariance: Floats) -> tuple[float, int]:
    """Excess·V⁻·excess and the rank of V: groups never at risk together cost no freedom."""
    df = int(np.linalg.matrix_rank(covariance, hermitian=True)) if covariance.any() else 0
    if df == 0:
        return float("nan"), 0
    return float(excess @ np.linalg.pinv(covariance, hermitian=True) @ excess), df
