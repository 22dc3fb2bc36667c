"""``metric`` and ``build``: what a person at the command line reads."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from cxdata.cli import main
from cxdata.exports import csv_file
from cxdata.exports.records import table
from cxdata.panels.choices import choices_of
from cxdata.query.door import Door
from cxdata.sources.config import Place, Settings
from tests.company import complete, contact, sale, write

SCHEMA = json.loads(files("cxdata.exports").joinpath("record.schema.json").read_text())

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company in a plain folder, its summaries built."""
    folder = tmp_path_factory.mktemp("company")
    assert (
        main(["demo", "--customers", "600", "--months", "14", "--out", str(folder), "--quiet"]) == 0
    )
    assert main(["build", "--source", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def run(company: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``metric`` on the company; return exit code, output and complaints."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["metric", *arguments, "--source", str(company)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def records(run: Run, *arguments: str) -> list[dict[str, object]]:
    code, out, err = run(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    found: list[dict[str, object]] = json.loads(out)
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ("logo_retention",),
        ("nps", "--by", "segment"),
        ("nps_after_journey", "--by", "journey"),
        ("cost_per_customer", "--by", "journey", "--by", "segment"),
        ("revenue", "--period", "2026-Q3"),
        ("customers_new", "--period", "2026", "--compare", "year"),
        ("nps", "--period", "2026-10"),
        ("customers_lost", "--period", "2026-Q4"),
        ("logo_churn", "--period", "all", "--grain", "quarter"),
        ("lost_share", "--by", "plan"),
        ("survival", "--by", "region"),
        ("cohort_bought",),
        ("months_kept", "--by", "segment"),
        ("customer_bridge",),
        ("revenue_movement", "--where", "segment=families"),
        ("spend_distribution",),
    ],
)
def test_every_answer_keeps_the_documented_schema(run: Run, arguments: tuple[str, ...]) -> None:
    found = records(run, *arguments)
    assert found
    jsonschema.validate(found, SCHEMA)


def test_the_schema_is_printed_where_scripts_look_for_it(run: Run) -> None:
    code, out, _ = run("--schema")
    assert code == 0
    assert json.loads(out) == SCHEMA


def test_a_segment_that_is_a_formula_does_not_run_from_the_csv() -> None:
    record = {
        "metric": "revenue", "period": "2026-09", "slice": {"region": "=HYPERLINK(1)"},
        "estimate": -12.5, "comparison": {"difference": -3.0},
    }  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(csv_file.lines(*table([record]))))
    assert row["region"] == "'=HYPERLINK(1)"
    assert (row["estimate"], row["comparison_difference"]) == ("-12.5", "-3.0")


def test_table_json_and_csv_hold_the_same_figures(run: Run) -> None:
    (record,) = records(run, "logo_retention")
    _, out, _ = run("logo_retention", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    _, shown, _ = run("logo_retention")
    assert float(row["estimate"]) == record["estimate"]
    assert int(row["n"]) == record["n"]
    assert f"{float(row['estimate']) * 100:.1f} %" in shown
    assert f"{record['n']:,}" in shown


def test_segments_of_an_additive_metric_sum_to_the_whole(run: Run) -> None:
    (whole,) = records(run, "customers_lost")
    parts = records(run, "customers_lost", "--by", "segment")
    assert sum(float(str(part["estimate"])) for part in parts) == whole["estimate"]


def test_the_bridges_close(run: Run) -> None:
    for name in ("customer_bridge", "revenue_movement"):
        lines = {
            str(r["slice"]["line"]): float(str(r["estimate"]))  # type: ignore[index]
            for r in records(run, name, "--where", "segment=families")
        }
        assert sum(lines.values()) - lines["end"] == pytest.approx(lines["end"])


@pytest.mark.parametrize("name", ["customer_bridge", "revenue_movement", "spend_distribution"])
def test_a_table_of_an_unfinished_period_says_so(run: Run, name: str) -> None:
    assert {record["flag"] for record in records(run, name, "--period", "2026-10")} == {"partial"}


def test_a_filter_answers_what_the_slice_says(run: Run) -> None:
    by_segment = {
        str(r["slice"]["segment"]): r["estimate"]  # type: ignore[index]
        for r in records(run, "revenue", "--by", "segment")
    }
    (families,) = records(run, "revenue", "--where", "segment=families")
    assert families["estimate"] == by_segment["families"]


def test_a_dimension_named_twice_counts_once(run: Run) -> None:
    once = records(run, "nps", "--by", "region")
    assert records(run, "nps", "--by", "region", "--by", "region") == once


def test_the_current_month_is_partial_and_never_compared(run: Run) -> None:
    (record,) = records(run, "logo_retention", "--period", "2026-10")
    assert record["flag"] == "partial"
    assert record["comparison"]["verdict"] == "incomplete"  # type: ignore[index]
    assert record["comparison"]["difference"] is None  # type: ignore[index]


@pytest.mark.parametrize("name", ["customers_lost", "logo_retention"])
def test_no_slice_of_the_current_month_is_compared_with_a_full_one(run: Run, name: str) -> None:
    found = records(run, name, "--period", "2026-10", "--by", "segment")
    assert found
    for record in found:
        compared = record["comparison"]
        assert {compared[part] for part in ("difference", "lo", "hi", "p")} == {None}  # type: ignore[index]
        assert compared["verdict"] in ("incomplete", "too_few")  # type: ignore[index]


@pytest.mark.parametrize("name", ["survival", "customer_bridge", "spend_distribution"])
def test_tables_of_cells_are_printed_too(run: Run, name: str) -> None:
    code, out, err = run(name)
    assert (code, err) == (0, "")
    assert out.startswith("period")


def test_a_month_under_way_is_compared_with_its_own_days_in_every_form(run: Run) -> None:
    """Half a month is never held against a full one."""
    (record,) = records(run, "customers_new", "--period", "2026-10")
    (full,) = records(run, "customers_new", "--period", "2026-09")
    fair = record["to_date"]
    assert full["to_date"] is None
    assert fair["estimate"] == record["estimate"]  # type: ignore[index]
    compared = fair["comparison"]  # type: ignore[index]
    assert compared["period"] == "2026-09"
    assert 0 < compared["estimate"] < float(str(full["estimate"]))
    assert compared["difference"] == fair["estimate"] - compared["estimate"]  # type: ignore[index]
    _, out, _ = run("customers_new", "--period", "2026-10", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert float(row["to_date_comparison_estimate"]) == compared["estimate"]
    assert int(row["to_date_days"]) == fair["days"]  # type: ignore[index]
    _, shown, _ = run("customers_new", "--period", "2026-10")
    days = f"first {fair['days']} days"  # type: ignore[index]
    assert f"{days}, against {days} of 2026-09" in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("logo_retenton",), "Did you mean logo_retention"),
        (("NPS",), "Did you mean nps"),
        (("nps", "--by", "sgment"), "Did you mean segment"),
        (("nps", "--where", "segment=familys"), "Did you mean families? Known: "),
        (("nps", "--where", "segment=Families"), "Did you mean families? Known: "),
        (("nps", "--journey", "onbording"), "Did you mean onboarding"),
        (("nps", "--period", "2026-13"), "write a month as 2026-10"),
        (("nps", "--period", "2031-01"), "lies outside the data"),
        (("nps", "--period", "2026-Q3", "--grain", "month"), "is a quarter, not a month"),
        (("nps", "--where", "segment"), "is not ATTRIBUTE=CODE"),
        (("survival", "--by", "journey"), "one attribute of customers"),
        (("nps", "--by", "journey"), "cannot be told by journey"),
    ],
)
def test_a_slip_is_one_sentence_and_exit_code_two(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def test_without_a_name_every_metric_is_listed(run: Run) -> None:
    code, out, _ = run()
    assert code == 0
    assert "logo_retention" in out
    assert "survival" in out


def test_build_says_when_there_is_nothing_to_do(
    company: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--source", str(company), "--quiet"]) == 0
    assert "up to date" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "nps", "--source", "no-such-folder"]) == 2
    assert "no-such-folder" in capsys.readouterr().err


