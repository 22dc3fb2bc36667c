"""What stands in the way: loads that do not fit, or do not fit beside what is there already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb
import pyarrow as pa

from cxdata.intake.loaded import Loaded, counted
from cxdata.intake.threshold import NO_DATA, misfits, too_many
from cxdata.model.errors import IntakeError
from cxdata.publish.difference import Difference
from cxdata.publish.line import line
from cxdata.publish.mode import Mode
from cxdata.publish.prepared import Prepared
from cxdata.publish.relation import text
from cxdata.sources.manifest import Version
from cxdata.sources.parquet_io import read_batches
from cxdata.sources.store import Store

MOST_SET_ASIDE = 0.1
"""Share of the records that may be set aside before a load is taken for a misreading."""

_LIVES = ("subscription_period", "revenue_period", "sales_transaction")
"""Tables that say who is a customer when; a snapshot of one makes the dates of the others lie."""

_WORDS = {"dated": "The dated history", "snapshot": "The snapshot"}


@dataclass(frozen=True)
class Obstacle:
    """One reason not to publish; some may be overruled by whoever knows better.

    ``key`` is what they accept: ``set_aside``, ``same_bytes``, ``unknown``.
    ``hint`` is what the command line offers; a page has its own ways.
    """

    key: str
    sentence: str
    may_insist: bool = False
    hint: str = ""

    @property
    def advice(self) -> str:
        """What to type at the command line."""
        insist = f"--accept {self.key} publishes all the same." if self.may_insist else ""
        return " ".join(one for one in (self.hint, insist) if one)


@dataclass(frozen=True)
class _Life:
    """One table of one source, dated or a snapshot."""

    table: str
    source: str
    history: str

    def clashes(self, other: _Life) -> bool:
        """Whether the two cannot stand in one store."""
        apart = self.source != other.source or self.table == other.table
        return self.history != other.history and apart

    def __str__(self) -> str:
        return f"{_WORDS[self.history]} of {self.source!r}" if self.source else _WORDS[self.history]


def obstacles(
    store: Store,
    base: Version | None,
    prepared: Prepared,
    source: Path,
    mode: Mode,
    differences: Iterable[Difference],
    sha256: str = "",
) -> tuple[Obstacle, ...]:
    """Return everything that stands in the way of publishing prepared tables on a base."""
    replaced = [one.table for one in prepared.tables] if mode is Mode.REPLACE_TABLE else []
    found = (
        _empty(prepared),
        _misread(prepared),
        _unknown(prepared),
        _mixed_histories(store, base, prepared, source, replaced),
        _same_bytes(store, base, sha256),
        *(_other_values(prepared, one) for one in _in_order(prepared, differences, mode)),
        *map(_overlapping, differences),
    )
    return tuple(one for one in found if one is not None)


def refuse(found: Iterable[Obstacle], accepted: Collection[str] = ()) -> None:
    """Refuse to publish where something stands in the way that is not, or may not be, accepted.

    Raises:
        IntakeError: the first such sentence.
    """
    for one in found:
        if not (one.may_insist and one.key in accepted):
            raise IntakeError(one.sentence, hint=one.advice)


def refuse_many_set_aside(loaded: Loaded) -> None:
    """Refuse a load most likely misread: more than a tenth of its records do not fit.

    Raises:
        IntakeError: names the most frequent reason, and how to publish the rest all the same.
    """
    said = _many_set_aside(loaded)
    if said:
        raise IntakeError(
            f"{said} Nothing was published.", hint="--accept-set-aside publishes the rest."
        )


def misread(loaded: Loaded) -> str:
    """Return why a load was most likely misread: too much set aside, or for one reason; else ""."""
    said = too_many(loaded)
    if said:
        return said
    return _many_set_aside(loaded) if loaded.stop_above is None else ""


def _many_set_aside(loaded: Loaded) -> str:
    counts, reasons = loaded.counts, misfits(loaded)
    no_data = sum(one.records for one in loaded.reasons() if one.rule in NO_DATA)
    records, aside = counts.records - no_data, counts.set_aside - no_data
    if not reasons or aside <= MOST_SET_ASIDE * records:
        return ""
    return (
        f"{aside:,} of {counted(records, 'record')} would be set aside "
        f"({reasons[0]}): probably the wrong column or format."
    )


def _misread(prepared: Prepared) -> Obstacle | None:
    if not prepared.misread:
        return None
    return Obstacle("set_aside", prepared.misread, may_insist=True)


def _unknown(prepared: Prepared) -> Obstacle | None:
    """Many references that point to nothing: the customers come later, or the ids are others."""
    return Obstacle("unknown", prepared.unknown, may_insist=True) if prepared.unknown else None


def _empty(prepared: Prepared) -> Obstacle | None:
    """A load without a row: in place of tables it would empty them."""
    if any(one.rows for one in prepared.tables):
        return None
    return Obstacle("empty", "The load gives no row, so there is nothing to publish.")


def _same_bytes(store: Store, base: Version | None, sha256: str) -> Obstacle | None:
    """The same bytes, unless they were undone: to add them twice, or over later corrections."""
    made = in_effect(store, base, sha256) if sha256 else None
    if made is None:
        return None
    name = made.source_file.name if made.source_file else ""
    return Obstacle(
        "same_bytes",
        f"These very bytes are already published: on "
        f"{made.created_at.astimezone(UTC):%d %B %Y, %H:%M} UTC by {made.user}, as {name!r} in "
        f"version {made.number}.",
        may_insist=True,
    )


def in_effect(store: Store, base: Version | None, sha256: str) -> Version | None:
    """Return the version that an extract made, unless it was undone since."""
    return next(
        (
            one
            for one in line(store, base)
            if one.source_file is not None and one.source_file.sha256 == sha256
        ),
        None,
    )


def _in_order(
    prepared: Prepared, differences: Iterable[Difference], mode: Mode
) -> list[Difference]:
    """Tables whose keys are record numbers come first: their refusal is the one that explains."""
    changed = [one for one in differences if one.changed and mode is not Mode.REPLACE_TABLE]
    return sorted(
        (one for one in changed if mode is Mode.APPEND or one.table in prepared.numbered),
        key=lambda one: one.table not in prepared.numbered,
    )


def _other_values(prepared: Prepared, one: Difference) -> Obstacle:
    if one.table in prepared.numbered:
        return Obstacle(
            "numbered",
            f"Nothing was published: rows of {one.table} are known only by their record number, "
            "so a further extract cannot be added to them. Give the recipe a key of the source, "
            "or load the whole history at once.",
            hint="--replace puts it in place of all that the tables hold.",
        )
    example = one.columns[0].examples[0]
    return Obstacle(
        "changed",
        f"Nothing was published, because {one.table} already has "
        f"{counted(one.changed, 'row')} of the same key with other values (for example "
        f"{example.key!r}: {one.columns[0].column} is {example.before!r} and would be "
        f"{example.after!r}). Update the changed rows, or if this extract holds the whole "
        "history, put it in place of all that the tables hold.",
        hint="--mode upsert updates the changed rows (rehearse, then publish); --replace puts the "
        "extract in place of all that the tables hold.",
    )


def _mixed_histories(
    store: Store, base: Version | None, prepared: Prepared, source: Path, replaced: Collection[str]
) -> Obstacle | None:
    """A snapshot beside dated rows of another source, and the reverse."""
    if base is None:
        return None
    stay = [name for name in _LIVES if base.row_counts.get(name) and name not in replaced]
    there = [life for name in stay for life in _published(store, base, name)]
    for mine in _loaded(prepared, source):
        for held in there:
            if mine.clashes(held):
                return Obstacle(
                    "histories",
                    f"{mine} cannot stand beside {str(held)[:1].lower()}{str(held)[1:]} in "
                    f"{held.table}: a store holds dated rows or a snapshot, not both. Nothing was "
                    "published; load it into another data folder.",
                )
    return None


def _loaded(prepared: Prepared, source: Path) -> Iterator[_Life]:
    """Yield what a load brings; a table of promises in it says more than the load itself."""
    stated: dict[str, list[_Life]] = {}
    brought = prepared.of("data_load")
    if brought is not None:
        stated = _promised(read_batches(source / brought.file).read_all())
    for name in _LIVES:
        one = prepared.of(name)
        if one is None or not one.rows:
            continue
        yield from stated.get(name, [_Life(name, prepared.source_system, prepared.history)])


def _promised(rows: pa.Table) -> dict[str, list[_Life]]:
    found: dict[str, list[_Life]] = {}
    for row in rows.to_pylist():
        life = _Life(
            row["table_name"], row.get("source_system") or "", row.get("history") or "dated"
        )
        if life not in found.setdefault(life.table, []):
            found[life.table].append(life)
    return found


def _published(store: Store, base: Version, name: str) -> list[_Life]:
    """Return what a published table holds: as promised, else dated rows of the sources in it."""
    if base.files_of("data_load"):
        promised = _promised(_read(store, base, "data_load", "*")).get(name)
        if promised:
            return promised
    if "source_system" not in base.columns()[name]:
        return [_Life(name, "", "dated")]
    rows = _read(store, base, name, "DISTINCT coalesce(source_system, '') AS source")
    return [_Life(name, source, "dated") for source in sorted(rows.column("source").to_pylist())]


def _overlapping(one: Difference) -> Obstacle | None:
    """Rows in force beside published ones of the same owner, where only one may be at a time."""
    if not one.overlapping:
        return None
    return Obstacle(
        "overlap",
        f"{counted(one.overlapping, 'row')} of {one.table} would be in force together with a "
        f"published one that has not ended (for example {one.overlap}). Bring the published row "
        "again with its end and update by key, or bring the whole history and "
        "replace the table. Nothing was published.",
    )


def _read(store: Store, base: Version, table: str, columns: str) -> pa.Table:
    paths = ", ".join(text(path) for path in store.paths(base, table))
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {columns} FROM read_parquet([{paths}], union_by_name = true)"
        ).to_arrow_table()
