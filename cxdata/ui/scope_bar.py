"""The scope bar: one row of controls for all pages, kept in the address.

Each control is bound to a query parameter under its key; the address then holds what the reader
sees, such as ``?period=Q3+2026&journey=Onboarding``. Defaults stay out of it. A value that is not
among the options is ignored, and what a control returns is looked up among them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeVar

import streamlit as st

from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels.address import COMPARISONS, GRAINS
from cxdata.panels.choices import Choices
from cxdata.ui.text import plain
from cxdata.ui.unanswered import unanswered
from cxdata.ui.view import View

T = TypeVar("T")
ADDRESS: Final[Literal["query-params"]] = "query-params"


_KEYS: Final = ("grain", "period", "vs", "journey", "by")


def scope_bar(choices: Choices) -> View:
    """Draw the controls and return what the reader asks for.

    On a phone the period alone stays in sight, and a switch opens the others (``look.css``).
    """
    unknown = unanswered(choices, st.query_params.to_dict(), st.query_params.get_all)
    with st.container(key="scope-bar", horizontal=True, vertical_alignment="center", gap="xsmall"):
        grain = _grain(choices)
        period = _period(choices, grain)
        st.toggle("Change scope", key="scope-open", on_change="ignore")
        compare = _one("Compare with", "vs", COMPARISONS, width=185)
        journeys = _several("Journeys", "journey", choices.journey_names, "All journeys")
        scheme = _scheme(choices)
        where = _where(choices, scheme)
    for sentence in unknown:
        st.info(plain(sentence), icon=":material/link_off:")
    scope = Scope(period, compare, journeys, tuple(where.items()))
    return View(scope=scope, scheme=scheme, choices=choices)


def keep_scope() -> None:
    """Keep what was chosen while a page without a scope is open: Streamlit forgets it otherwise."""
    for key in st.session_state:
        name = str(key)
        if name in _KEYS or name.startswith("in_"):
            st.session_state[name] = st.session_state[name]


def _grain(choices: Choices) -> Grain:
    offered = [name for name, grain in GRAINS.items() if choices.periods.get(grain)]
    chosen = st.segmented_control(
        "Length of period",
        offered,
        default=offered[0],
        required=True,
        key="grain",
        bind=ADDRESS,
        label_visibility="collapsed",
    )
    return GRAINS.get(chosen or "", GRAINS[offered[0]])


def _period(choices: Choices, grain: Grain) -> Period:
    names = {period.label: period for period in choices.periods[grain]}
    latest = choices.latest(grain)
    return _one("Period", "period", names, width=130, default=latest.label)


def _one(
    label: str, key: str, names: Mapping[str, T], *, width: int, default: str | None = None
) -> T:
    offered = list(names)
    start = default if default is not None and default in names else offered[0]
    chosen = st.selectbox(
        label,
        offered,
        index=offered.index(start),
        key=key,
        bind=ADDRESS,
        label_visibility="collapsed",
        width=width,
    )
    return names.get(chosen, names[start])


def _scheme(choices: Choices) -> str | None:
    names = choices.scheme_names
    return _one("Slice by", "by", names, width=150) if names else None


def _where(choices: Choices, scheme: str | None) -> dict[str, tuple[str, ...]]:
    """Values of the chosen attribute in the row, those of all others behind "More"."""
    if scheme is None:
        return {}
    where = {scheme: _segments(choices, scheme, is_in_row=True)}
    others = [name for name in choices.schemes if name != scheme]
    if others:
        with st.popover("More", icon=":material/filter_list:", help="Filter by further attributes"):
            where |= {name: _segments(choices, name, is_in_row=False) for name in others}
    return where


def _segments(choices: Choices, scheme: str, *, is_in_row: bool) -> tuple[str, ...]:
    label = choices.labels.scheme(scheme)
    names = choices.segment_names(scheme)
    return _several(label, f"in_{scheme}", names, f"All: {label.lower()}", is_in_row=is_in_row)


def _several(
    label: str, key: str, names: Mapping[str, str], placeholder: str, *, is_in_row: bool = True
) -> tuple[str, ...]:
    if not names:
        return ()
    chosen: Sequence[str] = st.multiselect(
        plain(label),
        list(names),
        key=key,
        bind=ADDRESS,
        placeholder=placeholder,
        label_visibility="collapsed" if is_in_row else "visible",
        width=210 if is_in_row else "stretch",
    )
    return tuple(names[name] for name in chosen if name in names)
