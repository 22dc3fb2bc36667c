"""The one gate to any row.

Whoever wants rows asks a :class:`Gate`, which knows who is asking and is held at one data version.
No page, option list, date or command reads another way; the policy is applied here, first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cxdata.access.policy import EVERYONE, Policy
from cxdata.journal.entered import NOTHING, Entered
from cxdata.marts.behind import as_built
from cxdata.marts.workspace import Workspace
from cxdata.model.errors import MissingTables, NotAllowed, NotBuilt
from cxdata.model.metric import Metric
from cxdata.model.summaries import BUILD, EVENT_LAG, PROFILE_MEMBER, TABLE_HEALTH, marts_format
from cxdata.model.tables import CURATED
from cxdata.query.memory import Memory
from cxdata.sources.faults import retried, statement_limit
from cxdata.sources.source import DataVersion, Source
from cxdata.statistics.completeness import LagDistribution, lag_distribution

SNAPSHOT = (
    "subscription_period is a snapshot: it says how long customers stayed, not when they left"
)

_NOT_BUILT = "The summaries of these data have not been built."
_BUILD = "python -m cxdata build"

_FLOWS = frozenset({"customer_flow", "customer_total", "account_score", "renewal_summary"})

LOG = logging.getLogger("cxdata.audit")

SLOWEST_SECONDS = 30.0
"""Longest that one reading statement may take unless the settings say otherwise."""


@dataclass(frozen=True)
class BuildFacts:
    """What is known of the summaries that are read."""

    first_month: date
    last_month: date
    complete_through: date
    activity_through: date
    history_start: date | None
    lapse_days: int
    lapse_return_share: float | None
    currency: str
    version_id: str


@dataclass(frozen=True)
class TableFacts:
    """What is known of one curated table."""

    row_count: int
    first_date: date | None
    last_date: date | None
    complete_through: date | None
    is_assumed: bool
    is_snapshot: bool
    future_dated: int


@dataclass(frozen=True)
class Asking:
    """Who asks for rows of single people, and what for: kept before any row is read.

    ``of`` is the metric, ``about`` the period, the slice and how many rows, as plain values.
    """

    who: str
    of: str
    about: Mapping[str, Any]


Behind = Callable[[Workspace], sa.Select[Any]]
"""Rows of single people, as the build of the summaries would sum them."""

Told = Callable[[Workspace, sa.FromClause], sa.Select[Any]]
"""What is said of the rows that whoever asks may see."""


def _log(asking: Asking) -> None:
    LOG.warning("%s asked for the rows of %s: %s", asking.who, asking.of, dict(asking.about))


class Gate:
    """Reads of one person at one data version.

    Raises:
        NotBuilt: the summaries of this version have not been built.
    """

    def __init__(
        self,
        source: Source,
        policy: Policy = EVERYONE,
        *,
        seconds: float = SLOWEST_SECONDS,
        fiscal_start: int = 1,
        entered: Entered = NOTHING,
        audit: Callable[[Asking], None] = _log,
    ) -> None:
        self._source = source.pinned()
        self.policy = policy
        self.memory = Memory()
        self.fiscal_start = fiscal_start
        self.entered = entered
        self._seconds = seconds
        self._audit = audit

    @property
    def version(self) -> DataVersion:
        """The data version that every read of this gate sees."""
        return self._source.version()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What every cache key holds: data version, build, policy of who asks, what was entered."""
        return self.version.id, self.built.version_id, self.policy.key, self.entered.stamp

    @cached_property
    def available(self) -> Mapping[str, frozenset[str]]:
        """Columns that are there, by curated table."""
        return self._source.available()

    def read(self, query: sa.Select[Any], profile: str = "profile_id") -> pd.DataFrame:
        """Run a query on the summaries and return its rows; slow ones are cut off.

        ``profile`` names the column of the summary that says whose rows they are: the segments at
        the start of a period, or those at its end.

        Raises:
            NotBuilt: there are no summaries.
            SourceUnavailable: the database does not answer, or not in time.
            NotAllowed: the query reads rows that a policy cannot limit.
        """
        self._require_built()
        return retried(lambda: self._read(self._limited(query, profile)))

    def people(
        self, behind: Behind, told: Told, asking: Asking, profile: str = "profile_id"
    ) -> pd.DataFrame:
        """Read rows of single customers or answers: the one door to them.

        Who asks is kept first: where that fails nothing is read. The policy is applied to the rows
        themselves, by the ``profile`` each carries, before anything is said of them.

        Raises:
            NotBuilt: there are no summaries.
            SourceUnavailable: the database does not answer, or not in time.
            JournalError: who asks could not be kept.
        """
        self._require_built()
        self._audit(asking)
        return retried(lambda: self._people(behind, told, profile))

    def _people(self, behind: Behind, told: Told, profile: str) -> pd.DataFrame:
        with (
            self._source.engine.connect() as connection,
            statement_limit(connection, self._seconds),
        ):
            work = as_built(connection, self._source.available())
            rows = behind(work).subquery("behind")
            seen = sa.select(rows).where(*members(rows.c[profile], self.policy.rows))
            result = connection.execute(told(work, seen.cte("seen")))
            # As plain tuples: rows of SQLAlchemy are looked through one by one, at several times
            # the cost of the read.
            found = [tuple(row) for row in result]
            return pd.DataFrame(found, columns=list(result.keys()), dtype=object)

    def written(self, query: sa.Select[Any], profile: str = "profile_id") -> str:
        """Return the SQL of a query as this engine reads it, limited to what whoever asks may see.

        Raises:
            NotAllowed: the query reads rows that a policy cannot limit.
        """
        dialect = self._source.engine.dialect
        options = {"literal_binds": True}
        said = self._limited(query, profile).compile(dialect=dialect, compile_kwargs=options)
        return "\n".join(line.rstrip() for line in str(said).splitlines())

    def _facts(self, query: sa.Select[Any]) -> pd.DataFrame:
        """Read what is known of the load as a whole, past the check that asks for it."""
        return self._read(self._limited(query, "profile_id"))

    def _read(self, query: sa.Select[Any]) -> pd.DataFrame:
        with (
            self._source.engine.connect() as connection,
            statement_limit(connection, self._seconds),
        ):
            result = connection.execute(query)
            return pd.DataFrame(result.all(), columns=list(result.keys()), dtype=object)

    def _limited(self, query: sa.Select[Any], profile: str) -> sa.Select[Any]:
        """Apply the policy to every summary the query reads; refuse what it cannot limit.

        Curated rows of people are refused whoever asks: :meth:`people` is their door.
        """
        open_tables = _unlimited(query)
        if curated := sorted(open_tables & CURATED.tables.keys()):
            raise NotAllowed(
                f"Rows of {', '.join(curated)} are those of single people, and cannot be limited"
                " to what you may see."
            )
        if not self.policy.rows:
            return query
        columns = [column for rows in query.get_final_froms() for column in rows.c]
        for column in columns:
            wanted = profile if profile in column.table.c else "profile_id"
            if column.name == wanted:
                query = query.where(*members(column, self.policy.rows))
                open_tables.discard(column.table.name)
        if open_tables:
            raise NotAllowed(
                f"Rows of {', '.join(sorted(open_tables))} cannot be limited to what you may see."
            )
        return query

    @cached_property
    def built(self) -> BuildFacts:
        """What the summaries were built from.

        Raises:
            NotBuilt: there are none.
        """
        if not self._source.marts.exists:
            raise NotBuilt(_NOT_BUILT, hint=_BUILD)
        self._require_format()
        names = list(BuildFacts.__dataclass_fields__)
        rows = self._facts(sa.select(*(BUILD.c[name] for name in names)))
        if rows.empty:
            raise NotBuilt("The summaries are incomplete.", hint=f"{_BUILD} --full")
        return BuildFacts(**{name: _plain(rows[name].iloc[0]) for name in names})

    @property
    def is_built(self) -> bool:
        """Whether there are summaries that this version of the product can read."""
        try:
            self._require_built()
        except NotBuilt:
            return False
        return True

    def _require_built(self) -> None:
        """Refuse before a read would fail on a table that is not there."""
        retried(lambda: self.built)

    def _require_format(self) -> None:
        """Refuse summaries that another version of the product built.

        Raises:
            NotBuilt: says how to build them anew.
        """
        with self._source.engine.connect() as connection:
            try:
                columns = sa.inspect(connection).get_columns(BUILD.name)
            except sa.exc.NoSuchTableError:
                raise NotBuilt(_NOT_BUILT, hint=_BUILD) from None
        there = {column["name"] for column in columns}
        known = self._facts(sa.select(BUILD.c.format)) if "format" in there else pd.DataFrame()
        if known.empty or known["format"].iloc[0] != marts_format():
            raise NotBuilt(
                "The summaries were built by another version of the product.", hint=_BUILD
            )

    @cached_property
    def tables(self) -> Mapping[str, TableFacts]:
        """What is known of each curated table; no counts for who may not see all rows."""
        names = list(TableFacts.__dataclass_fields__)
        self._require_built()
        rows = self._facts(sa.select(TABLE_HEALTH))
        found = {
            str(row["table_name"]): TableFacts(**{name: _plain(row[name]) for name in names})
            for row in rows.to_dict("records")
        }
        return {name: self._uncounted(facts) for name, facts in found.items()}

    def _uncounted(self, facts: TableFacts) -> TableFacts:
        if not self.policy.rows:
            return facts
        return replace(facts, row_count=min(facts.row_count, 1), future_dated=0)

    @cached_property
    def lateness(self) -> Mapping[str, LagDistribution]:
        """How late events arrive, by table, where that could be measured."""
        self._require_built()
        rows = self._facts(sa.select(EVENT_LAG))
        return {
            str(name): lag_distribution(
                mine["lag_days"].astype(float).to_numpy(), mine["events"].astype(float).to_numpy()
            )
            for name, mine in rows.groupby("table_name")
        }

    def missing(self, metric: Metric) -> tuple[str, ...]:
        """Name what the metric needs and the data do not have, with the columns it takes."""
        lacking = [
            " or ".join(_with_columns(name) for name in choice)
            for choice in metric.needs
            if not any(self._rows(name) for name in choice)
        ]
        for column in metric.columns:
            table, name = column.split(".")
            if self._rows(table) and name not in self.available.get(table, frozenset()):
                lacking.append(f"{table} (column {name})")
        if metric.is_dated and self._snapshot_of(metric):
            lacking.append(f"the dates on which customers left ({SNAPSHOT})")
        return tuple(lacking)

    def _snapshot_of(self, metric: Metric) -> bool:
        """Whether a metric of flows would read a snapshot, whose dates only say how long."""
        moves = any(stat.mart.name in _FLOWS for stat in metric.stats.values())
        facts = self.tables.get("subscription_period")
        return moves and facts is not None and facts.is_snapshot

    def require(self, metric: Metric) -> None:
        """Refuse a metric whose tables are not there.

        Raises:
            MissingTables: names each table and the columns it needs.
        """
        lacking = self.missing(metric)
        if lacking:
            raise MissingTables(metric.label, lacking)

    def _rows(self, table: str) -> int:
        if table not in self.available:
            return 0
        facts = self.tables.get(table)
        return facts.row_count if facts else 0


