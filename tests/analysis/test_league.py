"""Slices side by side: shrunken, flagged without crying wolf, and at the same mix."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from cxdata.analysis.league import League, league, ranked
from cxdata.analysis.standardised import adjust, standardised
from cxdata.metrics import metric
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Labels, Scope
from cxdata.story.league import hidden_sentence, league_sentence, standardised_sentence
from tests.company import Company, answer, company, member, term

JANUARY = Scope(Period.parse("2026-01"))
FORM = Format("EUR")


def of_scores(counts: np.ndarray) -> League:
    """Rank slices from answers by class, (slices, 3)."""
    known = metric("nps")
    names = ("promoters", "passives", "detractors")
    stats = {name: np.zeros(len(counts)) for name in known.stats}
    stats |= {name: counts[:, at].astype(float) for at, name in enumerate(names)}
    codes = tuple((f"s{at:02d}",) for at in range(len(counts)))
    return ranked(known, JANUARY, ("segment",), stats, codes, 30.0, Labels())


def test_alike_slices_are_flagged_in_at_most_one_table_of_twenty() -> None:
    random = np.random.default_rng(1)
    flagged = 0
    for _ in range(600):
        sizes = random.integers(30, 400, 12)
        counts = np.array([random.multinomial(n, [0.5, 0.3, 0.2]) for n in sizes])
        flagged += bool(of_scores(counts).hidden)
    assert flagged / 600 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 600)


def test_alike_shares_near_one_are_flagged_no_more_often() -> None:
    random = np.random.default_rng(2)
    flagged = 0
    known = metric("logo_retention")
    for _ in range(600):
        start = random.integers(100, 2000, 10).astype(float)
        stats = {"retained": random.binomial(start.astype(int), 0.97).astype(float), "start": start}
        codes = tuple((str(at),) for at in range(10))
        flagged += bool(ranked(known, JANUARY, ("segment",), stats, codes, 0.97, Labels()).hidden)
    assert flagged / 600 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 600)


def test_a_hidden_slice_is_found() -> None:
    """One of ten slices is 40 points below the others, with 150 answers each: nearly always."""
    random = np.random.default_rng(3)
    found = 0
    for _ in range(100):
        shares = [[0.5, 0.3, 0.2]] * 9 + [[0.3, 0.3, 0.4]]
        counts = np.array([random.multinomial(150, one) for one in shares])
        hidden = of_scores(counts).hidden
        found += bool(hidden) and hidden[0].label == "s09"
    assert found >= 95


def test_the_smallest_slices_do_not_lead_the_table() -> None:
    """Forty answers at 45 stand behind 2,000 at 44: they know too little to lead."""
    counts = np.array([[24, 10, 6], [1140, 600, 260], [800, 700, 500], [900, 600, 500]])
    found = of_scores(counts)
    assert found.differ
    assert found.standings[0].label == "s01"
    assert next(one for one in found.standings if one.label == "s00").value == 45
    assert [one.rank for one in found.standings] == [1, 2, 3, 4]


def test_without_differences_there_is_no_ranking() -> None:
    found = of_scores(np.array([[50, 30, 20], [49, 31, 20], [51, 29, 20]]))
    assert not found.differ
    assert {one.rank for one in found.standings} == {None}
    assert league_sentence(found, FORM) == (
        "There is no ranking: 3 groups looked at differ no more than chance gives, around 30.0."
    )
    assert hidden_sentence(found, FORM) == (
        "No group stands apart from the average of 30.0 beyond chance, of 3 groups looked at."
    )


def test_a_hidden_slice_is_said_with_its_margin() -> None:
    found = of_scores(np.array([[500, 300, 200], [510, 290, 200], [100, 100, 200]]))
    assert hidden_sentence(found, FORM).startswith(
        "The average of 30.0 hides 3 of 3 groups looked at: s02 −"
    )
    assert "n = 400" in hidden_sentence(found, FORM)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """North has mostly unhappy young, South mostly happy old; within age the places are alike."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("subscription_period", "customer_segment", "survey_response")
    }
    day, at = date(2026, 1, 1), 0
    for place, age, n in (
        ("north", "young", 90),
        ("north", "old", 30),
        ("south", "young", 30),
        ("south", "old", 90),
    ):
        for i in range(n):
            who, at = f"c{at:03d}", at + 1
            happy = i % 3 == 0 if age == "young" else i % 3 != 0
            rows["subscription_period"].append(term(who, day))
            rows["customer_segment"].append(member(who, place, day, scheme="region"))
            rows["customer_segment"].append(member(who, age, day, scheme="age"))
            rows["survey_response"].append(answer(who, date(2026, 1, 9), 9 if happy else 0))
    return company(tmp_path_factory.mktemp("places"), rows, through=date(2026, 1, 31))


