"""Contacts chained and costed by hand (METRICS.md 2.7; S2)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cxdata.marts.rules import Rules
from cxdata.model.summaries import INTERACTION_SUMMARY
from tests.company import Company, company, contact, journeys, member, term

D = Decimal

JAN = date(2026, 1, 1)


def day(number: int) -> date:
    """A day of January."""
    return date(2026, 1, number)


REASONS = [
    {"reason_code": "bill", "label": "Bill", "reason_group": "billing", "demand_type": "failure"},
    {"reason_code": "late", "label": "Late", "reason_group": "billing", "demand_type": "failure"},
    {
        "reason_code": "buy",
        "label": "Buy",
        "reason_group": "sales",
        "demand_type": "value",
        "journey_code": "buying",
    },
]

S2 = [
    # a: billing on 2 and 8 January (a repeat by another reason of the group), again on 20
    contact("a", day(2), reason_code="bill", handle_seconds=120),
    contact("a", day(8), reason_code="late", handle_seconds=60),
    contact("a", day(20), reason_code="bill", handle_seconds=300),
    # b: the eighth day after is no repeat; another group on the same day is none either
    contact("b", day(3), reason_code="bill", handle_seconds=None),
    contact("b", day(11), reason_code="bill", handle_seconds=120),
    contact("b", day(11), "chat", reason_code="buy", cost_amount="4.0000"),
    # c: three in a row are one episode, although the last is more than seven days from the first
    contact("c", day(12), reason_code="buy", abandoned=True),
    contact("c", day(19), reason_code="buy", handle_seconds=60),
    contact("c", day(26), "chat", reason_code="buy", handle_seconds=90),
    # nobody
    contact(None, day(5), "letter", handle_seconds=60),
]
CARD = [
    {
        "channel_code": "phone",
        "valid_from": date(2025, 1, 1),
        "valid_to": day(10),
        "cost_per_contact": "1.0000",
        "cost_per_minute": "0.5000",
    },
    {
        "channel_code": "phone",
        "valid_from": day(10),
        "cost_per_contact": "2.0000",
        "cost_per_minute": "0.6000",
    },
    {
        "channel_code": "phone",
        "valid_from": date(2025, 1, 1),
        "basis": "marginal",
        "cost_per_contact": "0.2500",
    },
    {"channel_code": "chat", "valid_from": date(2025, 1, 1), "cost_per_contact": "1.5000"},
]


@pytest.fixture(scope="module")
def s2(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Ten contacts of January, looked at on 1 February."""
    return company(
        tmp_path_factory.mktemp("s2"),
        {
            "subscription_period": [term(who, JAN) for who in "abcd"],
            "interaction": S2,
            "interaction_reason": REASONS,
            "unit_cost": CARD,
            "journey": journeys("buying"),
            "service_cost": [
                {"cost_date": day(9), "customer_id": "a", "amount": "5.00"},
                {"cost_date": day(9), "amount": "7.00", "allocation": "per_customer"},
            ],
        },
        through=date(2026, 1, 31),
    )


def count(found: Company, column: str) -> int:
    """Sum of a column of the contact summary."""
    return int(sum(row[0] or 0 for row in found.mart("interaction_summary", column)))


def test_s2_contacts_repeats_and_episodes(s2: Company) -> None:
    """Repeats: a on 8, c on 19 and 26. Episodes: a 2 and 20, b 3, 11 and 11, c 12."""
    assert s2.value("contacts", "2026-01") == 10
    assert count(s2, "identified") == 9
    assert count(s2, "repeats") == 3
    assert s2.value("repeat_contact_rate", "2026-01") == pytest.approx(3 / 9)
    assert count(s2, "episodes") == 6


def test_s2_first_contact_resolution(s2: Company) -> None:
    """Of six episodes, a's of the 2nd and c's had a further contact."""
    cell = s2.cell("first_contact_resolution", "2026-01")
    assert cell.n == 6
    assert s2.value("first_contact_resolution", "2026-01") == pytest.approx(4 / 6)


def test_s2_failure_demand(s2: Company) -> None:
    """Five failures of ten inbound; one contact gives no reason and is not counted as failed."""
    assert s2.value("failure_demand", "2026-01") == pytest.approx(5 / 10)
    unknown = s2.mart(
        "interaction_summary",
        "contacts",
        where=INTERACTION_SUMMARY.c.demand_type == "unknown",
    )
    assert unknown == [(1,)]


def test_s2_cost(s2: Company) -> None:
    """By hand; the missing phone time of b on the 3rd is the month's median, 120 seconds.

    a: 1 + 2 x 0.5, 1 + 1 x 0.5, 2 + 5 x 0.6; b: 1 + 2 x 0.5, 2 + 2 x 0.6, own 4;
    c: given up 2, 2 + 1 x 0.6, chat 1.5; the letter has no rate.
    """
    expected = (
        D("2.00") + D("1.50") + D("5.00") + D("2.00") + D("3.20") + 4 + 2 + D("2.60") + D("1.5")
    )
    assert s2.exact("cost_to_serve", "contact_cost", "2026-01") == expected
    assert s2.exact("cost_to_serve", "direct_cost", "2026-01") == 5
    assert s2.exact("cost_to_serve", "pool_per_customer", "2026-01") == 7
    assert s2.value("cost_to_serve", "2026-01") == pytest.approx(float(expected + 12))
    assert count(s2, "uncosted") == 1
    assert count(s2, "imputed") == 2, "b's call on the 3rd and b's chat"
    assert s2.value("cost_per_contact", "2026-01") == pytest.approx(float(expected) / 9)
    marginal = sum(row[0] or 0 for row in s2.mart("interaction_summary", "cost_marginal"))
    assert marginal == 7 * D("0.25") + 4, "phone at its own marginal card; b's chat at its own cost"


