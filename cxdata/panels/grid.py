"""Journey by segment for one outcome, each cell with the address of its sliced page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.figure import figure
from cxdata.charts import rows
from cxdata.charts.grid import grid as grid_chart
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.evidence import Cell, Flag, number
from cxdata.model.format import Format
from cxdata.model.metric import Better, Metric
from cxdata.model.scope import Compare, Scope
from cxdata.panels import finding, picture
from cxdata.panels.choices import Desk
from cxdata.panels.picture import Column, Picture
from cxdata.query.options import leaving
from cxdata.query.statement import JOURNEY

_FAR: Final = 3.0
"""So many quartile ranges beyond the quartiles a cell is an extreme outlier (Tukey 1977)."""

Parameters = tuple[tuple[str, str | tuple[str, ...]], ...]


def grid(
    desk: Desk, scope: Scope, name: str, scheme: str, page: str, parameters: Parameters
) -> Picture:
    """Return an outcome by journey and segment.

    ``page`` is the address of the outcome's own page, ``parameters`` the scope as it stands there.
    """
    metric, offered = known_metric(name), desk.choices
    gate, form, labels = desk.gate, offered.format, offered.labels
    frame = breakdown(gate, name, replace(scope, compare=Compare.NONE), (JOURNEY, scheme))
    frame = frame.loc[frame[JOURNEY].isin(offered.journeys)]
    frame = rows.named(frame.assign(**{rows.IS_REST: frame[scheme].isin(rows.REST)}))
    journeys, segments = offered.names(JOURNEY), offered.names(scheme)
    frame = frame.assign(row=frame[JOURNEY].map(journeys), column=frame[scheme].map(segments))
    worded = picture.with_words(frame, metric, form).assign(
        evidence=[_evidence(metric, record, form) for record in frame.to_dict("records")],
        href=[
            address(page, parameters, {"journey": journey, f"in_{scheme}": segment})
            for journey, segment in zip(frame["row"], frame["column"], strict=True)
        ],
    )
    overall = figure(gate, name, scope).cell
    what = labels.scheme(scheme).lower()
    is_exit = worded[JOURNEY].isin(leaving(gate))
    told = worded.loc[~is_exit]
    exits = list(dict.fromkeys(worded.loc[is_exit & rows.shows(worded), "row"]))
    title = grid_title(metric, told, form) or f"{metric.label} by journey and {what}"
    caption = Caption(
        title,
        f"{metric.label}, {finding.unit_words(metric, form)}; blue is above everybody's figure, "
        f"ochre below; a grey dot is too few to show{_unnamed(told, exits)}."
        " Choose a cell to open it.",
        f"{title}. {metric.label} for each journey and {what}.",
    )
    chart = grid_chart(
        worded,
        caption,
        rows=[label for code, label in journeys.items() if code in set(frame[JOURNEY])],
        columns=[label for code, label in segments.items() if code in set(frame[scheme])],
        overall=overall.estimate,
    )
    columns = [Column("row", "Journey"), Column("column", labels.scheme(scheme))]
    figures = picture.figure_columns(metric, columns[0])[1:]
    drawn = picture.picture(chart, caption, worded, [*columns, *figures])
    return replace(drawn, name=f"{metric.label} by journey and {what}")


def grid_title(metric: Metric, cells: pd.DataFrame, form: Format) -> str:
    """Name the worst cell among the solid ones, or the only cell; "" where none stands out.

    Cells far from all others are another matter, such as a journey on which customers leave, and
    would be named whatever happens elsewhere.
    """
    solid = cells.loc[cells["flag"] == Flag.OK.value]
    if len(cells) == len(solid) == 1:
        only = solid.iloc[0]
        return f"{metric.label} {only['text']}: {only['column']} in {only['row']}"
    low, high = (float(solid["estimate"].quantile(part)) for part in (0.25, 0.75))
    reach = _FAR * (high - low)
    near = solid.loc[solid["estimate"].between(low - reach, high + reach)]
    if len(near) < 2 or near["estimate"].nunique() == 1:
        return ""
    is_low = metric.better is Better.UP
    worst = near.sort_values("estimate", ascending=is_low).iloc[0]
    extreme = f"{'Lowest' if is_low else 'Highest'} {finding.in_sentence(metric)}"
    wide = cells.loc[cells["flag"] == Flag.INDICATIVE.value, "estimate"]
    beyond = wide < worst["estimate"] if is_low else wide > worst["estimate"]
    aside = ", wide margins aside" if beyond.any() else ""
    return f"{extreme}{aside}: {worst['column']} in {worst['row']}, {worst['text']}"


def _unnamed(cells: pd.DataFrame, exits: Sequence[str]) -> str:
    """Say what the title passes over: figures that are not solid, journeys of who is leaving."""
    has_wide = bool((cells["flag"] == Flag.INDICATIVE.value).any())
    wide = "; figures with a wide margin are not named" if has_wide else ""
    leavers = f"; {' and '.join(exits)} apart: customers on it are leaving" if exits else ""
    return wide + leavers


def address(page: str, parameters: Parameters, changes: dict[str, str]) -> str:
    """Return the address of a page with the scope narrowed to one cell.

    Relative, so that it holds behind any base path; codes from the data are quoted.
    """
    kept = {name: value for name, value in parameters if name not in changes}
    return f"{page}?{urlencode({**kept, **changes}, doseq=True)}"


def _evidence(metric: Metric, record: Mapping[Any, Any], form: Format) -> str:
    cell = Cell(
        number(record["estimate"]),
        None if pd.isna(record["n"]) else int(record["n"]),
        number(record["lo"]),
        number(record["hi"]),
        "",
        Flag(record["flag"]),
    )
    return finding.evidence(metric, cell, form)
