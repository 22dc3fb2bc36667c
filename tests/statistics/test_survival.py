"""Kaplan-Meier, Greenwood, median and restricted mean: published figures and properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from cxdata.statistics.risk import RiskTable, risk_table
from cxdata.statistics.survival import kaplan_meier, rmst

times = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=40)

PUBLISHED = [  # t, S, Greenwood se, log-log 95 %
    (6, 0.857143, 0.076360, 0.619718, 0.951552),
    (7, 0.806723, 0.086935, 0.563147, 0.922809),
    (10, 0.752941, 0.096350, 0.503200, 0.889362),
    (13, 0.690196, 0.106815, 0.431610, 0.849066),
    (16, 0.627451, 0.114054, 0.367511, 0.804912),
    (22, 0.537815, 0.128234, 0.267779, 0.746791),
    (23, 0.448179, 0.134591, 0.188052, 0.680143),
]


@pytest.fixture
def drug(remission: Any) -> RiskTable:
    return risk_table(0, remission.drug, remission.drug_event)


def test_curve_error_and_interval_are_the_published_ones(drug: RiskTable) -> None:
    s = kaplan_meier(drug)
    shown = s.lost > 0
    got = np.stack([s.time, s.survival, s.se, s.lo, s.hi], axis=1)[shown]
    assert got == pytest.approx(np.array(PUBLISHED), abs=5e-7)
    assert (s.median, s.n) == (23, 21)


def test_late_entry_changes_the_curve(remission: Any) -> None:
    s = kaplan_meier(risk_table(remission.drug_entry, remission.drug, remission.drug_event))
    expected = [0.8125, 0.744792, 0.695139, 0.637211, 0.579282, 0.496528, 0.413773]
    assert s.survival[s.lost > 0] == pytest.approx(expected, abs=5e-7)


@given(rows=times, entries=st.lists(st.integers(0, 6), min_size=40, max_size=40))
def test_late_entry_equals_statsmodels(rows: list[tuple[int, bool]], entries: list[int]) -> None:
    leave = np.array([t for t, _ in rows], dtype=float)
    event = np.array([e for _, e in rows], dtype=float)
    entry = np.minimum(np.array(entries[: len(rows)], dtype=float), leave - 1)
    theirs = SurvfuncRight(leave, event, entry=entry)
    ours = kaplan_meier(risk_table(entry, leave, event))
    at = np.searchsorted(ours.time, theirs.surv_times)
    assert ours.survival[at] == pytest.approx(theirs.surv_prob, abs=1e-12)
    below_one = (ours.survival[at] < 1) & (ours.survival[at] > 0)
    assert ours.se[at][below_one] == pytest.approx(theirs.surv_prob_se[below_one], abs=1e-12)


@given(rows=times)
def test_survival_never_rises_and_a_later_censored_row_changes_nothing_earlier(
    rows: list[tuple[int, bool]],
) -> None:
    leave, event = (np.array(c) for c in zip(*rows, strict=True))
    s = kaplan_meier(risk_table(0, leave, event))
    assert (np.diff(np.concatenate([[1.0], s.survival])) <= 1e-15).all()
    assert ((s.lo <= s.survival) | np.isnan(s.lo)).all()
    assert ((s.survival <= s.hi) | np.isnan(s.hi)).all()
    last = risk_table(0, np.append(leave, 21), np.append(event, False))
    before = last.at_risk[:-1] - 1
    assert before.tolist() == s.at_risk.tolist()
    assert last.lost[:-1].tolist() == s.lost.tolist()


@given(leave=st.lists(st.integers(1, 15), min_size=1, max_size=40))
def test_without_censoring_survival_is_one_less_the_share_lost(leave: list[int]) -> None:
    s = kaplan_meier(risk_table(0, leave, 1))
    lost = [np.mean(np.array(leave) <= t) for t in s.time]
    assert s.survival == pytest.approx(1 - np.array(lost), abs=1e-12)
    assert s.survival[-1] == pytest.approx(0, abs=1e-12)


def test_no_interval_where_survival_is_one_or_zero() -> None:
    s = kaplan_meier(RiskTable.of([1, 2, 3], [5, 4, 2], [0, 2, 2]))
    assert s.survival.tolist() == [1, 0.5, 0]
    assert np.isnan(s.lo).tolist() == np.isnan(s.hi).tolist() == [True, False, True]
    assert s.se[0] == 0


def test_values_between_before_and_beyond_the_ages(drug: RiskTable) -> None:
    s = kaplan_meier(drug)
    assert s.at([0, 5.9, 6, 6.5]) == pytest.approx([1, 1, 0.857143, 0.857143], abs=5e-7)
    assert np.isnan(s.at(36))
    assert kaplan_meier(RiskTable.of([2], [4], [4])).at(9) == 0
    nobody = kaplan_meier(RiskTable.of([], [], []))
    assert [nobody.n, nobody.at(0)] == [0, 1]
    assert np.isnan(nobody.at(0.5))


def test_median_is_none_when_half_are_still_there() -> None:
    assert kaplan_meier(RiskTable.of([1, 2], [10, 9], [1, 2])).median is None
    assert kaplan_meier(RiskTable.of([], [], [])).median is None


def test_restricted_mean_is_the_area_with_its_own_error(drug: RiskTable) -> None:
    to_23, to_35 = rmst(drug, 23), rmst(drug, 35)
    assert (to_23.estimate, to_23.se) == pytest.approx((17.909244, 1.553190), abs=5e-7)
    assert (to_35.estimate, to_35.se) == pytest.approx((23.287395, 2.827468), abs=5e-7)
    assert to_23.hi - to_23.estimate == pytest.approx(1.959964 * 1.553190, abs=1e-5)


@given(leave=st.lists(st.integers(1, 15), min_size=2, max_size=40), horizon=st.integers(1, 20))
def test_without_censoring_the_restricted_mean_is_a_plain_mean(
    leave: list[int], horizon: int
) -> None:
    r = rmst(risk_table(0, leave, 1), horizon)
    cut = np.minimum(leave, horizon)
    assert r.estimate == pytest.approx(cut.mean(), abs=1e-9)
    assert r.se == pytest.approx(cut.std() / np.sqrt(len(leave)), abs=1e-7)


def test_restricted_mean_error_is_near_the_bootstrap(remission: Any, drug: RiskTable) -> None:
    rng = np.random.default_rng(4)
    draws = rng.integers(0, 21, (400, 21))
    means = [
        rmst(risk_table(0, remission.drug[i], remission.drug_event[i]), 20).estimate for i in draws
    ]
    assert np.nanstd(means) == pytest.approx(rmst(drug, 20).se, rel=0.15)


def test_restricted_mean_beyond_the_data_is_no_data(drug: RiskTable) -> None:
    assert np.isnan(rmst(drug, 36).estimate)


def test_losses_counted_by_whole_months_fell_within_them() -> None:
    """Leavers of an even hazard, seen by the month: a step at each month's end comes late."""
    rng = np.random.default_rng(3)
    left = rng.exponential(20, 200_000)
    true = 20 * (1 - np.exp(-12 / 20))
    by_month = risk_table(0, np.minimum(np.ceil(left), 36), left <= 36)
    binned, stepped = rmst(by_month, 12, width=1), rmst(by_month, 12)
    assert binned.estimate == pytest.approx(true, abs=0.03)
    assert stepped.estimate - true > 0.2
    exact = rmst(risk_table(0, np.minimum(left, 36), left <= 36), 12)
    assert binned.estimate == pytest.approx(exact.estimate, abs=0.005)
    assert binned.se == pytest.approx(exact.se, rel=0.01)


def test_a_horizon_inside_a_bin_takes_its_part_of_the_losses() -> None:
    """S falls from 1 at age 1 to 0.5 at age 2: half a month holds (1 + 0.75)/2 of it."""
    table = RiskTable.of([1, 2, 3], [10, 10, 5], [0, 5, 0])
    assert rmst(table, 1.5, width=1).estimate == pytest.approx(1 + 0.5 * (1 + 0.75) / 2)
    assert rmst(table, 2.5, width=1).estimate == pytest.approx(1 + 0.75 + 0.25)
