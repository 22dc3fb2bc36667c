"""The faults of one load while it runs, and what becomes of them: counts, examples, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from cxdata.intake.aside import FIRST, WHOLE_RECORD, Fault, Reason, SetAside
from cxdata.intake.values.sql import literal
from cxdata.intake.workspace import Workspace

_EXAMPLES = 3
_SOME = 20
"""So many values are looked at for examples that differ."""
_LONGEST_SHOWN = 1_000

Raw = Callable[[Iterable[int]], Mapping[int, str]]
"""Gives the text of records by their numbers."""


class Ledger:
    """Which records are set aside, and for what.

    ``aside`` has a row a fault, ``out`` a row a record as of the last :meth:`close`.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        workspace.run(
            'CREATE TABLE aside (record BIGINT, line BIGINT, "column" VARCHAR, value VARCHAR, '
            "rule VARCHAR, expected VARCHAR)"
        )
        workspace.run("CREATE TABLE out (record BIGINT)")
        workspace.run("CREATE TABLE unsplit (record BIGINT, raw VARCHAR)")
        self.records = 0

    def add(self, select: str) -> None:
        """Set records aside: record, line, column, value, rule, expected."""
        self.workspace.run(f"INSERT INTO aside {select}")

    def add_unsplit(self, records: pa.Table) -> None:
        """Set aside records that gave no cells: record, line, raw, rule, expected."""
        connection = self.workspace.connection
        connection.register("unread", records)
        self.add(
            f"SELECT record, line, {literal(WHOLE_RECORD)}, left(raw, {_LONGEST_SHOWN}), rule, "
            "expected FROM unread"
        )
        self.workspace.run("INSERT INTO unsplit SELECT record, raw FROM unread")
        connection.unregister("unread")

    def close(self) -> bool:
        """Fix which records are out; return whether they became more."""
        before = self.records
        self.workspace.run("CREATE OR REPLACE TABLE out AS SELECT DISTINCT record FROM aside")
        self.records = self.workspace.count("SELECT count(*) FROM out WHERE record > 0")
        return self.records > before

    @property
    def unsplit(self) -> int:
        """How many records gave no cells."""
        return self.workspace.count("SELECT count(*) FROM unsplit")

    @property
    def is_empty(self) -> bool:
        """Whether no record is out."""
        return not self.workspace.count("SELECT count(*) FROM out")

    def accepted(self, relation: str) -> str:
        """Return a query for the rows of a relation whose records are not out."""
        if self.is_empty:
            return f"SELECT * FROM {relation}"
        return f"SELECT * FROM {relation} ANTI JOIN out ON out.record = _record"

    def summary(self, header: Sequence[str] = (), raw: Raw | None = None) -> SetAside:
        """Return what was set aside, with its files where there is any.

        ``header`` names the columns of the relation ``raw``, whose cells go into the file.
        """
        self.close()
        if not self.records:
            return SetAside(header=tuple(header))
        folder = self.workspace.folder
        faults = folder.path / "set_aside.parquet"
        number = self.workspace.write(
            faults,
            'SELECT DISTINCT * FROM aside WHERE record > 0 ORDER BY record, "column", rule, value',
        )
        self.workspace.show("faults", [faults])
        records = folder.path / "set_aside_records.parquet"
        self._write_records(records, header)
        return SetAside(
            records=self.records,
            faults=number,
            reasons=self._reasons(),
            first=self._first(raw),
            header=tuple(header),
            faults_file=faults,
            records_file=records,
            folder=folder,
        )

    def _write_records(self, path: Path, header: Sequence[str]) -> None:
        """One row a record: cells (none for a record that was never split) and its faults."""
        cells = [f"raw.c{place}" for place in range(len(header))]
        source = "LEFT JOIN raw ON raw._record = why.record" if cells else ""
        grouped = (
            "SELECT record, any_value(line) AS line, "
            'string_agg("column", \'; \' ORDER BY "column", rule) AS "column", '
            "string_agg(rule, '; ' ORDER BY \"column\", rule) AS rule, "
            "string_agg(expected, '; ' ORDER BY \"column\", rule) AS expected "
            "FROM faults GROUP BY record"
        )
        self.workspace.write(
            path,
            f"SELECT {''.join(f'{cell}, ' for cell in cells)} why.record AS _record, "
            'why.line AS _line, why."column" AS _column, why.rule AS _rule, '
            f"why.expected AS _expected, unsplit.raw AS _raw FROM ({grouped}) why {source} "
            "LEFT JOIN unsplit ON unsplit.record = why.record ORDER BY why.record",
        )

    def _reasons(self) -> tuple[Reason, ...]:
        rows = self.workspace.run(
            'SELECT "column", rule, expected, count(DISTINCT record) AS records, '
            f"arg_min(value, record, {_SOME}) AS some "
            'FROM faults GROUP BY "column", rule, expected '
            'ORDER BY records DESC, "column", rule, expected'
        ).fetchall()
        return tuple(
            Reason(column, rule, expected, records, tuple(dict.fromkeys(some or ()))[:_EXAMPLES])
            for column, rule, expected, records, some in rows
        )

    def _first(self, raw: Raw | None) -> tuple[Fault, ...]:
        rows = self.workspace.run(
            f'FROM faults ORDER BY record, "column", rule, value LIMIT {FIRST}'
        ).fetchall()
        numbers = sorted({row[0] for row in rows})
        texts = dict(raw(numbers)) if raw else {}
        texts |= self.workspace.run(
            f"SELECT record, raw FROM unsplit WHERE record <= {numbers[-1]}"
        ).fetchall()
        return tuple(
            Fault(record, line, column, value, rule, expected, texts.get(record, ""))
            for record, line, column, value, rule, expected in rows
        )
