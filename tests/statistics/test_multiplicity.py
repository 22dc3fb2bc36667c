"""Benjamini-Hochberg and Benjamini-Yekutieli against the paper and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from cxdata.model.errors import CxError
from cxdata.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, discoveries

PAPER = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]


def test_fifteen_hypotheses_of_the_paper() -> None:
    assert discoveries(PAPER, q=0.05).sum() == 4
    assert (np.array(PAPER) <= 0.05 / 15).sum() == 3  # Bonferroni finds fewer
    expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603]
    assert benjamini_hochberg(PAPER)[:5] == pytest.approx(expected, abs=5e-7)


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_both_equal_statsmodels(p: list[float]) -> None:
    for ours, method in ((benjamini_hochberg, "fdr_bh"), (benjamini_yekutieli, "fdr_by")):
        assert ours(p) == pytest.approx(multipletests(p, method=method)[1], abs=1e-12)


def test_slices_without_data_are_not_among_the_looks() -> None:
    with_gaps = benjamini_hochberg([[0.01, np.nan], [0.04, 0.2]])
    assert np.isnan(with_gaps).tolist() == [[False, True], [False, False]]
    assert with_gaps[~np.isnan(with_gaps)] == pytest.approx(benjamini_hochberg([0.01, 0.04, 0.2]))
    assert benjamini_hochberg([]).size == 0
    assert discoveries([np.nan, 0.001]).tolist() == [False, True]


def test_any_dependence_is_the_stricter_choice() -> None:
    assert discoveries(PAPER, 0.05, any_dependence=True).sum() == 3


def test_impossible_values_are_refused() -> None:
    with pytest.raises(CxError, match="p-value"):
        benjamini_hochberg([0.2, 1.2])
    with pytest.raises(CxError, match="false discovery rate"):
        discoveries([0.2], q=10)
