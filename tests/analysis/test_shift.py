"""What the mean hides: shifts by decile, whales, two camps of answers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from cxdata.analysis.shift import camps, shift, shifted, two_camps, whales
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Compare, Scope
from cxdata.statistics.histogram import Histogram
from cxdata.story.shift import camps_sentence, shift_sentence, whale_sentence
from tests.company import Company, answer, company, contact, paid, term

JAN = Period.parse("2026-01")
FEBRUARY = Scope(Period.parse("2026-02"))
FORM = Format("EUR")


def spends(random: np.random.Generator, n: int = 800) -> np.ndarray:
    return random.lognormal(3, 0.6, n).round(2)


def test_when_all_spend_more_every_decile_moves() -> None:
    random = np.random.default_rng(1)
    before = spends(random)
    found = shifted("revenue", JAN, *(Histogram.of_values(v) for v in (before, before * 1.5)))
    assert found.reach == "all"
    assert found.after == pytest.approx(found.before * 1.5)
    assert all((one.lo or 0) <= one.value <= (one.hi or 0) for one in found.steps)


def test_when_only_the_top_spends_more_only_the_top_moves() -> None:
    random = np.random.default_rng(2)
    before = np.sort(spends(random, 2000))
    after = before.copy()
    after[1500:] *= 1.5
    found = shifted("revenue", JAN, *(Histogram.of_values(v) for v in (before, after)))
    assert found.reach == "top"
    assert "among those who have more only" in shift_sentence(found, FORM)


def test_quiet_months_shift_in_at_most_one_of_twenty() -> None:
    random = np.random.default_rng(3)
    moved = 0
    for _ in range(100):
        sides = [Histogram.of_values(spends(random, 300)) for _ in (0, 1)]
        moved += shifted("revenue", JAN, *sides).reach != "none"
    assert moved / 100 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


@pytest.mark.parametrize(
    ("counts", "is_two"),
    [
        ([60, 20, 20, 20, 20, 30, 20, 10, 10, 80, 150], True),
        ([5, 5, 5, 5, 10, 20, 30, 60, 90, 70, 50], False),
        ([80, 60, 50, 40, 30, 20, 10, 8, 6, 4, 2], False),
        ([2, 1, 1, 0, 1, 2, 1, 1, 1, 3, 4], False),
        ([0] * 11, False),
    ],
)
def test_two_camps_need_a_valley_between_them(counts: list[int], is_two: bool) -> None:
    assert (two_camps(np.array(counts, dtype=float)) is not None) is is_two


def test_one_hump_is_seldom_called_two() -> None:
    random = np.random.default_rng(4)
    shape = np.array([2, 2, 2, 3, 4, 7, 10, 17, 20, 17, 16]) / 100
    called = sum(
        two_camps(random.multinomial(400, shape).astype(float)) is not None for _ in range(500)
    )
    assert called / 500 <= 0.03


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Forty customers; in February all pay 5 more and four of them call for 100 each."""
    who = [f"c{at:02d}" for at in range(40)]
    day = date(2026, 1, 1)
    scores = [0] * 14 + [7] * 4 + [10] * 22
    return company(
        tmp_path_factory.mktemp("base"),
        {
            "subscription_period": [term(one, day) for one in who],
            "revenue_period": [
                paid(one, date(2026, month, 1), f"{10 + at + 5 * (month - 1)}.00")
                for at, one in enumerate(who)
                for month in (1, 2)
            ],
            "interaction": [
                contact(one, date(2026, 2, 5), cost_amount="100.00", currency="EUR")
                for one in who[:4]
            ],
            "survey_response": [
                answer(one, date(2026, 2, 9), score) for one, score in zip(who, scores, strict=True)
            ],
        },
        through=date(2026, 2, 28),
    )


def test_through_the_gate(base: Company) -> None:
    found = shift(base.gate, FEBRUARY)
    assert (found.n0, found.n1) == (40, 40)
    assert found.after - found.before == pytest.approx(np.full(9, 5.0), abs=2.0)
    with pytest.raises(BadScope, match="compare with"):
        shift(base.gate, Scope(FEBRUARY.period, Compare.NONE))
    with pytest.raises(BadScope, match="no customer"):
        shift(base.gate, Scope(JAN))


def test_whales_bring_more_than_all_and_the_rest_take_it_back(base: Company) -> None:
    """36 customers bring 15 + 4 ... 15 + 39; four bring 15 ... 18 less 100."""
    found = whales(base.gate, FEBRUARY)
    assert found is not None
    earned = sum(15 + at for at in range(4, 40))
    lost = sum(15 + at - 100 for at in range(4))
    assert found.total == pytest.approx(earned + lost)
    assert found.peak == pytest.approx(earned / (earned + lost))
    assert (found.best, found.below_zero) == pytest.approx((0.9, 0.1))
    assert whale_sentence(found, FORM).startswith("90.0 % of customers bring ")
    quiet = whales(base.gate, Scope(JAN))
    assert quiet is not None
    assert whale_sentence(quiet, FORM).startswith("Every customer brings more than it costs")


def test_camps_are_said_with_their_shares(base: Company) -> None:
    assert camps(base.gate, FEBRUARY) is None, "forty answers are too few to tell"
    found = two_camps(np.array([140, 0, 0, 0, 0, 0, 0, 40, 0, 0, 220], dtype=float))
    assert found is not None
    said = camps_sentence(found, FORM)
    assert "35.0 % give 0 to 6, 55.0 % give 9 or 10 and 10.0 % lie between" in said
