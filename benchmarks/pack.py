"""A story of twelve views handed over in every form, against drawing its charts once.

``python -m benchmarks.pack STEP`` measures one step in a process of its own and prints seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from benchmarks.process import ROOT
from cxdata.exports.pack import Pack, pack
from cxdata.exports.vega import svg
from cxdata.exports.write import files_of
from cxdata.model.story import Slide, Story, View
from cxdata.panels.choices import Desk, choices_of
from cxdata.panels.pages import PAGES
from cxdata.query.door import Door

T = TypeVar("T")

VIEWS: Final = 12
CLOCK: Final = datetime(2026, 11, 1, 8, tzinfo=UTC)
_PAGES: Final = ("retention", "spend", "cost-to-serve")
_SIZE: Final = (720, 290)


def story() -> Story:
    """Return twelve views, each with one picture."""
    names = [(page, name) for page in _PAGES for name in PAGES[page].pictures]
    slides = (Slide(View(page, panel=name)) for page, name in names[:VIEWS])
    return Story("Twelve views", tuple(slides))


def drawn(told: Pack) -> None:
    """Draw every chart of a pack once."""
    for scene in told.scenes:
        picture = scene.picture
        for part in picture.panels or (picture,) if picture else ():
            svg(part.spec, *_SIZE)


def rounds(folder: Path, count: int) -> Iterator[Mapping[str, float]]:
    """Measure round after round; each step in a process that has drawn nothing before."""
    for _ in range(count):
        yield {name: seconds for step in STEPS for name, seconds in _run(step, folder).items()}


def _run(step: str, folder: Path) -> dict[str, float]:
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.pack", step],
        cwd=ROOT,
        env={**os.environ, "CXDATA_DATA": str(folder)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds: dict[str, float] = json.loads(found.stdout)
    return seconds


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


def main(step: str) -> None:
    """Tell the story and write every form, or draw its charts alone."""
    gate = Door().gate()
    desk = Desk(gate, choices_of(gate))
    told, telling = _timed(lambda: pack(desk, story(), CLOCK))
    if len(told.scenes) != VIEWS:
        raise SystemExit(f"{len(told.scenes)} of {VIEWS} views: {told.left_out}")
    _, seconds = _timed(lambda: STEPS[step](told))
    print(json.dumps({"told": telling, step: seconds}))


STEPS: Final[Mapping[str, Callable[[Pack], object]]] = {"drawn": drawn, "written": files_of}
"""The steps; the last one says how long telling took."""


if __name__ == "__main__":
    main(sys.argv[1])
