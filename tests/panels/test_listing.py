from __future__ import annotations

import pytest

from cxdata.analysis.figure import figure
from cxdata.exports.table_file import Origin, csv_bytes
from cxdata.metrics import registry
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.listing import EVERYBODY, Listing, can_be_listed, listing, orderings, parts
from cxdata.query.lists.telling import SHOWN, Part
from cxdata.query.people import MOST
from cxdata.query.statement import JOURNEY


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.QUARTER))


def of(
    desk: Desk, scope: Scope, name: str, part: Part = (), order: str = "", most: int = SHOWN
) -> Listing:
    return listing(desk, scope, name, part, order, most, "ann")


def test_as_many_are_listed_as_the_figure_counts(desk: Desk, scope: Scope) -> None:
    found = of(desk, scope, "customers_lost", most=3)
    lost = figure(desk.gate, "customers_lost", scope).cell.estimate
    assert found.count == lost
    first, shown = found.sentences
    assert first == f"{lost:,.0f} customers lost in {scope.period.label}."
    assert shown == f"Shown are 3 of them, largest first; the file has up to {MOST:,}."
    assert found.picture.remark == f"the first 3 of {found.count:,} customers lost"
    labels = [column.label for column in found.picture.columns]
    assert labels[:3] == ["Customer", "What happened", "Reason"]
    assert labels[-3:] == [desk.choices.labels.scheme(one) for one in desk.choices.schemes]
    segments = set(desk.choices.names("segment").values())
    assert set(found.picture.table["in_segment"]) <= segments


def test_amounts_say_what_they_sum_to(desk: Desk, scope: Scope) -> None:
    found = of(desk, scope, "revenue", most=MOST)
    revenue = figure(desk.gate, "revenue", scope).cell.estimate
    assert found.picture.table["now"].sum() == pytest.approx(revenue)
    assert "; together spend €" in found.sentences[0]
    assert found.picture.remark == ""


def test_every_part_of_a_split_adds_up_to_the_whole(desk: Desk, scope: Scope) -> None:
    offered = parts(desk.choices, scope, ("segment",))
    assert offered.pop(EVERYBODY) == ()
    counts = [of(desk, scope, "customers_new", part).count for part in offered.values()]
    assert sum(counts) == of(desk, scope, "customers_new").count


def test_parts_are_those_that_the_scope_holds(desk: Desk, scope: Scope) -> None:
    code = desk.choices.schemes["segment"][0]
    narrow = scope.narrowed("segment", code).on_journey(desk.choices.journeys[0])
    both = parts(desk.choices, narrow, (JOURNEY, "segment"))
    assert list(both.values()) == [(), ((JOURNEY, desk.choices.journeys[0]), ("segment", code))]
    assert parts(desk.choices, scope, ()) == {EVERYBODY: ()}


def test_answers_stand_without_segments(desk: Desk, scope: Scope) -> None:
    found = of(desk, scope, "nps")
    names = [column.name for column in found.picture.columns]
    assert names[:4] == ["name", "day", "score", "standing"]
    assert not [name for name in names if name.startswith("in_")]
    assert found.picture.table["score"].is_monotonic_increasing
    assert "words" in names
    assert found.count == figure(desk.gate, "nps", scope).cell.n


def test_another_order_is_chosen_by_name(desk: Desk, scope: Scope) -> None:
    offered = orderings("nps")
    assert list(offered) == ["Lowest score first", "By score", "By spend in the period"]
    found = of(desk, scope, "nps", order=offered["By spend in the period"], most=5)
    assert found.picture.table["money"].is_monotonic_decreasing
    assert "first by spend in the period" in found.sentences[1]


def test_a_file_of_the_list_has_exactly_its_rows(desk: Desk, scope: Scope) -> None:
    drawn = of(desk, scope, "contacts", most=4).picture
    text = csv_bytes(drawn.table, drawn.columns, Origin("All.", version="1")).decode("utf-8-sig")
    assert len(text.splitlines()) == 5
    assert text.splitlines()[1].startswith(str(drawn.table["name"].iloc[0]))


def test_what_can_be_listed(desk: Desk) -> None:
    listed = {name for name in registry() if can_be_listed(desk, name)}
    assert {"nps", "revenue", "customers_lost", "cost_to_serve"} <= listed
    assert not listed & {"response_rate", "lost_share"}
