from __future__ import annotations

import struct
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from cxdata.charts.theme import Caption
from cxdata.exports import slide_picture
from cxdata.panels import pages
from cxdata.panels.choices import Desk
from cxdata.panels.picture import Picture
from cxdata.panels.quote import quote
from cxdata.query.options import default_scope

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def trend(desk: Desk) -> Picture:
    return pages.picture(desk, default_scope(desk.gate), "segment", "trend-logo_retention")


def test_a_picture_has_slide_size_and_says_scope_and_version(trend: Picture) -> None:
    drawn = slide_picture.svg(trend, "All customers, Sep 2026.", "2026-10-20", "7")
    root = ElementTree.fromstring(drawn)
    assert (root.get("width"), root.get("height")) == ("1600", "900")
    words = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    for said in ("All customers, Sep 2026.", "Data complete to 2026-10-20", "Data version 7"):
        assert said in words
    assert trend.caption.title.split(",")[0] in words
    pixels = slide_picture.png(trend, "All customers, Sep 2026.", "2026-10-20", "7")
    assert struct.unpack(">II", pixels[16:24]) == (1600, 900)


def test_hostile_words_stay_words_in_a_picture(trend: Picture) -> None:
    said = "<script>x</script> & \"'"
    hostile = replace(trend, caption=Caption(said, said, said), notes=(said,))
    root = ElementTree.fromstring(slide_picture.svg(hostile, said, said, said))
    assert not list(root.iter(f"{SVG}script"))


def test_a_quote_has_the_evidence_of_what_it_names_and_its_origin(
    desk: Desk, trend: Picture
) -> None:
    said = quote(trend, desk.choices.format, "All customers, Sep 2026.", "Data version 7")
    row = trend.table.loc[trend.table["label"] == "Sep 2026"].iloc[0]
    assert f"n = {int(row['n']):,}" in said
    assert f"{row['lo'] * 100:.1f} to {row['hi'] * 100:.1f} %" in said
    assert said.endswith("All customers, Sep 2026. Data version 7.")
    assert "n = " not in quote(replace(trend, columns=()), desk.choices.format, "Everybody")
