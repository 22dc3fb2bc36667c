"""Headlines that do not cry wolf: false alarms, power and coverage, by simulation (METRICS 3.4)."""

from __future__ import annotations

import numpy as np
import pytest

from cxdata.analysis.comparison import UsualRange, chance
from cxdata.metrics import metric
from cxdata.model.evidence import Comparison, Verdict
from cxdata.model.format import Format
from cxdata.statistics.control import xmr
from cxdata.statistics.sample_size import responses_to_detect
from cxdata.story.headline import beyond_noise, headline
from tests.story.simulated import MONTHS, quiet_company, scores, simulated

FORM = Format("EUR")


def test_at_most_one_in_twenty_quiet_companies_gets_a_false_headline() -> None:
    """A thousand companies of six figures in which nothing changed; three errors of the share."""
    random = np.random.default_rng(20)
    companies = [quiet_company(random) for _ in range(1000)]
    false = sum(
        any(told.has_moved for told in headline(found, {}, {}, FORM)) for found in companies
    )
    assert false <= 50 + 3 * np.sqrt(1000 * 0.05 * 0.95)
    assert false / 1000 <= 0.06
    alone = sum(f.comparison.verdict is Verdict.MOVED for found in companies for f in found)
    assert alone > false, "looking at six figures one by one would cry wolf more often"


def test_a_planted_movement_is_found_with_the_stated_power() -> None:
    """Ten points with the answers that 80 % power asks for, 400 times: 74-86 % told."""
    random = np.random.default_rng(5)
    n = int(responses_to_detect(10, variance=0.61))
    told = 0
    for _ in range(400):
        before, after = (scores(random, n, p, 0.2, 1) for p in (0.5, 0.6))
        both = {name: np.concatenate([before[name], after[name]]) for name in before}
        told += bool(beyond_noise([simulated("nps", both)]))
    assert 0.74 <= told / 400 <= 0.90


def test_planted_movements_survive_being_looked_at_with_others() -> None:
    """Retention falls from 98 to 95 % in one company of quiet figures: always told, and alone."""
    random = np.random.default_rng(6)
    names: list[str] = []
    for _ in range(50):
        found = quiet_company(random)
        retained = random.binomial(2000, 0.98, MONTHS).astype(float)
        retained[-1] = random.binomial(2000, 0.95)
        found[0] = simulated(
            "logo_retention", {"retained": retained, "start": np.full(MONTHS, 2000.0)}
        )
        names += [figure.metric.name for figure in beyond_noise(found)]
    assert names.count("logo_retention") == 50
    assert len(names) <= 60


@pytest.mark.parametrize(("p", "d"), [(0.85, 0.02), (0.5, 0.2), (0.3, 0.4), (0.6, 0.3)])
@pytest.mark.parametrize("n", [30, 300])
def test_intervals_of_scores_cover_19_in_20(p: float, d: float, n: int) -> None:
    random = np.random.default_rng(7)
    drawn = scores(random, n, p, d, 4000)
    alone = {name: np.zeros(4000) for name in metric("nps").stats}
    found = metric("nps").finish({**alone, **drawn})
    covered = ((found.lo <= 100 * (p - d)) & (100 * (p - d) <= found.hi)).mean()
    assert 0.93 <= covered <= 0.97


@pytest.mark.parametrize("points", [8, 12, 24])
def test_chances_of_a_quiet_history_are_no_smaller_than_they_say(points: int) -> None:
    random = np.random.default_rng(8)
    p = np.array(
        [xmr(random.standard_normal(points + 1), baseline=points).p_ahead[-1] for _ in range(3000)]
    )
    for level in (0.05, 0.01):
        assert np.mean(p < level) <= level + 3 * np.sqrt(level / 3000)


def test_what_was_not_judged_has_no_chance() -> None:
    nothing = Comparison(None, None, None, None, Verdict.INCOMPLETE, "")
    outside = Comparison(1.0, None, None, None, Verdict.MOVED, "")
    assert chance(nothing, None) is None
    assert chance(outside, UsualRange(0, 1, 24, 0.0001)) == 0.0001
    assert chance(outside, UsualRange(0, 1, 24)) == pytest.approx(0.0027)
