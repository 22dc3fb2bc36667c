"""The arithmetic all estimators share."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from cxdata.model.errors import CxError
from cxdata.statistics.interval import critical, divide, normal_difference, root, two_sided_p


def test_a_zero_or_missing_denominator_is_no_data() -> None:
    got = divide([6, 0, 5, np.nan], [3, 0, np.nan, 2])
    assert got[0] == 2
    assert np.isnan(got[1:]).all()


def test_exact_decimals_are_taken_as_they_come() -> None:
    money, count = np.array([Decimal("1.50"), Decimal(0)]), np.array([Decimal("0.50"), Decimal(0)])
    assert divide(money, count)[0] == 3
    assert np.isnan(divide(money, count)[1])


def test_a_scalar_comes_back_as_a_number() -> None:
    assert isinstance(divide(1, 2), np.float64)
    assert float(root(-1e-18)) == 0


def test_a_difference_is_judged_by_its_error() -> None:
    d = normal_difference([8, 0, 3, np.nan, 5], [4, 0, 0, 0, np.nan], 0.95)
    assert d.p[:3] == pytest.approx([0.0455003, 1, 0], abs=5e-7)
    assert np.isnan(d.p[3:]).all()
    assert (d.lo[0], d.hi[0]) == pytest.approx((8 - 4 * 1.959964, 8 + 4 * 1.959964), abs=5e-6)
    assert (d.lo[2], d.hi[2]) == (3, 3)


def test_normal_quantiles_and_tails_are_each_others_inverse() -> None:
    for level in (0.5, 0.9, 0.95, 0.999):
        assert two_sided_p(critical(level)) == pytest.approx(1 - level)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_none_is_refused(level: float) -> None:
    with pytest.raises(CxError, match="between 0 and 1"):
        critical(level)
