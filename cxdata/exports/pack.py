"""A pack: a story told at one data version, ready to be written in every form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cxdata.exports.scene import Definition, Scene, tell
from cxdata.exports.state import State, state_of
from cxdata.model.errors import CxError
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.progress import Progress, silent
from cxdata.model.story import Story
from cxdata.panels.choices import Desk


@dataclass(frozen=True)
class Pack:
    """What is handed over. ``made_at`` is the clock of whoever makes it, in UTC."""

    story: Story
    scenes: tuple[Scene, ...]
    left_out: tuple[str, ...]
    notices: tuple[str, ...]
    form: Format
    state: State
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
        return self.state.words

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
        """Scope, data date and version of one view; it may stay at an earlier version."""
        return f"{scene.words.removesuffix('.')} · {scene.state.words}"


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
    return Pack(
        story=story,
        scenes=told.scenes,
        left_out=told.left_out,
        notices=notices,
        form=desk.choices.format,
        state=state_of(desk),
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
    )
