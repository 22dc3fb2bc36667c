"""The drawer that answers why a figure changed: sentences, its parts, and what the figure is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from cxdata.metrics import metric as known_metric
from cxdata.panels.asked_for import why_name
from cxdata.panels.definition import Definition
from cxdata.panels.why import Explained, Narrower
from cxdata.query.statement import JOURNEY
from cxdata.ui import cache, faults, why
from cxdata.ui.data import Ticket
from cxdata.ui.download import Origin
from cxdata.ui.listing import listed
from cxdata.ui.panel import panel
from cxdata.ui.scope_bar import ADDRESS
from cxdata.ui.text import plain
from cxdata.ui.view import View

_WIDTH: Final = 940
"""Width of the drawer in pixels: a bridge and its words, beside the figure that is asked about."""


def answer(view: View, ticket: Ticket, origin: Origin) -> None:
    """Open the drawer that the address asks for, if it does."""
    name = why.asked()
    if name is None:
        return
    title = f"{plain(known_metric(name).label)}, {plain(view.scope.period.label)}"
    drawer = st.dialog(title, width=_WIDTH, position="right", on_dismiss=why.forget)
    drawer(_answer)(view, ticket, origin, name)


def _answer(view: View, ticket: Ticket, origin: Origin, name: str) -> None:
    with faults.calm("Why?"):
        by = _why(view, ticket, origin, name) if cache.explained(ticket, name) else None
        if cache.listed(ticket, name):
            listed(view, ticket, origin, name, by)
    with faults.calm("Definition"):
        define(cache.definition(ticket, view.scope, name))


def _why(view: View, ticket: Ticket, origin: Origin, name: str) -> tuple[str, ...]:
    """Say why, and return by what it was told."""
    by = _by(view, cache.splits(ticket, name))
    with faults.calm("Why?"):
        found: Explained = cache.why(ticket, view.scope, name, by)
        for sentence in found.sentences:
            st.markdown(plain(sentence))
        for key, drawn in (("parts", found.parts), ("cells", found.cells)):
            if drawn is not None:
                panel(drawn, why_name(name, by, key), origin)
        _narrow(view, found.further)
    return by


def _by(view: View, offered: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Let a reader choose by what a change is split; a figure's own parts come first."""
    names = list(offered)
    own = next((name for name, by in offered.items() if by in ((), (view.scheme,))), names[0])
    chosen = st.segmented_control(
        "Split the change",
        names,
        default=own,
        required=True,
        key=why.BY,
        bind=ADDRESS,
        label_visibility="collapsed",
    )
    return offered.get(chosen or own, offered[own])


def _narrow(view: View, further: tuple[Narrower, ...]) -> None:
    """Offer the slices to look into: the page and this drawer then show one alone."""
    if not further:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Look into", width="content")
        for place, one in enumerate(further):
            wanted = _controls(view, one)
            if st.button(plain(one.label), key=f"why-into-{place}", on_click=_set, args=(wanted,)):
                st.rerun()


def _controls(view: View, one: Narrower) -> dict[str, list[str]]:
    """The controls of the scope bar that show one slice, and their values."""
    return {
        "journey" if name == JOURNEY else f"in_{name}": [view.choices.names(name)[code]]
        for name, code in one.within
    }


def _set(wanted: Mapping[str, list[str]]) -> None:
    for key, names in wanted.items():
        st.session_state[key] = names


def define(found: Definition) -> None:
    """Say what a figure is: sentence, formula and parts, who answers for it, and its SQL."""
    st.subheader("How it is defined", divider="gray")
    st.markdown(plain(found.sentence))
    first, *rest = (f"| {plain(name)} | {plain(words)} |" for name, words in found.rows)
    st.markdown("\n".join((first, "|---|---|", *rest)))
    if found.sql:
        with st.expander("SQL on this engine", icon=":material/database:"):
            for statement in found.sql:
                st.code(statement, language="sql", wrap_lines=True)
