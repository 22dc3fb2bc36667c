"""The room where extracts wait: what is asked and done about them, by a page or a command."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from cxdata.intake.matching.library import Library
from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import IntakeError, StoreError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.publish import aside, confirming, looking, plan, staged
from cxdata.publish.drop_folder import Lying, drop_folder, lying, take
from cxdata.publish.dropped import report_of
from cxdata.publish.history import Entry, history, redoes_to, undoes_to
from cxdata.publish.line import line
from cxdata.publish.looking import Look
from cxdata.publish.place import store_of
from cxdata.publish.plan import Plan
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import Published, publish, waiting
from cxdata.publish.recognising import library
from cxdata.publish.rehearsal import Rehearsal, rehearsal_of, rehearse
from cxdata.publish.staged import Staged
from cxdata.sources.config import Settings
from cxdata.sources.config import load as read_settings

_EVENTS = (
    "subscription_period",
    "revenue_period",
    "sales_transaction",
    "interaction",
    "survey_response",
)
"""Without a row of any of these there is no figure at all."""

DEMO = "demo"
"""Who publishes the invented company."""


@dataclass(frozen=True)
class Ways:
    """Where an undo and a redo would lead, by number; None where there is no such way."""

    back: int | None
    forth: int | None


class Room:
    """Extracts in waiting in one store, with the versions they became.

    Raises:
        ReadOnly: the settings name something that the product only reads.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or read_settings()
        self.store = store_of(self.settings)

    # -- what is there ---------------------------------------------------------------------------

    def waiting(self, now: datetime) -> tuple[Staged, ...]:
        """Return the extracts in waiting, newest first."""
        return waiting(self.store, self.settings, now=now)

    def find(self, wanted: str) -> Staged | None:
        """Return an extract in waiting by its id."""
        try:
            return staged.find(self.store, wanted)
        except UnknownName:
            return None

    def became(self, wanted: str) -> Entry | None:
        """Return the version that an extract was published as."""
        if not wanted:
            return None
        return next(
            (one for one in self.history() if one.staged and one.staged.startswith(wanted)), None
        )

    def history(self) -> tuple[Entry, ...]:
        """Return every version, newest first."""
        return history(self.store)

    def ways(self) -> Ways:
        """Return where an undo and a redo would lead."""
        head = self.store.head()
        if head is None:
            return Ways(None, None)
        return Ways(undoes_to(self.store, head), redoes_to(head))

    @property
    def is_bare(self) -> bool:
        """Whether this was used, and what is published holds nothing that ever happened."""
        head = self.store.head()
        return head is not None and not any(head.row_counts.get(name) for name in _EVENTS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was published, or what is published holds no row."""
        head = self.store.head()
        return head is None or not any(head.row_counts.values())

    @property
    def is_invented(self) -> bool:
        """Whether all that is published is the invented company."""
        head = self.store.head()
        return head is not None and all(one.user == DEMO for one in line(self.store, head))

    @property
    def has_customers(self) -> bool:
        """Whether customers are published, whom other tables may name."""
        head = self.store.head()
        return head is not None and bool(head.row_counts.get("customer"))

    @property
    def drop_folder(self) -> str:
        """The folder for files that are too large to upload, as it is called within the data's."""
        return f"{self.store.path.name}/{drop_folder(self.store).name}"

    def recipe(self, name: str) -> Recipe | None:
        """Return a recipe by name, if it is known."""
        try:
            return library(self.store).find(name)
        except (UnknownName, IntakeError):
            return None

    @property
    def recipes(self) -> Library:
        """The recipes that are saved beside the data, and those that ship."""
        return library(self.store)

    def clear(self, *, user: str, now: datetime) -> None:
        """Take the invented company away: a version that holds nothing, which can be undone.

        Raises:
            StoreError: what is published is not invented.
        """
        head = self.store.head()
        if head is None or not self.is_invented:
            raise StoreError("Only the invented company can be taken away at once.")
        with self.store.begin(user, "Took the invented company away") as step:
            for table in head.row_counts:
                step.drop(table)
            step.commit()

    # -- one extract -----------------------------------------------------------------------------

    def receive(self, source: BinaryIO, *, name: str, user: str, now: datetime) -> Staged:
        """Copy an extract to disk, a chunk at a time."""
        return staged.stage(self.store, source, name=name, user=user, now=now)

    def lying(self, now: datetime) -> tuple[Lying, ...]:
        """Return the files that lie in the drop folder."""
        return lying(self.store, now=now)

    def left_lying(self, stood: Lying) -> str:
        """Return why the watcher left a file in the drop folder, "" where it did not.

        What it said of an earlier file of that name says nothing of this one.
        """
        report = report_of(self.store, stood.name)
        return report.sentence if report is not None and report.at >= stood.at else ""

    def take(
        self, stood: Lying, *, user: str, now: datetime, progress: Progress = silent
    ) -> Staged:
        """Take a file out of the drop folder, as it stood at an earlier look."""
        return take(self.store, stood, user=user, now=now, progress=progress)

    def discard(self, item: Staged) -> None:
        """Throw an extract in waiting away."""
        staged.discard(self.store, item)

    def look_of(self, item: Staged) -> Look | None:
        """Return what was understood of an extract, if it was looked at."""
        return looking.look_of(self.store, item)

    def plan_of(self, item: Staged) -> Plan:
        """Return what has been decided about an extract."""
        return plan.plan_of(self.store, item)

    def decide(self, item: Staged, decided: Plan) -> Plan:
        """Keep what was decided about an extract."""
        return plan.decide(self.store, item, decided)

    def recipe_for(self, look: Look, decided: Plan, name: str) -> Recipe | None:
        """Return the recipe that a look and its answers amount to; None for mended records."""
        return confirming.recipe_for(self.store, look, decided, name)

    def open_questions(self, recipe: Recipe | None, look: Look) -> tuple[Question, ...]:
        """Return what the values leave to a person."""
        zoned = None if recipe is None else recipe.in_zone(self.settings.time_zone)
        return confirming.open_questions(zoned, look)

    def confirm(
        self, item: Staged, look: Look, decided: Plan, *, name: str, user: str, now: datetime
    ) -> Plan:
        """Save what was confirmed about an extract as a recipe."""
        return confirming.confirm(self.store, item, look, decided, name=name, user=user, now=now)

    def rehearsal_of(self, item: Staged) -> Rehearsal | None:
        """Return the last rehearsal of what an extract was prepared to."""
        return rehearsal_of(self.store, item) if item.prepared is not None else None

    def since(self, rehearsal: Rehearsal) -> tuple[Entry, ...]:
        """Return what others published after a rehearsal, newest first."""
        base = rehearsal.candidate.base
        newer = [one for one in self.history() if base is None or one.number > base]
        return tuple(newer)

    def aside(self, extract: str, *, for_spreadsheet: bool = False) -> Iterator[list[str]]:
        """Yield the records that an extract set aside, with their header."""
        for row in aside.rows(self.store, extract):
            yield [aside.neutral(cell) for cell in row] if for_spreadsheet else row

    # -- long work -------------------------------------------------------------------------------

    def look(self, item: Staged, *, now: datetime, progress: Progress = silent) -> Look:
        """Read and match an extract as was decided."""
        chosen = self.plan_of(item).choices
        return looking.look(self.store, item, chosen, progress=progress, now=now)

    def check(self, item: Staged, *, now: datetime, progress: Progress = silent) -> Rehearsal:
        """Prepare an extract as was decided, and rehearse it."""
        decided = self.plan_of(item)
        recipe = library(self.store).find(decided.recipe) if decided.recipe else None
        zone = self.settings.time_zone
        ready = prepare(
            self.store, item, recipe, decided.for_preparing, zone=zone, progress=progress, now=now
        )
        return self.rehearse(ready, now=now, progress=progress)

    def rehearse(self, item: Staged, *, now: datetime, progress: Progress = silent) -> Rehearsal:
        """Rehearse a prepared extract as was decided."""
        decided = self.plan_of(item)
        return rehearse(
            self.store,
            item,
            mode=decided.mode_for(item),
            days=decided.days,
            settings=self.settings,
            progress=progress,
            now=now,
        )

    def publish(
        self,
        item: Staged,
        *,
        user: str,
        reason: str,
        accept: Collection[str] = (),
        now: datetime,
        progress: Progress = silent,
    ) -> Published:
        """Publish an extract as it was rehearsed.

        Raises:
            StoreError: it was not rehearsed.
        """
        rehearsal = rehearsal_of(self.store, item)
        if rehearsal is None:
            raise StoreError(f"{item.name!r} has not been rehearsed.")
        return publish(
            self.store,
            rehearsal,
            user=user,
            reason=reason,
            accept=accept,
            settings=self.settings,
            progress=progress,
            now=now,
        )
