"""What an extract would change: new, changed, unchanged, removed; by SQL on Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import sqlalchemy as sa

from cxdata.model.tables.checks import NO_OVERLAP, STARTS_AND_ENDS
from cxdata.publish.mode import Days, Mode
from cxdata.publish.relation import FILE, key_of, name, names, text
from cxdata.sources.parquet_io import event_date

PROVENANCE = ("source_system", "loaded_at")
"""Columns that say where a row came from: they make no row another one."""

EXAMPLES = 3
"""Examples of each changed column."""


@dataclass(frozen=True)
class Example:
    """One value that would change."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangedColumn:
    """One column that differs in rows of the same key."""

    column: str
    rows: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Difference:
    """What one table would become.

    ``before`` counts its published rows; after it there are ``before`` + ``new`` - ``removed``.
    ``low`` and ``high`` span the event dates of every row that is new, changed or removed.
    ``days`` is the period that is replaced. ``overlapping`` counts rows that would be in force
    together with a published one that stays, though only one may be, as in ``overlap``.
    """

    table: str
    before: int
    new: int
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    aside: int = 0
    columns: tuple[ChangedColumn, ...] = ()
    low: date | None = None
    high: date | None = None
    days: Days | None = None
    overlapping: int = 0
    overlap: str = ""

    @property
    def after(self) -> int:
        """Rows of the table once it is published."""
        return self.before + self.new - self.removed

    @property
    def is_nothing(self) -> bool:
        """Whether the table stays as it is."""
        return not (self.new or self.changed or self.removed)

    @property
    def words(self) -> str:
        """The counts in one line.

        >>> Difference("customer", 92, 12_340, 87, 5, 0, 61).words
        '12,340 new, 87 changed, 5 unchanged, 61 aside'
        """
        counts = [
            (self.new, "new"),
            (self.changed, "changed"),
            (self.unchanged, "unchanged"),
            (self.removed, "removed"),
            (self.aside, "aside"),
        ]
        shown = [f"{count:,} {what}" for count, what in counts if count or what == "new"]
        return ", ".join(shown)


