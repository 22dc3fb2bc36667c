"""Slices of sums add up to the total; slices of rates do not average to it (METRICS.md C4, C5)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from cxdata.metrics import registry
from cxdata.model.metric import Additive, Metric
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.options import periods
from tests.company import Company

SUMS = [m for m in registry().values() if m.additive is not Additive.NO]
RATES = [m for m in registry().values() if m.additive is Additive.NO]
OF_SLICES = [m for m in RATES if all(s.segments == "sliced" for s in m.stats.values())]
"""Rates without a share in what is everybody's, which is no sum of the segments'."""

OWN = ("contacts", "cost_to_serve", "answers")
"""Sums whose events have a journey of their own, or none: those partition."""

UNSAID = ("lost_share", "nps_weighted", "earned_growth", "earned_growth_most")
"""Rates that have no plain figure in a demo of fifteen months without weights or snapshots."""


@pytest.fixture(scope="module")
def asked(embedded: Company) -> dict[tuple[str, ...], dict[str, Figures]]:
    """Every metric in every month, whole and sliced."""
    scope = Scope(periods(embedded.gate, Grain.MONTH)[-1])
    ways: tuple[tuple[str, ...], ...] = ((), ("segment",), ("region", "plan"), ("journey",))
    return {by: evaluate(embedded.gate, list(registry().values()), scope, by=by) for by in ways}


def summed(figures: Figures, stat: str) -> dict[str, Decimal]:
    """A statistic by period, over all slices."""
    totals: dict[str, Decimal] = {}
    for period, value in zip(figures.frame["period"], figures.exact[stat], strict=True):
        totals[period] = totals.get(period, Decimal(0)) + Decimal(value)
    return totals


@pytest.mark.parametrize("by", [("segment",), ("region", "plan")], ids="-".join)
@pytest.mark.parametrize("metric", SUMS, ids=lambda metric: metric.name)
def test_slices_of_sums_add_up(
    asked: dict[tuple[str, ...], dict[str, Figures]], metric: Metric, by: tuple[str, ...]
) -> None:
    whole, parts = asked[()][metric.name], asked[by][metric.name]
    for stat, how in metric.stats.items():
        if how.segments == "sliced":
            assert summed(parts, stat) == summed(whole, stat), stat
    if not metric.is_survey:
        estimates = parts.frame.groupby("period", sort=False)["estimate"].sum(min_count=1)
        np.testing.assert_allclose(estimates, whole.frame["estimate"], rtol=1e-12)


@pytest.mark.parametrize("name", OWN)
def test_journeys_of_events_partition(
    asked: dict[tuple[str, ...], dict[str, Figures]], name: str
) -> None:
    whole, parts = asked[()][name], asked[("journey",)][name]
    for stat, how in whole.metric.stats.items():
        if how.segments == "sliced" and how.journey_role == "own":
            assert summed(parts, stat) == summed(whole, stat)


@pytest.mark.parametrize("metric", RATES, ids=lambda metric: metric.name)
def test_a_rate_is_no_mean_of_its_slices(
    asked: dict[tuple[str, ...], dict[str, Figures]], metric: Metric
) -> None:
    """In at least one month the plain mean of the segments is another number."""
    whole = asked[()][metric.name].frame
    parts = asked[("segment",)][metric.name].frame
    means = parts.groupby("period", sort=False)["estimate"].mean().to_numpy(float)
    totals = whole["estimate"].to_numpy(float)
    known = ~np.isnan(means) & ~np.isnan(totals)
    if not metric.is_dated or not known.any():
        assert metric.name in UNSAID
        return
    assert (np.abs(means - totals)[known] > 1e-9).any()


@pytest.mark.parametrize("metric", OF_SLICES, ids=lambda metric: metric.name)
def test_a_rate_of_the_whole_comes_from_the_sums_of_its_slices(
    asked: dict[tuple[str, ...], dict[str, Figures]], metric: Metric
) -> None:
    """Finishing the summed statistics of the segments gives the figure of everybody."""
    whole, parts = asked[()][metric.name], asked[("segment",)][metric.name]
    stats = {
        name: np.array([float(v) for v in summed(parts, name).values()]) for name in metric.stats
    }
    finished = metric.finish(stats).estimate
    shown = whole.frame["estimate"].to_numpy(float)
    known = ~np.isnan(shown)
    np.testing.assert_allclose(finished[known], shown[known], rtol=1e-9)