def test_cost_and_contacts_per_customer_count_those_without_a_contact(s2: Company) -> None:
    """Four customers all January; d never called. Allocated cost is in the total."""
    assert s2.value("contact_rate", "2026-01") == pytest.approx(9 / (4 * 31 / 30.4375))
    expected = s2.value("cost_to_serve", "2026-01")
    assert expected is not None
    assert s2.value("cost_per_customer", "2026-01") == pytest.approx(expected / 4)


def test_contribution_leaves_allocated_and_anonymous_cost_out(s2: Company) -> None:
    """Four customers pay 10.00; direct cost is that of their contacts and a's 5.00."""
    contacts = s2.exact("cost_to_serve", "contact_cost", "2026-01")
    assert s2.exact("contribution", "revenue", "2026-01") == 40
    assert s2.exact("contribution", "cost", "2026-01") == contacts + 5
    assert s2.value("contribution", "2026-01") == pytest.approx(float(40 - contacts - 5))
    assert s2.value("contribution_per_customer", "2026-01") == pytest.approx(
        float(40 - contacts - 5) / 4
    )
    assert s2.value("loss_making_share", "2026-01") == pytest.approx(1 / 4), "a cost 13.50"


def test_abandoned_contacts(s2: Company) -> None:
    assert s2.value("abandoned_share", "2026-01") == pytest.approx(1 / 10)


def test_a_contact_takes_the_journey_of_its_reason(s2: Company) -> None:
    assert s2.slices("contacts", "2026-01", "journey") == {"buying": 4, "(none)": 6}


def test_young_episodes_cannot_be_judged_yet(tmp_path: Path) -> None:
    """Through the 20th, a contact of the 14th may still be repeated on the 21st."""
    rows = [
        contact("a", day(20), handle_seconds=1),
        contact("b", day(14), handle_seconds=1),
        contact("c", day(13), handle_seconds=1),
        contact("d", day(2), handle_seconds=1),
        contact("d", day(9), handle_seconds=1),
    ]
    found = company(
        tmp_path,
        {"interaction": rows, "subscription_period": [term("a", JAN)]},
        through=day(20),
    )
    stats = found.figures("first_contact_resolution", "2026-01").exact
    assert (stats["part"][0], stats["whole"][0]) == (1, 2), "c is solved, d was not, a and b open"


def test_repeats_reach_over_the_end_of_a_month_and_of_a_batch(tmp_path: Path) -> None:
    rows = [contact("a", date(2025, 12, 30)), contact("a", date(2026, 1, 4))]
    rows += [contact("a", date(2026, 1, 30)), contact("a", date(2026, 2, 3))]
    found = company(tmp_path, {"interaction": rows}, through=date(2026, 2, 28))
    assert [found.value("repeat_contact_rate", f"2026-0{m}") for m in (1, 2)] == [0.5, 1.0]
    assert found.value("first_contact_resolution", "2025-12") == 0


def test_the_repeat_window_is_a_rule(tmp_path: Path) -> None:
    rows = [contact("a", day(1)), contact("a", day(11))]
    found = company(
        tmp_path, {"interaction": rows}, through=date(2026, 1, 31), rules=Rules(repeat_days=10)
    )
    assert found.value("repeat_contact_rate", "2026-01") == 0.5


def test_contacts_belong_to_their_business_date(tmp_path: Path) -> None:
    """S5: 2026-03-31 23:30 UTC is 1 April in Berlin; the day the load wrote down is what counts."""
    row = contact("a", date(2026, 4, 1), started_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    found = company(
        tmp_path, {"interaction": [row, contact("a", date(2026, 3, 2))]}, through=date(2026, 4, 30)
    )
    assert [found.value("contacts", f"2026-0{m}") for m in (3, 4)] == [1, 1]


def test_served_within_target(tmp_path: Path) -> None:
    rows = [
        contact("a", day(1), within_target=True),
        contact("a", day(2), within_target=False),
        contact("b", day(2), within_target=True),
        contact("b", day(3), within_target=None),
    ]
    found = company(tmp_path, {"interaction": rows}, through=date(2026, 1, 31))
    assert found.value("within_target_share", "2026-01") == pytest.approx(2 / 3)
    assert found.cell("within_target_share", "2026-01").n == 3


def test_outbound_contacts_are_no_demand(tmp_path: Path) -> None:
    rows = [
        contact("a", day(1), reason_code="bill"),
        contact("a", day(20), reason_code="buy", direction="outbound"),
    ]
    found = company(
        tmp_path, {"interaction": rows, "interaction_reason": REASONS}, through=date(2026, 1, 31)
    )
    assert found.value("failure_demand", "2026-01") == 1.0
    assert found.value("contacts", "2026-01") == 2


def test_contacts_take_the_segment_of_their_day(tmp_path: Path) -> None:
    """a moves on the 10th; b has no segment before the 5th; x is no customer at all."""
    found = company(
        tmp_path,
        {
            "customer": [{"customer_id": "a"}, {"customer_id": "b"}],
            "customer_segment": [
                member("a", "small", date(2025, 1, 1), day(10)),
                member("a", "large", day(10)),
                member("b", "small", day(5)),
            ],
            "interaction": [
                *(contact("a", day(9)), contact("a", day(10)), contact("b", day(4))),
                *(contact("b", day(5)), contact("x", day(5))),
            ],
        },
        through=date(2026, 1, 31),
    )
    assert found.slices("contacts", "2026-01", "segment") == {
        "small": 2,
        "large": 1,
        "(unknown)": 1,
        "(unidentified)": 1,
    }
