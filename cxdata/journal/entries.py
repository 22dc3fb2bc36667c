"""Rows that people add to a curated table in the product: annotations, initiatives, goals, owners.

They are checked by the same declaration as an upload, and stand beside what the source holds.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import ENTRY
from cxdata.model.errors import JournalError
from cxdata.model.tables import curated
from cxdata.model.tables.checks import STARTS_AND_ENDS

KINDS = ("annotation", "initiative", "owner", "target")
"""Curated tables that people may add to here."""


@dataclass(frozen=True)
class Entry:
    """One added row: its table, its columns, who wrote it last and when."""

    kind: str
    id: str
    content: Mapping[str, Any]
    changed_by: str
    changed_at: datetime


def entries(journal: Journal, kind: str) -> tuple[Entry, ...]:
    """Return what people added to a table, oldest first."""
    _known(kind)
    query = (
        sa.select(ENTRY).where(ENTRY.c.kind == kind).order_by(ENTRY.c.changed_at, ENTRY.c.entry_id)
    )
    with journal.reading() as connection:
        return tuple(
            Entry(
                kind,
                row.entry_id,
                _read(kind, row.content),
                row.changed_by,
                row.changed_at,
            )
            for row in connection.execute(query)
        )


def write_entry(
    journal: Journal, kind: str, content: Mapping[str, Any], who: str, entry_id: str = ""
) -> str:
    """Add a row, or with its id change one; return the id.

    A key column that is left out of a table with one key column becomes the id itself.

    Raises:
        JournalError: a column the table does not have, or a value that it does not allow.
    """
    table = curated(_known(kind))
    entry_id = entry_id or uuid.uuid4().hex
    keys = table.primary_key.columns.keys()
    row = dict(content)
    if len(keys) == 1:
        row.setdefault(keys[0], entry_id)
    _check(table, row)
    stored = {name: _plain(value) for name, value in row.items() if value is not None}
    mine = (ENTRY.c.kind == kind) & (ENTRY.c.entry_id == entry_id)
    values = {"content": stored, "changed_by": who, "changed_at": journal.clock()}
    with journal.writing() as connection:
        there = connection.execute(sa.select(ENTRY.c.content).where(mine)).first()
        if there is None:
            values |= {"kind": kind, "entry_id": entry_id}
            connection.execute(sa.insert(ENTRY).values(values))
        else:
            connection.execute(sa.update(ENTRY).where(mine).values(values))
        before = None if there is None else there.content
        journal.note(connection, who, "wrote", (kind, entry_id), before, stored)
    return entry_id


def remove_entry(journal: Journal, kind: str, entry_id: str, who: str) -> None:
    """Take an added row away; what it said stays in the audit."""
    mine = (ENTRY.c.kind == _known(kind)) & (ENTRY.c.entry_id == entry_id)
    with journal.writing() as connection:
        there = connection.execute(sa.select(ENTRY.c.content).where(mine)).first()
        if there is not None:
            connection.execute(sa.delete(ENTRY).where(mine))
            journal.note(connection, who, "removed", (kind, entry_id), before=there.content)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise JournalError(f"Nothing can be added to {kind} here; only to {', '.join(KINDS)}.")
    return kind


_PROVENANCE = frozenset({"source_system", "loaded_at"})


def _check(table: sa.Table, row: Mapping[str, Any]) -> None:
    unknown = sorted(row.keys() - set(table.columns.keys()))
    if unknown:
        raise JournalError(f"{table.name} has no column {unknown[0]}.")
    for column in table.columns:
        if column.name not in _PROVENANCE:
            _check_value(table, column, row.get(column.name))
    start, end = STARTS_AND_ENDS.get(table.name, ("", ""))
    first, last = row.get(start), row.get(end)
    if first is not None and last is not None and last < first:
        raise JournalError(f"{end} {last} lies before {start} {first}.")


def _check_value(table: sa.Table, column: sa.Column, value: Any) -> None:
    info, what = column.info, f"{column.name} of {table.name}"
    if value is None or value == "":
        if info["required"]:
            raise JournalError(f"{what} is needed.")
        return
    allowed = info.get("allowed") or ()
    if allowed and value not in allowed:
        raise JournalError(f"{what} must be one of {', '.join(allowed)}; not {value!r}.")
    expected = _TYPES.get(info["logical"], (str,))
    if not isinstance(value, expected) or isinstance(value, bool) != (info["logical"] == "BOOL"):
        raise JournalError(f"{what} cannot be {value!r}.")
    low, high = info.get("low"), info.get("high")
    if (low is not None and value < low) or (high is not None and value > high):
        raise JournalError(f"{what} is {value}, outside {low} to {high}.")


_TYPES: dict[str, tuple[type, ...]] = {
    "DATE": (date,),
    "MONEY": (int, float),
    "UCOST": (int, float),
    "NUM": (int, float),
    "INT": (int,),
    "BOOL": (bool,),
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    columns = curated(kind).columns
    return {
        name: date.fromisoformat(value)
        if name in columns and columns[name].info["logical"] == "DATE"
        else value
        for name, value in content.items()
    }
