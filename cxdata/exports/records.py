"""Figures as plain records: one a cell, the same for the command line and every file.

The shape is ``record.schema.json`` beside this file. A figure that may not be shown is null here
too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.bridge import bridges
from cxdata.analysis.cohorts import Variant, cohorts
from cxdata.analysis.distribution import GRANULARITY, LABELS, distribution
from cxdata.analysis.figure import Figure, figure
from cxdata.analysis.survival import stays, survival
from cxdata.analysis.to_date import ToDate
from cxdata.metrics import metric as metric_of
from cxdata.metrics import registry
from cxdata.model.errors import BadScope, UnknownName
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict, number
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.maturity import complete_through

Record = dict[str, Any]

HORIZON = 12.0
"""Months out of which ``months_kept`` are counted."""

TABLES = {
    "survival": "share of customers still there, by months as a customer",
    "cohort_kept": "share of a starting month's customers who never left, by months later",
    "cohort_active": "share of a starting month's customers who are customers, by months later",
    "cohort_bought": "share of a starting month's customers who bought in that month",
    "spend_distribution": "how spend spreads over customers",
    "months_kept": "months a customer is expected to stay out of the first twelve",
    "customer_bridge": "customers at the start, won, won back and lost, at the end",
    "revenue_movement": "recurring revenue at the start, its movements, at the end",
}
"""Answers that are tables of cells rather than one figure, and what they hold."""


def names() -> dict[str, str]:
    """Return everything that can be asked for by name, with its definition."""
    metrics = {name: metric.definition for name, metric in registry().items()}
    return {**metrics, **{name: f"{text[0].upper()}{text[1:]}." for name, text in TABLES.items()}}


def records(gate: Gate, name: str, scope: Scope, by: tuple[str, ...] = ()) -> list[Record]:
    """Return a metric in a scope: one record, or one a slice.

    Raises:
        UnknownName: no metric, dimension, segment or journey of that name.
        MissingTables: the data lack what it needs.
        BadScope: a period outside the data, or a slicing that cannot be answered.
    """
    if name in TABLES:
        return _table(gate, name, scope, by)
    if name not in registry():
        raise UnknownName("metric", name, names())
    metric = metric_of(name)
    if not by:
        return [_of_figure(gate, figure(gate, name, scope))]
    frame = breakdown(gate, name, scope, by)
    return [_of_row(gate, metric, scope, by, row) for row in frame.to_dict("records")]


def history(gate: Gate, name: str, scope: Scope) -> list[Record]:
    """Return a metric over all periods of the scope's grain, without comparisons."""
    found = figure(gate, name, scope)
    rows = found.trend.to_dict("records")
    return [
        _record(gate, found.metric, Period.parse(row["period"], gate.fiscal_start), {}, _cell(row))
        for row in rows
    ]


def _of_figure(gate: Gate, found: Figure) -> Record:
    record = _record(gate, found.metric, found.scope.period, {}, found.cell)
    record["method"] = found.cell.method
    against = found.scope.against if found.metric.is_dated else None
    record["comparison"] = _comparison(against, found.against, found.comparison)
    record["to_date"] = None if found.to_date is None else _to_date(found.to_date)
    return record


def _to_date(found: ToDate) -> dict[str, Any]:
    """The days so far of a period under way, and as many of the one compared with."""
    cell = found.cell
    return {
        "days": found.days,
        "estimate": cell.estimate,
        "n": cell.n,
        "lo": cell.lo,
        "hi": cell.hi,
        "flag": cell.flag.value,
        "comparison": _comparison(found.against, found.then, found.comparison),
    }


