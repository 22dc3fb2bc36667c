"""Log-rank test against the published trial and statsmodels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import survdiff

from cxdata.model.errors import CxError
from cxdata.statistics.log_rank import log_rank
from cxdata.statistics.risk import RiskTable, risk_table, risk_tables


def test_two_arms_of_the_published_trial(remission: Any) -> None:
    time = np.concatenate([remission.drug, remission.placebo])
    event = np.concatenate([remission.drug_event, np.ones(21, dtype=int)])
    arms = risk_tables(np.repeat(["drug", "placebo"], 21), 0, time, event)
    test = log_rank([arms["drug"], arms["placebo"]])
    assert (test.chi2, test.df) == pytest.approx((16.792941, 1), abs=5e-7)
    assert test.observed.tolist() == [9, 21]
    assert test.expected[0] == pytest.approx(19.250501, abs=5e-7)
    assert test.p < 1e-4


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 12), st.booleans()), min_size=15, max_size=60
    ).filter(lambda rows: len({g for g, _, _ in rows}) == 3)
)
def test_three_groups_equal_statsmodels(rows: list[tuple[int, int, bool]]) -> None:
    group, time, event = (np.array(c) for c in zip(*rows, strict=True))
    ours = log_rank(list(risk_tables(group, 0, time, event).values()))
    if ours.df < 2:
        return
    chi2, p = survdiff(time, event.astype(int), group)
    assert (ours.chi2, ours.p) == pytest.approx((chi2, p), abs=1e-8)
    assert ours.observed.sum() == pytest.approx(ours.expected.sum())


def test_no_events_leave_nothing_to_compare() -> None:
    test = log_rank(list(risk_tables([0, 1], 0, [3, 4], 0, [5, 6]).values()))
    assert test.df == 0
    assert np.isnan(test.p)


def test_tables_on_different_ages_and_one_group_are_refused() -> None:
    with pytest.raises(CxError, match="same ages"):
        log_rank([RiskTable.of([1], [5], [1]), RiskTable.of([2], [5], [1])])
    with pytest.raises(CxError, match="at least two groups"):
        log_rank([risk_table(0, [1], [1])])
