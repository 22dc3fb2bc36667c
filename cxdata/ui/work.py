"""Long work in processes of their own, so that the pages stay quick while it goes on.

A process runs a command of the product and says how far it is on standard error. Whoever looks,
in whatever session, sees the same process; a second one of the same name is never started beside
it. A process outlives the reader who started it; what it makes is on disk.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cxdata.model.errors import HINT

ROOT: Final = Path(__file__).resolve().parents[2]
_STEP: Final = re.compile(r"\s*(\d{1,3})% (.+)")
_PREFIX: Final = re.compile(r"^cxdata [a-z-]+: ")


@dataclass(frozen=True)
class Progress:
    """How far the work is; ``fault`` is the last line of a process that failed."""

    what: str = "Starting"
    share: float = 0.0
    is_done: bool = False
    fault: str = ""
    began: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        return max(time.monotonic() - self.began, 0.0) if self.began else 0.0


class Work:
    """Processes by name, and what each said last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, Progress] = {}

    def start(self, name: str, command: Sequence[str]) -> Progress:
        """Start a command of the product, unless work of that name is under way."""
        with self._lock:
            there = self._now.get(name)
            if there is not None and not there.is_done:
                return there
            self._now[name] = Progress(began=time.monotonic())
            threading.Thread(target=self._follow, args=(name, command), daemon=True).start()
            return self._now[name]

    def progress(self, name: str) -> Progress | None:
        """Return how far work is; None where there is none of that name."""
        with self._lock:
            return self._now.get(name)

    def forget(self, name: str) -> None:
        """Forget work that is done; what is under way is kept."""
        with self._lock:
            there = self._now.get(name)
            if there is not None and there.is_done:
                del self._now[name]

    def _say(self, name: str, **news: object) -> None:
        with self._lock:
            self._now[name] = replace(self._now[name], **news)  # type: ignore[arg-type]

    def _follow(self, name: str, command: Sequence[str]) -> None:
        last = ""
        with subprocess.Popen(
            [sys.executable, "-m", "cxdata", *command],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stderr or ():
                if line.startswith(HINT):
                    continue  # for those at the command line
                last = line.strip() or last
                step = _STEP.fullmatch(line.rstrip())
                if step:
                    self._say(name, what=step[2], share=min(int(step[1]), 100) / 100)
        fault = "" if process.returncode == 0 else _PREFIX.sub("", last)
        if process.returncode and (not fault or _STEP.fullmatch(last) or process.returncode != 2):
            fault = "The work stopped without a word. Nothing was lost; start it again."
        self._say(name, is_done=True, fault=fault)


def environment() -> dict[str, str]:
    """Let the process find the product from where the server runs: settings are read from there."""
    there = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, (str(ROOT), there)))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


WORK: Final = Work()
"""All long work of this server."""
