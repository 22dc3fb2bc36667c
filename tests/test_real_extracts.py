"""The published figures of the real extracts, through recipe, store, summaries and ``metric``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxdata.cli import main

pytestmark = pytest.mark.data

FILES = {
    "ibm-telco": "telco/Telco-Customer-Churn.csv",
    "cdnow": "cdnow/CDNOW_master.csv",
    "sfo-2017": "sfo_survey/2017_SFO_Customer_Survey.csv",
    "uci-incidents": "itsm_incidents/incident_event_log_first5998.csv",
}

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, dict[str, Any]]:
    figures = json.loads((shared_data / "expected.json").read_text())
    return {figure["id"]: figure for figure in figures}


@pytest.fixture(scope="module")
def stores(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each extract loaded by its recipe into a store of its own."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for recipe, name in FILES.items():
            folder = tmp_path_factory.mktemp(recipe)
            patch.setenv("CXDATA_DATA", str(folder))
            assert main(["load", str(shared_data / name), "--recipe", recipe, "--quiet"]) == 0
            found[recipe] = folder
    return found


@pytest.fixture
def ask(stores: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask ``metric`` about one extract."""

    def call(recipe: str, *arguments: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        code = main(["metric", *arguments, "--source", str(stores[recipe]), "--format", "json"])
        said = capsys.readouterr()
        assert (code, said.err) == (0, "")
        answer: list[dict[str, Any]] = json.loads(said.out)
        return answer

    return call


CASES: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "telco.n": ("ibm-telco", ("customers_ever",), {}),
    "telco.churn": ("ibm-telco", ("lost_share",), {}),
    "telco.churn.m2m": (
        "ibm-telco",
        ("lost_share", "--by", "contract"),
        {"contract": "month_to_month"},
    ),
    "telco.churn.1y": ("ibm-telco", ("lost_share", "--by", "contract"), {"contract": "one_year"}),
    "telco.churn.2y": ("ibm-telco", ("lost_share", "--by", "contract"), {"contract": "two_year"}),
    "telco.mrr": ("ibm-telco", ("recurring_revenue_ever",), {}),
    "telco.mrr_churned": ("ibm-telco", ("recurring_revenue_lost",), {}),
    "telco.km12": ("ibm-telco", ("survival",), {"age": 12}),
    "telco.km24": ("ibm-telco", ("survival",), {"age": 24}),
    "telco.km48": ("ibm-telco", ("survival",), {"age": 48}),
    "telco.km12.m2m": (
        "ibm-telco",
        ("survival", "--where", "contract=month_to_month"),
        {"age": 12},
    ),
    "telco.km24.m2m": (
        "ibm-telco",
        ("survival", "--by", "contract"),
        {"contract": "month_to_month", "age": 24},
    ),
    "cdnow.customers": ("cdnow", ("customers_ever",), {}),
    "cdnow.spend.1997-03": ("cdnow", ("revenue", "--period", "1997-03"), {}),
    "sfo2017.n": ("sfo-2017", ("answers",), {}),
    "sfo2017.nps": ("sfo-2017", ("nps",), {}),
    "sfo2017.nps_weighted": ("sfo-2017", ("nps_weighted",), {}),
    "sfo2017.nps.A": ("sfo-2017", ("nps", "--by", "boarding_area"), {"boarding_area": "a"}),
    "sfo2017.nps.G": ("sfo-2017", ("nps", "--where", "boarding_area=g"), {}),
    "sfo2017.q7all_top2": ("sfo-2017", ("csat",), {}),
    "itsm_slice.incidents": ("uci-incidents", ("contacts", "--period", "2016"), {}),
    "itsm_slice.sla": ("uci-incidents", ("within_target_share", "--period", "2016"), {}),
}


@pytest.mark.parametrize("figure", CASES)
def test_the_published_figure_comes_out(
    figure: str, ask: Ask, expected: dict[str, dict[str, Any]]
) -> None:
    recipe, arguments, where = CASES[figure]
    rows = ask(recipe, *arguments)
    (record,) = [row for row in rows if where.items() <= row["slice"].items()]
    wanted = expected[figure]
    assert record["estimate"] == pytest.approx(wanted["value"], abs=wanted["tolerance"])


@pytest.mark.parametrize(
    ("figure", "cohort", "age"),
    [
        ("cdnow.cohort.1997-01.m1", "1997-01", 1),
        ("cdnow.cohort.1997-01.m12", "1997-01", 12),
        ("cdnow.cohort.1997-02.m1", "1997-02", 1),
        ("cdnow.cohort.1997-03.m6", "1997-03", 6),
    ],
)
def test_the_cohorts_of_buyers_come_out(
    figure: str, cohort: str, age: int, ask: Ask, expected: dict[str, dict[str, Any]]
) -> None:
    cells = {
        (r["slice"]["cohort"], r["slice"]["age"]): r["count"] for r in ask("cdnow", "cohort_bought")
    }
    assert cells[cohort, age] == expected[figure]["value"]


def test_all_spend_of_the_record_shop_is_there(
    ask: Ask, expected: dict[str, dict[str, Any]]
) -> None:
    months = ask("cdnow", "revenue", "--period", "all")
    assert sum(month["estimate"] for month in months) == pytest.approx(
        expected["cdnow.spend"]["value"], abs=0.01
    )


def test_a_snapshot_is_never_shown_as_a_period_s_churn(
    stores: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["metric", "logo_churn", "--source", str(stores["ibm-telco"])]) == 2
    assert "snapshot" in capsys.readouterr().err
