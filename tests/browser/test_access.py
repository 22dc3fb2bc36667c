"""Every page for everybody: a quiet console, words that can be read, controls with names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]

ROOT = Path(__file__).resolve().parents[2]
AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")
PATHS = [
    "" if page.stem == "overview" else page.stem.replace("_", "-")
    for page in sorted((ROOT / "pages").glob("*/*.py"))
    if page.stem != "present"  # a story's wall; it is looked at with its stories
]
DEEP = [
    "retention?grain=Quarter&journey=Get+help&in_segment=Families",
    "nps?vs=vs+a+year+earlier&by=Region",
    "retention?why=logo_retention",
    "spend?in_region=Nordics&journey=Cancel",
]

KNOWN: Final[dict[str, str]] = {
    r'Infinite extent for field "[xy]": \[Infinity, -Infinity\]': (
        "Streamlit's small trend in a figure has a layer for the point under the mouse, which is"
        " empty as long as there is none"
    ),
}
"""Warnings that this product cannot end, each with its reason."""


def unknown(warnings: list[str]) -> list[str]:
    return [said for said in warnings if not any(re.search(known, said) for known in KNOWN)]


@pytest.mark.parametrize("path", [*PATHS, *DEEP])
def test_the_console_is_quiet(path: str, visit: Visitor) -> None:
    one = visit()
    one.open(path)
    one.page.wait_for_timeout(500)
    assert one.errors == []
    assert unknown(one.warnings) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_and_controls_have_names(scheme: str, visit: Visitor) -> None:
    one = visit(1440, 900, scheme)
    found = {path: problems for path in PATHS if (problems := audited(one, path))}
    assert found == {}


def test_a_thumb_finds_every_control_on_a_phone(visit: Visitor) -> None:
    one = visit(390, 844)
    found = {path: problems for path in PATHS if (problems := audited(one, path))}
    assert found == {}


def audited(one: Visit, path: str) -> list[str]:
    """What the audit finds on a page."""
    page = one.open(path)
    for chart in page.locator('[data-testid="stVegaLiteChart"]').all():
        chart.locator("svg.marks").wait_for()
    found: list[str] = page.evaluate(AUDIT)
    return found


def test_focus_can_be_seen(visit: Visitor) -> None:
    page = visit().open("retention")
    page.add_style_tag(content="* { transition: none !important; }")
    look = """async () => {
      const ring = (at) => {
        const style = getComputedStyle(at);
        return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor,
          style.backgroundColor, style.color].join();
      };
      const drawn = () => new Promise((done) => setTimeout(done, 120));
      const focused = document.activeElement;
      const around = [];
      for (let at = focused; at && around.length < 7; at = at.parentElement) around.push(at);
      await drawn();
      const before = around.map(ring);
      focused.blur();
      await drawn();
      const after = around.map(ring);
      focused.focus({focusVisible: true});
      return [focused.getAttribute("aria-label") || focused.innerText || focused.tagName,
        before.some((one, place) => one !== after[place])];
    }"""
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name, is_seen = page.evaluate(look)
        is_control = page.evaluate("!document.activeElement.matches('main, body')")
        if is_control and not is_seen:
            unseen.append(name[:40])
    assert unseen == []
