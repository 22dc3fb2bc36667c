"""From a page to a meeting: views kept, stories told, decisions logged, marks entered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st

from cxdata.cli import main
from cxdata.journal.decisions import decide, decisions
from cxdata.journal.entries import entries, write_entry
from cxdata.journal.stories import save_story, stories, story, versions
from cxdata.journal.tables import JOURNAL
from cxdata.journal.views import save_view, saved_views
from cxdata.model.story import Decision, Slide, Story, View
from cxdata.ui import data
from cxdata.ui.intake import watching
from tests.ui.reader import Reader
from tests.versions import two_versions

Reading = Callable[[Path], None]
HOSTILE = "<script>alert(1)</script> [x](javascript:1) *a* :red[b] $c$ ![i](http://e.vil/p.png)"


@pytest.fixture
def kept(company: Path, tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo company, with a journal of its own."""
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    reading(company)


def press(reader: Reader, label: str, at: int = 0) -> Reader:
    """Press a button by its name."""
    found = [one for one in reader.at.button if one.label.replace("\\", "") == label]
    assert found, f"no button {label}; there are {[one.label for one in reader.at.button]}"
    found[at].click()
    reader.at.run()
    return reader


def fill(reader: Reader, key: str, value: object) -> None:
    for kind in ("text_input", "text_area", "date_input", "selectbox", "number_input"):
        for field in getattr(reader.at, kind):
            if field.key == key:
                field.set_value(value)
                return
    raise AssertionError(f"no field {key}")


def board(*panels: str, **first: str) -> Story:
    slides = (Slide(View("retention", "", None, panel), **first) for panel in panels)
    return save_story(data.journal(), Story("Board", tuple(slides)), "Ann")


@pytest.mark.usefixtures("kept")
def test_a_view_is_saved_with_its_scope_and_put_into_a_story() -> None:
    made = board("survival")
    reader = Reader(journey="Get help").open("retention")
    press(reader, "Save this view")
    fill(reader, "view-name", "Help and staying")
    fill(reader, "view-story", "Board")
    fill(reader, "who-view", "Ann")
    press(reader, "Save")
    assert reader.faults == []
    view = View("retention", "journey=Get+help")
    assert saved_views(data.journal()) == {"Help and staying": view}
    (told,) = stories(data.journal())
    assert told.slides == (*made.slides, Slide(view))
    assert told.saved_by == "Ann"


@pytest.mark.usefixtures("kept")
def test_a_name_that_is_taken_is_said_and_nothing_is_lost() -> None:
    save_view(data.journal(), "Mine", View("spend"), "Bo")
    reader = Reader().open("retention")
    press(reader, "Save this view")
    fill(reader, "view-name", "Mine")
    press(reader, "Save")
    assert "There is a view named 'Mine' already" in reader.words
    assert saved_views(data.journal())["Mine"].page == "spend"


@pytest.mark.usefixtures("kept")
def test_slides_are_ordered_worded_and_kept_as_versions() -> None:
    made = board("trend-logo_retention", "segment-logo_retention")
    reader = Reader(story=made.id).open("stories")
    press(reader, "Later")
    assert [one.view.panel for one in story(data.journal(), made.id).slides] == [
        "segment-logo_retention",
        "trend-logo_retention",
    ]
    fill(reader, f"story-{made.id}-2-0-Title", "Who loves us")
    press(reader, "Save")
    newest = story(data.journal(), made.id)
    assert (newest.number, newest.slides[0].title) == (3, "Who loves us")
    press(reader, "Bring back", -1)
    assert story(data.journal(), made.id).slides == made.slides
    assert len(versions(data.journal(), made.id)) == 4
    press(reader, "Remove")
    assert [one.view.panel for one in story(data.journal(), made.id).slides] == [
        "segment-logo_retention"
    ]
    assert reader.faults == []


