"""What was planted is found again in 20,000 customers, by queries that know nothing of the draw."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from math import log, sqrt
from typing import Any

import pytest

from tests.demo.conftest import END, Company

# Segment of a row at its own date.
_SEGMENT = """
    JOIN customer_segment AS s ON s.customer_id = r.customer_id AND s.scheme = 'segment'
     AND s.valid_from <= r.{day} AND (s.valid_to IS NULL OR r.{day} < s.valid_to)"""


def test_truths_lie_beside_the_data(company: Company) -> None:
    told = json.loads((company.folder / "truth.json").read_text(encoding="utf-8"))
    assert told["seed"] == 7
    assert told["customers"] == 20_000
    assert told["end"] == END.isoformat()
    assert told["bot"]["returns"] == company.truths.bot.returns
    assert told["payments"]["month"] == "2026-09-01"
    assert {"mix", "low_scorers", "onboarding", "updates", "mailing"} <= set(told)


# -- 1. mix against rate ---------------------------------------------------------------------------


def nps_by_segment(company: Company, first: date, last: date) -> dict[str, tuple[int, float]]:
    """Return n and NPS by segment in [first, last): the latest relationship answer of each."""
    query = f"""
        WITH latest AS (
            SELECT customer_id, max(responded_date) AS responded_date,
                   arg_max(nps_score, responded_at) AS score
            FROM survey_response WHERE survey_type = 'relationship'
             AND responded_date >= $first AND responded_date < $last GROUP BY customer_id)
        SELECT segment_code, count(*), 100 * avg((score >= 9)::INT - (score <= 6)::INT)
        FROM latest AS r {_SEGMENT.format(day="responded_date")} GROUP BY 1"""
    return {code: (n, nps) for code, n, nps in company.rows(query, first=first, last=last)}


def overall(slices: dict[str, tuple[int, float]], weights: dict[str, tuple[int, float]]) -> float:
    return sum(weights[s][0] * slices[s][1] for s in slices) / sum(weights[s][0] for s in slices)


def test_nps_falls_in_total_while_it_rises_in_each_segment(company: Company) -> None:
    since = company.truths.mix.since
    before = nps_by_segment(company, date(2026, 4, 1), since)
    after = nps_by_segment(company, since, date(2026, 10, 1))
    rises = {segment: after[segment][1] - before[segment][1] for segment in before}
    assert len(rises) == 5
    assert min(rises.values()) > 0, rises
    assert overall(after, after) - overall(before, before) < -2
    assert overall(after, before) - overall(before, before) > 4  # at the old mix it rises


def test_the_survey_change_is_in_the_invitations(company: Company) -> None:
    mix = company.truths.mix
    query = f"""
        SELECT DISTINCT round(1 / selection_probability)
        FROM survey_invitation AS r {_SEGMENT.format(day="sent_date")}
        WHERE survey_type = 'relationship' AND segment_code = $segment
          AND (sent_date >= $since) = $after"""
    given: dict[str, Any] = {"segment": mix.segment, "since": mix.since}
    assert company.rows(query, **given, after=False) == [(mix.asked_before,)]
    often = query.replace(
        "segment_code = $segment", "segment_code = $segment AND s.valid_to IS NULL"
    )
    assert (mix.asked_every,) in company.rows(often, **given, after=True)


# -- 2. low scorers leave --------------------------------------------------------------------------


def test_low_scorers_leave_more(company: Company) -> None:
    """Mantel-Haenszel rate ratio over segments, 180 days after the answer; noise dilutes it."""
    rows = company.rows(
        f"""
        WITH answer AS (
            SELECT r.customer_id, responded_date AS day, segment_code AS segment,
                   CASE WHEN nps_score <= 6 THEN 'detractor' ELSE 'promoter' END AS class
            FROM survey_response AS r {_SEGMENT.format(day="responded_date")}
            WHERE survey_type = 'relationship' AND nps_score NOT IN (7, 8)),
        gone AS (
            SELECT customer_id, end_date FROM subscription_period
            WHERE end_reason = 'voluntary' AND status <> 'trial')
        SELECT segment, class, count(end_date),
               sum(least(coalesce(end_date, DATE '9999-12-31'), day + 180, $end) - day)
        FROM answer LEFT JOIN gone
          ON gone.customer_id = answer.customer_id AND end_date > day AND end_date <= day + 180
        WHERE day < $end GROUP BY 1, 2""",
        end=END,
    )
    cells = {(segment, kind): (lost, float(days)) for segment, kind, lost, days in rows}
    top = bottom = 0.0
    for segment in {segment for segment, _ in cells}:
        (low, low_days), (high, high_days) = cells[segment, "detractor"], cells[segment, "promoter"]
        top += low * high_days / (low_days + high_days)
        bottom += high * low_days / (low_days + high_days)
    planted = company.truths.low_scorers.detractor / company.truths.low_scorers.promoter
    assert top / bottom == pytest.approx(planted, rel=0.25)


# -- 3. slow onboarding ----------------------------------------------------------------------------


def test_onboarding_is_slower_in_every_segment(company: Company) -> None:
    slow = company.truths.onboarding
    rows = company.rows(
        f"""
        SELECT segment_code,
               avg(epoch(ended_at - started_at)) FILTER (started_date >= $since)
               / avg(epoch(ended_at - started_at)) FILTER (started_date < $since)
        FROM journey_instance AS r {_SEGMENT.format(day="started_date")}
        WHERE journey_code = 'onboarding' AND started_date NOT BETWEEN $since - 14 AND $since + 14
          AND started_date < DATE '2026-09-01' GROUP BY 1""",
        since=slow.since,
    )
    assert len(rows) == 5
    assert all(ratio == pytest.approx(slow.slower, rel=0.12) for _, ratio in rows), rows


def early_loss(company: Company, segment: str, first: date, last: date) -> tuple[int, float]:
    """Return voluntary losses and customer-months in the first six months of tenure."""
    row = company.rows(
        """
        WITH joined AS (
            SELECT c.customer_id, first_active_date AS day,
                   least(first_active_date + 180, $end) AS until
            FROM customer AS c JOIN customer_segment AS s ON s.customer_id = c.customer_id
             AND s.scheme = 'segment' AND s.valid_to IS NULL AND s.segment_code = $segment
            WHERE merged_into_id IS NULL AND first_active_date >= $first
              AND first_active_date < $last),
        gone AS (
            SELECT customer_id, min(end_date) AS day FROM subscription_period
            WHERE end_reason = 'voluntary' AND status <> 'trial' GROUP BY 1)
        SELECT count(*) FILTER (gone.day <= until),
               sum(least(coalesce(gone.day, until), until) - joined.day) / 30.4
        FROM joined LEFT JOIN gone USING (customer_id)""",
        segment=segment,
        first=first,
        last=last,
        end=END,
    )[0]
    return int(row[0]), float(row[1])


SEGMENTS = ("families", "young_adults", "professionals", "seniors", "small_business")


@pytest.mark.parametrize("segment", SEGMENTS)
def test_slow_onboarding_costs_retention_in_one_segment(company: Company, segment: str) -> None:
    slow = company.truths.onboarding
    lost, months = early_loss(company, segment, slow.since, END)
    usual, usual_months = early_loss(company, segment, date(2024, 7, 1), slow.since)
    ratio, se = lost / months / (usual / usual_months), sqrt(1 / lost + 1 / usual)
    planted = slow.hazard if segment == slow.segment else 1.0
    assert abs(log(ratio / planted)) < 2.6 * se, (ratio, se)
    if segment == slow.segment:
        assert log(ratio) > 4 * se


# -- 4. the bot ------------------------------------------------------------------------------------


SIMPLE = "('where_is_my_order', 'bill_question', 'account_access', 'advice')"


def test_the_bot_takes_its_share_of_simple_contacts(company: Company) -> None:
    """Of first contacts: those who come back ask a person."""
    bot = company.truths.bot
    query = f"""
        WITH simple AS (
            SELECT channel_code, interaction_date AS day, lag(interaction_date) OVER (
                PARTITION BY customer_id, reason_code ORDER BY started_at) AS earlier
            FROM interaction WHERE customer_id IS NOT NULL AND reason_code IN {SIMPLE}
             AND channel_code NOT IN ('web', 'app'))
        SELECT avg((channel_code = 'bot')::INT) FROM simple
        WHERE (day >= $since) = $after AND (earlier IS NULL OR day - earlier > $days)"""
    after = company.one(query, since=bot.since, after=True, days=bot.days)
    assert after == pytest.approx(bot.takes, abs=0.02)
    assert company.one(query, since=bot.since, after=False, days=bot.days) == 0


def returns(company: Company, channels: str) -> float:
    """Return the share of contacts after which a person is asked about the same within the days."""
    bot = company.truths.bot
    share = company.one(
        f"""
        WITH asked AS (
            SELECT i.*, reason_group FROM interaction AS i
            JOIN interaction_reason USING (reason_code) WHERE customer_id IS NOT NULL),
        simple AS (
            SELECT * FROM asked WHERE {channels} AND interaction_date >= $since
             AND interaction_date < DATE '2026-10-01'
             AND reason_code IN {SIMPLE})
        SELECT avg((EXISTS (
            SELECT 1 FROM asked AS b JOIN channel AS h USING (channel_code)
            WHERE b.customer_id = simple.customer_id AND b.reason_group = simple.reason_group
              AND h.assist = 'assisted' AND b.started_at > simple.started_at
              AND b.interaction_date <= simple.interaction_date + $days))::INT) FROM simple""",
        since=bot.since,
        days=bot.days,
    )
    return float(share)


def test_the_bot_brings_some_back(company: Company) -> None:
    """The background is that of people who ask a person, less those who come back to one."""
    assert returns(company, "channel_code = 'bot'") == pytest.approx(
        company.truths.bot.returns, abs=0.035
    )
    assert returns(company, "channel_code IN ('phone', 'live_chat', 'email')") < 0.16


# -- 5. initiatives --------------------------------------------------------------------------------


def contact_rates(company: Company, first: date, last: date) -> tuple[float, float, float]:
    """Return contacts per customer of treated and control, and the standard error of the ratio."""
    rows = company.rows(
        """
        WITH asked AS (
            SELECT customer_id, count(*) AS contacts FROM interaction
            WHERE interaction_date >= $first AND interaction_date < $last GROUP BY 1)
        SELECT arm, avg(coalesce(contacts, 0)), var_samp(coalesce(contacts, 0)) / count(*)
        FROM initiative_unit LEFT JOIN asked ON customer_id = unit_id
        WHERE initiative_id = 'updates' GROUP BY 1 ORDER BY 1""",
        first=first,
        last=last,
    )
    (_, control, control_var), (_, treated, treated_var) = rows
    ratio = treated / control
    return treated, control, ratio * sqrt(treated_var / treated**2 + control_var / control**2)


def test_updates_lower_the_contact_rate(company: Company) -> None:
    updates = company.truths.updates
    treated, control, se = contact_rates(company, updates.full_effect, date(2026, 10, 1))
    assert abs(treated / control - updates.contact_rate) < 2.6 * se
    assert se < 0.04


def test_updates_found_the_arms_alike(company: Company) -> None:
    treated, control, se = contact_rates(company, date(2025, 1, 1), date(2026, 1, 1))
    assert abs(treated / control - 1) < 2.6 * se


def test_the_mailing_does_nothing(company: Company) -> None:
    rows = company.rows(
        """
        WITH kept AS (
            SELECT DISTINCT customer_id FROM subscription_period
            WHERE status <> 'trial' AND start_date < DATE '2026-10-01'
              AND (end_date IS NULL OR end_date >= DATE '2026-10-01'))
        SELECT arm, count(*), avg((customer_id IS NOT NULL)::INT)
        FROM initiative_unit LEFT JOIN kept ON customer_id = unit_id
        WHERE initiative_id = 'mailing' GROUP BY 1 ORDER BY 1"""
    )
    (_, n0, control), (_, n1, treated) = rows
    se = sqrt(control * (1 - control) / n0 + treated * (1 - treated) / n1)
    assert abs(treated - control) < 2.6 * se
    assert n1 / (n0 + n1) == pytest.approx(company.truths.mailing.treated_share, abs=0.03)


# -- 6. the last complete month --------------------------------------------------------------------


def dropped(company: Company, month: date, iberia: bool) -> float:
    """Return the share of customers on a paid term lost to a failed payment in a month."""
    share = company.one(
        """
        WITH term AS (
            SELECT *, lead(start_date) OVER (PARTITION BY customer_id ORDER BY start_date) AS again
            FROM subscription_period),
        served AS (
            SELECT term.* FROM term JOIN customer_segment AS s ON s.customer_id = term.customer_id
             AND s.scheme = 'region' AND s.valid_from <= $month
             AND (s.valid_to IS NULL OR $month < s.valid_to)
            WHERE (segment_code IN ('spain', 'portugal')) = $iberia
              AND start_date < $month AND (end_date IS NULL OR end_date >= $month))
        SELECT avg((coalesce(end_reason, '') = 'involuntary'
                    AND end_date < $month + INTERVAL 1 MONTH
                    AND (again IS NULL OR again > end_date + 7))::INT) FROM served""",
        month=month,
        iberia=iberia,
    )
    return float(share)


def test_failed_payments_moved_retention_in_two_regions(company: Company) -> None:
    payments = company.truths.payments
    usual = sum(dropped(company, date(2026, m, 1), iberia=True) for m in range(3, 9)) / 6
    rise = dropped(company, payments.month, iberia=True) - usual
    assert rise == pytest.approx(payments.hazard, abs=0.009)
    assert dropped(company, payments.month, iberia=False) < 0.005


def retention(company: Company) -> list[float]:
    """Return the monthly retention of the last 24 complete months."""
    rows = company.rows(
        """
        WITH closing AS (
            SELECT m.month::DATE AS month, customer_id
            FROM generate_series(DATE '2024-09-01', DATE '2026-10-01', INTERVAL 1 MONTH) AS m(month)
            JOIN subscription_period ON start_date < m.month AND status <> 'trial'
             AND (end_date IS NULL OR end_date + 7 >= m.month) GROUP BY ALL)
        SELECT a.month, avg((b.customer_id IS NOT NULL)::INT)
        FROM closing AS a LEFT JOIN closing AS b
          ON b.customer_id = a.customer_id AND b.month = a.month + INTERVAL 1 MONTH
        WHERE a.month < DATE '2026-10-01' GROUP BY 1 ORDER BY 1"""
    )
    return [share for _, share in rows]


def test_only_the_last_month_is_outside_the_limits(company: Company) -> None:
    """XmR limits from the months before it (Wheeler 1993)."""
    months = retention(company)
    before, last = months[:-1], months[-1]
    moves = [abs(b - a) for a, b in pairwise(before)]
    mean, reach = sum(before) / len(before), 2.66 * sum(moves) / len(moves)
    assert last < mean - reach
    assert sum(abs(month - mean) > reach for month in before) <= 1


def test_some_of_them_come_back_at_once(company: Company) -> None:
    payments = company.truths.payments
    share = company.one(
        """
        WITH lost AS (
            SELECT t.customer_id, t.subscription_id FROM subscription_period AS t
            JOIN customer_segment AS s ON s.customer_id = t.customer_id AND s.scheme = 'region'
             AND s.valid_to IS NULL AND s.segment_code IN ('spain', 'portugal')
            WHERE end_reason = 'involuntary' AND end_date >= DATE '2026-09-01'
              AND end_date < DATE '2026-10-01' AND NOT EXISTS (
                SELECT 1 FROM subscription_period AS n WHERE n.subscription_id = t.subscription_id
                 AND n.start_date >= t.end_date))
        SELECT avg((EXISTS (SELECT 1 FROM subscription_period AS n
            WHERE n.customer_id = lost.customer_id
              AND n.subscription_id > lost.subscription_id))::INT) FROM lost"""
    )
    elapsed = END.day / 31  # the month after is unfinished
    assert share == pytest.approx(payments.return_share * elapsed, abs=0.09)
