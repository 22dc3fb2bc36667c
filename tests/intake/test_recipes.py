"""The four real extracts through their recipes; figures from independent SQL over the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pytest

from cxdata.intake.loaded import Loaded
from cxdata.intake.recipe_file import find_recipe, shipped
from cxdata.model.tables import curated
from tests.intake.kit import assert_closes, faults, load_extract

pytestmark = pytest.mark.data

FILES = {
    "cdnow": "cdnow/CDNOW_master.csv",
    "ibm-telco": "telco/Telco-Customer-Churn.csv",
    "sfo-2017": "sfo_survey/2017_SFO_Customer_Survey.csv",
    "uci-incidents": "itsm_incidents/incident_event_log_first5998.csv",
}
NOW = datetime(2026, 3, 1, tzinfo=UTC)

Load = Callable[[str], Loaded]
Ask = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def loaded(shared_data: Path) -> Load:
    @cache
    def load(recipe: str) -> Loaded:
        return load_extract(shared_data / FILES[recipe], find_recipe(recipe), loaded_at=NOW)

    return load


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, dict[str, Any]]:
    records = json.loads((shared_data / "expected.json").read_text("utf-8"))
    return {record["id"]: record for record in records}


@pytest.fixture(scope="module")
def ask(loaded: Load) -> Iterator[Ask]:
    """Answer a query over the curated tables of one recipe."""
    connections: dict[str, duckdb.DuckDBPyConnection] = {}

    def answer(recipe: str, sql: str) -> Any:
        if recipe not in connections:
            connections[recipe] = duckdb.connect()
            for name, rows in loaded(recipe).tables.items():
                connections[recipe].register(name, rows.read())
        row = connections[recipe].execute(sql).fetchone()
        assert row is not None
        return row[0]

    yield answer
    for connection in connections.values():
        connection.close()


def test_every_recipe_of_a_real_extract_ships() -> None:
    assert set(FILES) < set(shipped())


@pytest.mark.parametrize("recipe", sorted(FILES))
def test_the_ledger_closes_and_nothing_is_set_aside(loaded: Load, recipe: str) -> None:
    assert faults(loaded(recipe)) == []
    assert_closes(loaded(recipe))


LOST = """
    SELECT avg(CAST(end_date IS NOT NULL AS INT)) FROM subscription_period
    SEMI JOIN (FROM customer_segment WHERE scheme = 'contract' AND segment_code = '{code}')
    USING (customer_id)
"""
SURVIVAL = """
    WITH term AS (
        SELECT datesub('month', start_date, DATE '2018-01-01') AS tenure,
               CAST(end_date IS NOT NULL AS INT) AS lost
        FROM subscription_period SEMI JOIN (
            FROM customer_segment
            WHERE scheme = 'contract' AND ('{code}' = 'all' OR segment_code = '{code}')
        ) USING (customer_id)
    ),
    risk AS (
        SELECT tenure, sum(lost) AS lost,
               sum(count(*)) OVER (ORDER BY tenure DESC) AS at_risk
        FROM term GROUP BY tenure
    )
    SELECT product(1 - lost / at_risk) FROM risk WHERE tenure <= {months}
"""
COHORT = """
    WITH seen AS (
        SELECT customer_id, date_trunc('month', transaction_date) AS month,
               min(date_trunc('month', transaction_date)) OVER (PARTITION BY customer_id) AS cohort
        FROM sales_transaction
    )
    SELECT count(DISTINCT customer_id) FROM seen
    WHERE cohort = DATE '{cohort}' AND datediff('month', cohort, month) = {age}
"""
NPS = """
    SELECT 100 * (sum({weight}) FILTER (nps_score >= 9) - sum({weight}) FILTER (nps_score <= 6))
           / sum({weight}) FROM survey_response r SEMI JOIN (
               FROM customer_segment
               WHERE scheme = 'boarding_area' AND ('{area}' = 'all' OR segment_code = '{area}')
           ) s USING (customer_id) WHERE nps_score IS NOT NULL
