"""What one run of a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.model.scope import Scope
from cxdata.panels.choices import Choices


@dataclass(frozen=True)
class View:
    """What one run of a page shows: the question, and the attribute by which it is sliced."""

    scope: Scope
    scheme: str | None
    choices: Choices
