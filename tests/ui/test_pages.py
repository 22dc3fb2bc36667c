"""Every page through `app.py`, by what a reader sees."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxdata.cli import main
from cxdata.metrics import metric
from cxdata.model.format import Format
from cxdata.model.period import Grain
from cxdata.panels import picture
from cxdata.query.options import latest_complete
from cxdata.ui import data
from tests.ui.conftest import answers, customers, sales, segments, terms, written
from tests.ui.reader import OUTCOMES, PAGES, Reader

Reading = Callable[[Path], None]
LOADED = datetime(2026, 10, 21, tzinfo=UTC)


@pytest.mark.parametrize("page", list(PAGES))
def test_every_page_opens_with_its_question_and_scope(
    page: str, company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader().open(page)
    assert reader.faults == []
    assert reader.at.title[0].value.endswith("?")
    assert "All customers, Sep 2026, compared with Aug 2026." in reader.words
    assert "Data complete to 20 Oct 2026" in reader.words


def test_the_first_screen_has_what_executives_ask_for(company: Path, reading: Reading) -> None:
    reading(company)
    tiles = Reader().tiles
    assert list(tiles) == [
        "New customers",
        "Lost customers",
        "Net customers",
        "Revenue per customer",
        "Retention",
        "Cost to serve per customer",
        "Revenue",
        "NPS",
    ]
    won, lost, net = (int(tiles[name].replace("−", "-")) for name in list(tiles)[:3])
    assert -5 <= net - (won - lost) <= 5  # the rest was won back
    assert tiles["Retention"].endswith(" %")
    assert tiles["Revenue per customer"].startswith("€")


def test_a_calm_tile_has_neither_arrow_nor_colour(company: Path, reading: Reading) -> None:
    reading(company)
    for tile in Reader().at.metric:
        description = tile.proto.delta_description
        if "usual range" in description and "outside" not in description:
            assert tile.proto.direction == tile.proto.MetricDirection.Value("NONE"), tile.label


@pytest.mark.parametrize("page", OUTCOMES)
def test_every_chart_has_words_and_every_panel_a_title(
    page: str, company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader().open(page)
    charts = reader.at.get("vega_lite_chart")
    assert charts
    assert all(chart.proto.alt for chart in charts)
    assert all("title" not in json.loads(chart.proto.spec) for chart in charts)


def test_the_scope_comes_from_the_address(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(
        grain="Quarter", vs="vs a year earlier", journey="Get help", in_region="Nordics"
    )
    assert "Region Nordics, journey Get help, Q3 2026, compared with Q3 2025." in reader.words
    assert reader.faults == []


@pytest.mark.parametrize(
    "query",
    [
        {"grain": "1e309"},
        {"period": "' OR 1=1 --"},
        {"period": "Jan 9999"},
        {"vs": "\x00"},
        {"journey": ["<script>", "../../etc/passwd"]},
        {"by": "__class__", "in_region": "' ; DROP TABLE customer"},
        {"in_nosuch": "x", "outcome": "1e309"},
        {"journey": ["x"] * 1500},
        {"period": "x" * 600_000},
        {"period": "Sep 2026\x00", "in_region": "\x00", "why": "\x00"},
        {"period": "Oct 2026 to Jan 2020"},
    ],
)
def test_hostile_addresses_are_ignored(
    query: dict[str, str | list[str]], company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader(**query)
    assert reader.faults == []
    assert "All customers, Sep 2026, compared with Aug 2026." in reader.words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"in_region": "Atlantis"}, "region Atlantis, which these data do not have; showing all."),
        (
            {"in_region": ["Atlantis", "Nordics"]},
            "region Atlantis, which these data do not have; showing the others asked for.",
        ),
        ({"journey": "Nowhere"}, "journey Nowhere, which these data do not have"),
        ({"period": "Jan 9999"}, "the period Jan 9999, which these data do not have; showing Sep"),
        ({"grain": "Week"}, "periods of length Week"),
        ({"in_nosuch": "x"}, "nosuch x, which these data do not have; showing all."),
        ({"period": "x" * 60_000}, f"the period {'x' * 40}…, which"),
    ],
)
def test_what_an_address_asks_for_in_vain_is_said(
    query: dict[str, str | list[str]], said: str, company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader(**query)
    assert said in reader.words
    assert reader.faults == []
    assert len(reader.words) < 5_000


def test_an_address_that_is_answered_or_none_of_ours_says_nothing(
    company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader(in_region="Nordics", period="Aug 2026", utm_source="mail", embed="true")
    assert "address" not in reader.words
    assert "Region Nordics, Aug 2026" in reader.words


def test_an_open_page_says_that_newer_data_are_there_and_waits(
    tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_FRESH_SECONDS", 0.0)
    tables = {"customer": customers(60), "subscription_period": terms(60)}
    reading(written(tmp_path / "d", tables))
    shown = data.opening().ticket
    script = AppTest.from_function(_watching, kwargs={"shown": shown}, default_timeout=60).run()
    assert not script.markdown
    written(tmp_path / "d", {**tables, "customer": customers(70)})
    script.run()
    assert "Newer data are there" in script.markdown[0].value.replace("\\", "")
    assert script.button[0].label == "Show it"
    reading(tmp_path / "nowhere")
    assert not script.run().exception  # what is open stays open


def _watching(shown: object) -> None:
    from cxdata.ui import data, news

    assert isinstance(shown, data.Ticket)
    news.watch(shown)


def test_the_last_line_names_the_tables_that_are_behind(tmp_path: Path, reading: Reading) -> None:
    promised = [("subscription_period", date(2026, 10, 20)), ("survey_response", date(2026, 8, 31))]
    tables = {
        "customer": customers(60),
        "subscription_period": terms(60),
        "survey_response": answers(40),
        "data_load": [
            {"load_id": name, "table_name": name, "complete_through": day, "loaded_at": LOADED}
            for name, day in promised
        ],
    }
    reading(written(tmp_path / "d", tables))
    words = Reader().words
    assert "Data complete to 20 Oct 2026 · survey_response only to 31 Aug 2026 · Data ver" in words


def test_a_page_names_its_owners_its_goal_and_what_happened(
    company: Path, reading: Reading
) -> None:
    reading(company)
    words = Reader().open("retention").words
    assert "Owned by Marta Silva (retention)." in words
    assert "dashed: goal 98.3 %" in words
    assert "start of Loyalty mailing (Tom Becker)" in words


def test_a_panel_that_takes_long_has_an_outline_that_goes(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader().open("retention")
    assert len(reader.charts) > 4
    assert not reader.at.get("skeleton")


def test_a_figure_is_the_same_in_tile_chart_and_table(company: Path, reading: Reading) -> None:
    reading(company)
    tile = Reader().tiles["Retention"]
    reader = Reader().open("retention")
    assert tile in reader.words  # the headline
    drawn = {
        row["text"]
        for row in reader.drawn
        if row.get("period") == "Sep 2026" and row.get("line") == ""
    }
    assert drawn == {tile}
    reader.at.segmented_control(key="show-trend-logo_retention").set_value("Table").run()
    table = reader.at.dataframe[0].value
    shown = table.loc[table["label"] == "Sep 2026", "estimate"].iloc[0]
    assert f"{shown * 100:.1f} %" == tile


def test_a_figure_is_the_same_on_the_command_line(
    company: Path, reading: Reading, capsys: pytest.CaptureFixture[str]
) -> None:
    reading(company)
    tiles = Reader().tiles
    for name, label in (
        ("logo_retention", "Retention"),
        ("customers_lost", "Lost customers"),
        ("revenue_per_customer", "Revenue per customer"),
        ("nps", "NPS"),
    ):
        capsys.readouterr()
        assert main(["metric", name, "--source", str(company), "--format", "json"]) == 0
        (record,) = json.loads(capsys.readouterr().out)
        assert record["period"] == "2026-09"
        assert picture.say(Format(), record["estimate"], metric(name).unit) == tiles[label]


def test_readers_and_commands_start_on_the_last_finished_period(
    tmp_path: Path, reading: Reading
) -> None:
    """Without a promise the last day seen may still fill, so its month is not finished."""
    last = {**sales(1)[0], "transaction_id": "last", "transaction_date": date(2026, 9, 30)}
    tables = {"customer": customers(60), "sales_transaction": [*sales(60), last]}
    reading(written(tmp_path / "d", tables))
    assert "All customers, Aug 2026, compared with Jul 2026." in Reader().words
    gate = data.gate(data.opening().ticket)
    assert latest_complete(gate, Grain.MONTH).label == "Aug 2026"


# --- what must stay calm -------------------------------------------------------------------------


@pytest.mark.parametrize("page", OUTCOMES)
def test_customers_and_sales_alone_are_enough(page: str, tmp_path: Path, reading: Reading) -> None:
    reading(written(tmp_path / "d", {"customer": customers(60), "sales_transaction": sales(60)}))
    reader = Reader().open(page)
    assert reader.faults == []
    if page in ("overview", "spend"):
        assert reader.tiles
    if page == "nps":
        assert "survey_response" in reader.words


@pytest.mark.parametrize("page", OUTCOMES)
def test_customers_and_terms_alone_are_enough(page: str, tmp_path: Path, reading: Reading) -> None:
    reading(written(tmp_path / "d", {"customer": customers(60), "subscription_period": terms(60)}))
    reader = Reader().open(page)
    assert reader.faults == []
    if page == "retention":
        assert re.search(r"Retention (was|rose|fell)", reader.words)
    if page == "cost_to_serve":
        assert "interaction" in reader.words


@pytest.mark.parametrize("page", OUTCOMES)
def test_answers_alone_are_enough(page: str, tmp_path: Path, reading: Reading) -> None:
    reading(written(tmp_path / "d", {"survey_response": answers(220)}))
    reader = Reader().open(page)
    assert reader.faults == []
    if page == "nps":
        assert re.search(r"NPS (was|rose|fell)", reader.words)
    if page == "retention":
        assert "customer (columns customer_id)" in reader.words


@pytest.mark.parametrize("page", OUTCOMES)
def test_one_customer_and_a_single_month(page: str, tmp_path: Path, reading: Reading) -> None:
    tables = {"customer": customers(1), "sales_transaction": sales(1, months=1)}
    reading(written(tmp_path / "d", tables))
    reader = Reader().open(page)
    assert reader.faults == []
    assert not {"nan", "inf", "None", "NaT"} & set(reader.words.replace("\n", " ").split())


@pytest.mark.parametrize("page", OUTCOMES)
def test_nobody_is_left_after_a_filter(page: str, company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(
        in_plan="Pro", in_region="Portugal", in_segment="Seniors", journey="Cancel"
    ).open(page)
    assert reader.faults == []
    assert not {"nan", "inf", "NaT"} & set(reader.words.replace("\n", " ").split())


@pytest.mark.parametrize("page", OUTCOMES)
def test_a_hostile_segment_name_is_only_a_name(page: str, tmp_path: Path, reading: Reading) -> None:
    names = ["🚀 *Élite* ![x](https://evil.example/x.png)", "<b>SMB</b> $x^2$ :red[!]"]
    tables = {
        "customer": customers(120),
        "subscription_period": terms(120),
        **segments(names, 120),
    }
    reading(written(tmp_path / "d", tables))
    reader = Reader(in_segment=names[0]).open(page)
    assert reader.faults == []
    raw = "\n".join(str(element.value) for element in (*reader.at.markdown, *reader.at.caption))
    assert "![x](" not in raw
    if page == "retention":
        assert names[0] in reader.words


def test_a_hostile_attribute_name_is_only_a_name(tmp_path: Path, reading: Reading) -> None:
    scheme = "![x](https://evil.example/x.png)"
    tables = {"customer": customers(60), "subscription_period": terms(60), **segments(["A"], 60)}
    tables["customer_segment"] = [
        *tables["customer_segment"],
        *({**row, "scheme": scheme} for row in tables["customer_segment"]),
    ]
    reading(written(tmp_path / "d", tables))
    reader = Reader().open("retention")
    assert reader.faults == []
    labels = [control.label for control in reader.at.multiselect]
    assert any("evil" in label for label in labels)
    assert not any("![x](" in label for label in labels)


@pytest.mark.parametrize("page", OUTCOMES)
def test_negative_spend_is_shown_as_it_is(page: str, tmp_path: Path, reading: Reading) -> None:
    rows = [*sales(40, amount=5.0), *sales(40, amount=-400.0)]
    for at, row in enumerate(rows):
        row["transaction_id"] = f"T{at}"
    reading(written(tmp_path / "d", {"customer": customers(40), "sales_transaction": rows}))
    reader = Reader().open(page)
    assert reader.faults == []
    if page == "spend":
        assert reader.tiles["Revenue"].startswith("−€")


@pytest.mark.parametrize("page", OUTCOMES)
def test_a_series_that_never_changes_and_a_column_of_nothing_are_calm(
    page: str, tmp_path: Path, reading: Reading
) -> None:
    rows = [{**row, "net_amount": 20.0, "channel_code": None} for row in sales(60)]
    alike = [{**row, "nps_score": 9, "csat_score": None} for row in answers(40)]
    people = customers(60, acquisition_source=None, account_id=None)
    tables = {"customer": people, "sales_transaction": rows, "survey_response": alike}
    reading(written(tmp_path / "d", tables))
    reader = Reader(period="Aug 2026").open(page)
    assert reader.faults == []
    assert not {"nan", "inf", "None", "NaT"} & set(reader.words.replace("\n", " ").split())
    for tile in reader.at.metric:
        assert "↑" not in tile.delta
        assert tile.proto.color == tile.proto.MetricColor.GRAY, tile.label


# --- nothing there at all ------------------------------------------------------------------------


def test_without_data_the_app_says_how_to_begin(tmp_path: Path, reading: Reading) -> None:
    reading(tmp_path / "nowhere")
    reader = Reader()
    assert not reader.at.exception
    assert "There are no figures yet" in reader.words
    assert str(tmp_path) not in reader.words


def test_a_page_run_past_the_frame_shows_nothing(company: Path, reading: Reading) -> None:
    from tests.ui.reader import ROOT

    reading(company)
    for path in PAGES.values():
        at = AppTest.from_file(str(ROOT / path), default_timeout=60).run()
        assert not at.exception
        assert "opens from the menu" in at.info[0].value
        assert len(at.main) == 1
