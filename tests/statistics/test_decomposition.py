"""Mix and rate, crossed dimensions and factors: published examples and exactness."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.decomposition import mix_rate, shapley, two_way_mix

# Das Gupta 1993, example 5.1: household headship by age, 1970 and 1985
SHARES_1970 = [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9]
SHARES_1985 = [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5]
RATES_1970 = [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8]
RATES_1985 = [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2]

# Das Gupta 1993, example 5.3: deaths per 1,000 by race (rows) and age (columns); later, earlier
POPULATION = np.array(
    [
        [3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472],
        [707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236],
        [2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315],
        [535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117],
    ]
)
DEATH_RATE = np.array(
    [
        [9.163, 0.462, 0.248, 0.929, 1.084, 1.81, 4.715, 12.187, 27.728, 64.068, 157.57],
        [17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161],
        [18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837],
        [36.993, 1.352, 0.541, 2.04, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205],
    ]
)

cells = st.lists(
    st.tuples(st.integers(0, 500), st.floats(-100, 100), st.integers(0, 500), st.floats(-100, 100)),
    min_size=1,
    max_size=10,
).filter(lambda c: sum(k[0] for k in c) > 0 and sum(k[2] for k in c) > 0)


def columns(rows: list[tuple[int, float, int, float]]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(c, dtype=float) for c in zip(*rows, strict=True))


def test_headship_by_age_is_the_published_split() -> None:
    m = mix_rate(SHARES_1970, RATES_1970, SHARES_1985, RATES_1985)
    got = (m.change, m.rate_total, m.mix_total)
    assert got == pytest.approx((2.9672, 1.7403, 1.2269), abs=5e-5)


def test_score_falls_though_both_journeys_improved() -> None:
    m = mix_rate([100, 100], [50, -30], [50, 150], [58, -46 / 3])
    assert (m.value0, m.value1) == pytest.approx((10, 3))
    assert m.rate == pytest.approx([3, 9.166667], abs=5e-7)
    assert m.mix == pytest.approx([-11.875, -7.291667], abs=5e-7)


def test_kidney_stones() -> None:
    m = mix_rate([270, 80], [234 / 270, 55 / 80], [87, 263], [81 / 87, 192 / 263])
    got = (m.change, m.rate_total, m.mix_total)
    assert got == pytest.approx((-0.045714, 0.053671, -0.099386), abs=5e-7)


@given(rows=cells)
def test_parts_sum_to_the_change_and_swapping_periods_flips_signs(
    rows: list[tuple[int, float, int, float]],
) -> None:
    n0, r0, n1, r1 = columns(rows)
    m, back = mix_rate(n0, r0, n1, r1), mix_rate(n1, r1, n0, r0)
    value0, value1 = (n0 @ r0) / n0.sum(), (n1 @ r1) / n1.sum()
    assert m.rate_total + m.mix_total == pytest.approx(value1 - value0, abs=1e-9)
    assert m.change == pytest.approx(value1 - value0, abs=1e-9)
    assert back.rate == pytest.approx(-m.rate, abs=1e-9)
    assert back.mix == pytest.approx(-m.mix, abs=1e-9)
    turned = mix_rate(n0[::-1], r0[::-1], n1[::-1], r1[::-1])
    assert turned.mix[::-1] == pytest.approx(m.mix, abs=1e-9)


@given(rows=cells, part=st.floats(0.1, 0.9))
def test_splitting_a_cell_in_two_alike_changes_no_total(
    rows: list[tuple[int, float, int, float]], part: float
) -> None:
    n0, r0, n1, r1 = columns(rows)
    whole = mix_rate(n0, r0, n1, r1)
    halves = [np.append(n, n[0] * (1 - part)) for n in (n0, n1)]
    for n in halves:
        n[0] *= part
    again = mix_rate(halves[0], np.append(r0, r0[0]), halves[1], np.append(r1, r1[0]))
    assert again.rate_total == pytest.approx(whole.rate_total, abs=1e-9)
    assert again.mix_total == pytest.approx(whole.mix_total, abs=1e-9)


def test_a_new_cell_and_a_vanished_one_are_all_mix() -> None:
    m = mix_rate([50, 50, 0, 0], [10, 20, np.nan, np.nan], [50, 0, 50, 0], [10, np.nan, 40, 7])
    assert m.rate.tolist() == [0, 0, 0, 0]
    assert m.mix_total == pytest.approx(10)
    assert m.mix[3] == 0


def test_many_splits_at_once_and_periods_without_data() -> None:
    m = mix_rate([[100, 100], [0, 0]], [50, -30], [[50, 150], [5, 5]], [58, -46 / 3])
    assert m.change[0] == pytest.approx(-7)
    assert np.isnan(m.rate[1]).all()
    assert np.isnan(m.change).tolist() == [False, True]


def test_race_and_age_are_the_published_split() -> None:
    m = two_way_mix(POPULATION[2:], DEATH_RATE[2:], POPULATION[:2], DEATH_RATE[:2])
    expected = (0.0197749, 1.5217347, -2.2277254, -0.6862158)
    assert (m.rows, m.columns, m.rate, m.change) == pytest.approx(expected, abs=5e-8)


def test_two_way_change_is_exact_and_its_rate_is_the_one_way_rate() -> None:
    m = two_way_mix(POPULATION[2:], DEATH_RATE[2:], POPULATION[:2], DEATH_RATE[:2])
    one = mix_rate(
        *(a.ravel() for a in (POPULATION[2:], DEATH_RATE[2:])),
        *(a.ravel() for a in (POPULATION[:2], DEATH_RATE[:2])),
    )
    assert m.change == pytest.approx(float(one.change))
    assert m.rate == pytest.approx(float(one.rate_total))
    assert m.rows + m.columns == pytest.approx(float(one.mix_total))


def test_an_empty_row_is_refused_with_what_to_do() -> None:
    with pytest.raises(CxError, match="merge it"):
        two_way_mix([[1, 2], [0, 0]], [[1, 1], [1, 1]], [[1, 2], [3, 4]], [[1, 1], [1, 1]])


def test_cost_to_serve_by_four_factors() -> None:
    # customers, contacts a customer, channel share (phone, chat), cost a contact
    before = np.array([[1_000, 1_000], [0.6, 0.6], [400 / 600, 200 / 600], [6.0, 2.0]])
    after = np.array([[1_100, 1_100], [0.68, 0.68], [352 / 748, 396 / 748], [6.6, 1.8]])
    part = shapley(before, after).sum(axis=1)
    assert part == pytest.approx([280.483660, 368.261438, -582.274510, 169.529412], abs=5e-7)
    assert part.sum() == pytest.approx(236)


def test_two_factors_of_the_published_example() -> None:
    got = shapley([10930, 0.717892], [16591, 0.825974])
    assert got == pytest.approx([4369.912713, 1487.262361], abs=5e-7)


@given(factors=st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=1, max_size=5))
def test_shapley_is_the_mean_over_all_orders_of_changing(
    factors: list[tuple[float, float]],
) -> None:
    x0, x1 = (np.array(c) for c in zip(*factors, strict=True))
    orders = list(permutations(range(len(factors))))
    total = np.zeros(len(factors))
    for order in orders:
        now = x0.copy()
        for i in order:
            before = now.prod()
            now[i] = x1[i]
            total[i] += now.prod() - before
    part = shapley(x0, x1)
    assert part == pytest.approx(total / len(orders), rel=1e-9, abs=1e-6)
    assert part.sum() == pytest.approx(x1.prod() - x0.prod(), rel=1e-9, abs=1e-6)
    assert shapley(x1, x0) == pytest.approx(-part, rel=1e-9, abs=1e-6)


def test_six_factors_are_refused() -> None:
    with pytest.raises(CxError, match="1 to 5"):
        shapley([1] * 6, [2] * 6)
