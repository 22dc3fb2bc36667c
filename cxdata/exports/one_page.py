"""One page as a story: its finding with its figures, then each of its further pictures."""

from __future__ import annotations

from dataclasses import replace

from cxdata.model.errors import CxError
from cxdata.model.scope import Scope
from cxdata.model.story import Slide, Story, View
from cxdata.panels import pages
from cxdata.panels.address import asked
from cxdata.panels.choices import Desk


def of_page(desk: Desk, view: View) -> Story:
    """Return a page as these data can show it; the first slide has its main picture already.

    Raises:
        CxError: there is no such page.
    """
    page = pages.page_of(view.page)
    wanted = asked(view.address, desk.choices)
    there = [name for name in page.pictures if _is_there(desk, wanted.scope, wanted.scheme, name)]
    slides = (Slide(replace(view, page=page.path, panel=name)) for name in ("", *there[1:]))
    return Story(page.name, tuple(slides))


def _is_there(desk: Desk, scope: Scope, scheme: str | None, name: str) -> bool:
    try:
        return not pages.picture(desk, scope, scheme, name).empty
    except CxError:
        return False
