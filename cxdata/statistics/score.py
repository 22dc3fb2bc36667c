"""Net Promoter Score: promoters (9-10) less detractors (0-6), per hundred responses.

Points from -100 to +100, never "%". A response counts +1, 0 or -1; with shares p and d of
promoters and detractors its variance is v = p + d - (p - d)².
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import (
    Difference,
    Estimate,
    Floats,
    check,
    critical,
    divide,
    floats,
    normal_difference,
    root,
    scalar,
)

_PSEUDO = 3.0  # responses the adjusted Wald interval adds: ¾ promoter, 1½ passives, ¾ detractor
_ROUNDED = 1 + 1e-9  # shares of accounts add up to whole ones but for the last bits


def nps(
    promoters: ArrayLike,
    passives: ArrayLike,
    detractors: ArrayLike,
    population: ArrayLike = np.inf,
    level: float = 0.95,
) -> Estimate:
    """Raw score and its standard error, with the adjusted Wald interval cut to -/+ 100.

    n' = n + 3, p' = (P + ¾)/n', d' = (D + ¾)/n'; centre p' - d', se' = √(v'/n').
    Rocks 2016, The American Statistician 70: 365; Lewis & Sauro 2021. Plain Wald has no width
    when all are promoters and passes 100. A population (people who could have answered)
    multiplies v' by (N - n)/(N - 1); the counts may be fractional.

    >>> s = nps(60, 25, 15)
    >>> [round(float(v), 3) for v in (s.estimate, s.lo, s.hi)]
    [45.0, 29.343, 58.036]
    """
    good, neutral, bad = _classes(promoters, passives, detractors)
    n = good + neutral + bad
    share = _share_unseen(n, population)
    centre, error = _adjusted(good, n, bad, share)
    raw = 100 * divide(good - bad, n)
    se = 100 * root(divide(_variance(divide(good, n), divide(bad, n)) * share, n))
    return _on_scale(scalar(raw), se, centre, error, level)


def nps_change(
    promoters1: ArrayLike,
    passives1: ArrayLike,
    detractors1: ArrayLike,
    promoters0: ArrayLike,
    passives0: ArrayLike,
    detractors0: ArrayLike,
    population1: ArrayLike = np.inf,
    population0: ArrayLike = np.inf,
    level: float = 0.95,
) -> Difference:
    """Raw score 1 less raw score 0; interval and p from the adjusted values, errors added.

    se = √(se1'² + se0'²) around the difference of the adjusted centres. Two intervals that
    overlap may still differ: the test is on the difference. Only for separate respondents and
    windows that do not overlap.

    >>> d = nps_change(440, 300, 260, 400, 300, 300)
    >>> [round(float(v), 2) for v in (d.estimate, d.lo, d.hi)]
    [8.0, 0.77, 15.18]
    """
    good1, neutral1, bad1 = _classes(promoters1, passives1, detractors1)
    good0, neutral0, bad0 = _classes(promoters0, passives0, detractors0)
    n1, n0 = good1 + neutral1 + bad1, good0 + neutral0 + bad0
    centre1, error1 = _adjusted(good1, n1, bad1, _share_unseen(n1, population1))
    centre0, error0 = _adjusted(good0, n0, bad0, _share_unseen(n0, population0))
    raw = scalar(100 * (divide(good1 - bad1, n1) - divide(good0 - bad0, n0)))
    return _change(raw, centre1 - centre0, np.hypot(error1, error0), level)


class AccountSums(NamedTuple):
    """Answers by account, as sums over accounts of n (answers) and s (promoters less detractors).

    ``accounts`` may be a fraction in a slice: an account whose answers lie in several counts in
    each by its share.
    """

    accounts: ArrayLike
    n: ArrayLike
    score: ArrayLike
    n_squares: ArrayLike
    n_score: ArrayLike
    score_squares: ArrayLike


def nps_clustered(sums: AccountSums, level: float = 0.95) -> Estimate:
    """Respondent-level score whose interval lets answers of one account agree.

    Per account a: n_a responses, s_a = promoters less detractors. From G accounts and the sums
    Σn_a, Σs_a, Σn_a², Σn_a·s_a, Σs_a²:  m = Σs_a/Σn_a,
    se² = Σ(s_a - m·n_a)² · G/(G - 1) / n².  Fewer than two accounts have no interval.

    The interval adds three accounts of average size, ¾ all promoters, 1½ all passive and ¾ all
    detractors: with one response an account that is the adjusted Wald interval of `nps` times
    √(G'/(G' - 1)), and accounts that all agree keep an interval. Simulated coverage at 95 % for 10
    to 100 accounts is 93-97 %; plain estimate -/+ z·se covers 76 % at 10 accounts, 92 % at 40.
    """
    groups, total, s, nn, ns, ss = floats(*sums)
    check(~(groups > total * _ROUNDED), "A score by account needs a response in every account.")
    mean = divide(s, total)
    se = _cluster_se(groups, total, mean, nn, ns, ss)
    centre, error = _adjusted_clustered(sums)
    return _on_scale(100 * mean, 100 * se, centre, error, level)


def nps_change_clustered(one: AccountSums, zero: AccountSums, level: float = 0.95) -> Difference:
    """Raw score 1 less raw score 0, each with its answers clustered by account.

    Accounts that answered both times are taken as different ones: where they agree with
    themselves the interval is too wide rather than too narrow.
    """
    raw = 100 * (divide(*floats(one.score, one.n)) - divide(*floats(zero.score, zero.n)))
    (centre1, error1), (centre0, error0) = _adjusted_clustered(one), _adjusted_clustered(zero)
    return _change(scalar(raw), centre1 - centre0, np.hypot(error1, error0), level)


class WeightedAccounts(NamedTuple):
    """Each account's mean y of +1, 0, -1 and its weight w: Σw, Σw², Σw·y, Σw²·y and Σw²·y²."""

    weight: ArrayLike
    weight_squares: ArrayLike
    weighted: ArrayLike
    squares_weighted: ArrayLike
    weighted_squares: ArrayLike