def _of_row(
    gate: Gate, metric: Metric, scope: Scope, by: tuple[str, ...], row: Mapping[Any, Any]
) -> Record:
    record = _record(gate, metric, scope.period, {name: row[name] for name in by}, _cell(row))
    test = Comparison(
        number(row["difference"]),
        number(row["difference_lo"]),
        number(row["difference_hi"]),
        number(row["p"]) if Verdict(row["verdict"]) in (Verdict.MOVED, Verdict.USUAL) else None,
        Verdict(row["verdict"]),
        "",
    )
    earlier = Cell(number(row["against"]), None, None, None, "", Flag.OK)
    against = scope.against if metric.is_dated else None
    record["comparison"] = _comparison(against, earlier, test)
    return record


def _cell(row: Mapping[Any, Any]) -> Cell:
    flag = Flag(row["flag"])
    n = number(row["n"])
    shown = [number(row[name]) if flag.shows else None for name in ("estimate", "lo", "hi")]
    return Cell(shown[0], None if n is None else round(n), shown[1], shown[2], "", flag)


def _record(
    gate: Gate, metric: Metric, period: Period, where: Mapping[str, Any], cell: Cell
) -> Record:
    return {
        "metric": metric.name,
        "period": period.key if metric.is_dated else None,
        "slice": dict(where),
        "estimate": cell.estimate,
        "n": cell.n,
        "lo": cell.lo,
        "hi": cell.hi,
        "method": cell.method or _method(metric),
        "flag": cell.flag.value,
        "unit": metric.unit.value,
        "comparison": None,
        "to_date": None,
        "data_through": complete_through(gate, metric).isoformat(),
        "version": gate.version.id,
    }


def _method(metric: Metric) -> str:
    nothing = {name: np.zeros(0) for name in metric.stats}
    return metric.finish(nothing).method


def _comparison(
    against: Period | None, earlier: Cell | None, found: Comparison
) -> dict[str, Any] | None:
    if against is None:
        return None
    return {
        "period": against.key,
        "estimate": earlier.estimate if earlier else None,
        "difference": found.difference,
        "lo": found.lo,
        "hi": found.hi,
        "p": found.p,
        "verdict": found.verdict.value,
        "basis": found.basis or None,
    }


def _table(gate: Gate, name: str, scope: Scope, by: tuple[str, ...]) -> list[Record]:
    if name in ("survival", "months_kept"):
        if len(by) > 1 or "journey" in by:
            raise BadScope(f"{name} is sliced by one attribute of customers at most.")
        gate.require(metric_of("lost_share"))
        return (_survival if name == "survival" else _months_kept)(gate, scope, by)
    if by:
        raise BadScope(f"{name} is not sliced further; narrow it with --where.")
    if name == "spend_distribution":
        return _spread(gate, scope)
    if name in _BRIDGES:
        return _bridge(gate, name, scope)
    base = metric_of("customers_ever")
    gate.require(base)
    cells = cohorts(gate, scope, Variant(name.removeprefix("cohort_")))
    known = cells[cells["estimate"].notna()]
    return [
        _plain(gate, name, base, {"cohort": f"{row['cohort_month']:%Y-%m}", "age": row["age"]}, row)
        | {"count": round(row["count"])}
        for row in _rows(known)
    ]


def _survival(gate: Gate, scope: Scope, by: tuple[str, ...]) -> list[Record]:
    base = metric_of("lost_share")
    rows = survival(gate, scope, by[0] if by else None)
    return [
        _plain(
            gate,
            "survival",
            base,
            {**({by[0]: row["group"]} if by else {}), "age": round(row["age"])},
            row,
        )
        for row in _rows(rows)
    ]


def _months_kept(gate: Gate, scope: Scope, by: tuple[str, ...]) -> list[Record]:
    """The restricted mean survival time of the first twelve months (METRICS.md 2.4)."""
    base = metric_of("lost_share")
    found = []
    for stay in stays(gate, scope, by[0] if by else None):
        kept = stay.months_kept(HORIZON)
        ends = [number(value) for value in (kept.estimate, kept.lo, kept.hi)]
        cell = Cell(ends[0], round(stay.curve.n), ends[1], ends[2], "", Flag.OK)
        where = {by[0]: stay.group} if by else {}
        found.append(
            _record(gate, base, scope.period, where, cell)
            | {
                "metric": "months_kept",
                "period": None,
                "unit": "months",
                "method": "RMST, Greenwood",
            }
        )
    return found


