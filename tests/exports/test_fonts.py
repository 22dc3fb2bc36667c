from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cxdata.exports import fonts
from cxdata.exports.pack import pack
from cxdata.exports.paper import paper
from cxdata.model.story import Slide, Story, View
from cxdata.panels.choices import Desk
from tests.exports.conftest import CLOCK, Made

ROOT = Path(__file__).resolve().parents[2]
NO_FONTS = '<?xml version="1.0"?><fontconfig><dir>/nonexistent</dir></fontconfig>'


def typefaces(content: bytes) -> set[str]:
    """The names of every typeface in a PDF, without the mark of a subset."""
    found = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        resources: Any = page["/Resources"]
        for font in (resources.get("/Font") or {}).values():
            named = str(font.get_object().get("/BaseFont", "/+drawn"))
            found.add(named.lstrip("/").partition("+")[2])
    return found


def test_the_pdf_is_the_same_on_a_machine_without_any_typeface(made: Made, tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS)
    out = tmp_path / "pack"
    subprocess.run(
        [sys.executable, "-m", "cxdata", "pack", "board", "--source", str(made.company), "--quiet",
         "--formats", "pdf", "--clock", CLOCK.isoformat(), "--out", str(out)],
        cwd=ROOT,
        env={**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)},
        check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (path,) = out.glob("*.pdf")
    assert path.read_bytes() == made.content("pdf")


def test_only_its_own_typeface_stands_in_the_pdf(made: Made) -> None:
    assert typefaces(made.content("pdf")) == {"CXSans-Regular", "CXSans-Bold"}


def test_every_character_it_is_said_to_have_is_set_in_it(desk: Desk) -> None:
    shown = "".join(sorted(one for one in fonts.characters() if one.isalnum()))
    slide = Slide(View("retention", panel="trend-logo_retention"), title="Letters", takeaway=shown)
    content = paper(pack(desk, Story("Letters", (slide,)), CLOCK))
    assert typefaces(content) == {"CXSans-Regular", "CXSans-Bold"}
    words = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert not [one for one in "ąčđěğħłőřșțžαβγωАБВя" if one not in words]


@pytest.mark.parametrize("name", ["東京", "العربية", "🚀"])
def test_a_script_that_it_lacks_may_take_one_of_the_machine(name: str, desk: Desk) -> None:
    assert not fonts.covers(name)
    slide = Slide(View("retention", panel="trend-logo_retention"), title=name)
    content = paper(pack(desk, Story("Names", (slide,)), CLOCK))
    assert "CXSans-Regular" in typefaces(content)


def test_its_licence_lies_beside_it() -> None:
    said = (fonts.folder() / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in said
    assert "Adobe" in said
