"""Whom a score speaks for, by hand: METRICS.md V12 and the sentence about revenue (2.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from cxdata.analysis.coverage import coverage
from cxdata.model.errors import BadScope, MissingTables
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Labels, Scope
from cxdata.statistics.weighting import nps_weighted
from cxdata.story.coverage import coverage_sentences
from tests.company import Company, answer, company, member, paid, sale, term

JANUARY = Scope(Period.parse("2026-01"))
START, DAY = date(2026, 1, 1), date(2026, 1, 15)
STRATA = {
    "large": (600, (12, 16, 12)),
    "middle": (300, (24, 12, 4)),
    "small": (100, (56, 20, 4)),
}


@pytest.fixture(scope="module")
def voiced(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """V12 with four tenths of the answers: 1,000 customers, 160 answers; 800 were asked.

    Customers of the large segment pay 10 a month, the others 5.
    """
    rows: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "subscription_period",
            "customer_segment",
            "survey_response",
            "survey_invitation",
            "revenue_period",
        )
    }
    for segment, (people, classes) in STRATA.items():
        scores = [score for score, n in zip((9, 7, 0), classes, strict=True) for _ in range(n)]
        for at in range(people):
            who = f"{segment}{at:03d}"
            rows["subscription_period"].append(term(who, START))
            rows["customer_segment"].append(member(who, segment, START))
            rows["revenue_period"].append(
                paid(who, START, "10.00" if segment == "large" else "5.00")
            )
            if at < len(scores):
                rows["survey_response"].append(answer(who, DAY, scores[at]))
        rows["survey_invitation"] += [
            {
                "customer_id": f"{segment}{at % people:03d}",
                "sent_date": date(2026, 1, 10),
                "status": "responded" if at < len(scores) else "sent",
                "survey_type": "relationship",
            }
            for at in range(5 * len(scores))
        ]
    return company(tmp_path_factory.mktemp("voiced"), rows, through=date(2026, 1, 31))


def test_the_score_is_weighted_to_the_base(voiced: Company) -> None:
    """V12: 21.5 weighted, 45 raw, design effect 1.82 whatever the number of answers."""
    found = coverage(voiced.gate, JANUARY)
    assert found.score.estimate == pytest.approx(45)
    assert found.weighted is not None
    assert found.weighted.estimate == pytest.approx(21.5)
    assert found.weighted.design_effect == pytest.approx(1.82, abs=0.001)
    assert found.weighted.n_effective == pytest.approx(160 / 1.82, abs=0.05)
    assert found.weighted.by == ("segment",)


def test_how_much_of_customers_and_revenue_is_heard(voiced: Company) -> None:
    """160 of 1,000 customers; 40 x 10 + 120 x 5 of 600 x 10 + 400 x 5."""
    found = coverage(voiced.gate, JANUARY)
    assert found.customers is not None
    assert found.revenue is not None
    assert found.customers.estimate == pytest.approx(160 / 1000)
    assert found.revenue.estimate == pytest.approx(1000 / 8000)


def test_what_the_silent_could_do(voiced: Company) -> None:
    """A fifth answered with 45: from -71 to 89; at 40 if the silent are at 38.75."""
    found = coverage(voiced.gate, JANUARY, target=40)
    assert found.silence is not None
    assert found.silence.rate == pytest.approx(0.2)
    assert (found.silence.lo, found.silence.hi) == pytest.approx((-71, 89))
    assert found.silence.tipping == pytest.approx(38.75)
    out_of_reach = coverage(voiced.gate, JANUARY, target=95).silence
    assert out_of_reach is not None
    assert out_of_reach.tipping is None


def test_sentences_say_for_whom_it_speaks(voiced: Company) -> None:
    found = coverage(voiced.gate, JANUARY)
    heard, weighted, silent = coverage_sentences(found, Labels(), Format("EUR"))
    assert heard == (
        "Our NPS speaks for 12.5 % of revenue and 16.0 % of customers in Jan 2026"
        " (n = 160 customers heard)."
    )
    assert weighted.startswith("Those who answered give 45.0 (±")
    assert "weighted to all customers by segment it is 21.5 (" in weighted
    assert weighted.endswith("worth 88 equal answers.")
    assert silent == (
        "20.0 % of those asked answered (n = 800 invitations): all of them together are somewhere"
        " from −71.0 to 89.0, and at 0.0 if the silent are at −11.2."
    )


def test_weights_bring_the_score_nearer_to_what_all_customers_think() -> None:
    """Three segments that differ in opinion and in answering, drawn 300 times."""
    random = np.random.default_rng(13)
    people, rate = np.array([6000, 3000, 1000]), np.array([0.03, 0.1, 0.25])
    opinion = np.array([[0.3, 0.4, 0.3], [0.6, 0.3, 0.1], [0.7, 0.25, 0.05]])
    truth = 100 * (people * (opinion[:, 0] - opinion[:, 2])).sum() / people.sum()
    errors = []
    for _ in range(300):
        n = random.binomial(people, rate)
        drawn = np.array([random.multinomial(k, p) for k, p in zip(n, opinion, strict=True)])
        found = nps_weighted(people, *drawn.T)
        errors.append((float(found.raw) - truth, float(found.estimate) - truth))
    raw, weighted = np.sqrt(np.mean(np.square(errors), axis=0))
    assert weighted < raw / 3


def test_a_score_of_too_few_speaks_for_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    small = company(
        tmp_path_factory.mktemp("small"),
        {
            "subscription_period": [term(f"c{at}", START) for at in range(4)],
            "survey_response": [answer(f"c{at}", DAY, 9) for at in range(3)],
        },
        through=date(2026, 1, 31),
    )
    found = coverage(small.gate, JANUARY)
    assert (found.weighted, found.silence) == (None, None)
    assert coverage_sentences(found, Labels(), Format("EUR")) == (
        "NPS in Jan 2026: hidden: too few people.",
    )


def test_without_answers_there_is_nothing_to_cover(
    voiced: Company, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(BadScope, match="journey"):
        coverage(voiced.gate, Scope(Period.parse("2026-01"), journeys=("order",)))
    mute = company(tmp_path_factory.mktemp("mute"), {"sales_transaction": [sale("a", DAY)]})
    with pytest.raises(MissingTables):
        coverage(mute.gate, JANUARY)
