"""The pages of the data through `app.py`: an empty store, a store, a folder that is only read."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cxdata.cli import main
from tests.publish.kit import SALES
from tests.ui.reader import ROOT, Reader

Reading = Callable[[Path], None]
TILL = "transaction_id,customer_id,transaction_date,net_amount\n" + "".join(
    f"T{at},C{at % 40},2025-{1 + at % 12:02d}-{1 + at % 27:02d},{10 + at % 7}.50\n"
    for at in range(600)
)


def opened(page: str, **query: str) -> Reader:
    reader = Reader()
    for name, value in query.items():
        reader.at.query_params[name] = value
    reader.at.switch_page(f"pages/data/{page}.py")
    reader.at.run()
    return reader


def waited(reader: Reader, until: str, seconds: float = 150.0) -> Reader:
    """Look again, as the page does by itself, until it says something."""
    end = time.monotonic() + seconds
    while until not in reader.words and time.monotonic() < end:
        time.sleep(0.3)
        reader.at.run()
    assert until in reader.words
    return reader


def press(reader: Reader, label: str) -> None:
    next(one for one in reader.at.button if one.label == label).click()
    reader.at.run()


@pytest.fixture
def empty(tmp_path: Path, reading: Reading) -> Path:
    reading(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("page", ["upload", "health", "history"])
def test_pages_of_the_data_stand_before_anything_is_published(page: str, empty: Path) -> None:
    reader = opened(page)
    assert reader.faults == []
    assert reader.at.title[0].value.endswith("?")


def test_the_first_extract_of_an_empty_store_goes_all_the_way(empty: Path) -> None:
    reader = opened("upload")
    reader.at.file_uploader[0].upload("till.csv", TILL.encode())
    reader.at.run()
    waited(reader, "What is in it")
    assert "600 records in 4 columns." in reader.words
    press(reader, "Go on")
    assert "Which column is what" in reader.words
    press(reader, "Check it")
    waited(reader, "Show it to everybody")
    assert "600 new" in reader.words
    assert "sales transaction: 0 rows published now, 600 after" in reader.words
    next(one for one in reader.at.text_input if one.label == "Your name").set_value("Ann")
    reader.at.run()
    press(reader, "Publish")
    waited(reader, "Everybody's pages now show version 1.")
    history = opened("history")
    assert "Everybody sees version 1, published just now by Ann." in history.words
    assert "Loaded till.csv. It changed" in history.words
    assert history.faults == []


def test_rows_of_unknown_customers_are_set_aside_on_the_page(empty: Path, tmp_path: Path) -> None:
    recipe = empty / "recipes" / "shop" / "1.toml"
    recipe.parent.mkdir(parents=True)
    recipe.write_text(SALES)
    known = "".join(f"S{at},C{at},2025-01-01,1.00\n" for at in range(39))
    (tmp_path / "known.csv").write_text(f"id,who,day,sum\n{known}")
    assert main(["load", str(tmp_path / "known.csv"), "--quiet", "--user", "Eve"]) == 0
    reader = opened("upload")
    reader.at.file_uploader[0].upload("till.csv", TILL.encode())
    reader.at.run()
    waited(reader, "What is in it")
    press(reader, "Go on")
    press(reader, "Check it")
    waited(reader, "Show it to everybody")
    press(reader, "3 Check")
    choice = next(one for one in reader.at.radio if one.label.startswith("What becomes of rows"))
    choice.set_value("aside")
    reader.at.run()
    press(reader, "Check it again like this")
    waited(reader, "600 records: 585 fit, 15 set aside.")
    assert reader.faults == []


def test_what_cannot_be_read_is_said_with_a_way_on(empty: Path) -> None:
    reader = opened("upload")
    reader.at.file_uploader[0].upload("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(900))
    reader.at.run()
    waited(reader, "It cannot be read as it is")
    assert reader.faults == []
    press(reader, "All extracts")
    assert "photo.csv" in reader.words


@pytest.mark.parametrize("extract", ["", "0" * 12, "../../etc", "<script>", "x" * 5_000])
def test_an_address_of_no_extract_is_calm(extract: str, empty: Path) -> None:
    reader = opened("upload", extract=extract, step="publish")
    assert reader.faults == []


def test_the_invented_company_can_be_taken_away_before_ones_own_data_come(
    tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading(tmp_path / "data")
    assert main(["demo", "--customers", "120", "--months", "6", "--quiet"]) == 0
    reader = opened("upload")
    assert "an invented company" in reader.words
    press(reader, "Take the invented company away")
    assert "an invented company" not in reader.words
    assert "Redo" not in reader.words
    history = opened("history")
    assert "Took the invented company away." in history.words
    assert "Undo: back to version 1" in [one.label for one in history.at.button]
    assert "Nothing is published. Two extracts make most pages useful" in Reader().words
    assert "nothing to judge yet" in opened("health").words


@pytest.mark.parametrize("page", ["upload", "history"])
def test_a_folder_that_is_only_read_says_so(page: str, company: Path, reading: Reading) -> None:
    reading(company)
    reader = opened(page)
    assert "These data are only read here" in reader.words
    assert reader.at.get("file_uploader") == []
    assert reader.faults == []


def test_the_health_of_the_data_is_said_in_words_first(company: Path, reading: Reading) -> None:
    reading(company)
    reader = opened("health")
    assert "The data reach to 20 October 2026" in reader.words
    assert "A customer is named by" in reader.words
    assert "Table by table" in reader.words
    assert reader.faults == []


@pytest.mark.parametrize("page", ["upload", "health", "history"])
def test_no_page_of_the_data_opens_outside_the_frame(page: str) -> None:
    from streamlit.testing.v1 import AppTest

    alone = AppTest.from_file(str(ROOT / "pages" / "data" / f"{page}.py"), default_timeout=60).run()
    assert not alone.exception
    assert [one.value for one in alone.info] == ["This page opens from the menu."]
