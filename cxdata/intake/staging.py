"""Rows on their way into curated tables: checked, made unique, and counted.

Rows wait in ``stage_<table>`` with the number of the record they come from. A record that breaks
a rule in one table is set aside as a whole, so that no half of it is published. Nothing here
holds a table: rows wait in files, and only keys that come twice are looked at together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from cxdata.intake.contract import breaches
from cxdata.intake.ledger import Ledger
from cxdata.intake.loaded import Unresolved
from cxdata.intake.rows import TableRows
from cxdata.intake.values.sql import literal
from cxdata.intake.workspace import Workspace, listed
from cxdata.model.tables.checks import NO_OVERLAP, STARTS_AND_ENDS, Check, checks

AT_ONCE = 40
"""So many queries are put into one statement."""

UNKNOWN_DAYS = ("1900-01-01", "1970-01-01")
"""Days on which counting begins in spreadsheets and in systems: an empty date ends up there."""

EXAMPLES = 3
"""So many ids of what is not known are shown."""

_OWN = ("_record", "_line", "_group")


@dataclass(frozen=True)
class Facet:
    """A column of a row as the reader of a fault knows it; what a text in it has to be."""

    shown: str
    rule: str = "type"
    expected: str = ""


@dataclass(frozen=True)
class Staged:
    """A table in waiting: whether equal rows are one, how columns are reduced, where they are from.

    ``facets`` has one entry for each row that a record gives (wide to long), by column. The
    columns in it are those that are read from text; the others are stated.
    """

    table: sa.Table
    distinct: bool = False
    reduced: Mapping[str, str] = field(default_factory=dict)
    facets: Sequence[Mapping[str, Facet]] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.table.name)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self.table.columns.keys())

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of its key columns."""
        return tuple(self.table.primary_key.columns.keys())

    @property
    def key(self) -> str:
        """The key columns, for SQL."""
        return ", ".join(self.keys)

    @property
    def said(self) -> tuple[str, ...]:
        """The columns that are read from text."""
        return tuple(dict.fromkeys(name for one in self.facets for name in one))

    @property
    def grouped(self) -> bool:
        """Whether its rows are made of several."""
        return self.distinct or bool(self.reduced)

    def name_of(self, column: str) -> str:
        """Return the name of a column that the reader of a fault knows, whatever the row."""
        names = {one[column].shown for one in self.facets if column in one}
        return names.pop() if len(names) == 1 else column


