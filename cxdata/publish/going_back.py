"""The way back to what was published, and forth again: each step is a version of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxdata.model.errors import StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish.history import Step, position, undoes_to, waiting
from cxdata.publish.publishing import Published, bring_up_to_date
from cxdata.publish.summaries import store_source, summaries_of
from cxdata.sources.config import Place, Settings
from cxdata.sources.manifest import Version
from cxdata.sources.store import Store


@dataclass(frozen=True)
class GoingBack:
    """Somebody who goes to another version of a store: who, why and when."""

    store: Store
    user: str
    reason: str
    now: datetime
    settings: Settings | None = None
    progress: Progress = silent

    def undo(self) -> Published:
        """Take back the last step: a publish, or a jump to another version.

        Raises:
            StoreError: there is nothing before it, or it is no longer kept.
        """
        head = self._head()
        target = undoes_to(self.store, head)
        if target is None:
            raise StoreError(
                f"There is nothing to undo: what version {head.number} holds was the first."
            )
        wanted = self._kept(target)
        before = undoes_to(self.store, wanted)
        return self._restore(head, wanted, Step.UNDO, before, [position(head), *waiting(head)])

    def redo(self) -> Published:
        """Bring back what was undone last; a publish in between leaves nothing to redo.

        Raises:
            StoreError: nothing was undone.
        """
        head = self._head()
        undone = waiting(head)
        if not undone:
            raise StoreError(
                "There is nothing to redo: nothing was undone since the last publish. "
                "Every kept version can be gone to by its number."
            )
        target = self._kept(undone[0])
        return self._restore(head, target, Step.REDO, position(head), undone[1:])

    def go_to(self, number: int) -> Published:
        """Make a new version that equals an earlier one, file for file.

        Raises:
            UnknownName: there is no such version.
            StoreError: it is damaged, or already what is shown.
        """
        head, target = self._head(), self.store.read_version(number)
        if head.files == target.files:
            raise StoreError(f"What is shown is already equal to version {number}.")
        return self._restore(head, target, Step.GO_TO, position(head), [])

    def _restore(
        self, head: Version, target: Version, step: Step, undo_to: int | None, redo: list[int]
    ) -> Published:
        """Publish a version with the target's files; summaries come along where they are kept."""
        store = self.store
        settings = self.settings or Settings(place=Place(kind="store", data=store.path))
        source = store_source(store, settings)
        carried = None if settings.tables else summaries_of(store, source, target)
        try:
            version = store.undo_to(
                target.number,
                self.user,
                self.reason,
                instead_of=head,
                checks={"step": step.value, "undo_to": undo_to, "redo": redo},
                ready=carried.ready if carried else None,
            )
        except BaseException:
            if carried:
                carried.drop()
            raise
        if carried is None:
            unsummed = bring_up_to_date(store, settings, self.progress, self.now)
            return Published(version, True, (), unsummed)
        carried.show(version)
        return Published(version, True)

    def _head(self) -> Version:
        head = self.store.head()
        if head is None:
            raise StoreError("Nothing has been published yet.")
        return head

    def _kept(self, number: int) -> Version:
        version = self.store.find(number)
        if version is None:
            raise StoreError(f"Version {number} is no longer kept, so it cannot be gone back to.")
        return version
