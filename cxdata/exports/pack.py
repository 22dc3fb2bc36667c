"""A pack: a story told at one data version, ready to be written in every form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cxdata.exports.scene import Definition, Scene, tell, version_name
from cxdata.model.errors import CxError
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.progress import Progress, silent
from cxdata.model.story import Story
from cxdata.panels.choices import Desk

DEMO = "demo"
"""Who publishes the invented company."""


@dataclass(frozen=True)
class Pack:
    """What is handed over. ``made_at`` is the clock of whoever makes it, in UTC."""

    story: Story
    scenes: tuple[Scene, ...]
    left_out: tuple[str, ...]
    notices: tuple[str, ...]
    form: Format
    version: str
    version_id: str
    data_through: date | None
    made_at: datetime

    @property
    def slug(self) -> str:
        """The story and its period, as a file name."""
        words = f"{self.story.name} {self.scenes[0].scope.period.key}"
        plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
        return plain[:80] or "pack"

    @property
    def origin(self) -> str:
        """From which data it is, in words."""
        through = f"data through {_day(self.data_through)}" if self.data_through else ""
        return " · ".join(filter(None, (through, f"version {self.version}", "CX Outcomes")))

    @property
    def about(self) -> tuple[str, ...]:
        """What whoever holds it must know: what was left out, and what the data say of themselves.

        Remarks of single views are with them.
        """
        left = tuple(f"Left out. {line}" for line in self.left_out)
        return (*self.notices, *left)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition that a view stands on, once, in the order of the views."""
        return tuple(dict.fromkeys(one for scene in self.scenes for one in scene.definitions))

    def footer(self, scene: Scene) -> str:
        """Scope, data date and version of one view."""
        return f"{scene.words.removesuffix('.')} · {self.origin}"


def pack(
    desk: Desk,
    story: Story,
    made_at: datetime,
    period: Period | None = None,
    notices: tuple[str, ...] = (),
    progress: Progress = silent,
) -> Pack:
    """Tell a story as a pack.

    Raises:
        CxError: not one of its views can be told.
    """
    told = tell(desk, story, period, progress)
    if not told.scenes:
        raise CxError(f"Nothing of {story.name} can be told from these data. {told.left_out[0]}")
    version = desk.gate.version
    name = version_name(desk)
    if version.published_by == DEMO:
        name = f"{name}, an invented company"
    return Pack(
        story=story,
        scenes=told.scenes,
        left_out=told.left_out,
        notices=notices,
        form=desk.choices.format,
        version=name,
        version_id=version.id,
        data_through=desk.choices.complete_through,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
