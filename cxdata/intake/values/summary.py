"""What is said about a column: its faults by reason, and times that a clock shows twice."""

from __future__ import annotations

from collections import defaultdict

import duckdb

from cxdata.intake.values.date_sql import local_sql
from cxdata.intake.values.numbers import trimmed
from cxdata.intake.values.sql import literal
from cxdata.intake.values.writing import ColumnProfile, ValueFault

_SHOWN = 3


def fault_notes(column: ColumnProfile) -> list[str]:
    """Return a sentence for each reason why values of a column do not fit."""
    by_reason: dict[str, list[ValueFault]] = defaultdict(list)
    for fault in column.faults:
        by_reason[fault.why].append(fault)
    said = [_said(column.name, reason, faults) for reason, faults in by_reason.items()]
    rest = column.fault_count - len(column.faults)
    if rest > 0:
        said.append(f"{column.name}: {rest} more values do not fit.")
    return said


def _said(name: str, reason: str, faults: list[ValueFault]) -> str:
    shown = ", ".join(f"line {one.line}: {one.value[:60]!r}" for one in faults[:_SHOWN])
    number = "1 value" if len(faults) == 1 else f"{len(faults)} values"
    more = ", ..." if len(faults) > _SHOWN else ""
    return f"{name}: {number} set aside ({shown}{more}): {reason}."


def zone_notes(
    connection: duckdb.DuckDBPyConnection, relation: str, column: ColumnProfile
) -> list[str]:
    """Return a note on local times that the clock of the zone shows twice in autumn."""
    writing = column.writing
    if writing.kind != "timestamp" or writing.zone in ("", "UTC"):
        return []
    zone = literal(writing.zone)
    local = local_sql(trimmed(f"c{column.place}"), writing)
    hour = "INTERVAL 1 HOUR"
    row = connection.execute(
        f"SELECT count(*), min(_line) FROM (SELECT _line, t, timezone({zone}, t) AS i FROM "
        f"(SELECT _line, {local} AS t FROM {relation})) "
        f"WHERE timezone({zone}, i + {hour}) = t OR timezone({zone}, i - {hour}) = t"
    ).fetchone()
    if not row or not row[0]:
        return []
    return [
        f"{column.name}: {row[0]} times fall in the hour that the clock shows twice in the zone "
        f"{writing.zone} (first in line {row[1]}); they are taken as its second pass, in winter "
        "time."
    ]
