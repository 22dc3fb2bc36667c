"""Wilson, Newcombe and Garwood against published figures and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)
from statsmodels.stats.rates import confint_poisson

from cxdata.model.errors import CxError
from cxdata.statistics.proportion import effective_cases, garwood, newcombe, wilson

cases = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "lo", "hi"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)
def test_wilson_equals_newcombes_published_table(k: int, n: int, lo: float, hi: float) -> None:
    assert wilson(k, n) == pytest.approx((lo, hi), abs=5e-5)


def test_wilson_of_no_success_starts_at_exactly_zero() -> None:
    lo, hi = wilson([0, 20], 20)
    assert lo[0] == 0
    assert hi[1] == 1
    assert hi[0] == pytest.approx(0.161125, abs=5e-7)


@given(case=cases, level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_equals_statsmodels(case: tuple[int, int], level: float) -> None:
    theirs = proportion_confint(*case, alpha=1 - level, method="wilson")
    assert wilson(*case, level) == pytest.approx(theirs, abs=1e-12)


def test_cells_without_cases_are_nan_and_the_others_stand() -> None:
    lo, hi = wilson([5, 0, np.nan], [10, 0, 10])
    assert np.isnan(lo).tolist() == [False, True, True]
    assert np.isnan(hi).tolist() == [False, True, True]
    d = newcombe([5, 0], [10, 0], [4, 4], [10, 10])
    assert np.isnan([d.estimate, d.lo, d.hi, d.p])[:, 1].all()
    assert np.isfinite([d.estimate, d.lo, d.hi, d.p])[:, 0].all()
    assert np.isnan(garwood([0, 3], 0)).all()


def test_newcombe_equals_its_paper() -> None:
    d = newcombe(56, 70, 48, 80)
    assert (d.estimate, d.lo, d.hi) == pytest.approx((0.20, 0.0524, 0.3339), abs=5e-5)


@given(one=cases, other=cases)
def test_newcombe_interval_equals_statsmodels(one: tuple[int, int], other: tuple[int, int]) -> None:
    theirs = confint_proportions_2indep(*one, *other, method="newcomb")
    d = newcombe(*one, *other)
    assert (d.lo, d.hi) == pytest.approx(theirs, abs=1e-9)


@given(one=cases, other=cases)
def test_newcombe_p_and_interval_never_contradict(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    d = newcombe(*one, *other)
    touching = newcombe(*one, *other, level=1 - float(d.p)) if 1e-6 < d.p < 1 else d
    nearest = touching.lo if d.estimate > 0 else touching.hi
    if 1e-6 < d.p < 1:
        assert nearest == pytest.approx(0, abs=1e-6)
    assert (d.p < 0.05 - 1e-9) <= (d.lo > 0 or d.hi < 0)
    assert (d.p > 0.05 + 1e-9) <= (d.lo <= 0 <= d.hi)


def test_newcombe_p_is_near_the_score_test_in_large_samples() -> None:
    _, theirs = proportions_ztest([5_150, 5_000], [10_000, 10_000])
    assert newcombe(5_150, 10_000, 5_000, 10_000).p == pytest.approx(theirs, rel=1e-2)


@given(one=cases, other=cases)
def test_swapping_the_periods_mirrors_the_difference(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    d, back = newcombe(*one, *other), newcombe(*other, *one)
    assert (back.estimate, back.lo, back.hi) == pytest.approx((-d.estimate, -d.hi, -d.lo))
    assert back.p == pytest.approx(d.p, abs=1e-12)


def test_garwood_equals_the_exact_poisson_limits() -> None:
    assert garwood(10, 100) == pytest.approx((0.047954, 0.183904), abs=5e-7)
    assert garwood(0, 50) == pytest.approx((0, -np.log(0.025) / 50), abs=1e-12)


@given(events=st.integers(0, 2_000), exposure=st.floats(0.5, 1e6))
def test_garwood_equals_statsmodels(events: int, exposure: float) -> None:
    theirs = confint_poisson(events, exposure, method="exact-c")
    assert garwood(events, exposure) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("bad", [(11, 10), (-1, 10)])
def test_impossible_counts_are_refused_in_words(bad: tuple[int, int]) -> None:
    with pytest.raises(CxError, match="between 0 and the number of cases"):
        wilson(*bad)


def test_impossible_level_is_refused_in_words() -> None:
    with pytest.raises(CxError, match="between 0 and 1"):
        wilson(1, 2, level=95)


def halved(k1: float, n1: float, k0: float, n0: float) -> float:
    """The p of Newcombe's interval by halving alone: as slow, and as sure, as can be."""
    if k1 * n0 == k0 * n1:
        return 1.0
    near, far = 0.0, 7.0  # beyond it no double tells a level from 1
    for _ in range(60):
        z = (near + far) / 2
        d = newcombe(k1, n1, k0, n0, float(1 - 2 * ndtr(-z)))
        covers = d.lo <= 0 <= d.hi
        near, far = (near, z) if covers else (z, far)
    return float(2 * ndtr(-far))


@pytest.mark.parametrize(
    "counts",
    [
        (56, 70, 48, 80),
        (48, 80, 56, 70),
        (900, 1000, 880, 1000),
        (1, 1, 0, 1),
        (5, 5, 3, 9),
        (0, 4, 1, 9),
        (18_820, 19_500, 18_770, 19_480),
        (7, 300, 7, 301),
        (10, 20, 10, 20),
    ],
)
def test_the_p_of_a_difference_is_where_its_interval_touches_nothing(
    counts: tuple[int, int, int, int],
) -> None:
    assert newcombe(*counts).p == pytest.approx(halved(*counts), abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.8])
@pytest.mark.parametrize("agree", [1.0, 4.0])
@pytest.mark.parametrize("accounts", [30, 60])
def test_coverage_where_cases_of_an_account_agree(
    accounts: int, agree: float, share: float
) -> None:
    """95 % intervals hold the truth 93-97 % of the time."""
    rng = np.random.default_rng(5)
    n = rng.geometric(0.3, size=(2000, accounts))
    of_account = rng.beta(agree * share, agree * (1 - share), size=n.shape)
    k = rng.binomial(n, of_account)
    total, top = n.sum(axis=1), k.sum(axis=1)
    worth = effective_cases(
        accounts, total, top, (n * n).sum(axis=1), (n * k).sum(axis=1), (k * k).sum(axis=1)
    )
    assert np.all(worth <= total)
    lo, hi = wilson(worth * top / total, worth)
    assert 0.925 < np.mean((lo <= share) & (share <= hi)) < 0.98


def test_one_case_an_account_is_worth_itself_and_one_account_nothing_known() -> None:
    assert effective_cases(10, 10, 10, 10, 10, 10) == 10
    assert np.isnan(effective_cases(1, 5, 3, 25, 15, 9))
    whole = effective_cases(8, 24, 24, 72, 72, 72)
    assert whole < 8, "accounts that all agree count once each"