class Staging:
    """The waiting room of one load.

    ``published`` gives the Parquet files of tables that are there already, by which references
    are resolved beside the load's own tables. What refers to nothing is kept and counted, or set
    aside with ``only_known``.
    """

    def __init__(
        self,
        workspace: Workspace,
        loaded_on: date,
        published: Mapping[str, Iterable[Path]] | None = None,
        *,
        only_known: bool = False,
    ) -> None:
        self.workspace, self.loaded_on, self.only_known = workspace, loaded_on, only_known
        self.ledger = Ledger(workspace)
        self.staged: dict[str, Staged] = {}
        self._published = {name: list(paths) for name, paths in (published or {}).items()}
        self._repeated: dict[str, bool] = {}
        self._bad: dict[str, int] = {}
        self._rows: dict[str, TableRows] = {}

    def add(self, staged: Staged, selects: Sequence[str]) -> None:
        """Put rows in waiting.

        Each query gives ``_record``, ``_line``, ``_group`` (its place in the facets), every
        declared column and, where there are facets, the structs ``_said`` (texts) and ``_unfit``
        (whether the text does not fit), by column. They are kept of rows that break a rule only.
        """
        rules = breaches(staged.table, self.loaded_on)
        broken = [f"coalesce(_unfit.{name}, false)" for name in staged.said]
        broken += [f"coalesce({predicate}, false)" for _, predicate in rules]
        witness = (
            "CASE WHEN _bad THEN _said END AS _said, CASE WHEN _bad THEN _unfit END AS _unfit, "
            if staged.said
            else ""
        )
        chosen = ", ".join([*_OWN, *staged.columns])
        queries = [
            f"SELECT {witness}_bad, {chosen} FROM "
            f"(SELECT *, {' OR '.join(broken) or 'false'} AS _bad FROM ({select}))"
            for select in selects
        ]
        groups = [queries[at : at + AT_ONCE] for at in range(0, len(queries), AT_ONCE)]
        self.workspace.keep(f"stage_{staged.name}", *(" UNION ALL ".join(one) for one in groups))
        self.staged[staged.name] = staged

    def settle(self) -> None:
        """Check every row, then keys and validities, and fix what goes into the tables."""
        for staged in self.staged.values():
            self._check(staged)
        self.ledger.close()
        for staged in self.staged.values():
            self._gather(staged)
        for staged in self.staged.values():
            self._conflicts(staged)
            self._overlaps(staged)
        self._take_out()
        if self.only_known:
            for staged in self.staged.values():
                self._refuse_unknown(staged)
            self._take_out()
        for staged in self.staged.values():
            self._finish(staged)

    def _take_out(self) -> None:
        """Setting a record aside takes its rows out of every table, so all are gathered again."""
        if self.ledger.close():
            for staged in self.staged.values():
                self._gather(staged)

    def rows(self, name: str) -> TableRows:
        """Return the accepted rows of a table in its declared types, in the extract's order."""
        return self._rows[name]

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
            said += self._placeholders(staged)
        return said

    def unresolved(self) -> tuple[Unresolved, ...]:
        """Return which references of the accepted rows point to nothing."""
        return tuple(one for staged in self.staged.values() for one in self._orphans(staged))

    def accepted(self, name: str) -> int:
        """Return how many rows in waiting belong to records that are not set aside."""
        return self.workspace.count(f"SELECT count(*) FROM ({self._accepted(self.staged[name])})")

    def waiting(self, name: str) -> int:
        """Return how many rows were put in waiting."""
        return self.workspace.count(f"SELECT count(*) FROM stage_{name}")

    def folded(self, name: str) -> int:
        """Return how many accepted rows equal another one that counts for them."""
        if self.staged[name].grouped:
            return self.accepted(name) - self.rows(name).num_rows
        if not self._repeated[name]:
            return 0
        return self.workspace.count(f"SELECT count(*) FROM repeat_{name}")

    # -- checks of single rows -----------------------------------------------------------------

    def _check(self, staged: Staged) -> None:
        """Set aside the rows that break a rule by themselves; one scan tells which rules."""
        bad = f"bad_{staged.name}"
        self._bad[staged.name] = 0
        if not self.workspace.count(f"SELECT count(*) FROM stage_{staged.name} WHERE _bad"):
            return
        self.workspace.keep(bad, f"SELECT * FROM stage_{staged.name} WHERE _bad")
        self._bad[staged.name] = self.workspace.count(f"SELECT count(DISTINCT _record) FROM {bad}")
        self._show_facets(staged)
        rules = breaches(staged.table, self.loaded_on)
        asked = [f"_unfit.{name}" for name in staged.said]
        asked += [predicate for _, predicate in rules]
        counts = self.workspace.run(
            f"SELECT {', '.join(f'count(*) FILTER ({one})' for one in asked)} FROM {bad}"
        ).fetchone()
        numbers = iter(counts or ())
        for name in staged.said:
            if next(numbers):
                self._add_unfit(staged, name)
        for check, broken in rules:
            if next(numbers):
                self._add_breach(staged, check, broken)

    def _show_facets(self, staged: Staged) -> None:
        rows = [
            {"_group": place, "_column": name, "shown": f.shown, "rule": f.rule, "want": f.expected}
            for place, facets in enumerate(staged.facets)
            for name, f in facets.items()
        ]
        names = ("_column", "shown", "rule", "want")
        schema = pa.schema([("_group", pa.int32()), *((name, pa.string()) for name in names)])
        self.workspace.connection.register("said_facets", pa.Table.from_pylist(rows, schema))
        self.workspace.run("CREATE OR REPLACE TABLE facets AS SELECT * FROM said_facets")
        self.workspace.connection.unregister("said_facets")

    def _add_unfit(self, staged: Staged, column: str) -> None:
        self.ledger.add(
            f"SELECT b._record, b._line, f.shown, b._said.{column}, f.rule, f.want "
            f"FROM bad_{staged.name} b JOIN facets f ON f._group = b._group "
            f"AND f._column = {literal(column)} WHERE b._unfit.{column}"
        )

    def _add_breach(self, staged: Staged, check: Check, broken: str) -> None:
        """A value that could not be read has its fault already; its absence is not another."""
        column = check.column
        is_said = column in staged.said
        text = f"b._said.{column}, " if is_said else ""
        unless = f" AND NOT coalesce(b._unfit.{column}, false)" if is_said else ""
        self.ledger.add(
            f"SELECT b._record, b._line, coalesce(f.shown, {literal(column)}), "
            f"coalesce({text}CAST(b.{column} AS VARCHAR)), {literal(check.rule)}, "
            f"{literal(check.expected)} FROM (FROM bad_{staged.name} WHERE {broken}) b "
            f"LEFT JOIN facets f ON f._group = b._group AND f._column = {literal(column)} "
            f"WHERE true{unless}"
        )

    def _is_plain(self, staged: Staged) -> bool:
        """Whether rows are out only by what they say themselves: no join has to tell which."""
        once = len(staged.facets) <= 1
        return once and self.ledger.records == self._bad[staged.name] + self.ledger.unsplit

    def _accepted(self, staged: Staged) -> str:
        """Return a query for the rows in waiting whose records are not out, in their order."""
        if self._is_plain(staged):
            return f"SELECT * FROM stage_{staged.name} WHERE NOT _bad"
        return self.ledger.accepted(f"stage_{staged.name}")

    # -- rows beside other rows ----------------------------------------------------------------

    def _gather(self, staged: Staged) -> None:
        """Show the accepted rows as ``unique_<table>``: rows equal in every column are one."""
        accepted = self._accepted(staged)
        if staged.grouped:
            self.workspace.keep(f"unique_{staged.name}", _reduced(staged, accepted))
            return
        if staged.name not in self._repeated:
            self._repeated[staged.name] = self._find_repeated(staged, accepted)
        if self._repeated[staged.name]:
            again = f"again_{staged.name}"
            everything = ", ".join(staged.columns)
            self.workspace.run(
                f"CREATE OR REPLACE TABLE repeat_{staged.name} AS SELECT _record, _group FROM "
                f"({self.ledger.accepted(again)}) QUALIFY row_number() OVER "
                f"(PARTITION BY {everything} ORDER BY _record, _group) > 1"
            )
            accepted = (
                f"SELECT * FROM ({accepted}) ANTI JOIN repeat_{staged.name} USING (_record, _group)"
            )
        self.workspace.run(f"CREATE OR REPLACE VIEW unique_{staged.name} AS {accepted}")

    def _find_repeated(self, staged: Staged, accepted: str) -> bool:
        """Put the rows of keys that come more than once into ``again_<table>``, if any.

        Keys are counted by their hash, so that few bytes a row are held; rows that only share a
        hash do no harm, as whole keys are compared after this.
        """
        hashed = f"hash({staged.key})"
        hashes = f"hashes_{staged.name}"
        self.workspace.run(
            f"CREATE OR REPLACE TABLE {hashes} AS SELECT h FROM "
            f"(SELECT {hashed} AS h FROM ({accepted})) GROUP BY h HAVING count(*) > 1"
        )
        if not self.workspace.count(f"SELECT count(*) FROM {hashes}"):
            return False
        self.workspace.keep(
            f"again_{staged.name}",
            f"SELECT {', '.join([*_OWN, *staged.columns])} FROM ({accepted}) "
            f"SEMI JOIN {hashes} ON h = {hashed}",
        )
        return True

    def _conflicts(self, staged: Staged) -> None:
        """Set aside all records of a key that different rows claim."""
        key = staged.key
        if staged.grouped:
            different = f"unique_{staged.name}"
        elif self._repeated[staged.name]:
            different = f"(SELECT DISTINCT {', '.join(staged.columns)} FROM again_{staged.name})"
        else:
            return
        claimed = f"SELECT {key} FROM {different} GROUP BY {key} HAVING count(*) > 1"
        check = next(one for one in checks(staged.table) if one.rule == "key")
        shown = ", ".join(staged.name_of(name) for name in staged.keys)
        value = " || ', ' || ".join(f"CAST({name} AS VARCHAR)" for name in staged.keys)
        self.ledger.add(
            f"SELECT _record, _line, {literal(shown)}, {value}, 'key', {literal(check.expected)} "
            f"FROM ({self._accepted(staged)}) "
            f"SEMI JOIN ({claimed}) USING ({key})"
        )

    def _overlaps(self, staged: Staged) -> None:
        """Set aside a row that starts before the row before it, of the same owner, has ended."""
        if staged.name not in NO_OVERLAP:
            return
        start, end = STARTS_AND_ENDS[staged.name]
        owner = ", ".join(NO_OVERLAP[staged.name])
        check = next(one for one in checks(staged.table) if one.rule == "overlap")
        before = (
            f"max(coalesce({end}, DATE '9999-12-31')) OVER (PARTITION BY {owner} "
            f"ORDER BY {start}, _record ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        )
        self.ledger.add(
            f"SELECT _record, _line, {literal(staged.name_of(start))}, CAST({start} AS VARCHAR), "
            f"'overlap', {literal(check.expected)} FROM unique_{staged.name} "
            f"QUALIFY {start} < {before}"
        )

    def _finish(self, staged: Staged) -> None:
        """Write the accepted rows, in the order of the extract."""
        path = self.workspace.folder.path / f"{staged.name}.parquet"
        # Rows in waiting are in order, and stay so unless the engine groups or joins them.
        stay = not (staged.grouped or len(staged.facets) > 1 or self._repeated.get(staged.name))
        order = "" if stay and self._is_plain(staged) else f" ORDER BY _record, {staged.key}"
        number = self.workspace.write(
            path, f"SELECT {', '.join(staged.columns)} FROM unique_{staged.name}{order}"
        )
        self.workspace.show(f"final_{staged.name}", [path])
        self._rows[staged.name] = TableRows(staged.table, path, number, self.workspace.folder)

    def _placeholders(self, staged: Staged) -> list[str]:
        """Say which dates are those that systems write for an unknown day."""
        read = {name for facet in staged.facets for name in facet}
        dates = [
            one.name
            for one in staged.table.columns
            if one.info["logical"] == "DATE" and one.name in read
        ]
        asked = [(name, day) for name in dates for day in UNKNOWN_DAYS]
        if not asked:
            return []
        counted = [f"count(*) FILTER ({name} = DATE '{day}')" for name, day in asked]
        counts = self.workspace.run(
            f"SELECT {', '.join(counted)} FROM final_{staged.name}"
        ).fetchone()
        return [
            f"Rows of {staged.name} whose {name} is {day}, which often stands for an unknown day: "
            f"{count:,}."
            for (name, day), count in zip(asked, counts or (), strict=True)
            if count
        ]

    def _references(self, staged: Staged, kind: str) -> Iterator[tuple[str, str, str]]:
        """Yield each column that refers to a table that is there, that table, and what it holds.

        ``kind`` is the name before that of a table of this load: ``unique`` or ``final``.
        """
        for column in staged.table.columns:
            target, _, name = (column.info["refers"] or "").partition(".")
            known = [f"SELECT {name} FROM {kind}_{target}"] if target in self.staged else []
            if paths := self._published.get(target):
                known.append(
                    f"SELECT {name} FROM read_parquet([{listed(paths)}], union_by_name = true)"
                )
            if known:
                yield str(column.name), target, f"({' UNION ALL '.join(known)}) k({column.name})"

    def _orphans(self, staged: Staged) -> Iterator[Unresolved]:
        for column, target, known in self._references(staged, "final"):
            rows, examples = self.workspace.run(
                f"SELECT count(*), min({column}, {EXAMPLES}) FROM (SELECT {column} FROM "
                f"final_{staged.name} WHERE {column} IS NOT NULL) ANTI JOIN {known} "
                f"USING ({column})"
            ).fetchone() or (0, None)
            if rows:
                referring = self.workspace.count(f"SELECT count({column}) FROM final_{staged.name}")
                shown = tuple(dict.fromkeys(examples))
                yield Unresolved(staged.name, column, target, rows, referring, shown)

    def _refuse_unknown(self, staged: Staged) -> None:
        """Set aside what refers to something that is neither in the load nor published."""
        for column, _, known in self._references(staged, "unique"):
            check = next(
                one for one in checks(staged.table) if one.rule == "refers" and one.column == column
            )
            self.ledger.add(
                f"SELECT _record, _line, {literal(staged.name_of(column))}, {column}, 'refers', "
                f"{literal(check.expected)} FROM (FROM unique_{staged.name} "
                f"WHERE {column} IS NOT NULL AND _record > 0) ANTI JOIN {known} USING ({column})"
            )


def _reduced(staged: Staged, accepted: str) -> str:
    """Return a query that makes equal rows one, reducing some columns over them."""
    kept = [name for name in staged.columns if name not in staged.reduced]
    picked = [
        f"{staged.reduced[name]}({name}) AS {name}" if name in staged.reduced else name
        for name in staged.columns
    ]
    return (
        f"SELECT min(_record) AS _record, min(_line) AS _line, {', '.join(picked)} "
        f"FROM ({accepted}) GROUP BY {', '.join(kept)}"
    )
