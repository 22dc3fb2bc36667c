"""A chart as a value: how it is made, what fills it, its rows and its words.

Making an Altair chart costs many times what its specification costs to copy, and two charts of one
shape differ in a few lists and words only. So Altair is asked once for each shape, with a
placeholder where such a list stands; every further specification is that one, filled.
:meth:`Drawing.chart` makes the same chart the long way, and a test holds both to be equal.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import altair as alt
import pandas as pd

from cxdata.charts.theme import Caption

_MOST_SHAPES: Final = 256
_PLACE: Final = "\x00"
"""Begins a placeholder; no word that reaches a chart holds this character at its start."""


Maker = Callable[..., alt.TopLevelMixin]


@dataclass(frozen=True)
class Drawing:
    """One chart.

    ``make`` is a function of a module, called with ``shape`` (whatever changes the structure, by
    name) and ``slots`` (lists and numbers that only stand somewhere in it). ``rows`` are its data,
    ``height`` is in pixels.
    """

    make: Maker
    rows: pd.DataFrame
    caption: Caption
    shape: Mapping[str, Hashable] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    height: int | None = None

    def chart(self) -> alt.TopLevelMixin:
        """Make the chart with Altair, rows and words and all."""
        words: dict[str, Any] = {"title": _title(self.caption), "description": self.caption.alt}
        if self.height is not None:
            words["height"] = self.height
        made: Any = self.make(**self.shape, **self.slots)
        return made.properties(data=self.rows, **words)

    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification, plain data that a page can cache."""
        kinds = tuple((name, isinstance(value, list)) for name, value in self.slots.items())
        template = _template(self.make, tuple(self.shape.items()), kinds)
        filled: dict[str, Any] = _filled(template, self.slots)
        filled["title"] |= {"text": self.caption.title, "subtitle": self.caption.subtitle}
        filled["description"] = self.caption.alt
        if self.height is not None:
            filled["height"] = self.height
        rows = records(self.rows)
        name = _name(rows)
        filled |= {"data": {"name": name}, "datasets": {name: rows}}
        return filled


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain data; what is not there, or not finite, is null."""
    columns = [_plain(frame[name]) for name in frame]
    names = [str(name) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series[Any]) -> list[Any]:
    values = column.tolist()
    if column.dtype.kind == "f":
        return [value if math.isfinite(value) else None for value in values]
    return [None if value is None or value != value else value for value in values]


@lru_cache(maxsize=_MOST_SHAPES)
def _template(
    make: Maker, shape: tuple[tuple[str, Hashable], ...], kinds: tuple[tuple[str, bool], ...]
) -> dict[str, Any]:
    """Return the specification of a shape, with a placeholder in every slot."""
    places: dict[str, Any] = {
        name: [f"{_PLACE}{name}"] if is_list else f"{_PLACE}{name}" for name, is_list in kinds
    }
    made: Any = make(**dict(shape), **places)
    data = alt.NamedData(name="rows")
    empty = made.properties(data=data, title=_title(Caption("", "", "")), description="")
    spec: dict[str, Any] = empty.to_dict(validate=False)
    return spec


def _filled(node: Any, slots: Mapping[str, Any]) -> Any:
    """Copy a template, with what belongs there in place of each placeholder."""
    if isinstance(node, dict):
        return {key: _filled(value, slots) for key, value in node.items()}
    if isinstance(node, list):
        if len(node) == 1 and _is_place(node[0]):
            return list(slots[node[0][1:]])
        return [_filled(value, slots) for value in node]
    return slots[node[1:]] if _is_place(node) else node


def _is_place(node: Any) -> bool:
    return isinstance(node, str) and node.startswith(_PLACE)


def _title(caption: Caption) -> alt.TitleParams:
    return alt.TitleParams(
        text=caption.title, subtitle=caption.subtitle, anchor="start", frame="group", offset=14
    )


def _name(rows: list[dict[str, Any]]) -> str:
    """Name a dataset by its content, as Altair does.

    Under one name for all contents a browser would keep the old rows where the new ones begin
    alike.
    """
    content = json.dumps(rows, sort_keys=True, default=str)
    return f"data-{hashlib.sha256(content.encode()).hexdigest()[:32]}"
