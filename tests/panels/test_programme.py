"""Goals and events on the trends of the demo company, and who owns them."""

from __future__ import annotations

import pytest

from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels import figures
from cxdata.panels.choices import Desk
from cxdata.panels.programme import owned_by


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.MONTH))


def test_a_trend_has_its_goal_and_what_happened(desk: Desk, scope: Scope) -> None:
    found = figures.trend(desk, scope, "logo_retention")
    assert "goal 98.3 %" in found.caption.subtitle
    assert found.notes[0].startswith("1 ")
    assert any("start of Loyalty mailing (Tom Becker)" in note for note in found.notes)
    labels = {column.label for column in found.columns}
    assert {"Goal", "What happened"} <= labels
    drawn = [row for data in found.spec["datasets"].values() for row in data.to_pylist()]
    marks = [row["event"] for row in drawn if row["event"]]
    assert marks == [str(at) for at in range(1, len(found.notes) + 1)]


def test_a_narrower_scope_has_no_goal_for_everybody(desk: Desk, scope: Scope) -> None:
    nordics = Scope(scope.period, where=(("region", ("nordics",)),))
    found = figures.trend(desk, nordics, "logo_retention")
    assert "goal" not in found.caption.subtitle
    assert "Goal" not in {column.label for column in found.columns}


def test_customers_who_leave_are_apart_where_it_is_about_who_stays(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "leaving", lambda gate: frozenset({"get_help"}))
    stays = figures.by_journey(desk, scope, "logo_retention")
    assert "Get help apart: customers on it are leaving" in stays.caption.subtitle
    assert "(Get help)" not in stays.caption.title
    assert "Get help" in set(stays.table["name"])
    costs = figures.by_journey(desk, scope, "cost_per_customer")
    assert "apart" not in costs.caption.subtitle
    assert "Get help" in set(costs.table["name"])


def test_owners_are_one_sentence(desk: Desk, scope: Scope) -> None:
    names = ("cost_per_customer", "contact_rate", "nps", "revenue")
    assert owned_by(desk, scope, names) == (
        "Owned by Ines Duarte (cost to serve per customer, contacts per customer and month),"
        " Aoife Byrne (NPS)."
    )
    assert owned_by(desk, scope, ("revenue",)) == ""
