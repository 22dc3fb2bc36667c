"""Every metric, cut every way, splits into parts that leave nothing over (METRICS.md 8.1)."""

from __future__ import annotations

import pytest

from cxdata.analysis.figure import figure
from cxdata.analysis.why import Why, why
from cxdata.metrics import registry
from cxdata.model.errors import BadScope, MissingTables
from cxdata.model.evidence import Flag
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Compare, Scope
from tests.company import Company

DATED = [metric for metric in registry().values() if metric.is_dated]
WAYS: tuple[tuple[str, ...] | None, ...] = (
    None,
    ("segment",),
    ("region",),
    ("journey",),
    ("segment", "region"),
    ("segment", "journey"),
)
SCOPES = (
    Scope(Period.parse("2026-Q3")),
    Scope(Period.parse("2026-09"), where=(("region", ("germany", "nordics")),)),
)


def splits(company: Company, metric: Metric, scope: Scope) -> list[Why]:
    found = []
    for by in WAYS:
        try:
            found.append(why(company.gate, metric.name, scope, by))
        except BadScope:
            continue
    return found


def is_silent(company: Company, metric: Metric, scope: Scope) -> bool:
    """Whether there are no data for a figure, as for one that needs two years of them."""
    return figure(company.gate, metric.name, scope).cell.flag is Flag.NO_DATA


@pytest.mark.parametrize("metric", DATED, ids=lambda metric: metric.name)
def test_parts_and_cells_of_every_metric_make_its_change(embedded: Company, metric: Metric) -> None:
    done = []
    for scope in SCOPES:
        try:
            done += splits(embedded, metric, scope)
        except MissingTables:
            pytest.skip(f"the demo has no data for {metric.name}")
    if not done and all(is_silent(embedded, metric, scope) for scope in SCOPES):
        pytest.skip(f"fifteen months say nothing of {metric.name}")
    assert done, "no period or slice of the demo could be split"
    for found in done:
        size = max(abs(found.value0), abs(found.value1), 1.0)
        for told in (found.parts, found.items):
            if told:
                gap = found.change - sum(one.amount.value for one in told)
                assert abs(gap) < 1e-9 * size, (found.by, gap)


@pytest.mark.parametrize("name", ["recurring_revenue", "customers_end"])
def test_a_stock_is_told_by_the_bridge_of_the_whole_year(embedded: Company, name: str) -> None:
    found = why(embedded.gate, name, Scope(Period.parse("2026-09"), Compare.YEAR))
    assert {"new"} < {part.name for part in found.parts}
    assert found.part("transfers") is None
    assert abs(found.residual) < 1e-6


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["nps", "logo_retention", "cost_per_customer", "revenue"])
def test_engines_split_alike(embedded: Company, database: Company, name: str) -> None:
    for by in (None, ("segment",)):
        one, two = (why(c.gate, name, SCOPES[0], by) for c in (embedded, database))
        assert [part.amount.value for part in one.parts] == pytest.approx(
            [part.amount.value for part in two.parts], rel=1e-9, abs=1e-9
        )
        assert [item.codes for item in one.items] == [item.codes for item in two.items]
