"""The company looks like one: sizes, rates and shares a reader would expect, and ugly facts."""

from __future__ import annotations

import pytest

from tests.demo.conftest import Company


def test_most_customers_ever_are_still_active(company: Company) -> None:
    active = company.one(
        "SELECT count(DISTINCT customer_id) FROM subscription_period"
        " WHERE end_date IS NULL AND status <> 'trial'"
    )
    assert active / 20_000 == pytest.approx(0.68, abs=0.06)


def test_monthly_churn_is_one_to_three_percent_by_segment(company: Company) -> None:
    terms = dict(
        company.rows(
            """
            WITH lost AS (
                SELECT t.customer_id, count(*) AS times FROM subscription_period AS t
                WHERE end_reason IN ('voluntary', 'involuntary') AND status <> 'trial'
                  AND NOT EXISTS (SELECT 1 FROM subscription_period AS n
                                  WHERE n.customer_id = t.customer_id
                                    AND n.start_date BETWEEN t.end_date AND t.end_date + 7)
                GROUP BY 1),
            months AS (
                SELECT customer_id, count(*) AS served FROM revenue_period GROUP BY 1),
            segment AS (
                SELECT customer_id, segment_code FROM customer_segment
                WHERE scheme = 'segment' AND valid_to IS NULL)
            SELECT segment_code, sum(coalesce(times, 0)) / sum(served)
            FROM segment JOIN months USING (customer_id) LEFT JOIN lost USING (customer_id)
            GROUP BY 1"""
        )
    )
    assert len(terms) == 5
    assert all(0.008 <= rate <= 0.03 for rate in terms.values()), terms
    assert terms["young_adults"] > 1.8 * terms["seniors"]


def test_contacts_per_customer_and_month(company: Company) -> None:
    count = company.one("SELECT count(*) FROM interaction")
    assert count / 20_000 / 36 == pytest.approx(0.28, abs=0.03)


def test_response_rates_depend_on_segment_and_score(company: Company) -> None:
    rates = dict(
        company.rows(
            """
            SELECT segment_code, avg((status = 'responded')::INT)
            FROM survey_invitation AS i JOIN customer_segment AS s
              ON s.customer_id = i.customer_id AND s.scheme = 'segment' AND s.valid_to IS NULL
            WHERE survey_type = 'relationship' AND sent_date < DATE '2026-09-01' GROUP BY 1"""
        )
    )
    assert all(0.17 <= rate <= 0.35 for rate in rates.values()), rates
    assert rates["seniors"] == max(rates.values())


def test_nps_is_that_of_a_decent_company(company: Company) -> None:
    by_year = company.rows(
        """
        SELECT year(responded_date), 100 * avg((nps_score >= 9)::INT - (nps_score <= 6)::INT)
        FROM survey_response WHERE survey_type = 'relationship' GROUP BY 1 ORDER BY 1"""
    )
    assert all(20 <= nps <= 50 for _, nps in by_year), by_year


def test_december_sells_more_and_january_asks_more(company: Company) -> None:
    orders = dict(
        company.rows(
            "SELECT month(transaction_date), count(DISTINCT order_id) FROM sales_transaction"
            " WHERE transaction_date BETWEEN '2024-11-01' AND '2025-10-31' GROUP BY 1"
        )
    )
    assert max(orders, key=lambda month: orders[month]) == 12
    assert orders[12] > 1.5 * orders[2]


def test_revenue_grows_and_the_price_rise_shows(company: Company) -> None:
    months = dict(
        company.rows("SELECT period_month, avg(recurring_amount) FROM revenue_period GROUP BY 1")
    )
    rise = company.truths.price_rise
    before = months[rise.replace(month=rise.month - 1)]
    assert months[rise] / before == pytest.approx(1.05, abs=0.015)
    assert company.one(
        "SELECT sum(recurring_amount) FILTER (period_month = '2026-09-01')"
        " > 1.5 * sum(recurring_amount) FILTER (period_month = '2023-11-01') FROM revenue_period"
    )


