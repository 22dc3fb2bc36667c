from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.period import Grain
from cxdata.model.scope import Compare, Scope
from cxdata.panels.address import asked, written
from cxdata.panels.choices import Desk


def test_an_empty_address_is_the_default_view(desk: Desk) -> None:
    found = asked("", desk.choices)
    assert found.scope == Scope(desk.choices.latest(Grain.MONTH))
    assert found.scheme == next(iter(desk.choices.schemes))
    assert found.unknown == ()
    assert written(found.scope, found.scheme, desk.choices) == ""


@pytest.mark.parametrize("place", range(30))
def test_an_address_reopens_its_view(desk: Desk, place: int) -> None:
    choices = desk.choices
    grain = list(Grain)[place % 3]
    schemes = list(choices.schemes)
    scheme = schemes[place % len(schemes)]
    scope = Scope(
        choices.periods[grain][place % len(choices.periods[grain])],
        list(Compare)[place % 3],
        choices.journeys[: place % 3],
        ((scheme, choices.schemes[scheme][: place % 4]),),
    )
    found = asked(written(scope, scheme, choices), choices)
    assert (found.scope, found.scheme, found.unknown) == (scope, scheme, ())


def test_what_the_data_do_not_have_is_left_out_and_named(desk: Desk) -> None:
    found = asked("period=Smarch+2026&journey=Nowhere&by=By+mood&vs=x&grain=Week", desk.choices)
    assert found.scope == Scope(desk.choices.latest(Grain.MONTH))
    assert set(found.unknown) == {"Smarch 2026", "Nowhere", "By mood", "x", "Week"}


def test_a_period_of_the_reader_stands_where_the_address_has_none(desk: Desk) -> None:
    earlier = desk.choices.periods[Grain.MONTH][3]
    assert asked("", desk.choices, earlier).scope.period == earlier
    newest = desk.choices.periods[Grain.MONTH][0]
    assert asked(f"period={newest.label}", desk.choices, earlier).scope.period == newest


@given(st.text(max_size=300))
def test_any_text_is_an_address(desk: Desk, text: str) -> None:
    assert asked(text, desk.choices).scope.period in desk.choices.periods[Grain.MONTH]


def test_a_monstrous_address_is_the_default_view(desk: Desk) -> None:
    for address in ("a=1&" * 5_000, "period=" + "x" * 600_000, "%00" * 900):
        assert asked(address, desk.choices).scope == Scope(desk.choices.latest(Grain.MONTH))
