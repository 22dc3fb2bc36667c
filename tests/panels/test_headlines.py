"""Slices looked at for the first page are the figures that its charts show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.figure import figures
from cxdata.analysis.slices import FEWEST, slices
from cxdata.model.scope import Compare, Scope
from cxdata.panels import headlines
from cxdata.panels.choices import Desk
from cxdata.query.options import default_scope, leaving
from cxdata.query.statement import JOURNEY

NAMES = ("logo_retention", "revenue_per_customer", "cost_per_customer", "nps")


@pytest.fixture(scope="module")
def scope(desk: Desk) -> Scope:
    return default_scope(desk.gate)


def test_every_slice_is_the_figure_of_its_chart(desk: Desk, scope: Scope) -> None:
    found = slices(desk.gate, NAMES, scope)
    assert {one.by for one in found} == {*desk.choices.schemes, JOURNEY}
    for one in found:
        frame = breakdown(desk.gate, one.metric.name, scope, (one.by,))
        named = frame.loc[frame[f"{one.by}_label"] == one.label]
        if named.empty:
            assert one.figure(desk.gate).cell.estimate == 0, "nothing happened there lately"
            continue
        row = named.iloc[0]
        cell = one.figure(desk.gate).cell
        assert cell.estimate == pytest.approx(row["estimate"], rel=1e-12)
        assert cell.n == round(row["n"]) >= FEWEST
        assert one.comparison.difference == pytest.approx(row["difference"], rel=1e-12)
        if one.comparison.p is not None:
            assert one.comparison.p == pytest.approx(row["p"], rel=1e-9)


def test_the_scope_of_a_slice_gives_its_figure(desk: Desk, scope: Scope) -> None:
    one = next(one for one in slices(desk.gate, NAMES, scope) if one.by == "region")
    again = slices(desk.gate, NAMES, one.scope)
    assert "region" not in {other.by for other in again}, "the region is the whole"
    whole = figures(desk.gate, [one.metric.name], one.scope)[one.metric.name]
    assert whole.cell.estimate == pytest.approx(one.figure(desk.gate).cell.estimate)


def test_ways_out_and_unknown_segments_are_no_slices(desk: Desk, scope: Scope) -> None:
    labels = {(one.metric.name, one.by, one.label) for one in slices(desk.gate, NAMES, scope)}
    for code in leaving(desk.gate):
        journey = desk.choices.labels.journey(code)
        assert ("logo_retention", JOURNEY, journey) not in labels
    assert not {label for _, _, label in labels} & {"Unknown", "Not identified", "No journey"}


def test_another_period_reads_nothing_more(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices(desk.gate, NAMES, scope)
    monkeypatch.setattr(desk.gate, "read", lambda *_: pytest.fail("a period was read again"))
    earlier = slices(desk.gate, NAMES, scope.at(scope.period.previous()))
    assert len(earlier) > 40


def test_the_first_page_says_how_many_figures_it_looked_at(desk: Desk, scope: Scope) -> None:
    told = headlines.ranked(desk, scope, NAMES)
    assert 1 <= len(told) <= 4
    judged = [
        one for one in slices(desk.gate, NAMES, scope) if one.comparison.verdict.value != "none"
    ]
    count = int(told[-1].text.split("(")[-1].split(" figures")[0].split()[-1])
    assert len(judged) <= count <= len(judged) + len(NAMES)


def test_without_a_comparison_no_slice_is_looked_at(desk: Desk, scope: Scope) -> None:
    assert slices(desk.gate, NAMES, replace(scope, compare=Compare.NONE)) == ()
    assert slices(desk.gate, (), scope) == ()
