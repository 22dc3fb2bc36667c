"""What happened to the data between two versions of a store, as far as a figure is concerned."""

from __future__ import annotations

from collections.abc import Iterable

from cxdata.analysis.restatement import Cause
from cxdata.model.period import Period
from cxdata.publish.history import Step
from cxdata.publish.place import ReadOnly, store_of
from cxdata.sources.config import load
from cxdata.sources.manifest import FileEntry, Version
from cxdata.sources.store import Store

_BACK = frozenset({Step.UNDO.value, Step.REDO.value, Step.GO_TO.value})
_WHO_IS_WHERE = frozenset({"customer_segment", "segment", "customer_unit"})


def causes_between(
    store: Store, before: str, after: str, tables: Iterable[str], period: Period
) -> frozenset[Cause]:
    """Return why figures of a period may differ between two versions, named by their ids.

    ``tables`` are those that the figure is made of. Rows that were added are late data where they
    reach back to the period; whatever took rows away or wrote them anew is a correction. Nothing is
    returned where the versions are no longer kept, or do not differ there.
    """
    kept = {version.id: version for version in store.versions()}
    if before not in kept or after not in kept:
        return frozenset()
    old, new = kept[before], kept[after]
    if new.number < old.number or _is_restored(kept.values(), old, new):
        return frozenset({Cause.RESTORED})
    found = (_cause(old.files_of(name), new.files_of(name), name, period) for name in tables)
    return frozenset(cause for cause in found if cause is not None)


def between(store: Store, before: str, after: str) -> tuple[int, ...]:
    """Return the versions published between two, which are named by their ids, oldest first."""
    kept = {version.id: version.number for version in store.versions()}
    if before not in kept or after not in kept:
        return ()
    return tuple(sorted(n for n in kept.values() if kept[before] < n < kept[after]))


def between_here(before: str, after: str) -> tuple[tuple[int, str], ...]:
    """Return number and id of each version between two, in the store that the settings name."""
    try:
        store = store_of(load())
    except ReadOnly:
        return ()
    return tuple((n, store.read_version(n).id) for n in between(store, before, after))


def causes_here(before: str, after: str, tables: Iterable[str], period: Period) -> frozenset[Cause]:
    """Return the causes in the store that the settings name.

    Nothing is returned where the product publishes nothing: what it only reads keeps no history.
    """
    try:
        store = store_of(load())
    except ReadOnly:
        return frozenset()
    return causes_between(store, before, after, tables, period)


def _cause(
    old: tuple[FileEntry, ...], new: tuple[FileEntry, ...], table: str, period: Period
) -> Cause | None:
    before, after = {one.sha256 for one in old}, {one.sha256 for one in new}
    if before == after:
        return None
    if table in _WHO_IS_WHERE:
        return Cause.SEGMENTS
    if not before <= after:
        return Cause.CORRECTION
    added = [one for one in new if one.sha256 not in before]
    reaches_back = any(one.low is None or one.low < period.end for one in added if one.rows)
    return Cause.LATE if reaches_back else None


def _is_restored(kept: Iterable[Version], old: Version, new: Version) -> bool:
    """Whether a version between the two went back to the files of an earlier one."""
    return any(
        version.checks.get("step") in _BACK
        for version in kept
        if old.number < version.number <= new.number
    )
