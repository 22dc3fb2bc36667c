"""Responses needed for a width or to see a change."""

from __future__ import annotations

from statsmodels.stats.power import NormalIndPower

from cxdata.statistics.sample_size import responses_for_half_width, responses_to_detect


def test_sizes_for_a_half_width() -> None:
    assert responses_for_half_width([20, 10, 5]).tolist() == [68, 269, 1076]
    assert responses_for_half_width(5, variance=1) == 1537


def test_sizes_to_see_a_change_equal_statsmodels() -> None:
    assert responses_to_detect([5, 10]).tolist() == [4396, 1099]
    theirs = NormalIndPower().solve_power(
        effect_size=0.05 / 0.7**0.5, alpha=0.05, power=0.8, alternative="two-sided"
    )
    assert 0 <= responses_to_detect(5) - theirs < 1
