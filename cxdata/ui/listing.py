"""The list in the drawer: the customers or answers behind a figure, and the same as a file.

Whoever opens it is written down, once for each list that is read; a file is read anew.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from cxdata.exports.csv_file import file_name
from cxdata.model.scope import Scope
from cxdata.panels.listing import Listing, listing, orderings, parts
from cxdata.panels.why import ANSWERED
from cxdata.query.lists.telling import SHOWN, Part
from cxdata.query.people import MOST
from cxdata.ui import cache, data, faults, why
from cxdata.ui.account import signed_in
from cxdata.ui.data import Ticket
from cxdata.ui.download import Origin, csv_bytes
from cxdata.ui.panel import table
from cxdata.ui.scope_bar import ADDRESS
from cxdata.ui.text import plain
from cxdata.ui.view import View

_TITLE: Final = "Who is behind it?"
_ICON: Final = ":material/groups:"
_KEPT: Final = "Who opens this list is kept, with the time and what was asked."
_NOBODY: Final = "That this list was read is kept; nobody signs in here, so not by whom."


def listed(
    view: View, ticket: Ticket, origin: Origin, name: str, by: tuple[str, ...] | None
) -> None:
    """Offer the list; it is read when it is opened, and the address opens it again."""
    section = st.expander(_TITLE, icon=_ICON, key=why.LIST, bind=ADDRESS)
    if not section.open:
        return
    with section, faults.calm(_TITLE):
        part, order = _chosen(view, name, by)
        asked = (view.scope, name, part, order)
        found: Listing = cache.listing(ticket, *asked, SHOWN, signed_in())
        for sentence in found.sentences:
            st.markdown(plain(sentence))
        if not found.count:
            return
        table(found.picture)
        words, control = st.columns([3, 1], vertical_alignment="center")
        words.caption(_KEPT if signed_in() else _NOBODY)
        control.download_button(
            "CSV",
            data=partial(_file, ticket, asked, origin),
            file_name=file_name(found.picture.name, origin.period),
            mime="text/csv",
            on_click="ignore",
            key="why-list-csv",
            type="tertiary",
            icon=":material/download:",
            help=f"Download this list, up to {MOST:,} rows",
        )


def _chosen(view: View, name: str, by: tuple[str, ...] | None) -> tuple[Part, str]:
    """Let a reader choose a part of the figure, and who stands first."""
    dimensions = by if by and by != ANSWERED else tuple(filter(None, (view.scheme,)))
    offered, ordered = parts(view.choices, view.scope, dimensions), orderings(name)
    left, right = st.columns(2)
    part = left.selectbox("Of whom", list(offered), key=why.PART, bind=ADDRESS)
    order = right.selectbox("Order", list(ordered), key=why.ORDER, bind=ADDRESS)
    return offered.get(part, ()), ordered.get(order, "")


def _file(ticket: Ticket, asked: tuple[Scope, str, Part, str], origin: Origin) -> bytes:
    """Read the whole list, up to its limit, and write it as a file; too long to be remembered."""
    drawn = listing(data.desk(ticket), *asked, MOST, signed_in()).picture
    return csv_bytes(drawn.table, drawn.columns, origin.remarked(drawn.remark))
