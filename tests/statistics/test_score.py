"""Net Promoter Score: hand figures, published figures, coverage and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.score import (
    AccountSums,
    WeightedAccounts,
    nps,
    nps_change,
    nps_change_clustered,
    nps_clustered,
    nps_of_accounts,
    nps_of_accounts_change,
)

counts = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).filter(any)
accounts = st.lists(
    st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=6), min_size=2, max_size=20
)


def cluster_sums(table: list[list[int]]) -> AccountSums:
    n = np.array([len(a) for a in table], dtype=float)
    s = np.array([sum(a) for a in table], dtype=float)
    return AccountSums(len(table), n.sum(), s.sum(), n @ n, n @ s, s @ s)


def test_standard_error_of_tickets_in_a_hat() -> None:
    s = nps(162, 108, 54)
    assert (s.estimate, s.se) == pytest.approx((100 / 3, 100 * np.sqrt(5 / 9 / 324)), abs=5e-7)
    assert s.se == pytest.approx(4.140867, abs=5e-7)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ((60, 25, 15), (45, 29.343111, 58.035530)),
        ((10, 0, 0), (100, 47.503552, 100)),
        ((8, 2, 0), (80, 29.283870, 93.793053)),
        ((60, 25, 15, 200), (45, 33.519562, 53.859078)),
    ],
)
def test_adjusted_wald(case: tuple[int, ...], expected: tuple[float, ...]) -> None:
    s = nps(*case)
    assert (s.estimate, s.lo, s.hi) == pytest.approx(expected, abs=5e-7)


def test_standard_error_shown_is_the_raw_one() -> None:
    s = nps(60, 25, 15)
    assert s.se == pytest.approx(7.399324, abs=5e-7)
    assert s.half_width == pytest.approx((58.035530 - 29.343111) / 2, abs=5e-7)


def test_everybody_answered_leaves_no_doubt_and_no_population_leaves_it_unlimited() -> None:
    s = nps([60, 60, 60], 25, 15, population=[100, np.nan, np.inf])
    assert s.half_width[0] == 0
    assert s.half_width[1] == s.half_width[2] == nps(60, 25, 15).half_width


@given(case=counts)
def test_interval_is_inside_the_scale_and_not_empty(case: tuple[int, int, int]) -> None:
    s = nps(*case)
    assert -100 <= s.lo < s.hi <= 100
    mirrored = nps(*case[::-1])
    assert (mirrored.lo, mirrored.hi) == pytest.approx((-s.hi, -s.lo))


@given(case=counts, population=st.integers(901, 10_000))
def test_a_small_population_only_narrows(case: tuple[int, int, int], population: int) -> None:
    assert nps(*case, population).half_width <= nps(*case).half_width + 1e-12


@pytest.mark.parametrize("n", [10, 20, 30, 50, 80])
@pytest.mark.parametrize("shares", [(0.85, 0.02), (0.5, 0.2), (0.3, 0.3), (0.2, 0.6)])
def test_exact_coverage_stays_near_its_level(n: int, shares: tuple[float, float]) -> None:
    from scipy.stats import multinomial

    p, d = shares
    good, bad = np.indices((n + 1, n + 1)).reshape(2, -1)
    cells = np.stack([good, n - good - bad, bad], axis=1)[good + bad <= n]
    s = nps(*cells.T)
    covered = (s.lo <= 100 * (p - d)) & (100 * (p - d) <= s.hi)
    coverage = np.sum(multinomial.pmf(cells, n, [p, 1 - p - d, d]) * covered)
    assert 0.94 <= coverage <= 0.97


def test_no_responses_are_no_data_beside_cells_that_have_some() -> None:
    s = nps([60, 0, np.nan], [25, 0, 1], [15, 0, 1])
    for values in (s.estimate, s.se, s.lo, s.hi):
        assert np.isnan(values).tolist() == [False, True, True]
    d = nps_change([60, 60], 25, 15, [50, 0], [25, 0], [15, 0])
    for values in (d.estimate, d.lo, d.hi, d.p):
        assert np.isnan(values).tolist() == [False, True]


def test_change_is_judged_on_the_difference_not_on_overlap() -> None:
    d = nps_change(220, 110, 90, 180, 120, 100)
    assert (d.estimate, d.lo, d.hi) == pytest.approx((10.952, -0.124, 21.887), abs=5e-4)
    assert d.p == pytest.approx(0.0526, abs=5e-5)
    one, zero = nps(440, 300, 260), nps(400, 300, 300)
    assert (zero.lo, zero.hi) == pytest.approx((4.83, 15.11), abs=5e-3)
    assert (one.lo, one.hi) == pytest.approx((12.89, 23.00), abs=5e-3)
    d = nps_change(440, 300, 260, 400, 300, 300)
    assert (d.estimate, d.lo, d.hi) == pytest.approx((8, 0.77, 15.18), abs=5e-3)
    assert d.p == pytest.approx(0.0301, abs=5e-5)


@given(one=counts, zero=counts)
def test_swapping_periods_mirrors_the_change(
    one: tuple[int, int, int], zero: tuple[int, int, int]
) -> None:
    d, back = nps_change(*one, *zero), nps_change(*zero, *one)
    assert (back.estimate, back.lo, back.hi) == pytest.approx((-d.estimate, -d.hi, -d.lo))
    assert back.p == pytest.approx(d.p)
    assert (d.p < 0.05) == (d.lo > 0 or d.hi < 0)


@given(table=accounts)
def test_cluster_error_from_sums_equals_the_sum_over_accounts(table: list[list[int]]) -> None:
    x = np.concatenate(table)
    m, groups = x.mean(), len(table)
    by_hand = sum(float(np.sum(np.array(a) - m)) ** 2 for a in table)
    s = nps_clustered(cluster_sums(table))
    assert s.estimate == pytest.approx(100 * m, abs=1e-9)
    assert s.se == pytest.approx(100 * np.sqrt(by_hand * groups / (groups - 1)) / len(x), abs=1e-6)
    assert -100 <= s.lo < s.hi <= 100


@given(case=counts.filter(lambda c: sum(c) >= 2))
def test_one_response_an_account_is_the_plain_score(case: tuple[int, int, int]) -> None:
    n, s = sum(case), case[0] - case[2]
    clustered = nps_clustered(AccountSums(n, n, s, n, s, case[0] + case[2]))
    plain = nps(*case)
    wider = np.sqrt((n + 3) / (n + 2))
    middle = 100 * s / (n + 3)
    assert clustered.se == pytest.approx(plain.se * np.sqrt(n / (n - 1)), abs=1e-9)
    if clustered.hi < 100 and plain.hi < 100:
        assert clustered.hi - middle == pytest.approx((plain.hi - middle) * wider)


@given(table=accounts, times=st.integers(2, 5))
def test_saying_everything_several_times_is_no_more_evidence(
    table: list[list[int]], times: int
) -> None:
    once = nps_clustered(cluster_sums(table))
    repeated = nps_clustered(cluster_sums([account * times for account in table]))
    assert (repeated.estimate, repeated.se) == pytest.approx((once.estimate, once.se), abs=1e-6)
    assert (repeated.lo, repeated.hi) == pytest.approx((once.lo, once.hi), abs=1e-6)


def test_answers_that_agree_within_accounts_widen_the_interval() -> None:
    agreeing = nps_clustered(cluster_sums([[1] * 10, [1] * 10, [0] * 10, [-1] * 10]))
    assert agreeing.half_width > 2 * nps(20, 10, 10).half_width


def test_accounts_that_are_all_promoters_keep_an_interval() -> None:
    s = nps_clustered(cluster_sums([[1, 1, 1]] * 8))
    assert [s.estimate, s.se] == [100, 0]
    assert s.lo < 60


def test_one_account_has_a_score_and_no_interval() -> None:
    s = nps_clustered(AccountSums([1, 0], [5, 0], [3, 0], [25, 0], [15, 0], [9, 0]))
    assert s.estimate[0] == 60
    assert np.isnan(s.lo).all()
    assert np.isnan(s.estimate[1])


def test_negative_counts_are_refused() -> None:
    with pytest.raises(CxError, match="0 or more"):
        nps(5, -1, 2)


def answers_of(
    rng: np.random.Generator, accounts: int, p: float, d: float, agree: float
) -> tuple[np.ndarray, np.ndarray]:
    """Answers and their sum by account, 2,000 samples; a lower ``agree`` is more alike within."""
    n = rng.geometric(0.3, size=(2000, accounts))
    shares = rng.dirichlet(agree * np.array([p, 1 - p - d, d]), size=(2000, accounts))
    votes = rng.multinomial(n, shares)
    return n.astype(float), (votes[..., 0] - votes[..., 2]).astype(float)


@pytest.mark.parametrize(("p", "d"), [(0.85, 0.02), (0.5, 0.2), (0.3, 0.3)])
@pytest.mark.parametrize("agree", [1.0, 4.0])
@pytest.mark.parametrize("accounts", [20, 40, 100])
def test_coverage_where_answers_of_an_account_agree(
    accounts: int, agree: float, p: float, d: float
) -> None:
    """95 % intervals hold the truth 93-97 % of the time, by respondent, account and revenue."""
    rng = np.random.default_rng(7)
    n, s = answers_of(rng, accounts, p, d, agree)
    true, y = 100 * (p - d), s / n
    w = rng.lognormal(0, 0.8, size=n.shape)
    found = [
        nps_clustered(
            AccountSums(accounts, *((v).sum(axis=1) for v in (n, s, n * n, n * s, s * s)))
        ),
        nps_of_accounts(
            WeightedAccounts(accounts, accounts, *(v.sum(axis=1) for v in (y, y, y * y)))
        ),
        nps_of_accounts(
            WeightedAccounts(*(v.sum(axis=1) for v in (w, w * w, w * y, w * w * y, (w * y) ** 2)))
        ),
    ]
    for e in found:
        assert 0.92 < np.mean((e.lo <= true) & (true <= e.hi)) < 0.98


def test_accounts_of_one_answer_and_equal_weight_are_the_plain_score() -> None:
    alike = nps_of_accounts(WeightedAccounts(100, 100, 45, 45, 75))
    plain = nps(60, 25, 15)
    assert alike.estimate == pytest.approx(plain.estimate)
    assert alike.half_width == pytest.approx(plain.half_width * np.sqrt(103 / 102))


def test_a_large_account_decides_the_score_by_revenue() -> None:
    """Three accounts pay 98, 1, 1; the large one is a detractor, the others promoters."""
    w, y = np.array([98.0, 1.0, 1.0]), np.array([-1.0, 1.0, 1.0])
    e = nps_of_accounts(WeightedAccounts(w.sum(), w @ w, w @ y, (w * w) @ y, (w * y) @ (w * y)))
    assert e.estimate == pytest.approx(-96)
    assert e.half_width > 50, "as wide as for one account"


def test_changes_by_account_are_judged_on_the_difference() -> None:
    now, then = [[1] * 3] * 30 + [[0]] * 20, [[1] * 3] * 20 + [[-1]] * 20
    d = nps_change_clustered(cluster_sums(now), cluster_sums(then))
    back = nps_change_clustered(cluster_sums(then), cluster_sums(now))
    assert d.estimate == pytest.approx(100 * (90 / 110 - 40 / 80))
    assert (d.lo, d.hi) == pytest.approx((-back.hi, -back.lo))
    assert d.p < 0.05
    sums = WeightedAccounts(50, 50, 20, 20, 30)
    same = nps_of_accounts_change(sums, sums)
    assert float(same.estimate) == 0
    assert float(same.p) == 1
