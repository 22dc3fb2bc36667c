from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxdata.analysis.comparison import UsualRange
from cxdata.analysis.figure import Figure, figure
from cxdata.analysis.signal import Signal, signal
from cxdata.model.evidence import Verdict
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels import course as courses
from cxdata.panels import figures
from cxdata.panels.choices import Desk
from cxdata.panels.course import course
from cxdata.query.options import default_scope


def _course(desk: Desk, found: Figure) -> courses.Course:
    return course(desk.gate, found, found.trend, desk.choices.format)


@pytest.mark.parametrize("name", ["logo_retention", "revenue_per_customer", "contact_rate"])
def test_limits_stand_beside_the_figures_and_the_title_says_where_the_last_one_is(
    name: str, desk: Desk
) -> None:
    found = figure(desk.gate, name, default_scope(desk.gate))
    told = _course(desk, found)
    assert (told.rows["usual_lo"].dropna() <= told.rows["usual_hi"].dropna()).all()
    assert told.title.startswith(f"{found.metric.label} ")
    assert "its usual range of" in told.title
    assert found.scope.period.label in told.title


@pytest.mark.parametrize("name", ["revenue_per_customer", "cost_per_customer", "customers_lost"])
def test_a_full_count_is_judged_on_its_trend_as_on_its_tile(name: str, desk: Desk) -> None:
    for period in desk.choices.periods[Grain.MONTH][1:6]:
        found = figure(desk.gate, name, Scope(period))
        told = _course(desk, found)
        if found.usual is None:
            continue
        row = told.rows.set_index("period_start").loc[period.start]
        assert (row["usual_lo"], row["usual_hi"]) == (found.usual.lo, found.usual.hi)
        is_outside = not found.usual.lo <= row["estimate"] <= found.usual.hi
        assert row["outside"] == is_outside
        if found.comparison.verdict is Verdict.MOVED:
            assert is_outside
        assert ("within its usual range" in told.title) == (not is_outside)


def test_a_figure_outside_is_ringed_and_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = default_scope(desk.gate)
    found = figure(desk.gate, "logo_retention", scope)
    charted = signal(desk.gate, "logo_retention", scope)
    rule = np.where(charted.frame["period_start"] == scope.period.start, "outside", "")
    low = charted.frame.assign(rule=rule, estimate=charted.frame["lo"] - 0.01)

    def given(*_: object) -> Signal:
        return replace(charted, frame=low)

    monkeypatch.setattr(courses, "signal", given)
    told = _course(desk, found)
    assert "below its usual range" in told.title
    assert told.rows.loc[told.rows["outside"], "period_start"].tolist() == [scope.period.start]


def test_too_short_a_history_has_no_limits(desk: Desk) -> None:
    found = figure(desk.gate, "logo_retention", Scope(desk.choices.latest(Grain.QUARTER)))
    told = _course(desk, found)
    assert told.title == ""
    assert "usual_lo" not in told.rows


def test_a_figure_of_the_whole_history_has_no_course(desk: Desk) -> None:
    found = figure(desk.gate, "lost_share", default_scope(desk.gate))
    assert _course(desk, found).rows.equals(found.trend)


def test_the_table_and_the_chart_hold_the_limits(desk: Desk) -> None:
    drawn = figures.trend(desk, default_scope(desk.gate), "logo_retention")
    assert {"usual_lo", "usual_hi"} <= set(drawn.table)
    (rows,) = (pd.DataFrame(rows.to_pylist()) for rows in drawn.spec["datasets"].values())
    assert rows[["usual_lo", "usual_hi"]].notna().any().all()
    assert "grey lines: usual range" in drawn.caption.subtitle


def test_a_range_of_its_own_in_the_period_asked_for_is_said(desk: Desk) -> None:
    found = figure(desk.gate, "revenue_per_customer", default_scope(desk.gate))
    charted = signal(desk.gate, "revenue_per_customer", found.scope)
    last = charted.frame.iloc[-1]
    wide, same = (
        replace(found, usual=UsualRange(lo, float(last["hi"]), 12))
        for lo in (float(last["lo"]) - 50.0, float(last["lo"]))
    )
    said = "The range in Sep 2026 is that of its tile, set by 12 periods before it."
    assert said in _course(desk, wide).notes
    assert said not in _course(desk, same).notes
