"""The look of a deck: the product's own, or that of the company's template."""

from __future__ import annotations

import re
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from cxdata.charts import theme

_WIDE: Final = (Inches(40 / 3), Inches(7.5))
_EDGE: Final = Inches(0.6)
_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_QUIET: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


def own() -> Any:
    """Return an empty deck of 16 to 9 with the product's colours and a title line on top."""
    shown = Presentation()
    shown.slide_width, shown.slide_height = _WIDE
    _coloured(shown)
    layouts = [shown.slide_master, *shown.slide_layouts]
    for shape in (shape for layout in layouts for shape in layout.placeholders):
        if shape.placeholder_format.type in _TITLES:
            shape.left, shape.top = _EDGE, Inches(0.4)
            shape.width, shape.height = _WIDE[0] - 2 * _EDGE, Inches(0.95)
            frame = shape.text_frame
            frame.margin_left = frame.margin_right = 0
            frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        else:
            shape.left, shape.width = int(shape.left * 4 / 3), int(shape.width * 4 / 3)
    _titles_left(shown)
    return shown


def _titles_left(shown: Any) -> None:
    """Set the titles of the master to the left, in bold ink."""
    style = shown.slide_master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    style.find(qn("a:defRPr")).set("b", "1")


def _coloured(shown: Any) -> None:
    """Write the product's categories into the theme, so that charts made by hand have them too."""
    part = next(
        rel.target_part
        for rel in shown.slide_master.part.rels.values()
        if rel.reltype.endswith("/theme")
    )
    text = part.blob.decode("utf-8")
    for at, colour in enumerate(theme.CATEGORIES["light"][:6], 1):
        text = re.sub(
            rf"(<a:accent{at}>)<a:srgbClr val=\"\w+\"/>",
            rf'\g<1><a:srgbClr val="{colour[1:]}"/>',
            text,
        )
    ink = theme.SURFACES["light"]["ink"][1:]
    dark = rf'<a:dk1><a:srgbClr val="{ink}"/></a:dk1>'
    part._blob = re.sub(r"<a:dk1>.*?</a:dk1>", dark, text, flags=re.DOTALL).encode("utf-8")


def emptied(shown: Any) -> None:
    """Take the slides out of a template; its masters and layouts stay."""
    slides = shown.slides._sldIdLst
    for entry in list(slides):
        shown.part.drop_rel(entry.rId)
        slides.remove(entry)


def titled(shown: Any) -> tuple[Any, int]:
    """Return the layout with a title and the most room below it, and where that room begins."""
    found = [(layout, title) for layout in shown.slide_layouts if (title := _title(layout))]
    if not found:
        layout = shown.slide_layouts[0]
        return layout, int(shown.slide_height * 0.2)
    layout, title = min(found, key=lambda one: (_others(one[0]), one[1].top or 0))
    return layout, int((title.top or 0) + (title.height or Inches(1)) + Pt(8))


def edge(layout: Any, width: int) -> int:
    """Return the distance from the edge that the template keeps."""
    title = _title(layout)
    left = int(title.left) + int(_margin(title)) if title is not None and title.left else int(_EDGE)
    return left if 0 < left < width // 4 else int(_EDGE)


def _margin(title: Any) -> Any:
    frame = title.text_frame
    return frame.margin_left if frame.margin_left is not None else Emu(0)


def _title(layout: Any) -> Any:
    return next((p for p in layout.placeholders if p.placeholder_format.type in _TITLES), None)


def _others(layout: Any) -> int:
    quiet = (*_TITLES, *_QUIET)
    return sum(one.placeholder_format.type not in quiet for one in layout.placeholders)
