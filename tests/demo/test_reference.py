"""The small tables name things that are there."""

from __future__ import annotations

import pytest

from cxdata.metrics import registry
from tests.demo.conftest import Company

NAMED = {
    "owners": "SELECT code FROM owner WHERE kind = 'metric'",
    "targets": "SELECT metric_id FROM target",
    "initiatives": "SELECT primary_metric FROM initiative",
}


@pytest.mark.parametrize("who", NAMED)
def test_metrics_are_those_of_the_product(company: Company, who: str) -> None:
    assert {name for (name,) in company.rows(NAMED[who])} <= set(registry())


@pytest.mark.parametrize(("kind", "table", "code"), [("journey", "journey", "journey_code")])
def test_owners_own_what_is_there(company: Company, kind: str, table: str, code: str) -> None:
    known = f"SELECT {code} FROM {table}"
    missing = f"SELECT code FROM owner WHERE kind = '{kind}' AND code NOT IN ({known})"
    assert company.rows(missing) == []


def test_sizes_of_the_company(company: Company) -> None:
    sizes = dict(company.rows("SELECT scheme, count(*) FROM segment GROUP BY 1"))
    assert sizes == {"segment": 5, "region": 6, "plan": 4}
    assert company.one("SELECT count(*) FROM journey") == 8
    assert company.one("SELECT count(DISTINCT language) FROM survey_response") == 4


def test_the_rate_card_has_one_rate_a_day(company: Company) -> None:
    gaps = """
        SELECT count(*) FROM (
            SELECT valid_to, lead(valid_from) OVER (
                PARTITION BY channel_code, basis ORDER BY valid_from) AS following FROM unit_cost)
        WHERE valid_to IS DISTINCT FROM following"""
    assert company.one(gaps) == 0
    assert company.one("SELECT count(DISTINCT channel_code) FROM unit_cost") == 8


def test_a_contact_less_saves_less_than_its_loaded_cost(company: Company) -> None:
    dear = """
        SELECT count(*) FROM unit_cost AS m JOIN unit_cost AS f USING (channel_code, valid_from)
        WHERE m.basis = 'marginal' AND f.basis = 'fully_loaded'
          AND m.cost_per_contact >= f.cost_per_contact"""
    assert company.one(dear) == 0


def test_every_planted_change_is_annotated(company: Company) -> None:
    truths = company.truths
    days = {day for (day,) in company.rows("SELECT event_date FROM annotation")}
    planted = {
        *(truths.price_rise, truths.mix.since, truths.mix.campaign_since),
        *(truths.onboarding.since, truths.bot.since, truths.payments.month),
    }
    assert planted <= days
