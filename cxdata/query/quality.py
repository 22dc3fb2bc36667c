"""What is wrong with the data, in sentences: rows left out, codes and names that nothing knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cxdata.model.summaries import DATA_QUALITY
from cxdata.query.gate import Gate

_BREACH = {
    "key": "share their {column} with another row",
    "required": "have no {column}",
    "range": "have a {column} out of range",
    "allowed": "have an unknown {column}",
    "order": "have a {column} before their start",
    "sign": "have a {column} with the wrong sign for what they are",
    "overlap": "have a {column} before the row before them has ended",
    "refers": "name a {column} that is not in the data",
}


def left_out(gate: Gate) -> tuple[str, ...]:
    """A sentence for each rule whose breach leaves rows out of all figures."""
    return tuple(sentence for aside, sentence in _sentences(gate) if aside)


def weak(gate: Gate) -> tuple[str, ...]:
    """A sentence for each rule whose breach weakens figures, with the rows still counted."""
    return tuple(sentence for aside, sentence in _sentences(gate) if not aside)


def _sentences(gate: Gate) -> list[tuple[int, str]]:
    """Rows set aside and what is said of them; nothing for who may not see all rows."""
    if gate.policy.rows:
        return []
    columns = DATA_QUALITY.c
    rows = gate.read(
        sa.select(*columns).order_by(
            columns.set_aside.desc(), columns.row_count.desc(), columns.table_name, columns.rule
        )
    )
    return [(int(row["set_aside"]), _sentence(row)) for row in rows.to_dict("records")]


def _sentence(row: Mapping[Any, Any]) -> str:
    count, aside = int(row["row_count"]), int(row["set_aside"])
    breach = _BREACH[str(row["rule"])].format(column=row["column_name"])
    such = f", such as {row['example']!r}" if row["example"] is not None else ""
    if not aside:
        fate = "they are counted"
    elif row["rule"] == "key":
        fate = f"{aside:,} are left out, so that none counts twice"
    else:
        fate = "they are left out"
    return f"{count:,} rows of {row['table_name']} {breach}{such}: {fate}."
