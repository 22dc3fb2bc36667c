"""The few movements of a page: none by luck, a planted one in its place, none told twice."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from cxdata.model.evidence import Verdict
from cxdata.story.headline import beyond_noise
from cxdata.story.ranking import surest_first
from tests.story.examples import figure, sliced, told, under_way
from tests.story.simulated import PLACES, Companies

LOOKS = 41


def test_at_most_one_in_twenty_quiet_companies_gets_a_false_headline_over_all_slices() -> None:
    """A thousand companies of four figures and their slices; three errors of the share."""
    found = Companies.quiet(np.random.default_rng(20), 1000).looked()
    assert max(map(len, found)) == LOOKS
    false = sum(bool(beyond_noise(one)) for one in found)
    assert false <= 50 + 3 * np.sqrt(1000 * 0.05 * 0.95)
    alone = sum(one.comparison.verdict is Verdict.MOVED for company in found for one in company)
    assert alone > 500, "looking at every slice by itself would cry wolf in most companies"


def test_a_movement_of_one_slice_is_found_with_the_stated_power_and_in_its_place() -> None:
    """A fall that one look at the strictest level of all would find 8 times in 10."""
    random = np.random.default_rng(11)
    companies = Companies.quiet(random, 300)
    stats = companies.stats["logo_retention"]
    hit = np.ix_(np.arange(300), np.flatnonzero(PLACES["segment", "s1"]))
    n = 400 * hit[1].size
    strictest = float(-ndtri(0.05 / LOOKS / 2))
    fall = 0.0
    for _ in range(9):  # the variance after the fall depends on the fall
        spread = np.sqrt((0.97 * 0.03 + (0.97 - fall) * (0.03 + fall)) / n)
        fall = (strictest + float(ndtri(0.8))) * spread
    for month, kept in ((-2, 0.97), (-1, 0.97 - fall)):
        stats["retained"][month][hit] = random.binomial(400, kept, (300, hit[1].size))
    found = [beyond_noise(one) for one in companies.looked()]
    retention = [[one for one in passed if one.metric.name == "logo_retention"] for passed in found]
    told = sum("s1" in {one.label for one in passed} for passed in retention)
    assert told / 300 >= 0.8 - 3 * np.sqrt(0.8 * 0.2 / 300)
    surest = [min(passed, key=surest_first).label for passed in retention if passed]
    assert surest.count("s1") >= 0.95 * len(surest)


def test_the_whole_explains_its_slices() -> None:
    down = [sliced("logo_retention", "region", name, 1e-5) for name in ("Spain", "Portugal")]
    other = sliced("logo_retention", "plan", "Light", 1e-4)
    first, count = told([figure("logo_retention", Verdict.MOVED, 1e-6)], [*down, other])
    assert "y region clearest in Spain (−2.0 pp) and Portugal (−2.0 pp)" in first.text
    assert count.text == (
        "4 figures looked at, in all and by region and plan: 4 moved beyond noise;"
        " those that overlap are told once."
    )


def test_slices_that_share_customers_are_one_movement_told_where_it_is_surest() -> None:
    spain = sliced("logo_retention", "region", "Spain", 1e-6)
    light = sliced("logo_retention", "plan", "Light", 1e-4)
    first, _ = told([figure("logo_retention", Verdict.USUAL, 0.5)], [light, spain])
    assert first.text.startswith("Retention in Spain fell 2.0 pp")
    assert "Light" not in first.text


def test_a_slice_that_went_the_other_way_is_a_movement_of_its_own() -> None:
    whole = figure("logo_retention", Verdict.MOVED, 1e-6)
    up = sliced("logo_retention", "region", "Alps", 1e-6, 0.02)
    down = [sliced("logo_retention", "region", name, 1e-6) for name in ("Spain", "Portugal")]
    texts = [one.text for one in told([whole], [*down, up])]
    assert texts[0].startswith("Retention fell")
    assert texts[1].startswith("Retention in Alps")


def test_nothing_beyond_noise_says_how_many_were_looked_at_and_what_luck_gives() -> None:
    parts = [sliced("logo_retention", "region", name, 0.4) for name in ("Spain", "Alps")]
    whole = [figure("logo_retention", Verdict.USUAL, 0.5), figure("nps", Verdict.MOVED, 0.04)]
    (only,) = told(whole, parts)
    assert only.text == (
        "Nothing moved beyond noise: Retention stayed within what chance or its own usual range"
        " gives (4 figures looked at, in all and by region). Taken alone NPS moved more than"
        " chance gives; among 4 figures looked at, that can still be luck."
    )
    assert not only.has_moved


def test_what_moved_taken_alone_is_not_said_to_have_stayed() -> None:
    whole = [figure("nps", Verdict.MOVED, 0.04)]
    (only,) = told(whole, [sliced("logo_retention", "region", "Alps", 0.4)])
    assert only.text == (
        "Nothing moved beyond noise (2 figures looked at, in all and by region). Taken alone NPS"
        " moved more than chance gives; among 2 figures looked at, that can still be luck."
    )


@pytest.mark.parametrize(
    ("name", "by", "subject"),
    [
        ("logo_retention", "region", "Retention in X"),
        ("nps_after_journey", "journey", "NPS after X"),
        ("cost_per_customer", "journey", "Cost to serve per customer on X"),
    ],
)
def test_a_figure_of_a_slice_is_named_as_a_reader_would(name: str, by: str, subject: str) -> None:
    still = figure("logo_retention", Verdict.USUAL, 0.5)
    first, _ = told([still], [sliced(name, by, "X", 1e-6)])
    assert first.text.startswith(f"{subject} fell")


def test_a_period_under_way_is_told_by_its_first_days() -> None:
    quiet = [under_way("logo_retention", 0.6), under_way("nps", 0.5)]
    (only,) = told(quiet, [])
    assert only.text == (
        "Nothing moved beyond noise in the first 10 days of Sep 2026: Retention and NPS stayed"
        " within what chance or their own usual range gives (2 figures looked at)."
    )
    first, count = told([under_way("logo_retention", 1e-6), under_way("nps", 0.5)], [])
    assert (first.has_moved, first.is_better) == (True, False)
    assert "first 10 days of Sep 2026" in first.text
    assert count.text.startswith("2 figures looked at in the first 10 days of Sep 2026: 1 moved")
