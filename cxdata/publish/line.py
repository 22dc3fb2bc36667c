"""The publishes that make up what is shown: what was undone, and not redone, is not among them."""

from __future__ import annotations

from collections.abc import Iterator

from cxdata.sources.manifest import Version
from cxdata.sources.store import Store


def line(store: Store, head: Version | None) -> Iterator[Version]:
    """Yield the publishes that led to a version, newest first, as far as they are kept."""
    version = head
    while version is not None:
        restored = version.checks.get("restored_version")
        if restored is None:
            yield version
        version = store.find(version.parent if restored is None else int(restored))
