"""Before and after: what publishing an extract would do, seen by nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cxdata.model.errors import StoreError
from cxdata.model.progress import Progress, part, silent
from cxdata.publish import promises
from cxdata.publish.candidate import Candidate, make
from cxdata.publish.compared import Comparison
from cxdata.publish.difference import Difference
from cxdata.publish.figures import Move
from cxdata.publish.mode import Days, Mode
from cxdata.publish.prepared import Prepared
from cxdata.publish.preparing import tidy
from cxdata.publish.record import read_record, write_record
from cxdata.publish.refusals import Obstacle, obstacles
from cxdata.publish.staged import Staged, Status, save, working
from cxdata.sources.config import Place, Settings
from cxdata.sources.manifest import Version
from cxdata.sources.store import Store

_FILE = "rehearsal.json"


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
            store, base, known.prepared, source, mode=mode, days=days, progress=part(progress, 0.3)
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
            notes=(
                *known.prepared.notes,
                *repeats(differences, mode),
                *read_elsewhere(settings, differences),
            ),
            is_news=is_news(store, base, known.prepared, mode, differences),
        )
        if rehearsal.may_publish and rehearsal.is_news:
            comparison = Comparison(store, base, candidate, settings, now)
            figures = comparison.figures(part(progress, 1.0, 0.3))
            rehearsal = replace(rehearsal, **vars(figures))
        with store.writing():
            write_record(known.folder(store) / _FILE, rehearsal)
        save(store, replace(known, status=Status.REHEARSED, touched=now))
        tidy(store, known, Path(candidate.folder).name)
    progress("rehearsed", 1.0)
    return rehearsal


def rehearsal_of(store: Store, item: Staged) -> Rehearsal | None:
    """Return the last rehearsal of a staged extract, if there is one."""
    return read_record(item.folder(store) / _FILE, Rehearsal)


def read_elsewhere(settings: Settings, differences: tuple[Difference, ...]) -> list[str]:
    """Say which tables are read from another place, so that what is published of them is not."""
    return [
        f"The pages read {one.table} from {settings.tables[one.table]!r}, so what is published of "
        "it here changes no figure."
        for one in differences
        if one.table in settings.tables and not one.is_nothing
    ]


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
