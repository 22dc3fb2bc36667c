"""Scores that do not budge, cannot rise, or disagree with what customers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxdata.analysis.figure import Figure
from cxdata.analysis.sanity import alarms, ceiling, flat, flat_line
from cxdata.metrics import metric
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.statistics.score import nps

SCOPE = Scope(Period.parse("2026-09"))


def figure(name: str, step: float, verdict: Verdict = Verdict.MOVED) -> Figure:
    cell = Cell(1.0, 500, 0.9, 1.1, "", Flag.OK)
    test = Comparison(step, step - 1, step + 1, 0.01, verdict, "")
    return Figure(
        metric(name), SCOPE, cell, cell, test, None, pd.DataFrame(), date(2026, 9, 30), False
    )


def drawn(random: np.random.Generator, periods: int, spread: float = 1.0) -> tuple[np.ndarray, ...]:
    """Scores of 300 answers a period; a spread below 1 pulls them to their mean."""
    counts = random.multinomial(300, [0.5, 0.3, 0.2], size=periods).astype(float)
    found = nps(*counts.T)
    mean = found.estimate.mean()
    return mean + spread * (found.estimate - mean), found.half_width, counts.sum(axis=1)


def test_real_answers_are_seldom_called_flat() -> None:
    random = np.random.default_rng(1)
    called = sum(flat(*drawn(random, 12)) is not None for _ in range(1000))
    assert called / 1000 <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 1000)


def test_a_score_that_hardly_moves_is_called_flat() -> None:
    random = np.random.default_rng(2)
    called = sum(flat(*drawn(random, 12, spread=0.2)) is not None for _ in range(200))
    assert called >= 190
    same = flat(np.full(6, 31.0), np.full(6, 4.0), np.full(6, 600.0))
    assert same is not None
    assert (same.periods, same.n) == (6, 3600)
    assert same.p == pytest.approx(0, abs=1e-12)
    assert flat(np.full(5, 31.0), np.full(5, 4.0), np.full(5, 600.0)) is None


def test_only_finished_periods_count() -> None:
    starts = [Period(date(2026, 1, 1), Grain.MONTH).shift(at).start for at in range(10)]
    trend = pd.DataFrame(
        {
            "period_start": starts,
            "estimate": [31.0] * 10,
            "lo": 27.0,
            "hi": 35.0,
            "n": 600.0,
            "flag": ["ok"] * 9 + ["partial"],
        }
    )
    found = flat_line(replace(figure("nps", 0.0), trend=trend))
    assert found is not None
    assert found.periods == 9


def test_nine_in_ten_at_the_top_is_a_ceiling() -> None:
    assert ceiling(89, 100) is None
    assert ceiling(0, 0) is None
    found = ceiling(93, 100)
    assert found is not None
    assert (found.share, found.n) == (0.93, 100)


def test_a_score_and_behaviour_that_part_ways_raise_an_alarm() -> None:
    found = {
        "nps": figure("nps", 5.0),
        "logo_retention": figure("logo_retention", -0.02),
        "revenue_per_customer": figure("revenue_per_customer", 3.0),
        "contact_rate": figure("contact_rate", 0.2),
    }
    pairs = [(one.score.metric.name, one.behaviour.metric.name) for one in alarms(found)]
    assert pairs == [("nps", "logo_retention"), ("nps", "contact_rate")], "more contacts are worse"
    assert all(one.score_is_better for one in alarms(found))


def test_a_falling_score_beside_better_behaviour_is_one_too() -> None:
    found = {"nps": figure("nps", -5.0), "logo_retention": figure("logo_retention", 0.02)}
    (one,) = alarms(found)
    assert not one.score_is_better


def test_a_score_that_goes_with_retention_is_doubted_by_nothing_else() -> None:
    found = {
        "nps": figure("nps", -5.0),
        "logo_retention": figure("logo_retention", -0.02),
        "customers_net": figure("customers_net", 46.0),
    }
    assert alarms(found) == (), "more were won, and more left: what they said, they did"
    del found["logo_retention"]
    assert [one.behaviour.metric.name for one in alarms(found)] == ["customers_net"]


def test_what_did_not_move_raises_none() -> None:
    quiet = {
        "nps": figure("nps", 5.0),
        "logo_retention": figure("logo_retention", -0.02, Verdict.USUAL),
    }
    assert alarms(quiet) == ()
    assert alarms({"nps": figure("nps", 5.0)}) == ()
