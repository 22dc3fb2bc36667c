"""Every error the product raises on purpose, as one tree.

A message is one sentence for the reader: what is wrong, where, and what to do. It never carries a
stack trace, a secret or a path the reader cannot use.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

HINT = "  hint: "
"""Begins the line on which the command line says what to type; a page has other ways for it."""


class CxError(Exception):
    """A fault the reader can understand and usually mend.

    ``hint`` is what whoever works at the command line may type. It is no part of the sentence:
    where the sentence is read on a page, the page offers the same in its own way.
    """

    def __init__(self, *said: object, hint: str = "") -> None:
        super().__init__(*said)
        self.hint = hint


class ConfigError(CxError):
    """The configuration file or an environment variable is wrong."""


class UnknownName(CxError):
    """A name the product does not know; near names are offered."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        said = [f"There is no {kind} named {name!r}."]
        near = _near(name, self.known)
        if near:
            said.append(f"Did you mean {' or '.join(near)}?")
        if not near or len(self.known) <= _LISTED:
            some = ", ".join(sorted(self.known)[:_LISTED])
            said.append(f"Known: {some}." if some else "None is known.")
        super().__init__(" ".join(said))


_LISTED = 8
"""Most names that a sentence lists."""


def _near(name: str, known: Iterable[str]) -> list[str]:
    """Return names like the one given; capitals make no difference."""
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
    return [folded[one] for one in near]


class SourceError(CxError):
    """A source of tables cannot be read."""


class SourceUnavailable(SourceError):
    """A database does not answer, or answered too slowly."""


class StoreError(SourceError):
    """The versioned store is damaged, read-only or full."""


class Conflict(StoreError):
    """Somebody else published first."""


class MissingTables(CxError):
    """A view needs tables or columns that the data do not have."""

    def __init__(self, view: str, missing: Iterable[str]) -> None:
        self.view, self.missing = view, tuple(missing)
        super().__init__(f"{view} needs {', '.join(self.missing)}, which the data do not have.")


class NotBuilt(CxError):
    """The summaries of this data version have not been built."""


class BadScope(CxError):
    """A period, grain or filter that cannot be answered."""


class JournalError(CxError):
    """The database of what people enter cannot be read or written."""


class IntakeError(CxError):
    """An extract or a recipe does not fit."""


class NotAllowed(CxError):
    """The person asking may not see this."""
