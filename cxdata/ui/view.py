"""What one run of a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.address import parameters
from cxdata.panels.choices import Choices


@dataclass(frozen=True)
class View:
    """What one run of a page shows: the question, and the attribute by which it is sliced."""

    scope: Scope
    scheme: str | None
    choices: Choices

    @property
    def parameters(self) -> dict[str, str | tuple[str, ...]]:
        """The query parameters that reopen it, defaults left out."""
        return parameters(self.scope, self.scheme, self.choices)


def whole(choices: Choices) -> View:
    """Return the view of everybody in the newest finished month."""
    return View(Scope(choices.latest(Grain.MONTH)), next(iter(choices.schemes), None), choices)