class Comparing:
    """One table's fresh rows against those published, in an engine that has both as views.

    The views are ``fresh`` and ``there`` (with the column ``_file``). Comparing leaves a table
    ``gone`` with the keys of the published rows that must go, and their file.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: sa.Table,
        spoken: tuple[str, ...] | None,
    ) -> None:
        self.connection, self.table = connection, table
        self.key = key_of(table)
        self.dated = event_date(table)
        self.compared = [
            column.name
            for column in table.columns
            if column.name not in (*self.key, *PROVENANCE)
            and (spoken is None or column.name in spoken)
        ]

    def difference(
        self, mode: Mode, days: Days | None, source_system: str, fresh: int
    ) -> Difference:
        """Count, and find what goes; ``fresh`` is the number of fresh rows."""
        before = self._value("SELECT count(*) FROM there")
        shared, changed, columns = self._shared() if before else (0, 0, ())
        self.connection.execute(f"CREATE OR REPLACE TABLE gone AS {self._gone(mode, changed)}")
        removed = self._remove(mode, days, source_system) if before else 0
        low, high = self._touched(mode, shared)
        overlapping, overlap = self._overlapping() if before else (0, "")
        return Difference(
            str(self.table.name),
            before,
            new=fresh - shared,
            changed=changed,
            unchanged=shared - changed,
            removed=removed,
            columns=columns,
            low=low,
            high=high,
            days=days,
            overlapping=overlapping,
            overlap=overlap,
        )

    @property
    def differs(self) -> str:
        """The condition that a fresh row ``f`` differs from the published row ``t``."""
        return " OR ".join(_distinct(column) for column in self.compared) or "false"

    @property
    def joined(self) -> str:
        """Fresh rows with the published row of the same key."""
        return f"fresh f JOIN there t USING ({names(self.key)})"

    def _shared(self) -> tuple[int, int, tuple[ChangedColumn, ...]]:
        """Count shared and changed rows, and each column's changes with examples, in one pass."""
        shown = " || ', ' || ".join(f"CAST(f.{name(one)} AS VARCHAR)" for one in self.key)
        wanted = ["count(*)", f"count(*) FILTER ({self.differs})"]
        for column in self.compared:
            example = (
                f"{{'key': {shown}, 'before': CAST(t.{name(column)} AS VARCHAR), "
                f"'after': CAST(f.{name(column)} AS VARCHAR)}}"
            )
            wanted.append(f"count(*) FILTER ({_distinct(column)})")
            wanted.append(f"arg_min({example}, {shown}, {EXAMPLES}) FILTER ({_distinct(column)})")
        found = self._row(f"SELECT {', '.join(wanted)} FROM {self.joined}")
        columns = [
            ChangedColumn(column, count, tuple(Example(**one) for one in examples))
            for column, count, examples in zip(self.compared, found[2::2], found[3::2], strict=True)
            if count
        ]
        columns.sort(key=lambda one: -one.rows)
        return int(found[0]), int(found[1]), tuple(columns)

    def _gone(self, mode: Mode, changed: int) -> str:
        dates = f", t.{name(self.dated)} AS _date" if self.dated else ", NULL::DATE AS _date"
        is_kept = mode is Mode.APPEND or not changed
        return (
            f"SELECT {names(self.key)}, t.{FILE}{dates} FROM {self.joined} "
            f"WHERE {'false' if is_kept else self.differs}"
        )

    def _remove(self, mode: Mode, days: Days | None, source_system: str) -> int:
        """Add to ``gone`` the published rows that the extract lacks; return how many."""
        inside = _inside(self.table, self.dated, mode, days, source_system)
        if inside is None:
            return 0
        dates = name(self.dated) if self.dated else "NULL::DATE"
        return self._value(
            f"INSERT INTO gone SELECT {names(self.key)}, {FILE}, {dates} "
            f"FROM there ANTI JOIN fresh USING ({names(self.key)}) WHERE {inside}"
        )

    def _overlapping(self) -> tuple[int, str]:
        """Count fresh rows in force together with a published row that stays; show one's owner."""
        owner = NO_OVERLAP.get(self.table.name)
        if owner is None:
            return 0, ""
        start, end = STARTS_AND_ENDS[self.table.name]
        key, shown = names(self.key), " || ', ' || ".join(f"f.{name(one)}" for one in owner)
        kept = names(tuple(dict.fromkeys([*self.key, *owner, end])))
        count, example = self._row(
            f"SELECT count(*), min({shown} || ' from ' || f.{start}) FROM fresh f JOIN "
            f"(SELECT {kept} FROM there ANTI JOIN gone USING ({key}) "
            f"ANTI JOIN fresh USING ({key})) t "
            f"ON {' AND '.join(f'f.{name(one)} = t.{name(one)}' for one in owner)} "
            f"AND f.{start} < coalesce(t.{end}, DATE '9999-12-31') "
            f"AND t.{start} < coalesce(f.{end}, DATE '9999-12-31')"
        )
        return int(count), example or ""

    def _touched(self, mode: Mode, shared: int) -> tuple[date | None, date | None]:
        if not self.dated:
            return None, None
        dated = name(self.dated)
        key = names(self.key)
        new = f"SELECT {dated} AS d FROM fresh"
        if shared:
            new += f" ANTI JOIN there USING ({key})"
        changed = f"SELECT f.{dated} FROM fresh f SEMI JOIN gone USING ({key})"
        low, high = self._row(
            f"SELECT min(d), max(d) FROM ({new} UNION ALL {changed} UNION ALL "
            "SELECT _date FROM gone)"
        )
        return low, high

    def _row(self, query: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self.connection.execute(query).fetchone()
        return row or ()

    def _value(self, query: str) -> int:
        return int(self._row(query)[0] or 0)


def _distinct(column: str) -> str:
    return f"f.{name(column)} IS DISTINCT FROM t.{name(column)}"


def _inside(
    table: sa.Table, dated: str | None, mode: Mode, days: Days | None, source_system: str
) -> str | None:
    """The condition of published rows that the extract stands in place of; None for none."""
    if mode is Mode.REPLACE_TABLE:
        return "true"
    if mode is not Mode.REPLACE_PERIOD or dated is None or days is None:
        return None
    inside = f"{name(dated)} >= DATE {text(days.start)} AND {name(dated)} < DATE {text(days.end)}"
    if source_system and "source_system" in table.columns:
        inside += f" AND coalesce(source_system, {text(source_system)}) = {text(source_system)}"
    return inside
