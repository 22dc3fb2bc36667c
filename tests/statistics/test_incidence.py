"""Cumulative incidence: hand figures, statsmodels, and that the parts make the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from cxdata.statistics.incidence import aalen_johansen
from cxdata.statistics.risk import RiskTable, risk_table
from cxdata.statistics.survival import kaplan_meier


def test_two_causes_by_hand() -> None:
    lost_by = np.array([[1.0, 0], [1, 1], [0, 1]])
    table = RiskTable(np.array([1.0, 2, 3]), np.array([10.0, 8, 5]), lost_by, causes=(1, 2))
    a = aalen_johansen(table)
    assert a.survival[-1] == pytest.approx(0.54, abs=5e-7)
    assert a.incidence[-1] == pytest.approx([0.2125, 0.2475], abs=5e-7)
    alone = [
        1 - kaplan_meier(RiskTable.of(a.time, table.at_risk, lost)).survival[-1]
        for lost in lost_by.T
    ]
    assert sum(alone) > a.incidence[-1].sum() + 0.01


@given(
    rows=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), min_size=5, max_size=60).filter(
        lambda rows: {c for _, c in rows} == {0, 1, 2}
    )
)
def test_curve_equals_statsmodels_and_parts_make_the_whole(
    rows: list[tuple[int, int]],
) -> None:
    time, cause = (np.array(c) for c in zip(*rows, strict=True))
    a = aalen_johansen(risk_table(0, time, cause))
    with np.errstate(all="ignore"):
        theirs = CumIncidenceRight(time, cause)
    at = np.searchsorted(a.time, theirs.times)
    for k in (0, 1):
        assert a.incidence[at, k] == pytest.approx(theirs.cinc[k], abs=1e-12)
    assert a.incidence.sum(axis=1) + a.survival == pytest.approx(1)


def test_error_equals_statsmodels() -> None:
    rng = np.random.default_rng(0)
    time, cause = rng.integers(1, 15, 120), rng.integers(0, 3, 120)
    a = aalen_johansen(risk_table(0, time, cause))
    with np.errstate(all="ignore"):
        theirs = CumIncidenceRight(time, cause)
    assert a.se == pytest.approx(np.array(theirs.cinc_se).T, abs=1e-12)


def test_one_cause_is_kaplan_meier_upside_down(remission: object) -> None:
    drug, event = (getattr(remission, name) for name in ("drug", "drug_event"))
    table = risk_table(0, drug, event)
    a, s = aalen_johansen(table), kaplan_meier(table)
    assert a.incidence[:, 0] == pytest.approx(1 - s.survival, abs=1e-12)
    assert a.se[:, 0] == pytest.approx(s.se, abs=1e-12)
    inside = ~np.isnan(a.lo[:, 0])
    assert (a.lo[inside, 0] < a.incidence[inside, 0]).all()
    assert (a.incidence[inside, 0] < a.hi[inside, 0]).all()