_BRIDGES = {"customer_bridge": "customers_net", "revenue_movement": "recurring_revenue"}


def _bridge(gate: Gate, name: str, scope: Scope) -> list[Record]:
    """The lines of a bridge; signed as they add up from the start to the end."""
    base = metric_of(_BRIDGES[name])
    gate.require(base)
    heads, money = bridges(gate, scope)
    lines = (heads if name == "customer_bridge" else money).lines
    flag = _age(gate, base, scope)
    return [
        _record(
            gate,
            base,
            scope.period,
            {"line": row["line"]},
            Cell(number(row["amount"]), None, None, None, "", flag),
        )
        | {"metric": name, "method": "census"}
        for row in _rows(lines)
    ]


def _spread(gate: Gate, scope: Scope) -> list[Record]:
    base = metric_of("revenue_per_customer")
    gate.require(base)
    found = distribution(gate, scope, "revenue")
    if found is None:
        return []
    flag = _age(gate, base, scope)
    figures = {
        "mean": found.mean,
        "median": found.median,
        "p10": found.p10,
        "p90": found.p90,
        "zero_share": found.zero_share,
        "top_tenth_share": found.top_tenth,
        "gini": found.gini,
    }
    money = ("mean", "median", "p10", "p90")
    binned = ("median", "p10", "p90")
    return [
        _record(
            gate,
            base,
            scope.period,
            {"statistic": key},
            Cell(number(value), found.n, None, None, "", flag),
        )
        | {
            "metric": "spend_distribution",
            "method": f"{LABELS['revenue']}{', about: ' + GRANULARITY if key in binned else ''}",
            "unit": "unit_money" if key in money else "share",
        }
        for key, value in figures.items()
    ]


def _age(gate: Gate, base: Metric, scope: Scope) -> Flag:
    """What the period's age makes of a table: unfinished, provisional, or ok."""
    flag = figure(gate, base.name, scope).cell.flag
    return flag if flag in (Flag.PARTIAL, Flag.PROVISIONAL) else Flag.OK


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


def _plain(
    gate: Gate, name: str, base: Metric, where: Mapping[str, Any], row: Mapping[Any, Any]
) -> Record:
    estimate, lo, hi = (number(row[key]) for key in ("estimate", "lo", "hi"))
    cell = Cell(estimate, round(row["n"]), lo, hi, "", Flag.OK)
    method = "Kaplan-Meier, log-log" if name == "survival" else "Wilson"
    return _record(gate, base, scope_period(gate), where, cell) | {
        "metric": name,
        "period": None,
        "unit": "share",
        "method": method,
    }


def scope_period(gate: Gate) -> Period:
    """Return any period of the data, for figures that have none of their own."""
    return Period.parse(f"{gate.built.last_month:%Y-%m}")


def table(rows: list[Record]) -> tuple[list[str], list[list[Any]]]:
    """Lay records out as header and rows: a column a dimension, then figures and comparison."""
    lines = []
    for record in rows:
        line = {k: v for k, v in record.items() if k not in ("slice", "comparison", "to_date")}
        head = {"metric": line.pop("metric"), "period": line.pop("period"), **record["slice"]}
        fair = dict(record.get("to_date") or {})
        sides = {
            "comparison": record["comparison"] or {},
            "to_date_comparison": fair.pop("comparison", {}),
            "to_date": fair,
        }
        named = {f"{side}_{k}": v for side, held in sides.items() for k, v in held.items()}
        lines.append({**head, **line, **named})
    header = list(dict.fromkeys(name for line in lines for name in line))
    return header, [[line.get(name) for name in header] for line in lines]
