from __future__ import annotations

import pytest

from cxdata.model.errors import BadScope, UnknownName
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels import pages
from cxdata.panels.asked_for import is_asked_for, metrics_of, picture, said, why_name
from cxdata.panels.choices import Desk
from cxdata.panels.deeper import deeper
from cxdata.panels.why import ANSWERED, why


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.QUARTER))


@pytest.mark.parametrize("name", ["whale", "hidden-logo_retention", "reasons", "shift-revenue"])
def test_each_picture_behind_a_click_has_a_name(desk: Desk, scope: Scope, name: str) -> None:
    for place, drawn in enumerate(deeper(desk, scope, "segment", name).pictures):
        found = pages.picture(desk, scope, "segment", f"{name}-{place}")
        assert found.caption == drawn.caption
        assert pages.can_tell(f"{name}-{place}")
        assert metrics_of(f"{name}-{place}")


@pytest.mark.parametrize(
    ("metric", "by"), [("revenue", ("segment",)), ("cost_to_serve", ()), ("nps", ANSWERED)]
)
def test_each_picture_of_a_change_has_a_name(
    desk: Desk, scope: Scope, metric: str, by: tuple[str, ...]
) -> None:
    found = why(desk, scope, metric, by)
    assert found.parts is not None
    name = why_name(metric, by, "parts")
    assert picture(desk, scope, "segment", name).caption == found.parts.caption
    assert metrics_of(name) == (metric,)
    assert said(name).startswith("Why ")


def test_what_is_no_picture_says_so(desk: Desk, scope: Scope) -> None:
    assert not is_asked_for("trend-nps")
    with pytest.raises(UnknownName):
        picture(desk, scope, None, "whale")
    with pytest.raises(BadScope, match="nothing to draw"):
        picture(desk, scope, None, "whale-7")
