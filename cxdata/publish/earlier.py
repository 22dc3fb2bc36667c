"""The summaries of an earlier data version, built again for whoever stays at it."""

from __future__ import annotations

from cxdata.model.errors import SourceError
from cxdata.model.progress import Progress, silent
from cxdata.publish.summaries import build_summaries
from cxdata.query.door import Door
from cxdata.query.gate import Gate


def gate_at(door: Door, number: int, progress: Progress = silent) -> Gate:
    """Return a gate held at one data version; its summaries are built where they are gone.

    They are summed up as of the day the version was published, by the method and the rules of
    today, and kept apart from those of the newest version.

    Raises:
        SourceError: the version is no longer kept, or its summaries cannot be written.
    """
    gate = door.gate(number=number)
    if gate.is_built:
        return gate
    source = door.at(number)
    now = source.version().created_at
    if now is None:
        raise SourceError(f"Data version {number} does not say when it was published.")
    build_summaries(source, door.settings, now=now, full=True, progress=progress)
    return door.gate(number=number)