@pytest.mark.usefixtures("kept")
def test_two_editors_keep_both_their_words() -> None:
    made = board("trend-logo_retention")
    reader = Reader(story=made.id).open("stories")
    save_story(data.journal(), Story("Bo's", made.slides, made.id, made.number), "Bo")
    fill(reader, f"story-{made.id}-1-0-Title", "Mine")
    press(reader, "Save")
    assert "Bo saved this story as version 2 meanwhile" in reader.words
    assert story(data.journal(), made.id).name == "Bo's"
    titles = [one.value for one in reader.at.text_input if one.label == "Title"]
    assert titles == ["Mine"]
    press(reader, "Open the newer one")
    assert "Bo's" in [one.value for one in reader.at.text_input]


@pytest.mark.usefixtures("kept")
def test_a_story_opens_at_the_slide_of_its_address_and_goes_on_by_buttons() -> None:
    made = board("trend-logo_retention", "segment-logo_retention", "survival")
    reader = Reader(story=made.id, slide="2").open("present")
    assert "2 of 3" in reader.words
    assert "Retention by segment" in reader.words
    press(reader, "Next")
    assert reader.at.query_params["slide"] == "3"
    assert "3 of 3" in reader.words
    press(reader, "Next")
    assert "3 of 3" in reader.words
    press(reader, "Home")
    assert "1 of 3" in reader.words
    assert "Data version" in reader.words
    assert reader.faults == []


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("slide", ["-1", "0", "99999999999999999999", "x", "²", "' OR 1=1"])
def test_a_slide_that_there_is_not_is_the_nearest(slide: str) -> None:
    made = board("trend-logo_retention", "survival")
    reader = Reader(story=made.id, slide=slide).open("present")
    assert reader.faults == []
    assert "of 2" in reader.words


@pytest.mark.usefixtures("kept")
def test_a_room_may_ask_for_one_segment_and_comes_back_with_one_key() -> None:
    made = board("trend-logo_retention")
    reader = Reader(story=made.id, slide="1", in_region="Nordics").open("present")
    assert "Region Nordics" in reader.words
    press(reader, "Back to everybody")
    assert "All customers" in reader.words
    assert "in_region" not in reader.at.query_params
    press(reader, "Only…")
    fill(reader, "only", "Region: Nordics")
    reader.at.run()
    assert reader.at.query_params["in_region"] == "Nordics"
    assert "Region Nordics" in reader.words


@pytest.mark.usefixtures("kept")
def test_notes_follow_the_room() -> None:
    made = board("trend-logo_retention", "survival", notes="Breathe.", title="First")
    wall = Reader(story=made.id, slide="1", room="r1").open("present")
    press(wall, "Next")
    notes = Reader(story=made.id, room="r1", notes="1").open("present")
    assert "2 of 2" in notes.words
    assert "Breathe." in notes.words
    assert notes.faults == []
    elsewhere = Reader(story=made.id, slide="1", room="r2", notes="1").open("present")
    assert "1 of 2" in elsewhere.words


@pytest.mark.usefixtures("kept")
def test_a_decision_keeps_the_figures_that_the_room_saw_and_opens_the_next_meeting() -> None:
    made = board("trend-logo_retention")
    reader = Reader(story=made.id, slide="1").open("present")
    press(reader, "Decide")
    fill(reader, "decision-text", "Call every detractor")
    fill(reader, "decision-owner", "Di")
    fill(reader, "decision-due", date(2020, 1, 1))
    press(reader, "Log it")
    assert reader.faults == []
    (logged,) = decisions(data.journal(), made.id)
    desk = data.desk(data.opening().ticket)
    (figure,) = logged.figures
    assert figure["metric"] == "logo_retention"
    assert figure["version"] == desk.gate.version.id == logged.data_version
    assert logged.view == View("retention", "period=Sep+2026", None, "trend-logo_retention")
    again = Reader(story=made.id).open("present")
    assert "What we decided, and what the figures did since" in again.words
    assert "Call every detractor" in again.words
    assert "overdue" in again.words
    assert "No finished period since then yet." in again.words
    press(again, "Next")
    assert "1 of 1" in again.words


