"""One click from a figure to why it changed, and an address that asks again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxdata.journal.asked import asked as kept
from cxdata.query.options import default_scope
from cxdata.ui import data, listing, why
from cxdata.ui.download import Origin
from tests.ui.reader import OUTCOMES, Reader

Reading = Callable[[Path], None]


def test_one_click_on_a_tile_says_why_and_stands_in_the_address(
    company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader()
    assert "came with" not in reader.words
    reader.at.button(key="why-logo_retention").click().run()
    assert reader.faults == []
    assert "Of the change of" in reader.words
    assert "came with retention itself within each segment" in reader.words
    assert reader.at.query_params[why.KEY] == "logo_retention"


def test_the_address_asks_again_by_the_same_split(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(why="revenue", why_by="By region")
    assert "a different mix by region" in reader.words
    assert reader.faults == []


@pytest.mark.parametrize("page", OUTCOMES)
def test_every_tile_and_trend_of_a_page_can_be_asked(
    page: str, company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader().open(page)
    asked = {str(one.key) for one in reader.at.button if one.label in ("Why?", "What?")}
    assert len(asked) >= len(reader.at.metric)
    for key in sorted(asked)[:2]:
        reader.at.button(key=key).click().run()
        assert reader.faults == []
        assert "How it is defined" in reader.words


def test_the_definition_is_told_with_its_sql(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(why="logo_retention")
    assert "Of the customers at the start, the share still active at the end" in reader.words
    assert "| Denominator | start |" in reader.words
    assert "| Owner | Marta Silva |" in reader.words
    assert any("customers_retained" in code.value for code in reader.at.code)


def test_a_figure_of_the_whole_history_has_a_definition_only(
    company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader(why="lost_share")
    assert "How it is defined" in reader.words
    assert "came with" not in reader.words
    assert reader.faults == []


def test_a_slice_that_stands_out_is_looked_into(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(why="revenue")
    name = reader.at.button(key="why-into-0").label.replace("\\", "")
    reader.at.button(key="why-into-0").click().run()
    assert f"Segment {name}, Sep 2026" in reader.words
    assert reader.at.query_params["in_segment"] == name
    assert reader.faults == []


def test_an_unfinished_month_and_no_comparison_say_why_there_is_no_why(
    company: Path, reading: Reading
) -> None:
    reading(company)
    assert "cannot be explained" in Reader(why="revenue", period="Oct 2026").words
    assert "Choose what to compare with" in Reader(why="revenue", vs="No comparison").words


@pytest.mark.parametrize("name", ["", "no_such", "<script>", "x" * 9_000])
def test_a_figure_that_there_is_not_is_not_asked(
    name: str, company: Path, reading: Reading
) -> None:
    reading(company)
    reader = Reader(why=name)
    assert reader.faults == []
    assert "How it is defined" not in reader.words


def test_the_dictionary_tells_a_figure_in_full(company: Path, reading: Reading) -> None:
    reading(company)
    reader = Reader(figure="Cost per contact").open("dictionary")
    reader.at.selectbox(key="figure").set_value("Cost per contact").run()
    assert reader.faults == []
    assert "| Formula | cost of contacts / contacts with a rate |" in reader.words
    assert any("interaction_summary" in code.value for code in reader.at.code)


def test_the_list_behind_a_figure_is_read_when_it_is_opened_and_kept(
    company: Path, reading: Reading
) -> None:
    reading(company)
    assert "customers lost in" not in Reader(why="customers_lost").words
    asked = {why.KEY: "customers_lost", why.LIST: "true", why.BY: "By region"}
    reader = Reader(**asked)
    assert reader.faults == []
    assert "customers lost in" in reader.words
    tables = [one.value for one in reader.at.dataframe if "reason" in one.value]
    (lost,) = tables
    assert lost["name"].is_unique
    part = next(one for one in reader.at.selectbox if one.label == "Of whom")
    region = str(lost["in_region"].iloc[0])
    assert region in part.options
    reader = Reader(**asked, **{why.PART: region})
    assert reader.faults == []
    (fewer,) = [one.value for one in reader.at.dataframe if "reason" in one.value]
    assert 0 < len(fewer) < len(lost)
    assert set(fewer["in_region"]) == {region}
    assert {one.of for one in kept(data.journal())} == {"customers_lost"}


def test_every_file_of_a_list_is_read_anew_and_kept(company: Path, reading: Reading) -> None:
    reading(company)
    ticket = data.opening().ticket
    scope = default_scope(data.gate(ticket))
    before = len(kept(data.journal()))
    for times in (1, 2):
        file = listing._file(ticket, (scope, "customers_lost", (), ""), Origin("Everybody"))
        header, *rows = file.decode("utf-8-sig").splitlines()
        assert header.startswith("Customer,What happened,")
        assert rows
        assert len(kept(data.journal())) == before + times


def test_a_figure_of_nobodys_rows_offers_no_list(company: Path, reading: Reading) -> None:
    reading(company)
    labels = [one.label for one in Reader(why="response_rate").at.expander]
    assert "Who is behind it?" not in labels
