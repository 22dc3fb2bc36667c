from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cxdata.metrics import registry
from cxdata.model.errors import CxError, UnknownName
from cxdata.panels import pages
from cxdata.panels.choices import Desk
from cxdata.panels.pages import PAGES, page_of
from cxdata.query.options import default_scope

FILES = Path(__file__).resolve().parents[2] / "pages" / "outcomes"


def calls(path: str) -> dict[str, list[ast.Call]]:
    """The verbs of a page's file, in their order, by name."""
    source = ast.parse((FILES / f"{path.replace('-', '_')}.py").read_text())
    found: dict[str, list[ast.Call]] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.setdefault(node.func.attr, []).append(node)
    return found


def words(call: ast.Call) -> tuple[str, ...]:
    return tuple(str(part.value) for part in call.args if isinstance(part, ast.Constant))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_told_as_its_file_says_it(path: str) -> None:
    page, verbs = PAGES[path], calls(path)
    source = ast.parse((FILES / f"{path.replace('-', '_')}.py").read_text())
    assert ast.get_docstring(source) == page.question
    assert words(verbs["headline"][0]) == page.headline
    assert words(verbs["tiles"][0]) == page.tiles
    ways = {part.arg for part in verbs["headline"][0].keywords}
    assert ("heads" in ways, "slices" in ways) == (page.has_heads, page.has_slices)
    for verb, kind in (("trend", "trend"), ("over_time", "lines"), ("distribution",) * 2):
        shown = {f"{kind}-{words(call)[0]}" for call in verbs.get(verb, [])}
        assert shown <= set(page.pictures)
    for call in verbs.get("slices", []):
        assert f"segment-{words(call)[0]}" in page.pictures


def test_every_picture_of_every_page_can_be_asked_for(desk: Desk) -> None:
    scope, scheme = default_scope(desk.gate), next(iter(desk.choices.schemes))
    for page in PAGES.values():
        for name in page.pictures:
            drawn = pages.picture(desk, scope, scheme, name)
            assert drawn.caption.title, name
            assert drawn.empty or len(drawn.table), name
            assert set(pages.metrics_of(name)) <= registry().keys()


def test_a_name_that_there_is_not_is_said(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="no picture named"):
        pages.picture(desk, default_scope(desk.gate), None, "pie-nps")
    with pytest.raises(UnknownName, match="no page named"):
        page_of("sales")
    assert page_of("/nps").name == "NPS"
    assert page_of("").path == "overview"


def test_without_an_attribute_a_picture_by_segment_says_what_is_missing(desk: Desk) -> None:
    with pytest.raises(CxError, match="segments of customers"):
        pages.picture(desk, default_scope(desk.gate), None, "segment-nps")


def test_the_first_sentences_are_those_of_the_page(desk: Desk) -> None:
    scope, scheme = default_scope(desk.gate), next(iter(desk.choices.schemes))
    told = pages.sentences(desk, scope, scheme, PAGES["overview"])
    assert "customers won" in told[0].text
    assert len(pages.tiles(desk, scope, PAGES["overview"])) == 8
