"""Where an extract stands, in the address and on the page: four steps, any of which may wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import streamlit as st

from cxdata.publish.looking import Look
from cxdata.publish.plan import Plan
from cxdata.publish.rehearsal import Rehearsal
from cxdata.publish.room import Room
from cxdata.publish.staged import Staged

FILE, COLUMNS, CHECK, PUBLISH = "file", "columns", "check", "publish"
STEPS: Final = {
    FILE: "File",
    COLUMNS: "Columns",
    CHECK: "Check",
    PUBLISH: "Publish",
}
EXTRACT, STEP = "extract", "step"
_SHORT: Final = 12


@dataclass(frozen=True)
class Extract:
    """One extract on its way, with all that is known of it in this run."""

    room: Room
    item: Staged
    look: Look | None
    plan: Plan
    rehearsal: Rehearsal | None
    now: datetime
    name: str = field(default="")

    @classmethod
    def of(cls, room: Room, item: Staged, now: datetime) -> Extract:
        """Read what is known."""
        return cls(
            room,
            item,
            room.look_of(item),
            room.plan_of(item),
            room.rehearsal_of(item),
            now,
            f"extract-{item.id}",
        )

    @property
    def seen(self) -> Look:
        """What was understood of it; it was looked at."""
        assert self.look is not None
        return self.look

    @property
    def reached(self) -> tuple[str, ...]:
        """The steps that can be opened."""
        if self.look is None or self.look.refused:
            return (FILE,)
        if self.rehearsal is not None:
            return tuple(STEPS)
        if self.item.prepared is not None or self.item.refused:
            return (FILE, COLUMNS, CHECK)
        return (FILE, COLUMNS)

    @property
    def step(self) -> str:
        """The step to show: the one in the address, else the furthest that has something to say."""
        asked = st.query_params.get(STEP, "")
        if asked in self.reached:
            return asked
        if self.rehearsal is not None:
            aside = self.item.prepared is not None and self.item.prepared.set_aside
            return CHECK if aside else PUBLISH
        return CHECK if CHECK in self.reached else FILE


def go(step: str = "", extract: str | None = None) -> None:
    """Put a step into the address and show it; without one the page decides."""
    if extract is not None:
        st.query_params[EXTRACT] = extract[:_SHORT]
    if step:
        st.query_params[STEP] = step
    elif STEP in st.query_params:
        del st.query_params[STEP]
    st.rerun()


def leave() -> None:
    """Back to the list of extracts."""
    for name in (EXTRACT, STEP):
        if name in st.query_params:
            del st.query_params[name]
    st.rerun()


def path(extract: Extract) -> None:
    """Show the four steps; those that were reached can be opened again."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="steps"):
        for number, (step, label) in enumerate(STEPS.items(), start=1):
            is_here = step == extract.step
            pressed = st.button(
                f"{number} {label}",
                key=f"step-{step}",
                type="secondary" if is_here else "tertiary",
                disabled=step not in extract.reached,
                icon=":material/chevron_right:" if is_here else None,
            )
            if pressed and not is_here:
                go(step)
