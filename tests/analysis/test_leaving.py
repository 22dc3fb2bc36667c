"""Reasons for leaving and the worth of staying, by hand (METRICS.md 2.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cxdata.analysis.leaving import UNKNOWN, leaving, longer
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.story.leaving import leaving_sentences, longer_sentence
from tests.company import Company, company, member, term

START = date(2025, 1, 1)
SCOPE = Scope(Period.parse("2026-02"))
FORM = Format("EUR")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A hundred customers of 10 and a hundred of 30 a month.

    Of the large, 40 leave after four months of their own will and 10 by failed payment after eight.
    Of the small, 10 leave after six months, for a reason that nobody wrote down.
    """
    terms = []
    for at in range(100):
        end, why = None, None
        if at < 40:
            end, why = date(2025, 5, 1), "voluntary"
        elif at < 50:
            end, why = date(2025, 9, 1), "involuntary"
        terms.append(term(f"large{at:02d}", START, end, "30.00", end_reason=why))
        end = date(2025, 7, 1) if at < 10 else None
        terms.append(term(f"small{at:02d}", START, end, "10.00", end_reason=None))
    segments = [member(row["customer_id"], row["customer_id"][:5], START) for row in terms]
    return company(
        tmp_path_factory.mktemp("left"),
        {"subscription_period": terms, "customer_segment": segments},
        through=date(2026, 2, 28),
    )


def test_reasons_and_those_still_there_sum_to_all(left: Company) -> None:
    found = leaving(left.gate, SCOPE)
    assert found is not None
    shares = {reason.code: reason.incidence for reason in found.reasons}
    assert shares == pytest.approx({"voluntary": 0.2, "involuntary": 0.05, "unknown": 0.05})
    assert found.kept + sum(shares.values()) == pytest.approx(1)
    assert found.n == 200


def test_reasons_are_ranked_by_the_revenue_that_left_and_the_unknown_stands_last(
    left: Company,
) -> None:
    found = leaving(left.gate, SCOPE)
    assert found is not None
    told = [(reason.code, reason.customers, reason.monthly) for reason in found.reasons]
    assert told == [
        ("voluntary", 40, 1200.0),
        ("involuntary", 10, 300.0),
        ("unknown", 10, 100.0),
    ]
    assert found.unknown == pytest.approx(10 / 60)
    first = found.reasons[0]
    assert first.lo is not None
    assert first.hi is not None
    assert first.lo < 0.2 < first.hi


def test_a_shorter_horizon_sees_fewer_losses(left: Company) -> None:
    found = leaving(left.gate, SCOPE, horizon=5.0)
    assert found is not None
    assert found.kept == pytest.approx(0.8)


def test_staying_longer_is_worth_what_a_month_brings(left: Company) -> None:
    """Losses fall within their month: at age 4 they have stayed 3.5 of the first 12 months."""
    large, small = sorted(longer(left.gate, SCOPE, "segment"), key=lambda one: one.group)
    assert large.months == pytest.approx(-small.months)
    expected = (0.4 * 8.5 + 0.1 * 4.5) - 0.1 * 6.5
    assert small.months == pytest.approx(expected)
    assert small.p < 0.001
    assert small.lo < small.months < small.hi
    assert small.money is not None
    assert small.money / small.months == pytest.approx((large.money or 0) / large.months)
    assert small.money > 0


def test_sentences_tell_reasons_with_their_margins(left: Company) -> None:
    found = leaving(left.gate, SCOPE)
    assert found is not None
    reasons, unknown = leaving_sentences(found, FORM)
    assert reasons.startswith("After 12 months 70.0 % of customers are still there (n = 200)")
    assert "voluntary with 20.0 % (" in reasons
    assert "€1.20k a month (n = 40)" in reasons
    assert unknown == "16.7 % of those who left (n = 60) have no reason on record."
    known = tuple(reason for reason in found.reasons if reason.code != UNKNOWN)
    _, every = leaving_sentences(replace(found, reasons=known, unknown=0.0), FORM)
    assert every == "All of those who left (n = 50) have a reason on record."
    told = longer_sentence(longer(left.gate, SCOPE, "segment"), 12.0, FORM)
    assert "large 3.20 months fewer (" in told
    assert "small 3.20 months more (" in told
    assert "a customer at past value (" in told


def test_where_nobody_left_there_are_no_reasons(tmp_path_factory: pytest.TempPathFactory) -> None:
    stable = company(
        tmp_path_factory.mktemp("stable"),
        {"subscription_period": [term(f"c{at}", START) for at in range(20)]},
        through=date(2026, 2, 28),
    )
    assert leaving(stable.gate, SCOPE) is None
