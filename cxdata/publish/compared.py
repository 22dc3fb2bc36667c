"""Every headline figure before and after: the published data beside a candidate nobody sees."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cxdata.access.policy import Policy
from cxdata.model.errors import CxError, SourceError
from cxdata.model.progress import Progress, part
from cxdata.publish.candidate import Candidate
from cxdata.publish.figures import Move, headlines, moves
from cxdata.publish.summaries import build_summaries, shown_source
from cxdata.query.gate import Gate
from cxdata.sources.config import Settings
from cxdata.sources.duckdb_engine import Limits
from cxdata.sources.embedded import Contents, EmbeddedSource
from cxdata.sources.manifest import Version
from cxdata.sources.mixed import LocalPart, MixedSource, Part, merged
from cxdata.sources.source import DataVersion, Span
from cxdata.sources.store import Reading, Store
from cxdata.sources.store_source import StoreSource, contents_of, span

MOST_MOVES = 1_000
"""Moved figures that a rehearsal keeps, those that moved most."""


@dataclass(frozen=True)
class Compared:
    """What the figures do: see ``Rehearsal``. ``unsummed`` says why there are none."""

    headlines: tuple[Move, ...] = ()
    moves: tuple[Move, ...] = ()
    summaries: str = ""
    unsummed: str = ""


@dataclass(frozen=True)
class Comparison:
    """A candidate beside the version that it was made on."""

    store: Store
    base: Version | None
    candidate: Candidate
    settings: Settings
    now: datetime

    @property
    def folder(self) -> Path:
        """The candidate's folder."""
        return (self.store.path / self.candidate.folder).absolute()

    def figures(self, progress: Progress) -> Compared:
        """Build the candidate's summaries and compare the figures; say why where that cannot be.

        In a mix of sources the other places are read as they are; what was built for the
        candidate is not taken over there, as a mix has versions of its own.
        """
        before = shown_source(self.store, self.settings)
        try:
            after = self._after(before)
            try:
                return self._compared(before, after, progress)
            finally:
                after.close()
        except SourceError as error:
            return Compared(unsummed=str(error))
        finally:
            before.close()

    def candidate_source(self) -> EmbeddedSource:
        """Return the candidate as a source of its own, with summaries in its own folder."""
        version = self.candidate.version(self.base, self.now, {"rehearsal": self.candidate.folder})
        contents = replace(
            contents_of(self.store, Reading(version)),
            version=DataVersion(version.id, version.number, self.now),
            folders=(self.store.data.absolute(), self.folder),
        )
        return EmbeddedSource(
            "store",
            lambda: contents,
            self.folder / "marts",
            changes=lambda earlier, _: self._since(earlier),
            earlier=self._earlier,
            limits=Limits(memory=self.settings.memory_limit),
        )

    def _compared(
        self, before: EmbeddedSource, after: EmbeddedSource, progress: Progress
    ) -> Compared:
        _lend(before, after)
        build_summaries(after, self.settings, now=self.now, progress=part(progress, 0.8))
        then, gate = self._gate(before), self._gate(after)
        if gate is None:
            return Compared()
        file = None if self.settings.tables else after.pinned().marts.file
        return Compared(
            headlines(then, gate),
            moves(then, gate, part(progress, 1.0, 0.8))[:MOST_MOVES],
            str(file.relative_to(self.store.path.absolute())) if file else "",
        )

    def _after(self, before: EmbeddedSource) -> EmbeddedSource:
        mine = self.candidate_source()
        if not isinstance(before, MixedSource):
            return mine
        parts = [self._with_candidate(one, mine) for one in before.parts]
        contents = merged(parts)
        touched = {
            one.table: one.span
            for one in self.candidate.changes
            if one.table not in self.settings.tables
        }
        shown = before.version().id
        return EmbeddedSource(
            "mixed",
            lambda: contents,
            self.folder / "marts",
            changes=lambda earlier, _: touched if earlier == shown else None,
            limits=Limits(memory=self.settings.memory_limit),
        )

    def _with_candidate(self, one: Part, mine: EmbeddedSource) -> Part:
        """Return a part of a mix with the candidate in place of the store."""
        if (
            isinstance(one, LocalPart)
            and isinstance(one.source, StoreSource)
            and one.source.store.path.absolute() == self.store.path.absolute()
        ):
            return LocalPart(mine, one.tables)
        return one

    def _since(self, earlier: str) -> Mapping[str, Span | None] | None:
        """Return the dates that the candidate touches, and the versions since an earlier one."""
        found: dict[str, Span | None] = {one.table: one.span for one in self.candidate.changes}
        if earlier == self.candidate.base_id:
            return found
        old = self.store.named(earlier)
        if old is None or self.base is None:
            return None
        between = self.store.changes(old.number, self.base)
        if between is None:
            return None
        for table, files in between.items():
            found[table] = _both(span(files), found[table]) if table in found else span(files)
        return found

    def _earlier(self, version_id: str) -> Contents | None:
        old = self.store.named(version_id)
        return None if old is None else contents_of(self.store, Reading(old))

    def _gate(self, source: EmbeddedSource) -> Gate | None:
        if not source.marts.exists:
            return None
        gate = Gate(
            source,
            Policy(k_min=self.settings.k_min),
            seconds=self.settings.statement_seconds,
            fiscal_start=self.settings.fiscal_year_start,
        )
        try:
            _ = gate.built
        except CxError:
            return None
        return gate


def _both(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return None
    return Span(min(one.low, other.low), max(one.high, other.high))


def _lend(before: EmbeddedSource, after: EmbeddedSource) -> None:
    """Let the candidate's summaries begin with the published ones, where there are any."""
    file = before.pinned().marts.file
    if file is None or not file.exists():
        return
    after.marts_folder.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, after.marts_folder / file.name)
    except OSError:
        shutil.copy2(file, after.marts_folder / file.name)