def test_summaries_that_were_not_built_say_how(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["demo", "--customers", "50", "--months", "3", "--out", str(tmp_path), "--quiet"]) == 0
    )
    capsys.readouterr()
    for more in ((), ("--period", "2026-09"), ("--period", "all")):
        assert main(["metric", "nps", "--source", str(tmp_path), *more]) == 2
        assert capsys.readouterr().err == (
            "cxdata metric: The summaries of these data have not been built.\n"
            "  hint: python -m cxdata build\n"
        )


def test_what_is_wrong_with_the_data_is_said_beside_the_figures(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "company"
    shutil.copytree(company, folder)
    (folder / "custommer.parquet").write_bytes(b"")
    note = "Note: custommer.parquet is named after no table and is not read."
    assert main(["build", "--source", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().err.startswith(note)
    assert main(["metric", "logo_retention", "--format", "json", "--source", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(note)
    assert len(json.loads(said.out)) == 1


def test_data_are_complete_to_the_day_that_the_pages_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a promise the last day may still fill; what a metric needs may end earlier."""
    bought = [date(2026, 1, 5), date(2026, 3, 11)]
    asked = [date(2026, 1, 7), date(2026, 2, 21)]
    sales = [sale("a", day) for day in bought]
    write(
        tmp_path,
        complete(
            {"sales_transaction": sales, "interaction": [contact("a", d) for d in asked]}, None
        ),
    )
    assert main(["build", "--source", str(tmp_path), "--quiet"]) == 0
    settings = replace(Settings(), place=Place(data=tmp_path))
    assert choices_of(Door(settings).gate()).complete_through == date(2026, 3, 10)
    capsys.readouterr()
    for name, said in (
        ("revenue", "Data complete to 10 Mar 2026. Data version f-"),
        ("contacts", "Data complete to 10 Mar 2026, what contacts needs to 20 Feb 2026. Data "),
    ):
        assert main(["metric", name, "--source", str(tmp_path)]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith(said)


def test_a_first_build_is_called_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["demo", "--customers", "50", "--months", "3", "--out", str(tmp_path), "--quiet"]) == 0
    )
    assert main(["build", "--source", str(tmp_path), "--quiet"]) == 0
    said = capsys.readouterr().err
    assert said.startswith("Built 3 months, Aug 2026 to Oct 2026, of version ")
    assert said.endswith(" (first build).\n")
    assert main(["build", "--source", str(tmp_path), "--full", "--quiet"]) == 0
    assert capsys.readouterr().err.endswith(" (everything again).\n")


def test_a_period_under_way_is_told_beside_as_many_days(run: Run) -> None:
    last = records(run, "contacts", "--period", "all")[-1]
    assert last["flag"] == "partial"
    _, out, err = run("contacts", "--period", str(last["period"]))
    assert err == ""
    assert out.count(" in the first ") == 2
    _, finished, _ = run("contacts")
    assert " in the first " not in finished