def test_at_the_same_mix_places_are_alike(places: Company) -> None:
    found = standardised(places.gate, "nps", JANUARY, "region", "age")
    told = {one.code: (one.raw, one.adjusted) for one in found.slices}
    assert told["north"] == pytest.approx((-100 / 6, 0))
    assert told["south"] == pytest.approx((100 / 6, 0))
    assert found.covered == 1
    sentence = standardised_sentence(found, Labels(), FORM)
    assert sentence.startswith("At the same mix by age NPS lies between ")
    assert sentence.endswith("as they are, groups lie 33.3 points apart.")


def test_adjusted_intervals_cover_what_is_true() -> None:
    random = np.random.default_rng(9)
    n = np.array([[80, 40], [30, 120]])
    p = np.array([[0.3, 0.7], [0.35, 0.75]])
    weight = n.sum(axis=0) / n.sum()
    truth, covered = p @ weight, np.zeros(2)
    for _ in range(500):
        seen = random.binomial(n, p) / n
        value, error, *_ = adjust(seen, np.sqrt(seen * (1 - seen) / n), n.astype(float))
        covered += np.abs(value - truth) <= 1.96 * error
    assert ((covered / 500 > 0.92) & (covered / 500 < 0.98)).all()


def test_slices_that_lack_a_stratum_are_not_adjusted() -> None:
    units = np.array([[50.0, 50.0], [60.0, 40.0], [80.0, 2.0]])
    _, _, covered, told = adjust(np.ones((3, 2)), np.zeros((3, 2)), units)
    assert told.tolist() == [True, True, False]
    assert covered == 1


@pytest.mark.parametrize(
    ("name", "by", "said"),
    [
        ("revenue", ("region",), "full count"),
        ("nps", ("journey",), "no figure of its own"),
        ("contact_rate", ("region",), "interaction"),
    ],
)
def test_what_cannot_be_ranked_says_why(
    places: Company, name: str, by: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Exception, match=said):
        league(places.gate, name, JANUARY, by)
    with pytest.raises(BadScope, match="two different"):
        standardised(places.gate, "nps", JANUARY, "region", "region")


def test_places_differ_as_they_are(places: Company) -> None:
    found = league(places.gate, "nps", JANUARY, ("region",))
    assert [one.label for one in found.standings] == ["south", "north"]
    assert found.looked_at == 2
    assert found.value == pytest.approx(0)


def test_values_drawn_to_the_mean_cover_the_truth_19_times_in_20() -> None:
    """Slices whose own shares vary around 70 %: intervals of drawn values cover their shares."""
    random = np.random.default_rng(4)
    covered: list[bool] = []
    for _ in range(120):
        truth = np.clip(random.normal(0.7, 0.06, 12), 0, 1)
        start = random.integers(60, 600, 12).astype(float)
        kept = random.binomial(start.astype(int), truth).astype(float)
        codes = tuple((str(at),) for at in range(12))
        found = ranked(
            metric("logo_retention"),
            Scope(Period.parse("2026-09")),
            ("segment",),
            {"retained": kept, "start": start},
            codes,
            0.7,
            Labels(),
        )
        by_code = {one.codes[0]: one for one in found.standings}
        covered += [
            by_code[str(at)].drawn_lo <= truth[at] <= by_code[str(at)].drawn_hi for at in range(12)
        ]
    assert 0.92 <= np.mean(covered) <= 0.98