def members(
    column: sa.ColumnElement[Any], where: tuple[tuple[str, tuple[str, ...]], ...]
) -> list[sa.ColumnElement[bool]]:
    """Conditions that hold a profile to segments: every pair must hold."""
    member = PROFILE_MEMBER.alias("held_to")
    return [
        column.in_(
            sa.select(member.c.profile_id).where(
                member.c.scheme == scheme, member.c.segment_code.in_(codes)
            )
        )
        for scheme, codes in where
    ]


_NAMES = frozenset({"segment", "journey", "journey_bit", "profile_member"})
"""Names of things; the segments of profiles are limited where they are selected."""

_PROGRAMME = frozenset({"owner", "target", "annotation", "initiative"})
"""Who answers for what, what is aimed at, what was done."""

_LOAD = frozenset({BUILD.name, TABLE_HEALTH.name, EVENT_LAG.name})
"""Days, currency and lateness of the load, without which no figure can be read."""

_FREE = _NAMES | _PROGRAMME | _LOAD
"""Tables whose rows are no customer's."""


def _unlimited(query: sa.Select[Any]) -> set[str]:
    """Tables of a query, at any depth, whose rows are somebody's."""
    return {
        part.name
        for part in sa.sql.visitors.iterate(query)
        if isinstance(part, sa.Table) and part.name not in _FREE
    }


def _with_columns(table: str) -> str:
    needed = [column.name for column in CURATED.tables[table].columns if column.info["required"]]
    return f"{table} (columns {', '.join(needed)})"


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NaT or value != value else value