def nps_of_accounts(sums: WeightedAccounts, level: float = 0.95) -> Estimate:
    """Score of accounts: the mean of each account's own score, averaged by a weight.

    With every w = 1 accounts count alike; with their revenue, by what they pay. m = Σw·y/Σw,
    v = Σw²(y - m)²/Σw², n_eff = (Σw)²/Σw² (Kish 1965), and the adjusted Wald interval over n_eff
    accounts. Simulated coverage at 95 % is 93-98 % from ten effective accounts on.
    """
    centre, error, mean, se = _of_accounts(sums)
    return _on_scale(100 * mean, 100 * se, 100 * centre, 100 * error, level)


def nps_of_accounts_change(
    one: WeightedAccounts, zero: WeightedAccounts, level: float = 0.95
) -> Difference:
    """Account score 1 less account score 0; accounts in both are taken as different ones."""
    centre1, error1, mean1, _ = _of_accounts(one)
    centre0, error0, mean0, _ = _of_accounts(zero)
    raw = scalar(100 * (mean1 - mean0))
    return _change(raw, 100 * (centre1 - centre0), 100 * np.hypot(error1, error0), level)


def _of_accounts(sums: WeightedAccounts) -> tuple[Floats, Floats, Floats, Floats]:
    """Adjusted centre and error, raw mean and its standard error, on -1 to 1."""
    w, ww, wy, wwy, wwyy = floats(*sums)
    mean, units = divide(wy, w), divide(w**2, ww)
    variance = np.maximum(divide(wwyy - 2 * mean * wwy + mean**2 * ww, ww), 0)
    cases = units + _PSEUDO
    centre = mean * units / cases
    second = ((variance + mean**2) * units + _PSEUDO / 2) / cases
    error = root(divide(second - centre**2, cases - 1))
    return centre, error, mean, root(divide(variance, units))


def _adjusted_clustered(sums: AccountSums) -> tuple[Floats, Floats]:
    """Centre and standard error with three accounts of average size added, in points."""
    groups, total, s, nn, ns, ss = floats(*sums)
    size = divide(total, groups)
    wider = total + _PSEUDO * size
    centre = divide(s, wider)
    error = _cluster_se(
        groups + _PSEUDO, wider, centre, nn + _PSEUDO * size**2, ns, ss + _PSEUDO / 2 * size**2
    )
    return 100 * centre, 100 * np.where(groups >= 2, error, np.nan)


def _change(raw: Floats, gap: Floats, error: Floats, level: float) -> Difference:
    """A raw difference judged by the adjusted one, inside -/+ 200."""
    known = np.where(np.isnan(raw), np.nan, 1.0)
    d = normal_difference(gap * known, error, level)
    return Difference(raw, scalar(np.maximum(d.lo, -200)), scalar(np.minimum(d.hi, 200)), d.p)


def _on_scale(raw: Floats, se: Floats, centre: Floats, error: Floats, level: float) -> Estimate:
    """An estimate whose interval lies around another centre and stays inside -/+ 100."""
    half = critical(level) * error
    lo, hi = np.clip(centre - half, -100, 100), np.clip(centre + half, -100, 100)
    known = np.where(np.isnan(raw), np.nan, 1.0)
    return Estimate(scalar(raw), scalar(se), scalar(lo * known), scalar(hi * known))


def _classes(*counts: ArrayLike) -> tuple[Floats, ...]:
    classes = floats(*counts)
    check(~(np.stack(classes) < 0), "Promoters, passives and detractors are counts: 0 or more.")
    return classes


def _variance(p: Floats, d: Floats) -> Floats:
    return p + d - (p - d) ** 2


def _adjusted(good: Floats, n: Floats, bad: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Centre and standard error of the adjusted Wald interval, in points."""
    cases = n + _PSEUDO
    p, d = (good + _PSEUDO / 4) / cases, (bad + _PSEUDO / 4) / cases
    return scalar(100 * (p - d)), 100 * root(_variance(p, d) * share / cases)


def _share_unseen(n: Floats, population: ArrayLike) -> Floats:
    """(N - n)/(N - 1): 1 for an unlimited or unknown population, 0 once everybody answered."""
    cases, people = floats(n, population)
    limited = np.isfinite(people)
    finite = np.where(limited, people, 2.0)
    share = np.where(finite > cases, divide(finite - cases, finite - 1), 0.0)
    return scalar(np.where(limited, share, 1.0))


def _cluster_se(
    groups: Floats, n: Floats, mean: Floats, nn: Floats, ns: Floats, ss: Floats
) -> Floats:
    between = ss - 2 * mean * ns + mean**2 * nn
    return root(divide(np.maximum(between, 0) * divide(groups, groups - 1), n**2))
