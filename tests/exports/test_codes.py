from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.exports.codes import axis_code, code, exact, scale
from cxdata.model.format import Format
from cxdata.model.metric import Unit

EURO = Format("EUR")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.976, Unit.SHARE, "0.0 %"),
        (2797, Unit.CUSTOMERS, "#,##0"),
        (-68, Unit.COUNT, "#,##0"),
        (25.1, Unit.POINTS, "0.0"),
        (0.4, Unit.RATE, "0.000"),
        (49.5, Unit.UNIT_MONEY, '"€"#,##0.00'),
        (49.5, Unit.MONEY, '"€"#,##0'),
        (86_800, Unit.MONEY, '"€"0.0,"k"'),
        (999_600, Unit.MONEY, '"€"0.00,,"m"'),
        (1.2e9, Unit.MONEY, '"€"0.00,,,"bn"'),
        (140_300, Unit.MONEY, '"€"#,##0,"k"'),
    ],
)
def test_a_figure_has_the_digits_that_the_pages_show(
    value: float, unit: Unit, expected: str
) -> None:
    assert code(value, unit, EURO) == f"{expected};−{expected}"


def test_a_workbook_shows_every_digit_that_means_something() -> None:
    assert exact(None, EURO) == "General"
    assert exact(Unit.MONEY, EURO).startswith('"€"#,##0.00')


@given(
    st.lists(
        st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-6), min_size=1, max_size=8
    ),
    st.booleans(),
)
def test_an_axis_holds_every_figure_in_few_even_steps(values: list[float], zero: bool) -> None:
    low, high, step = scale(values, zero=zero)
    room = 1e-6 * max(map(abs, (*values, 1e-9)))
    assert low - room <= min(values)
    assert max(values) <= high + room
    assert step > 0
    assert 1 <= round((high - low) / step) <= 7
    assert not zero or low <= 0 <= high


def test_the_ticks_of_an_axis_are_told_apart() -> None:
    assert axis_code((0.975, 0.985), 0.0025, Unit.SHARE, EURO).startswith("0.00 %")
    assert axis_code((3.0, 5.0), 0.5, Unit.UNIT_MONEY, EURO).startswith('"€"#,##0.0;')
    assert axis_code((80_000, 95_000), 5000, Unit.MONEY, EURO).startswith('"€"0,"k"')
