from __future__ import annotations

from dataclasses import replace

import pytest

from cxdata.analysis.figure import figure
from cxdata.model.errors import BadScope
from cxdata.model.period import Grain
from cxdata.model.scope import Compare, Scope
from cxdata.panels.choices import Desk
from cxdata.panels.why import ANSWERED, LINES, can_be_explained, splits, why
from cxdata.query.statement import JOURNEY

EVERY = ("logo_retention", "response_rate", "revenue_per_customer", "cost_per_customer", "revenue")


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.QUARTER))


@pytest.mark.parametrize("name", [*EVERY, "recurring_revenue", "customers_end"])
def test_the_parts_lead_from_the_figure_then_to_the_figure_now(
    name: str, desk: Desk, scope: Scope
) -> None:
    by = next(iter(splits(desk, name).values()))
    found = why(desk, scope, name, by)
    assert found.parts is not None
    table = found.parts.table
    now = figure(desk.gate, name, scope)
    assert now.cell.estimate is not None
    steps = table["value"].iloc[1:-2].sum()
    assert table["value"].iloc[0] + steps == pytest.approx(now.cell.estimate, abs=1e-6)
    assert table["value"].iloc[-2] == now.cell.estimate
    assert list(table.iloc[-1][["line", "value"]]) == ["Left over", 0.0]
    assert found.sentences[0].startswith(now.metric.label)


@pytest.mark.parametrize("name", EVERY)
def test_the_slices_sum_to_the_change(name: str, desk: Desk, scope: Scope) -> None:
    found = why(desk, scope, name, ("segment",))
    assert found.cells is not None
    assert found.parts is not None
    then, now = found.parts.table["value"].iloc[[0, -2]]
    assert found.cells.table["estimate"].sum() == pytest.approx(now - then, abs=1e-6)
    assert "together exactly that" in found.cells.caption.subtitle


def test_a_figure_with_lines_of_its_own_offers_them_first(desk: Desk) -> None:
    assert next(iter(splits(desk, "recurring_revenue").items())) == (LINES, ())
    by_attribute = {shown: (code,) for shown, code in desk.choices.scheme_names.items()}
    assert splits(desk, "nps") == {**by_attribute, "By who answered": ANSWERED}
    both = splits(desk, "revenue")
    assert both["By journey"] == (JOURNEY,)
    assert (JOURNEY, "segment") in both.values()
    assert (JOURNEY, "segment") not in splits(desk, "cost_per_customer").values()


def test_what_has_no_change_is_not_explained(desk: Desk) -> None:
    assert can_be_explained(desk, "logo_retention")
    assert not can_be_explained(desk, "lost_share")  # of the whole history


def test_the_slices_to_look_into_are_slices_that_can_be_chosen(desk: Desk, scope: Scope) -> None:
    found = why(desk, scope, "revenue", (JOURNEY, "segment"))
    assert found.further
    for one in found.further:
        assert [name for name, _ in one.within] == [JOURNEY, "segment"]
        assert all(code in desk.choices.names(name) for name, code in one.within)


def test_nothing_to_compare_with_and_an_unfinished_period_say_so(desk: Desk, scope: Scope) -> None:
    with pytest.raises(BadScope, match="what to compare with"):
        why(desk, replace(scope, compare=Compare.NONE), "nps", ("segment",))
    newest = desk.choices.periods[Grain.MONTH][0]
    with pytest.raises(BadScope, match="cannot be explained"):
        why(desk, Scope(newest), "logo_retention", ("segment",))
