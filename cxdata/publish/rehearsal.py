"""Before and after: what publishing an extract would do, seen by nobody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cxdata.access.policy import Policy
from cxdata.model.errors import CxError, SourceError, StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish import promises
from cxdata.publish.candidate import Candidate, make
from cxdata.publish.difference import Difference
from cxdata.publish.figures import Move, headlines, moves
from cxdata.publish.mode import Days, Mode
from cxdata.publish.prepared import Prepared
from cxdata.publish.preparing import tidy
from cxdata.publish.record import read_record, write_record
from cxdata.publish.refusals import Obstacle, obstacles
from cxdata.publish.staged import Staged, Status, save, working
from cxdata.publish.summaries import build_summaries, store_source
from cxdata.query.gate import Gate
from cxdata.sources.config import Place, Settings
from cxdata.sources.duckdb_engine import Limits
from cxdata.sources.embedded import Contents, EmbeddedSource
from cxdata.sources.manifest import Version
from cxdata.sources.source import DataVersion, Span
from cxdata.sources.store import Reading, Store
from cxdata.sources.store_source import StoreSource, contents_of, span

MOST_MOVES = 1_000
"""Moved figures that a rehearsal keeps, those that moved most."""

_FILE = "rehearsal.json"
_MIXED = (
    "These data are a mix of sources, so the figures can be compared only once it is published."
)


@dataclass(frozen=True)
class Rehearsal:
    """What publishing a staged extract would do.

    ``moves`` are the headline figures that differ, most moved first; ``headlines`` all of them for
    the last finished month. ``summaries`` is the file that was built for the candidate, relative to
    the store ("" where none was), and ``unsummed`` says why not.
    """

    staged: str
    name: str
    at: datetime
    mode: Mode
    candidate: Candidate
    differences: tuple[Difference, ...]
    obstacles: tuple[Obstacle, ...]
    notes: tuple[str, ...]
    headlines: tuple[Move, ...] = ()
    moves: tuple[Move, ...] = ()
    summaries: str = ""
    unsummed: str = ""
    is_news: bool = True

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def may_publish(self) -> bool:
        """Whether whoever knows better may publish it."""
        return all(one.may_insist for one in self.obstacles)

    def of(self, table: str) -> Difference:
        """Return the difference of one table."""
        return next(one for one in self.differences if one.table == table)


def rehearse(
    store: Store,
    item: Staged,
    *,
    mode: Mode = Mode.APPEND,
    days: Days | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
    now: datetime,
) -> Rehearsal:
    """Compare a prepared extract with what is published, and every headline figure with its own.

    The published files stay where they are. Summaries are built from those of the newest version,
    only for the months that change.

    Raises:
        StoreError: it is not prepared, somebody else works on it, or the disk refuses.
    """
    settings = settings or Settings(place=Place(kind="store", data=store.path))
    with working(store, item) as known:
        if known.prepared is None:
            raise StoreError(f"{known.name!r} has not been prepared.")
        base = store.head()
        source = known.within(store, "")
        candidate, differences = make(
            store, base, known.prepared, source, mode=mode, days=days, progress=_part(progress, 0.3)
        )
        rehearsal = Rehearsal(
            staged=known.id,
            name=known.name,
            at=now,
            mode=mode,
            candidate=candidate,
            differences=differences,
            obstacles=obstacles(
                store, base, known.prepared, source, mode, differences, known.sha256
            ),
            notes=(*known.prepared.notes, *repeats(differences, mode)),
            is_news=is_news(store, base, known.prepared, mode, differences),
        )
        rehearsal = _compared(store, base, rehearsal, settings, _part(progress, 1.0, 0.3), now)
        with store.writing():
            write_record(known.folder(store) / _FILE, rehearsal)
        save(store, replace(known, status=Status.REHEARSED, touched=now))
        tidy(store, known, Path(candidate.folder).name)
    progress("rehearsed", 1.0)
    return rehearsal


def rehearsal_of(store: Store, item: Staged) -> Rehearsal | None:
    """Return the last rehearsal of a staged extract, if there is one."""
    return read_record(item.folder(store) / _FILE, Rehearsal)


def is_news(
    store: Store,
    base: Version | None,
    prepared: Prepared,
    mode: Mode,
    differences: tuple[Difference, ...],
) -> bool:
    """Whether publishing changes anything: a row, or the day up to which data are complete."""
    changes = any(one.new or one.changed or one.removed for one in differences)
    return mode is Mode.REPLACE_TABLE or changes or promises.is_news(store, base, prepared)


def repeats(differences: tuple[Difference, ...], mode: Mode) -> tuple[str, ...]:
    """Say where all keys of a table, or some, are published already."""
    if mode is Mode.REPLACE_TABLE:
        return ()
    said = []
    for one in differences:
        known = one.changed + one.unchanged
        rows = known + one.new
        if known and known == rows:
            said.append(f"100 % of the keys of {one.table} are already published.")
        if one.unchanged:
            said.append(
                f"Rows of {one.table} that were published before, unchanged: {one.unchanged:,}."
            )
    return tuple(said)


def candidate_source(
    store: Store, base: Version | None, candidate: Candidate, at: datetime, settings: Settings
) -> EmbeddedSource:
    """Return the candidate as a source of its own, with summaries in its own folder."""
    version = candidate.version(base, at, {"rehearsal": candidate.folder})
    folder = (store.path / candidate.folder).absolute()
    contents = replace(
        contents_of(store, Reading(version)),
        version=DataVersion(version.id, version.number, at),
        folders=(store.data.absolute(), folder),
    )

    def changes(earlier: str, _: DataVersion) -> Mapping[str, Span | None] | None:
        return _since(store, base, candidate, earlier)

    def files(earlier: str) -> Contents | None:
        old = store.named(earlier)
        return None if old is None else contents_of(store, Reading(old))

    return EmbeddedSource(
        "store",
        lambda: contents,
        folder / "marts",
        changes=changes,
        earlier=files,
        limits=Limits(memory=settings.memory_limit),
    )


# -- inside ----------------------------------------------------------------------------------------


def _since(
    store: Store, base: Version | None, candidate: Candidate, earlier: str
) -> Mapping[str, Span | None] | None:
    """Return the dates that the candidate touches, and the versions since an earlier one."""
    found: dict[str, Span | None] = {one.table: one.span for one in candidate.changes}
    if earlier == candidate.base_id:
        return found
    old = store.named(earlier)
    if old is None or base is None:
        return None
    between = store.changes(old.number, base)
    if between is None:
        return None
    for table, files in between.items():
        found[table] = _both(span(files), found[table]) if table in found else span(files)
    return found


def _both(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return None
    return Span(min(one.low, other.low), max(one.high, other.high))


def _compared(
    store: Store,
    base: Version | None,
    rehearsal: Rehearsal,
    settings: Settings,
    progress: Progress,
    now: datetime,
) -> Rehearsal:
    """Build the candidate's summaries and compare the figures; say why where that cannot be."""
    if not (rehearsal.may_publish and rehearsal.is_news):
        return rehearsal
    if settings.tables:
        return replace(rehearsal, unsummed=_MIXED)
    before = store_source(store, settings)
    after = candidate_source(store, base, rehearsal.candidate, now, settings)
    try:
        _lend(before, after)
        build_summaries(after, settings, now=now, progress=_part(progress, 0.8))
        then, gate = _gate(before, settings), _gate(after, settings)
        file = after.pinned().marts.file
        return replace(
            rehearsal,
            headlines=headlines(then, gate) if gate else (),
            moves=moves(then, gate, _part(progress, 1.0, 0.8))[:MOST_MOVES] if gate else (),
            summaries=str(file.relative_to(store.path.absolute())) if file else "",
        )
    except SourceError as error:
        return replace(rehearsal, unsummed=str(error))
    finally:
        before.close()
        after.close()


def _lend(before: StoreSource, after: EmbeddedSource) -> None:
    """Let the candidate's summaries begin with the published ones, where there are any."""
    file = before.pinned().marts.file
    if file is None or not file.exists():
        return
    after.marts_folder.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, after.marts_folder / file.name)
    except OSError:
        shutil.copy2(file, after.marts_folder / file.name)


def _gate(source: EmbeddedSource, settings: Settings) -> Gate | None:
    if not source.marts.exists:
        return None
    gate = Gate(
        source,
        Policy(k_min=settings.k_min),
        seconds=settings.statement_seconds,
        fiscal_start=settings.fiscal_year_start,
    )
    try:
        _ = gate.built
    except CxError:
        return None
    return gate


def _part(progress: Progress, upto: float, start: float = 0.0) -> Progress:
    return lambda what, share: progress(what, start + (upto - start) * share)