@pytest.mark.usefixtures("kept")
def test_what_a_figure_did_since_a_decision_is_told_with_its_evidence() -> None:
    made = board("trend-logo_retention")
    frozen = {"metric": "logo_retention", "period": "2026-03", "estimate": 0.9712}
    frozen |= {"lo": 0.96, "hi": 0.98}
    one = Decision(
        "Train all", "Ed", View("retention", "period=Mar+2026"), None, made.id, (frozen,)
    )
    decide(data.journal(), one, "Ann")
    reader = Reader(story=made.id).open("present")
    assert "in Mar 2026" in reader.words
    assert "in Sep 2026" in reader.words
    page = Reader().open("decisions")
    assert "As the meeting saw it: Retention 97.1 % ±1.0 pp in Mar 2026." in page.words
    press(page, "Close")
    fill(page, "outcome-text", "Everybody was trained")
    press(page, "Close it")
    assert "Everybody was trained" in page.words
    assert not decisions(data.journal())[0].is_open


@pytest.fixture
def store(tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of two versions, with a journal of its own."""
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    reading(tmp_path / "data")
    two_versions(tmp_path / "data")
    data.forget()
    return tmp_path / "data"


def test_a_slide_that_stays_at_a_version_shows_its_figures_and_decides_in_front_of_them(
    store: Path,
) -> None:
    views = [View("spend", "", version, "trend-revenue_per_customer") for version in ("1", None)]
    made = save_story(data.journal(), Story("Then", tuple(map(Slide, views))), "Ann")
    now = Reader(story=made.id, slide="2").open("present")
    reader = Reader(story=made.id, slide="1").open("present")
    assert reader.faults == []
    assert "Data version 1 kept; the newest is 2" in reader.words
    assert reader.at.title[0].value != now.at.title[0].value
    press(reader, "Decide")
    fill(reader, "decision-text", "Keep them")
    fill(reader, "decision-owner", "Di")
    press(reader, "Log it")
    (logged,) = decisions(data.journal(), made.id)
    assert logged.data_version.startswith("1")
    assert logged.figures[0]["version"] == logged.data_version
    (store / "versions" / "00000001.json").unlink()
    data.forget()
    gone = Reader(story=made.id, slide="1").open("present")
    assert "Data version 1 is no longer kept; those from 2 to 2 are." in gone.words
    assert "no longer kept" in Reader(story=made.id).open("stories").words


def test_summaries_of_an_earlier_version_are_built_while_the_room_waits(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (store / "marts").glob("1*.duckdb"):
        file.unlink()
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(watching, "start", lambda name, *command: asked.append(command))
    view = View("spend", "", "1", "trend-revenue_per_customer")
    made = save_story(data.journal(), Story("Then", (Slide(view),)), "Ann")
    reader = Reader(story=made.id, slide="1").open("present")
    assert "The figures of data version 1 are being summed up" in reader.words
    assert asked == [("build", "--version", "1")]
    assert main(list(asked[0])) == 0
    assert "Data version 1 kept" in Reader(story=made.id, slide="1").open("present").words


@pytest.mark.usefixtures("kept")
def test_one_picture_goes_into_a_story_without_a_name() -> None:
    made = board("survival")
    reader = Reader(journey="Get help").open("retention")
    reader.at.session_state["asking"] = ("view", "trend-logo_retention")
    reader.at.run()
    press(reader, "Save")
    assert "Choose a story, or type the name of a new one." in reader.words
    fill(reader, "view-story", "Board")
    press(reader, "Save")
    (told,) = stories(data.journal())
    view = View("retention", "journey=Get+help", None, "trend-logo_retention")
    assert told.slides == (*made.slides, Slide(view))
    assert saved_views(data.journal()) == {}
    assert "Retention: Retention over time" in Reader(story=told.id).open("stories").words


@pytest.mark.usefixtures("kept")
def test_an_event_noted_on_a_page_stands_on_its_trend_at_once() -> None:
    reader = Reader().open("retention")
    press(reader, "Note an event")
    fill(reader, "event-day", date(2026, 6, 9))
    fill(reader, "event-label", "New survey tool")
    fill(reader, "event-affects", "Retention")
    press(reader, "Note it")
    assert "Jun 2026: New survey tool" in Reader().open("retention").words
    assert "New survey tool" not in Reader().open("spend").words


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("kind", "add", "fields", "seen"),
    [
        ("Events", "Add an event", {"when": date(2026, 5, 1), "label": "Strike"}, "Strike"),
        (
            "Initiatives",
            "Add an initiative",
            {
                "name": "Letters",
                "owner": "Fay",
                "start": date(2026, 3, 1),
                "primary_metric": "nps",
            },
            "NPS",
        ),
        (
            "Goals",
            "Add a goal",
            {"metric": "logo_retention", "value": 97.5, "from": date(2026, 1, 1)},
            "Retention: 97.5 %",
        ),
        (
            "Owners",
            "Add an owner",
            {"thing": "metric:csat", "owner": "Gil", "since": date(2026, 1, 1)},
            "Gil since 01 Jan 2026",
        ),
    ],
)
def test_what_is_entered_is_listed_and_can_be_taken_away(
    kind: str, add: str, fields: dict[str, object], seen: str
) -> None:
    reader = Reader(kind=kind).open("events")
    press(reader, add)
    for name, value in fields.items():
        fill(reader, f"entry-{name}", value)
    press(reader, "Save")
    assert reader.faults == []
    assert seen in reader.words
    press(reader, "Remove")
    assert "Nothing was entered here yet" in reader.words


@pytest.mark.usefixtures("kept")
def test_a_form_without_what_is_needed_says_so_and_keeps_nothing() -> None:
    reader = Reader(kind="Goals").open("events")
    press(reader, "Add a goal")
    press(reader, "Save")
    assert "is needed" in reader.words
    assert entries(data.journal(), "target") == ()


@pytest.mark.usefixtures("kept")
def test_hostile_words_stay_words_on_every_page() -> None:
    slide = Slide(View("retention", "", None, "trend-logo_retention"), HOSTILE, HOSTILE, HOSTILE)
    made = save_story(data.journal(), Story(HOSTILE, (slide,)), HOSTILE)
    save_view(data.journal(), HOSTILE, View("nps", HOSTILE), HOSTILE)
    one = Decision(HOSTILE, HOSTILE, View("nps", HOSTILE), date(2026, 1, 1), made.id)
    decide(data.journal(), one, HOSTILE)
    for label in (HOSTILE, "=cmd()"):
        row = {"event_date": date(2026, 6, 1), "label": label}
        write_entry(data.journal(), "annotation", row, HOSTILE)
    data.renew()
    readers = [
        Reader().open("stories"),
        Reader(story=made.id).open("stories"),
        Reader(story=made.id).open("present"),
        Reader(story=made.id, slide="1").open("present"),
        Reader(story=made.id, slide="1", notes="1").open("present"),
        Reader().open("decisions"),
        Reader().open("events"),
        Reader().open("nps"),
    ]
    for reader in readers:
        assert reader.faults == []
        shown = [
            str(e.value)
            for kind in ("title", "markdown", "caption")
            for e in getattr(reader.at, kind)
        ]
        for words in [*shown, *(one.label for one in reader.at.button)]:
            assert "<script>" not in words
            assert "](javascript" not in words
            assert "![i](" not in words


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("page", ["stories", "decisions", "events", "present"])
def test_empty_pages_say_how_to_begin(page: str) -> None:
    reader = Reader().open(page)
    assert reader.faults == []
    assert reader.at.title


def test_a_journal_that_is_broken_takes_no_figure_with_it(
    company: Path, tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "journal.db"
    broken.write_bytes(b"no database " * 500)
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{broken}")
    reading(company)
    reader = Reader()
    assert reader.faults == []
    assert "Retention" in reader.tiles
    assert "not shown meanwhile" in reader.words
    assert Reader().open("stories").faults == []


def test_reading_alone_keeps_what_was_shown_and_nothing_else(
    company: Path, tmp_path: Path, reading: Reading
) -> None:
    st.cache_data.clear()  # the same company may have been shown to another test
    reading(shutil.copytree(company, tmp_path / "data"))
    assert Reader().faults == []
    with data.journal().reading() as connection:
        kept = {
            table.name
            for table in JOURNAL.sorted_tables
            if connection.execute(sa.select(table).limit(1)).first()
        }
    assert kept == {"shown_figure"}
