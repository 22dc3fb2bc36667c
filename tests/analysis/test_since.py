from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from cxdata.analysis.since import since
from cxdata.model.evidence import Verdict
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.statistics.proportion import newcombe
from tests.company import company

JUL, SEP = Period.parse("2026-07"), Period.parse("2026-09")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """Of 100 customers 2 leave in July, and 20 of the 98 others in September."""
    july, september = date(2026, 7, 15), date(2026, 9, 15)
    ends = dict.fromkeys(range(2), july) | dict.fromkeys(range(2, 22), september)
    terms = [
        {"customer_id": f"c{at}", "start_date": date(2025, 1, 1), "end_date": ends.get(at)}
        for at in range(100)
    ]
    tables = {"subscription_period": terms}
    made = company(tmp_path_factory.mktemp("since"), tables, through=date(2026, 9, 30))
    yield made.gate
    made.source.engine.dispose()


def test_two_periods_of_one_figure_are_tested_against_each_other(gate: Gate) -> None:
    found = since(gate, "logo_retention", Scope(SEP), JUL)
    assert found is not None
    assert found.before.estimate == pytest.approx(0.98)
    assert found.after.estimate == pytest.approx(78 / 98)
    expected = newcombe(78, 98, 98, 100)
    assert found.comparison.difference == pytest.approx(float(expected.estimate))
    assert found.comparison.verdict is Verdict.MOVED


def test_a_period_outside_the_data_says_nothing(gate: Gate) -> None:
    assert since(gate, "logo_retention", Scope(SEP), Period.parse("2001-01")) is None
