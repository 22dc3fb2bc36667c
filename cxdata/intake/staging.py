"""Rows on their way into curated tables: checked, made unique, and counted.

Rows wait in ``stage_<table>`` with the number of the record they come from. A record that breaks
a rule in one table is set aside as a whole, so that no half of it is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from cxdata.intake.contract import breaches
from cxdata.intake.loaded import SET_ASIDE
from cxdata.intake.sql import any_of, literal
from cxdata.model.tables.checks import NO_OVERLAP, STARTS_AND_ENDS, Check, checks
from cxdata.sources.parquet_io import arrow_schema

_ACCEPTED = "_record NOT IN (SELECT record FROM aside)"


@dataclass(frozen=True)
class Staged:
    """A table in waiting: whether equal rows are one, how columns are reduced, where they are from.

    ``shown`` gives the extract's own names of a column, for the reader of a fault; a column that
    is filled from several (wide to long) goes by its own name.
    """

    table: sa.Table
    distinct: bool = False
    reduced: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.table.name)

    @property
    def key(self) -> str:
        """The key columns, for SQL."""
        return ", ".join(self.table.primary_key.columns.keys())

    def name_of(self, column: str) -> str:
        """Return the name of a column that the reader of a fault knows."""
        names = self.shown.get(column, ())
        return names[0] if len(names) == 1 else column


class Staging:
    """The waiting room of one load."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, loaded_on: date) -> None:
        self.connection, self.loaded_on = connection, loaded_on
        self.staged: dict[str, Staged] = {}
        connection.execute(
            'CREATE TABLE aside (record BIGINT, "column" VARCHAR, value VARCHAR, rule VARCHAR, '
            "expected VARCHAR)"
        )

    def add(self, staged: Staged, select: str) -> None:
        """Put rows in waiting; the query gives ``_record`` and every declared column."""
        self.connection.execute(f"CREATE TABLE stage_{staged.name} AS {select}")
        self.staged[staged.name] = staged

    def count(self, query: str) -> int:
        """Return the single number that a query gives."""
        row = self.connection.execute(query).fetchone()
        return int(row[0] or 0) if row else 0

    def set_aside(self, select: str) -> None:
        """Set records aside: record, column, value, rule, expected."""
        self.connection.execute(f"INSERT INTO aside {select}")

    def settle(self) -> None:
        """Check every row, then keys and validities, and fix what goes into the tables."""
        for staged in self.staged.values():
            self._check(staged)
        for staged in self.staged.values():
            self._finish(staged)
        before = self.count("SELECT count(*) FROM aside")
        for staged in self.staged.values():
            self._conflicts(staged)
            self._overlaps(staged)
        # Setting a record aside takes its rows out of every table, so all are made again.
        if self.count("SELECT count(*) FROM aside") > before:
            for staged in self.staged.values():
                self._finish(staged)

    def rows(self, name: str) -> pa.Table:
        """Return the accepted rows of a table in its declared types, in the extract's order."""
        staged = self.staged[name]
        schema = arrow_schema(staged.table)
        found = self.connection.execute(
            f"SELECT {', '.join(schema.names)} FROM final_{name} ORDER BY _record, {staged.key}"
        )
        return found.to_arrow_table().cast(schema)

    def faults(self) -> pa.Table:
        """Return what was set aside, in the order of the extract."""
        found = self.connection.execute(
            'SELECT DISTINCT * FROM aside ORDER BY record, "column", rule, value'
        )
        return found.to_arrow_table().cast(SET_ASIDE)

    def notes(self) -> list[str]:
        """Return what is worth saying about the accepted rows."""
        said = []
        for staged in self.staged.values():
            folded = self.folded(staged.name)
            if folded and not staged.distinct:
                said.append(
                    f"Rows of {staged.name} that repeat another one, key and all, and count once: "
                    f"{folded:,}."
                )
            said += self._orphans(staged)
        return said

    def folded(self, name: str) -> int:
        """Return how many accepted rows equal another one that counts for them."""
        return self.count(f"SELECT sum(_times) - count(*) FROM final_{name}")

    def _check(self, staged: Staged) -> None:
        """Insert the breaches of each row's own rules; one scan tells which rules are broken."""
        rules = breaches(staged.table, self.loaded_on)
        counts = self.connection.execute(
            f"SELECT {', '.join(f'count(*) FILTER ({broken})' for _, broken in rules)} "
            f"FROM stage_{staged.name}"
        ).fetchone()
        for (check, broken), count in zip(rules, counts or (), strict=True):
            if count:
                self._insert_breach(staged, check, broken)

    def _insert_breach(self, staged: Staged, check: Check, broken: str) -> None:
        """A value that could not be read has its fault already; its absence is not another."""
        shown = staged.name_of(check.column)
        known = any_of([shown, *staged.shown.get(check.column, ())])
        self.set_aside(
            f"SELECT _record, {literal(shown)}, CAST({check.column} AS VARCHAR), "
            f"{literal(check.rule)}, {literal(check.expected)} "
            f"FROM stage_{staged.name} WHERE ({broken}) AND NOT EXISTS "
            f'(FROM aside WHERE record = _record AND "column" IN ({known}))'
        )

    def _finish(self, staged: Staged) -> None:
        """Fix the accepted rows: equal rows with one key are one, with the number of them."""
        stage, final = f"stage_{staged.name}", f"final_{staged.name}"
        names = list(staged.table.columns.keys())
        if not staged.distinct and self._unique(stage, staged.key):
            select = f"SELECT *, 1 AS _times FROM {stage} WHERE {_ACCEPTED}"
        else:
            kept = [name for name in names if name not in staged.reduced]
            picked = [
                f"{staged.reduced[name]}({name}) AS {name}" if name in staged.reduced else name
                for name in names
            ]
            select = (
                f"SELECT min(_record) AS _record, {', '.join(picked)}, count(*) AS _times "
                f"FROM {stage} WHERE {_ACCEPTED} GROUP BY {', '.join(kept)}"
            )
        self.connection.execute(f"CREATE OR REPLACE TABLE {final} AS {select}")

    def _unique(self, relation: str, key: str) -> bool:
        return not self.count(
            f"SELECT count(*) FROM (SELECT 1 FROM {relation} GROUP BY {key} "
            "HAVING count(*) > 1 LIMIT 1)"
        )

    def _conflicts(self, staged: Staged) -> None:
        """Set aside all records of a key that different rows claim."""
        key, final = staged.key, f"final_{staged.name}"
        if self._unique(final, key):
            return
        check = next(one for one in checks(staged.table) if one.rule == "key")
        names = staged.table.primary_key.columns.keys()
        shown = ", ".join(staged.name_of(name) for name in names)
        value = " || ', ' || ".join(f"CAST(s.{name} AS VARCHAR)" for name in names)
        self.set_aside(
            f"SELECT s._record, {literal(shown)}, {value}, 'key', {literal(check.expected)} "
            f"FROM stage_{staged.name} s SEMI JOIN (SELECT {key} FROM {final} GROUP BY {key} "
            f"HAVING count(*) > 1) USING ({key}) WHERE s.{_ACCEPTED}"
        )

    def _overlaps(self, staged: Staged) -> None:
        """Set aside a row that starts before the row before it, of the same owner, has ended."""
        if staged.name not in NO_OVERLAP:
            return
        start, end = STARTS_AND_ENDS[staged.name]
        owner = ", ".join(NO_OVERLAP[staged.name])
        check = next(one for one in checks(staged.table) if one.rule == "overlap")
        shown = literal(staged.name_of(start))
        before = (
            f"max(coalesce({end}, DATE '9999-12-31')) OVER (PARTITION BY {owner} "
            f"ORDER BY {start}, _record ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        )
        self.set_aside(
            f"SELECT _record, {shown}, CAST({start} AS VARCHAR), 'overlap', "
            f"{literal(check.expected)} FROM final_{staged.name} QUALIFY {start} < {before}"
        )

    def _orphans(self, staged: Staged) -> list[str]:
        """Say which references point to nothing in a table of the same load."""
        said = []
        for column in staged.table.columns:
            target, _, name = (column.info["refers"] or "").partition(".")
            if target not in self.staged:
                continue
            missing = self.count(
                f"SELECT count(*) FROM final_{staged.name} f WHERE f.{column.name} IS NOT NULL "
                f"AND NOT EXISTS (FROM final_{target} t WHERE t.{name} = f.{column.name})"
            )
            if missing:
                said.append(
                    f"Rows of {staged.name} whose {column.name} is not in {target}: {missing:,}."
                )
        return said
