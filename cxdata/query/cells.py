"""Statistics of a metric by cells that partition it, for splits that must add up.

Slices by journey overlap where a customer is exposed to several, so those customers are told by
which journeys they met: none, one alone, or several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cxdata.model.metric import Floats, Metric, Stats
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import (
    EXPOSURE,
    INTERACTION_SUMMARY,
    JOURNEY_BIT,
    NO_JOURNEY,
)
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate, members
from cxdata.query.statement import END, JOURNEY, Reading, is_gathered, readings, select

SEVERAL = "(several)"
"""Journey code of customers who met more than one."""


@dataclass(frozen=True)
class Cells:
    """Statistics of each period and cell: arrays (periods, cells), cells in readers' order.

    ``is_exposure`` says that journeys are those customers met, each customer in one cell.
    """

    by: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    stats: Stats
    is_exposure: bool


def cells(
    gate: Gate, metric: Metric, scope: Scope, by: tuple[str, ...], at: Sequence[Period]
) -> Cells:
    """Read the statistics of a metric by cells.

    Raises:
        UnknownName: a dimension, segment or journey that the data do not have.
    """
    is_exposure = JOURNEY in by and _met(metric)
    rest = tuple(name for name in by if name != JOURNEY) if is_exposure else by
    found = evaluate(gate, [metric], scope, by=rest, at=at)[metric.name]
    if is_exposure:
        return _by_met(gate, metric, scope, by, at)
    size = len(found.frame) // len(at)
    codes = tuple(tuple(str(found.frame[d].iloc[i]) for d in by) for i in range(size))
    stats = {name: values.reshape(len(at), size) for name, values in found.stats.items()}
    return Cells(by, codes, stats, False)


def _met(metric: Metric) -> bool:
    """Whether journeys cut a metric by the customers who met them."""
    return metric.has_journey and all(
        stat.journey_role == EXPOSURE and "journey_set" in stat.mart.c
        for stat in metric.stats.values()
    )


def _by_met(
    gate: Gate, metric: Metric, scope: Scope, by: tuple[str, ...], at: Sequence[Period]
) -> Cells:
    """Read by set of journeys, and gather the sets into none, one alone, several."""
    codes = _journeys(gate)
    schemes = tuple(name for name in by if name != JOURNEY)
    sums: dict[tuple[Any, ...], dict[str, float]] = {}
    window = (min(p.end for p in at), max(p.end for p in at))
    for reading, stats in readings([metric]).items():
        mart = next(iter(stats.values())).mart
        query = select(reading, stats, scope, schemes, window)
        rows = gate.read(
            query.add_columns(mart.c.journey_set).group_by(mart.c.journey_set),
            "profile_end_id" if reading.profile == "end" else "profile_id",
        )
        _gather(sums, rows, reading, list(stats), by, codes, scope.period)
    ranks = {code: rank for rank, code in enumerate((NO_JOURNEY, *codes.values(), SEVERAL))}
    slices = sorted(
        {key[1:] for key in sums},
        key=lambda key: tuple(
            (ranks.get(code, 0), code) if d == JOURNEY else (0, code)
            for d, code in zip(by, key, strict=True)
        ),
    )
    names = [f"{metric.name}.{name}" for name in metric.stats]
    ends = [period.end for period in at]
    table = {
        name.removeprefix(f"{metric.name}."): np.array(
            [[sums.get((end, *key), {}).get(name, 0.0) for key in slices] for end in ends]
        ).reshape(len(at), len(slices))
        for name in names
    }
    return Cells(by, tuple(slices), table, True)


def _journeys(gate: Gate) -> dict[int, str]:
    """Journey codes by the bit that stands for them."""
    rows = gate.read(
        sa.select(JOURNEY_BIT.c.mask, JOURNEY_BIT.c.journey_code).order_by(JOURNEY_BIT.c.bit)
    )
    return {
        int(mask): str(code) for mask, code in zip(rows["mask"], rows["journey_code"], strict=True)
    }


def _gather(
    sums: dict[tuple[Any, ...], dict[str, float]],
    rows: pd.DataFrame,
    reading: Reading,
    names: Sequence[str],
    by: tuple[str, ...],
    codes: dict[int, str],
    period: Period,
) -> None:
    """Add rows of one reading to the cells they belong to."""
    months = reading.months or period.grain.months
    for row in rows.to_dict("records"):
        if is_gathered(reading, period):
            end = Period.containing(row[END], period.grain, period.fiscal_start).end
        else:
            end = add_months(row[END], months)
        met = _told(int(row["journey_set"] or 0), codes)
        key = (end, *(met if d == JOURNEY else str(row[d]) for d in by))
        held = sums.setdefault(key, {})
        for name in names:
            held[name] = held.get(name, 0.0) + float(row[name] or 0)


def _told(mask: int, codes: dict[int, str]) -> str:
    """Which journeys a set holds: none, the one, or several."""
    if mask == 0:
        return NO_JOURNEY
    return codes.get(mask, SEVERAL)


def channel_cells(gate: Gate, scope: Scope, at: Sequence[Period]) -> tuple[list[str], Floats]:
    """Return channels, and contacts and cost of contacts by period: (2, periods, channels)."""
    table = INTERACTION_SUMMARY.c
    conditions = [
        table.month >= sa.literal(min(period.start for period in at)),
        table.month < sa.literal(max(period.end for period in at)),
        *members(table.profile_id, scope.where),
    ]
    if scope.journeys:
        conditions.append(table.journey_code.in_(scope.journeys))
    rows = gate.read(
        sa.select(
            table.month,
            table.channel_code,
            sa.func.sum(table.contacts).label("contacts"),
            sa.func.sum(table.cost).label("cost"),
        )
        .where(*conditions)
        .group_by(table.month, table.channel_code)
    )
    channels = sorted({str(code) for code in rows["channel_code"]})
    found = np.zeros((2, len(at), len(channels)))
    for row in rows.to_dict("records"):
        for i, period in enumerate(at):
            if period.start <= row["month"] < period.end:
                found[:, i, channels.index(str(row["channel_code"]))] += (
                    float(row["contacts"] or 0),
                    float(row["cost"] or 0),
                )
    return channels, found
