from __future__ import annotations

from dataclasses import replace

import pytest

from cxdata.analysis.figure import figures
from cxdata.analysis.sanity import BEHAVIOURS, SCORES
from cxdata.model.evidence import Verdict
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels import doubts as doubting
from cxdata.panels.choices import Desk
from cxdata.panels.doubts import doubts


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.QUARTER))


def test_a_company_whose_scores_go_with_what_customers_do_has_none(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    _moved(desk, scope, monkeypatch, {"nps": 6.0, "logo_retention": 0.02})
    assert not [said for said in doubts(desk, scope) if "while" in said]


def test_a_score_that_rises_while_customers_leave_is_told(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    _moved(desk, scope, monkeypatch, {"nps": 6.0, "logo_retention": -0.02})
    (said,) = (said for said in doubts(desk, scope) if "while" in said)
    assert said.startswith("NPS rose 6.0 points (n = ")
    assert "while Retention fell 2.0 pp (n = " in said
    assert said.endswith("the score got better, retention did not.")


def test_a_score_with_no_room_left_is_told(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = figures(desk.gate, (*SCORES, *BEHAVIOURS), scope)
    csat = found["csat"]
    full = replace(csat, cell=replace(csat.cell, estimate=0.95, n=400))
    monkeypatch.setattr(doubting, "figures", lambda *_: {"csat": full})
    assert any("at its ceiling: 95.0 % of answers (n = 400)" in one for one in doubts(desk, scope))


def _moved(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch, steps: dict[str, float]
) -> None:
    """Let some figures have moved so far, and the others not at all."""
    found = figures(desk.gate, (*SCORES, *BEHAVIOURS), scope)
    moved = {}
    for name, one in found.items():
        verdict = Verdict.MOVED if name in steps else Verdict.USUAL
        step = replace(one.comparison, verdict=verdict, difference=steps.get(name, 0.0))
        moved[name] = replace(one, comparison=step)
    monkeypatch.setattr(doubting, "figures", lambda *_: moved)
