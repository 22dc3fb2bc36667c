"""Desks for a story: at the newest data, and at the earlier versions that its slides stay at."""

from __future__ import annotations

from cxdata.model.errors import SourceError
from cxdata.model.progress import Progress, silent
from cxdata.panels.choices import Desk, choices_of
from cxdata.publish.earlier import gate_at
from cxdata.query.door import Door


def desk_of(door: Door, progress: Progress = silent) -> Desk:
    """Return the desk at the newest version, which opens those of earlier ones when asked."""
    opened: dict[str, Desk] = {}

    def earlier(version: str) -> Desk:
        if not (version.isascii() and version.isdigit()):
            raise SourceError(f"There is no data version {version} in these data.")
        if version not in opened:
            found = gate_at(door, int(version), progress)
            opened[version] = Desk(found, choices_of(found))
        return opened[version]

    gate = door.gate()
    return Desk(gate, choices_of(gate), earlier)