UGLY = {
    "test accounts": ("SELECT avg(is_test::INT) FROM customer", 0.0003, 0.002),
    "merged duplicates": (
        "SELECT avg((merged_into_id IS NOT NULL)::INT) FROM customer",
        0.002,
        0.008,
    ),
    "unidentified contacts": ("SELECT avg((customer_id IS NULL)::INT) FROM interaction", 0.05, 0.1),
    "anonymous sales": (
        "SELECT avg((customer_id IS NULL)::INT) FROM sales_transaction",
        0.02,
        0.04,
    ),
    "handle time missing": (
        "SELECT avg((handle_seconds IS NULL)::INT) FROM interaction",
        0.02,
        0.04,
    ),
    "abandoned": ("SELECT avg(abandoned::INT) FROM interaction", 0.02, 0.06),
    "reason missing": ("SELECT avg((reason_code IS NULL)::INT) FROM interaction", 0.01, 0.03),
    "net credits": ("SELECT avg((recurring_amount < 0)::INT) FROM revenue_period", 0.0001, 0.001),
    "payment retries": (
        "SELECT avg((end_reason = 'involuntary')::INT) FROM subscription_period",
        0.05,
        0.15,
    ),
    "segment unknown": (
        "SELECT 1 - count(DISTINCT customer_id) / 20000 FROM customer_segment"
        " WHERE scheme = 'segment'",
        0.001,
        0.006,
    ),
    "bounced": ("SELECT avg((status = 'bounced')::INT) FROM survey_invitation", 0.015, 0.025),
    "with words": ("SELECT avg((verbatim IS NOT NULL)::INT) FROM survey_response", 0.4, 0.5),
}


@pytest.mark.parametrize("fact", UGLY)
def test_ugly_facts_are_there_in_small_numbers(company: Company, fact: str) -> None:
    query, low, high = UGLY[fact]
    assert low <= company.one(query) <= high


def test_gaps_of_payment_retries_are_days(company: Company) -> None:
    gaps = company.rows(
        """
        SELECT min(gap), max(gap) FROM (
            SELECT lead(start_date) OVER one - end_date AS gap, end_reason,
                   subscription_id = lead(subscription_id) OVER one AS same
            FROM subscription_period WINDOW one AS (PARTITION BY customer_id ORDER BY start_date))
        WHERE end_reason = 'involuntary' AND same"""
    )
    assert gaps == [(2, 6)]


def test_words_are_in_the_language_of_the_region(company: Company) -> None:
    pairs = company.rows(
        """
        SELECT DISTINCT country, language FROM survey_response JOIN customer USING (customer_id)
        WHERE verbatim IS NOT NULL ORDER BY 1"""
    )
    assert pairs == [
        *(("AT", "de"), ("CH", "de"), ("DE", "de"), ("DK", "en"), ("ES", "es")),
        *(("GB", "en"), ("IE", "en"), ("PT", "pt"), ("SE", "en")),
    ]


def test_late_rows_come_as_late_as_their_channel(company: Company) -> None:
    """F(k), the share loaded within k days, from days that are mature."""
    share = dict(
        company.rows(
            """
            SELECT channel_code, avg((loaded_at::DATE - interaction_date <= 1)::INT)
            FROM interaction WHERE interaction_date < DATE '2026-09-01' GROUP BY 1"""
        )
    )
    assert share["bot"] == 1.0
    assert share["phone"] == pytest.approx(1 / 1.05, abs=0.01)
    assert share["email"] == pytest.approx(1 / 1.9, abs=0.02)
    assert share["store"] == pytest.approx(1 / 3.2, abs=0.03)


def test_the_last_days_are_still_incomplete(company: Company) -> None:
    by_day = dict(
        company.rows(
            "SELECT interaction_date, count(*) FROM interaction WHERE channel_code = 'email'"
            " AND interaction_date >= DATE '2026-10-01' GROUP BY 1"
        )
    )
    days = sorted(by_day)
    mature = sum(by_day[day] for day in days[:10]) / 10
    assert by_day[days[-1]] < 0.85 * mature
