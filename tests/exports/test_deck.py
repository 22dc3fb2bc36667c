from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from cxdata.cli import main
from cxdata.exports.deck import deck
from cxdata.exports.pack import pack
from cxdata.exports.scene import Scene
from cxdata.exports.series import NOW, Plot, Series, stepped
from cxdata.model.errors import CxError
from cxdata.model.metric import Unit
from cxdata.model.story import Slide, Story, View
from cxdata.panels.choices import Desk
from cxdata.panels.pages import PAGES
from tests.exports.conftest import CLOCK, Made


def slides(content: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(content)).slides)


def charts(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if getattr(shape, "has_chart", False)]


def words(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def scene_of(made: Made, panel: str) -> Scene:
    return next(one for one in made.pack.scenes if one.panel == panel)


def asked(made: Made, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """What the ``metric`` command says."""
    source = ["--source", str(made.company), "--format", "json"]
    assert main(["metric", *arguments, *source]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_each_slide_has_one_finding_as_its_title_and_says_where_it_is_from(made: Made) -> None:
    shown = slides(made.content("pptx"))
    assert len(shown) == len(made.pack.scenes) + 1
    for slide, scene in zip(shown, made.pack.scenes, strict=False):
        assert slide.shapes.title.text_frame.text == scene.title
        said = words(slide)
        assert scene.words.removesuffix(".") in said
        assert "data through 20 Oct 2026" in said
        assert made.pack.state.name in said
        for one in scene.definitions:
            assert one.words in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("name", ["logo_retention", "revenue_per_customer", "cost_per_customer"])
def test_the_chart_of_a_trend_holds_the_numbers_of_the_metric_command(
    made: Made, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    scene = scene_of(made, f"trend-{name}")
    chart = charts(slides(made.content("pptx"))[scene.place - 1])[0]
    said = asked(made, capsys, name, "--period", "all")
    finished = [None if one["flag"] == "partial" else one["estimate"] for one in said]
    drawn = chart.plots[0].series[0]
    assert list(drawn.values) == finished
    assert len(list(chart.plots[0].categories)) == len(said)
    interval = {series.name: series for series in chart.plots[0].series}
    if any(one["lo"] is not None for one in said):
        low = [None if one["flag"] == "partial" else one["lo"] for one in said]
        assert list(interval["Low (95 %)"].values) == low


def test_dots_and_their_table_hold_the_numbers_of_the_metric_command(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = scene_of(made, "segment-logo_retention")
    slide = slides(made.content("pptx"))[scene.place - 1]
    said = asked(made, capsys, "logo_retention", "--by", "segment")
    shown = [one for one in said if one["estimate"] is not None]
    chart = charts(slide)[0]
    across = [
        float(v.text)
        for series in chart.plots[0].series
        if not series.name.endswith(("interval", "earlier"))
        for v in series._element.xpath("c:xVal//c:v")
    ]
    assert sorted(across) == sorted(one["estimate"] for one in shown)
    table = next(shape.table for shape in slide.shapes if getattr(shape, "has_table", False))
    cells = {row.cells[1].text for row in table.rows}
    assert {f"{one['estimate'] * 100:.1f} %" for one in shown} <= cells


def test_a_bridge_adds_up_in_the_chart(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    chart = charts(slides(made.content("pptx"))[0])[0]
    lines = {
        one["slice"]["line"]: one["estimate"] for one in asked(made, capsys, "customer_bridge")
    }
    series = {one.name: [v or 0.0 for v in one.values] for one in chart.plots[0].series}
    assert series["Total"][0] == lines["start"]
    assert series["Total"][-1] == lines["end"]
    steps = sum(series["Gained"]) - sum(series["Lost"])
    assert series["Total"][0] + steps == series["Total"][-1]


def test_charts_are_native_and_hold_their_own_workbook(made: Made) -> None:
    found = [chart for slide in slides(made.content("pptx")) for chart in charts(slide)]
    assert len(found) >= 8
    assert all(chart.part.chart_workbook.xlsx_part is not None for chart in found)


def test_nothing_stands_beyond_the_edges_of_a_slide(made: Made) -> None:
    shown = Presentation(io.BytesIO(made.content("pptx")))
    for slide in shown.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height


def test_a_company_template_keeps_its_size_its_layouts_and_loses_its_slides(
    made: Made, tmp_path: Path
) -> None:
    own = Presentation()
    own.slide_width, own.slide_height = Inches(10), Inches(7.5)
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text_frame.text = "Old slide"
    own.save(str(tmp_path / "company.pptx"))
    shown = Presentation(io.BytesIO(deck(made.pack, tmp_path / "company.pptx")))
    assert (shown.slide_width, shown.slide_height) == (Inches(10), Inches(7.5))
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert titles[0] == made.pack.scenes[0].title
    assert "Old slide" not in titles
    for slide in shown.slides:
        assert all(shape.left + shape.width <= shown.slide_width for shape in slide.shapes)


def test_a_file_that_is_no_template_is_refused_in_a_sentence(made: Made, tmp_path: Path) -> None:
    (tmp_path / "company.pptx").write_bytes(b"no deck")
    with pytest.raises(CxError, match="is no PowerPoint template"):
        deck(made.pack, tmp_path / "company.pptx")


def test_every_picture_of_every_page_makes_a_slide(desk: Desk) -> None:
    views = [View(page.path, panel=name) for page in PAGES.values() for name in page.pictures]
    story = Story("All", tuple(Slide(view, takeaway="What to take away.") for view in views))
    told = pack(desk, story, CLOCK)
    assert len(slides(deck(told))) == len(told.scenes) + 1
    assert len(told.scenes) >= 25
    assert {scene.kind for scene in told.scenes} >= {
        *("trend", "journey", "segment", "lines", "grid", "bridge", "cohorts", "survival"),
        *("distribution", "scores", "groups"),
    }


def test_a_slide_says_nothing_of_what_only_the_page_draws(made: Made) -> None:
    shown = Presentation(io.BytesIO(made.content("pptx")))
    said = [s.text_frame.text for one in shown.slides for s in one.shapes if s.has_text_frame]
    assert not [words for words in said if "usual range;" in words or "ringed" in words]
    assert not [words for words in said if "grey lines" in words]


def test_a_curve_of_steps_stays_level_until_the_next() -> None:
    ages = Plot(("0", "6", "7"), (Series("Still there", NOW, (1.0, 0.4, 0.3)),), Unit.SHARE)
    drawn = stepped(ages)
    assert drawn.categories == tuple("01234567")
    assert drawn.series[0].values == (1.0,) * 6 + (0.4, 0.3)