"""
ORDERS = "FROM (SELECT count(*) AS n FROM sales_transaction GROUP BY customer_id)"

FIGURES = [
    ("telco.n", "ibm-telco", "SELECT count(*) FROM customer"),
    (
        "telco.churn",
        "ibm-telco",
        "SELECT avg(CAST(end_date IS NOT NULL AS INT)) FROM subscription_period",
    ),
    ("telco.churn.m2m", "ibm-telco", LOST.format(code="month_to_month")),
    ("telco.churn.1y", "ibm-telco", LOST.format(code="one_year")),
    ("telco.churn.2y", "ibm-telco", LOST.format(code="two_year")),
    # All were customers at the close of the day before the snapshot.
    (
        "telco.mrr",
        "ibm-telco",
        "SELECT sum(recurring_amount) FROM subscription_period WHERE start_date <= '2017-12-31' "
        "AND (end_date IS NULL OR end_date > '2017-12-31')",
    ),
    (
        "telco.mrr_churned",
        "ibm-telco",
        "SELECT sum(recurring_amount) FROM subscription_period WHERE end_date = '2018-01-01'",
    ),
    ("telco.km12", "ibm-telco", SURVIVAL.format(code="all", months=12)),
    ("telco.km24", "ibm-telco", SURVIVAL.format(code="all", months=24)),
    ("telco.km48", "ibm-telco", SURVIVAL.format(code="all", months=48)),
    ("telco.km12.m2m", "ibm-telco", SURVIVAL.format(code="month_to_month", months=12)),
    ("telco.km24.m2m", "ibm-telco", SURVIVAL.format(code="month_to_month", months=24)),
    ("cdnow.rows", "cdnow", "SELECT count(*) FROM sales_transaction"),
    ("cdnow.customers", "cdnow", "SELECT count(*) FROM customer"),
    ("cdnow.spend", "cdnow", "SELECT sum(net_amount) FROM sales_transaction"),
    ("cdnow.one_time", "cdnow", f"SELECT count(*) FILTER (n = 1) {ORDERS}"),
    ("cdnow.repeat_rate", "cdnow", f"SELECT avg(CAST(n > 1 AS INT)) {ORDERS}"),
    ("cdnow.cohort.1997-01.m1", "cdnow", COHORT.format(cohort="1997-01-01", age=1)),
    ("cdnow.cohort.1997-01.m12", "cdnow", COHORT.format(cohort="1997-01-01", age=12)),
    ("cdnow.cohort.1997-02.m1", "cdnow", COHORT.format(cohort="1997-02-01", age=1)),
    ("cdnow.cohort.1997-03.m6", "cdnow", COHORT.format(cohort="1997-03-01", age=6)),
    (
        "cdnow.spend.1997-03",
        "cdnow",
        "SELECT sum(net_amount) FROM sales_transaction "
        "WHERE transaction_date >= '1997-03-01' AND transaction_date < '1997-04-01'",
    ),
    ("sfo2017.n", "sfo-2017", "SELECT count(nps_score) FROM survey_response"),
    ("sfo2017.nps", "sfo-2017", NPS.format(weight="1", area="all")),
    ("sfo2017.nps_weighted", "sfo-2017", NPS.format(weight="weight", area="all")),
    ("sfo2017.nps.A", "sfo-2017", NPS.format(weight="1", area="a")),
    ("sfo2017.nps.G", "sfo-2017", NPS.format(weight="1", area="g")),
    (
        "sfo2017.q7all_top2",
        "sfo-2017",
        "SELECT avg(CAST(csat_score >= 4 AS INT)) FROM survey_response",
    ),
    ("itsm_slice.incidents", "uci-incidents", "SELECT count(*) FROM interaction"),
    ("itsm_slice.sla", "uci-incidents", "SELECT avg(CAST(within_target AS INT)) FROM interaction"),
]


@pytest.mark.parametrize(("figure", "recipe", "sql"), FIGURES, ids=[one[0] for one in FIGURES])
def test_published_figures(
    ask: Ask, expected: dict[str, dict[str, Any]], figure: str, recipe: str, sql: str
) -> None:
    record = expected[figure]
    assert float(ask(recipe, sql)) == pytest.approx(record["value"], abs=record["tolerance"])


def test_figures_that_are_not_tried_have_a_reason(expected: dict[str, dict[str, Any]]) -> None:
    said_in_a_note, no_recipe = {"telco.totalcharges_blank"}, {"organ.did"}
    assert set(expected) == {one[0] for one in FIGURES} | said_in_a_note | no_recipe


def test_blank_totals_are_counted(loaded: Load, expected: dict[str, dict[str, Any]]) -> None:
    (note,) = loaded("ibm-telco").notes
    assert note.startswith("Customers whose TotalCharges is blank")
    assert note.endswith(f": {expected['telco.totalcharges_blank']['value']:.0f}.")


def test_a_snapshot_says_that_its_dates_are_not_events(loaded: Load) -> None:
    assert loaded("ibm-telco").history == "snapshot"
    assert loaded("ibm-telco").complete_through == date(2018, 1, 1)
    assert loaded("cdnow").history == "dated"


def test_what_is_promised_complete_covers_the_last_event(loaded: Load) -> None:
    for recipe, table in (("cdnow", "sales_transaction"), ("sfo-2017", "survey_response")):
        dated = curated(table).info["event_date"]
        last = pc.max(loaded(recipe).tables[table].read().column(dated)).as_py()
        promised = loaded(recipe).complete_through
        assert promised is not None
        assert last <= promised
        assert (promised + timedelta(days=1)).day == 1
    assert loaded("uci-incidents").complete_through is None


def test_tenures_survive_as_whole_months(ask: Ask, shared_data: Path) -> None:
    file = shared_data / FILES["ibm-telco"]
    differing = ask(
        "ibm-telco",
        "SELECT count(*) FROM subscription_period JOIN "
        f"read_csv('{file}', all_varchar = true) ON customerID = subscription_id "
        "WHERE datesub('month', start_date, DATE '2018-01-01') <> CAST(tenure AS INT) "
        "OR (Churn = 'Yes') <> (end_date IS NOT NULL)",
    )
    assert differing == 0


def test_identical_purchases_are_kept_and_said(loaded: Load) -> None:
    (note,) = loaded("cdnow").notes
    assert note.startswith("Records identical to an earlier one: 255.")


def test_the_days_of_the_survey_fall_on_their_weekdays_in_may_2017(shared_data: Path) -> None:
    """The field guide names no month; two of the 2,831 weekdays are slips of the interviewer."""
    file = shared_data / FILES["sfo-2017"]
    agreeing = duckdb.execute(
        "SELECT month, count(*) FILTER ("
        "upper(strftime(make_date(2017, month, CAST(INTDATE AS INT)), '%a')) = DAY[:3]) "
        "FROM read_csv(?, all_varchar = true), range(1, 13) m(month) "
        "WHERE month <> 2 OR CAST(INTDATE AS INT) <= 28 GROUP BY month ORDER BY 2 DESC",
        [str(file)],
    ).fetchall()
    assert agreeing[0] == (5, 2829)
    assert agreeing[1][1] < 2831 / 2


def test_ratings_leave_out_what_is_no_rating(ask: Ask) -> None:
    assert ask("sfo-2017", "SELECT min(score) || '-' || max(score) FROM response_attribute") == (
        "1.0-5.0"
    )
    assert ask("sfo-2017", "SELECT count(DISTINCT attribute_code) FROM response_attribute") == 24
    answers = "SELECT count(*) FROM response_attribute WHERE attribute_code = 'art'"
    assert ask("sfo-2017", answers) == 892 + 744 + 553 + 77 + 18


def test_every_segment_code_has_its_label(ask: Ask) -> None:
    unlabelled = (
        "SELECT count(*) FROM customer_segment ANTI JOIN segment USING (scheme, segment_code)"
    )
    assert ask("ibm-telco", unlabelled) == 0
    assert ask("sfo-2017", unlabelled) == 0


def test_an_incident_is_its_last_update(ask: Ask, loaded: Load) -> None:
    count = loaded("uci-incidents").counts.of("interaction")
    assert (count.candidates, count.superseded) == (5998, 5998 - 890)
    one = "SELECT {} FROM interaction WHERE interaction_id = 'INC0000045'"
    assert ask("uci-incidents", one.format("started_at")) == datetime(
        2016, 2, 29, 1, 16, tzinfo=UTC
    )
    assert ask("uci-incidents", one.format("channel_code")) == "phone"
    assert ask("uci-incidents", one.format("reason_code")) == "category_55"
    assert ask("uci-incidents", one.format("resolved")) is True
    assert ask("uci-incidents", "SELECT count(*) FROM interaction WHERE reason_code IS NULL") == 4
