"""Journey by segment for one outcome, each cell with the address of its sliced page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.figure import figure
from cxdata.charts.grid import grid as grid_chart
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.evidence import Cell, Flag, number
from cxdata.model.format import Format
from cxdata.model.metric import Metric
from cxdata.model.scope import Scope
from cxdata.query.statement import JOURNEY
from cxdata.ui import data, finding, picture
from cxdata.ui.data import Ticket
from cxdata.ui.picture import Column, Picture

Parameters = tuple[tuple[str, str | tuple[str, ...]], ...]


def grid(
    ticket: Ticket, scope: Scope, name: str, scheme: str, page: str, parameters: Parameters
) -> Picture:
    """Return an outcome by journey and segment.

    ``page`` is the address of the outcome's own page, ``parameters`` the scope as it stands there.
    """
    metric, offered = known_metric(name), data.choices(ticket)
    gate, form, labels = data.gate(ticket), offered.format, offered.labels
    frame = breakdown(gate, name, scope, (JOURNEY, scheme))
    frame = frame.loc[frame[JOURNEY].isin(offered.journeys)]
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
    caption = Caption(
        f"{metric.label} by journey and {what}",
        f"{metric.label}, {finding.unit_words(metric, form)}; deeper blue is above everybody's "
        "figure, deeper grey below; a dot is too few to show. Choose a cell to open it.",
        f"{metric.label} for each journey and {what}.",
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
    return picture.picture(chart, caption, worded, [*columns, *figures])


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
