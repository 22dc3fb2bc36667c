"""The scope bar: one row of controls for all pages, kept in the address.

Each control is bound to a query parameter under its key. Defaults stay out of the address; a value
that is not among the choices is ignored, and what a control returns is checked against them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from cxdata.model.period import Grain, Period
from cxdata.model.scope import Compare, Scope
from cxdata.ui.view import Choices, View

ADDRESS: Final = "query-params"
_GRAINS: Final = {Grain.MONTH: "Month", Grain.QUARTER: "Quarter", Grain.YEAR: "Year"}
_COMPARE: Final = {
    Compare.PREVIOUS: "vs previous {grain}",
    Compare.YEAR: "vs same {grain} last year",
    Compare.NONE: "No comparison",
}


def scope_bar(choices: Choices) -> View:
    """Draw the controls and return what the reader asks for."""
    with st.container(key="scope-bar", horizontal=True, vertical_alignment="center", gap="xsmall"):
        grain = _grain(choices)
        period = _period(choices, grain)
        compare = _compare(grain)
        journeys = _members("Journeys", "journey", choices.labels.journeys, "All journeys")
        scheme = _scheme(choices)
        where = _where(choices, scheme)
    scope = Scope(period, compare, journeys, tuple(where.items()))
    return View(scope=scope, scheme=scheme, choices=choices)


def parameters(view: View, **changes: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    """Return the query parameters of a view with some of them changed, defaults left out."""
    scope, choices = view.scope, view.choices
    found: dict[str, str | Sequence[str]] = {
        "grain": "" if scope.period.grain is Grain.MONTH else scope.period.grain.value,
        "period": ("" if scope.period == choices.latest(scope.period.grain) else scope.period.key),
        "vs": "" if scope.compare is Compare.PREVIOUS else scope.compare.value,
        "journey": scope.journeys,
        "by": "" if view.scheme == next(iter(choices.schemes), None) else view.scheme or "",
        **{f"in_{scheme}": codes for scheme, codes in scope.where},
        **changes,
    }
    return {name: value for name, value in found.items() if value}


def _grain(choices: Choices) -> Grain:
    offered = [grain for grain in _GRAINS if choices.periods.get(grain)]
    chosen = st.segmented_control(
        "Length of period",
        offered,
        default=offered[0],
        required=True,
        format_func=_GRAINS.__getitem__,
        key="grain",
        bind=ADDRESS,
        label_visibility="collapsed",
    )
    return chosen if chosen in offered else offered[0]


def _period(choices: Choices, grain: Grain) -> Period:
    by_key = {period.key: period for period in choices.periods[grain]}
    latest = choices.latest(grain)
    chosen = st.selectbox(
        "Period",
        list(by_key),
        index=list(by_key).index(latest.key),
        format_func=lambda key: _period_name(by_key[key], choices),
        key="period",
        bind=ADDRESS,
        label_visibility="collapsed",
        width=160,
    )
    return by_key.get(chosen, latest)


def _period_name(period: Period, choices: Choices) -> str:
    return period.label if choices.is_complete(period) else f"{period.label} (unfinished)"


def _compare(grain: Grain) -> Compare:
    chosen = st.selectbox(
        "Compare with",
        list(_COMPARE),
        format_func=lambda compare: _COMPARE[compare].format(grain=grain.value),
        key="vs",
        bind=ADDRESS,
        label_visibility="collapsed",
        width=205,
    )
    return chosen if chosen in _COMPARE else Compare.PREVIOUS


def _scheme(choices: Choices) -> str | None:
    if not choices.schemes:
        return None
    names = list(choices.schemes)
    chosen = st.selectbox(
        "Slice by",
        names,
        format_func=lambda scheme: f"By {choices.labels.scheme(scheme).lower()}",
        key="by",
        bind=ADDRESS,
        label_visibility="collapsed",
        width=150,
    )
    return chosen if chosen in names else names[0]


def _where(choices: Choices, scheme: str | None) -> dict[str, tuple[str, ...]]:
    """Values of the chosen attribute in the row, those of all others behind "More filters"."""
    where: dict[str, tuple[str, ...]] = {}
    if scheme is None:
        return where
    where[scheme] = _segment(choices, scheme, collapsed=True)
    others = [name for name in choices.schemes if name != scheme]
    if others:
        with st.popover("More", icon=":material/filter_list:", help="Filter by further attributes"):
            for name in others:
                where[name] = _segment(choices, name, collapsed=False)
    return where


def _segment(choices: Choices, scheme: str, *, collapsed: bool) -> tuple[str, ...]:
    label = choices.labels.scheme(scheme)
    names = {code: choices.labels.segment(scheme, code) for code in choices.schemes[scheme]}
    return _members(label, f"in_{scheme}", names, f"All: {label.lower()}", collapsed=collapsed)


def _members(
    label: str, key: str, names: Mapping[str, str], placeholder: str, *, collapsed: bool = True
) -> tuple[str, ...]:
    if not names:
        return ()
    chosen = st.multiselect(
        label,
        list(names),
        format_func=lambda code: names.get(code, code),
        key=key,
        bind=ADDRESS,
        placeholder=placeholder,
        label_visibility="collapsed" if collapsed else "visible",
        width=190 if collapsed else "stretch",
    )
    return tuple(code for code in chosen if code in names)
