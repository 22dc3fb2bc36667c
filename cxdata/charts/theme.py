"""The one look of every chart: fonts, sizes, and colours by what they mean.

Charts never hold a hex colour. They name a role (``ACCENT``, ``GOOD``, ``BAD``, ``QUIET``), and a
segment takes the place it has in its declared list. The page resolves names from its own theme, so
one specification serves light and dark; :func:`resolve` does the same for a deck or a picture.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt

Appearance = Literal["light", "dark"]

ACCENT: Final = "primary"
GOOD: Final = "green"
BAD: Final = "orange"
QUIET: Final = "gray"
WARM: Final = "yellow"
INK: Final = "violet"
"""Words on a tinted ground. Streamlit names no ink; our themes give it a name they can spare."""

FONT: Final = '"Source Sans", "Source Sans Pro", "Segoe UI", system-ui, sans-serif'
LABEL_SIZE: Final = 12
SMALL_SIZE: Final = 11

# Roles and categorical order as in `.streamlit/config.toml`; a test keeps both equal.
ROLES: Final[dict[Appearance, dict[str, str]]] = {
    "light": {
        ACCENT: "#34489C", GOOD: "#12806F", BAD: "#C24A16",
        QUIET: "#5B6575", WARM: "#B27B12", INK: "#1A2230",
    },
    "dark": {
        ACCENT: "#8EA0EA", GOOD: "#45BBA8", BAD: "#EE8A58",
        QUIET: "#A3ADBC", WARM: "#D9AE4E", INK: "#E6E9EF",
    },
}  # fmt: skip
CATEGORIES: Final[dict[Appearance, tuple[str, ...]]] = {
    "light": (
        "#34489C", "#9C6A15", "#228279", "#98508F", "#4677B2",
        "#8C5B3E", "#6D7C28", "#BD506F", "#6C7583", "#287E9B",
    ),
    "dark": (
        "#8EA0EA", "#E0AB4F", "#55BDB0", "#CB8FC3", "#BCD7F2",
        "#C69474", "#AFC05D", "#E58DA6", "#A3ADBC", "#62BFDD",
    ),
}  # fmt: skip
SURFACES: Final[dict[Appearance, dict[str, str]]] = {
    "light": {"background": "#FFFFFF", "ink": "#1A2230", "grid": "#E8EAEF"},
    "dark": {"background": "#11151C", "ink": "#E6E9EF", "grid": "#262D39"},
}


@dataclass(frozen=True)
class Caption:
    """What a chart says in words.

    ``title`` is the finding, ``subtitle`` the unit and what is drawn, ``alt`` the text
    alternative for a reader who does not see the chart.
    """

    title: str
    subtitle: str
    alt: str


def colour_of(field: str, declared: Sequence[str]) -> alt.Color:
    """Colour by ``field``, each member at its place in the *declared* list.

    The domain is the whole list and not what a filter left over, so a member keeps its colour.
    """
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(declared), range="category"),
        legend=None,
    )


def role(value: str) -> alt.ColorValue:
    """Paint every mark of a layer in one role."""
    return alt.ColorValue(value)


def at(place: int | str) -> Any:
    """Put every mark of a layer at one place: a pixel, or an end of the chart."""
    return alt.XValue(place)  # type: ignore[no-untyped-call]


def at_top(place: int) -> Any:
    """Put every mark of a layer so many pixels below the upper edge of the chart."""
    return alt.YValue(place)  # type: ignore[no-untyped-call]


def strength(field: str) -> alt.Opacity:
    """Take the opacity of each mark from a column, as it stands there."""
    return alt.Opacity(f"{field}:Q", scale=None, legend=None)


def fluid(size: int) -> Any:
    """Return a font size that shrinks where the chart is as narrow as a phone."""
    return alt.expr(f"width < 420 ? {size - 3} : {size}")


def value_axis(
    number_format: str, *, title: str | None = None, ticks: int = 4, sign: str = ""
) -> alt.Axis:
    """A quiet axis for the numbers: few ticks, hair-line grid, no rule.

    ``sign`` stands before each number and after its minus: a currency's.
    """
    axis = alt.Axis(
        format=number_format,
        title=title,
        tickCount=ticks,
        grid=True,
        domain=False,
        ticks=False,
        labelPadding=6,
    )
    if number_format.endswith("d"):
        axis.tickMinStep = 1  # people are whole; steps of a half would repeat a number
    if number_format.endswith("%"):
        axis.labelExpr = f"format(datum.value * 100, '{number_format[:-1]}f') + '\u00a0%'"
    elif sign:
        minus = "(datum.value < 0 ? '\N{MINUS SIGN}' : '')"
        size = f"format(abs(datum.value), '{number_format}')"
        axis.labelExpr = f"{minus} + {json.dumps(sign, ensure_ascii=False)} + {size}"
    return axis


def category_axis(*, limit: int = 150) -> alt.Axis:
    """A quiet axis for names."""
    return alt.Axis(
        title=None,
        grid=False,
        domain=False,
        ticks=False,
        labelPadding=8,
        labelLimit=limit,
        labelFlush=False,
        labelOverlap=False,
    )


def name_axis(title: str | None = None, *, limit: int = 110, every: bool = False) -> alt.Axis:
    """A quiet axis for names below their columns.

    With ``every``, no name is left out: each of its words has a line of its own instead.
    """
    axis = alt.Axis(
        title=title,
        titleAnchor="start",
        titlePadding=8,
        labelAngle=0,
        labelPadding=8,
        labelLimit=limit,
        labelOverlap=False if every else "greedy",
        grid=False,
        domain=False,
        ticks=False,
    )
    if every:
        axis.labelExpr = "split(datum.label, ' ')"
    return axis


def number_axis(title: str, values: Sequence[int], *, orient: str = "bottom") -> alt.Axis:
    """A quiet axis of whole numbers such as ages: only these are written."""
    return alt.Axis(
        title=title,
        titleAnchor="start",
        titlePadding=8,
        orient=orient,  # type: ignore[arg-type]
        values=list(values),
        format="d",
        labelAngle=0,
        labelPadding=8,
        grid=False,
        domain=False,
        ticks=False,
    )


def written(names: Sequence[str], most: int) -> list[str]:
    """Choose at most so many of the names to be written on an axis, the last one always.

    >>> written(["Jan", "Feb", "Mar", "Apr", "May"], 3)
    ['Jan', 'Mar', 'May']
    """
    step = max(1, -(-len(names) // most))
    return list(names[::-1][::step][::-1])


def period_axis(names: list[str]) -> alt.Axis:
    """An axis that writes these of our own period names.

    Names and not instants stand on the axis, so no browser's locale or time zone can change them.
    """
    return alt.Axis(
        title=None,
        values=names,
        labelAngle=0,
        grid=False,
        domain=False,
        ticks=False,
        labelPadding=8,
        labelFlush=False,
        labelOverlap="greedy",
    )


def resolve(spec: dict[str, Any], appearance: Appearance) -> dict[str, Any]:
    """Return ``spec`` with every role as a hex colour and the full configuration of one look.

    For renderers that know no theme: a deck, a one-file report, a picture.
    """
    painted: dict[str, Any] = _paint(spec, ROLES[appearance])
    painted["config"] = {**painted.get("config", {}), **configuration(appearance)}
    return painted


def configuration(appearance: Appearance) -> dict[str, Any]:
    """Return the Vega-Lite configuration of one look."""
    surface, quiet = SURFACES[appearance], ROLES[appearance][QUIET]
    return {
        "font": FONT,
        "background": surface["background"],
        "view": {"stroke": None},
        "range": {"category": list(CATEGORIES[appearance])},
        "mark": {"color": ROLES[appearance][ACCENT]},
        "axis": {
            "labelColor": quiet,
            "titleColor": quiet,
            "gridColor": surface["grid"],
            "labelFontSize": LABEL_SIZE,
            "titleFontSize": LABEL_SIZE,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
        },
        "legend": {"labelColor": quiet, "labelFontSize": LABEL_SIZE},
        "header": {"labelColor": quiet, "titleColor": quiet, "labelFontSize": LABEL_SIZE},
        "title": {
            "color": surface["ink"],
            "subtitleColor": quiet,
            "fontSize": 16,
            "subtitleFontSize": LABEL_SIZE,
            "anchor": "start",
        },
    }


def _paint(node: Any, roles: dict[str, str], *, is_colour: bool = False) -> Any:
    """Replace role names below a ``color`` channel only; data and words stay untouched."""
    if isinstance(node, dict):
        return {
            key: value
            if key in {"datasets", "data", "title", "description"}
            else _paint(value, roles, is_colour=is_colour or key == "color")
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_paint(value, roles, is_colour=is_colour) for value in node]
    if is_colour and isinstance(node, str):
        return roles.get(node, node)
    return node
