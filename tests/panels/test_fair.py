"""Slices compared fairly: what the switch offers, and that each way tells its own figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cxdata.analysis.league import league
from cxdata.analysis.standardised import standardised
from cxdata.model.errors import BadScope
from cxdata.model.scope import Scope
from cxdata.panels import fair, pages
from cxdata.panels.choices import Desk
from cxdata.panels.picture import Picture
from cxdata.query.options import default_scope
from cxdata.query.statement import JOURNEY


@pytest.fixture(scope="module")
def scope(desk: Desk) -> Scope:
    return default_scope(desk.gate)


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("logo_retention", fair.WAYS),
        ("nps", fair.WAYS),
        ("revenue", ()),
        ("customers_lost", ()),
        ("lost_share", ()),
    ],
)
def test_full_counts_have_no_other_comparison(
    name: str, offered: tuple[str, ...], desk: Desk
) -> None:
    assert fair.ways(desk, name, "region") == offered
    assert fair.SAME_MIX not in fair.ways(desk, name, None)


def test_at_the_same_mix_each_group_stands_beside_what_it_is(desk: Desk, scope: Scope) -> None:
    drawn = fair.same_mix(desk, scope, "logo_retention", "region")
    other = next(one for one in desk.choices.schemes if one != "region")
    found = standardised(desk.gate, "logo_retention", scope, "region", other)
    table = drawn.table.set_index("name")
    for one in found.slices:
        assert table.loc[one.label, "against"] == pytest.approx(one.raw)
        if one.adjusted is not None:
            assert table.loc[one.label, "estimate"] == pytest.approx(one.adjusted)
    assert "at the same mix by" in drawn.caption.title
    assert "as if each region had" in drawn.caption.subtitle
    assert [one.label for one in drawn.columns][1] == fair.SAME_MIX


def test_with_luck_taken_out_no_group_lies_further_out_than_it_is(desk: Desk, scope: Scope) -> None:
    drawn = fair.luck_out(desk, scope, "logo_retention", "region")
    found = league(desk.gate, "logo_retention", scope, ("region",))
    table = drawn.table
    assert (table["lo"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["hi"]).all()
    away = (table["estimate"] - found.mean).abs() <= (table["against"] - found.mean).abs() + 1e-12
    assert away.all()
    assert ("no ranking" in drawn.caption.title) == (not found.differ)


def test_journeys_out_of_the_company_set_no_average(desk: Desk, scope: Scope) -> None:
    drawn = fair.luck_out(desk, scope, "logo_retention", JOURNEY)
    assert desk.choices.labels.journey("leave") not in set(drawn.table["name"])
    assert "several journeys" in drawn.caption.subtitle


@pytest.mark.parametrize("kind", ["mix", "luck", "luckjourney"])
def test_a_slide_can_show_each(kind: str, desk: Desk, scope: Scope) -> None:
    name = f"{kind}-logo_retention"
    assert pages.can_tell(name)
    assert len(pages.picture(desk, scope, "region", name).table) > 1


@pytest.mark.parametrize("build", [fair.same_mix, fair.luck_out])
def test_too_few_answers_are_said_and_not_drawn(
    build: Callable[..., Picture], desk: Desk, scope: Scope
) -> None:
    with pytest.raises(BadScope, match=r"[Ff]ew"):
        build(desk, scope, "nps", "segment")
