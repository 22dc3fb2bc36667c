"""One thread that interrupts statements of the embedded engine that run too long.

A timer a statement would start and join a thread each time, which takes longer than most
statements do.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

import duckdb

_AGAIN: Final = 0.05
"""Seconds between interrupts: one may come just before the statement starts."""

_ASLEEP: Final = float("inf")


@dataclass(eq=False)
class Watched:
    """One cursor and the instant after which what it runs is interrupted."""

    native: duckdb.DuckDBPyConnection
    due: float
    is_late: bool = False


class Watchdog:
    """Interrupts what is due; sleeps while nothing is."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[Watched] = set()
        self._wakes = _ASLEEP
        self._thread: threading.Thread | None = None

    def watch(self, native: duckdb.DuckDBPyConnection, seconds: float) -> Watched:
        """Interrupt a cursor after so many seconds, again and again until it is released."""
        watched = Watched(native, time.monotonic() + seconds)
        with self._changed:
            self._watched.add(watched)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            elif watched.due < self._wakes:
                self._changed.notify()
        return watched

    def release(self, watched: Watched) -> None:
        """Leave a cursor alone: once this returns it is not interrupted any more."""
        with self._changed:
            self._watched.discard(watched)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for late in [one for one in self._watched if one.due <= now]:
                    late.is_late = True
                    late.native.interrupt()
                self._wakes = min(
                    (max(o.due, now + _AGAIN) for o in self._watched), default=_ASLEEP
                )
                self._changed.wait(None if self._wakes == _ASLEEP else self._wakes - now)


WATCHDOG: Final = Watchdog()
