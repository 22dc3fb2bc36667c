"""Getting the data ready when the first reader comes: in a process of its own, with its progress.

``streamlit run app.py`` on a new machine makes the demo company; after an upgrade or a change of a
plain folder the summaries are built anew. One process serves all readers who wait.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import streamlit as st

from cxdata.model.errors import HINT
from cxdata.ui.text import plain

_ROOT: Final = Path(__file__).resolve().parents[2]
_STEP: Final = re.compile(r"\s*(\d{1,3})% (.+)")


@dataclass(frozen=True)
class Progress:
    """How far the work is; ``fault`` is the last line of a process that failed."""

    what: str = "Starting"
    share: float = 0.0
    is_done: bool = False
    fault: str = ""


class _Work:
    """The one process, and what it said last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now: Progress | None = None
        self.is_offered = False

    def start(self) -> Progress:
        with self.lock:
            if self.now is None:
                self.now = Progress()
                threading.Thread(target=self._follow, daemon=True).start()
            return self.now

    def forget(self) -> None:
        with self.lock:
            self.now = None

    def _follow(self) -> None:
        command = [sys.executable, "-m", "cxdata", "prepare"]
        last = ""
        with subprocess.Popen(
            command,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            for line in process.stderr or ():
                if line.startswith(HINT):
                    continue  # for those at the command line
                last = line.strip() or last
                step = _STEP.fullmatch(line.rstrip())
                if step and self.now:
                    self.now = replace(self.now, what=step[2], share=min(int(step[1]), 100) / 100)
        fault = "" if process.returncode == 0 else last or "The work stopped without a word."
        self.now = replace(self.now or Progress(), is_done=True, fault=fault)


def _environment() -> dict[str, str]:
    """Let the process find the product from where the server runs: settings are read from there."""
    there = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), there)))}


_WORK: Final = _Work()


def offer() -> None:
    """Let readers start the work; a real server does, a test of a page does not."""
    _WORK.is_offered = True


def is_offered() -> bool:
    """Whether readers may start the work."""
    return _WORK.is_offered


def prepare() -> None:
    """Start the work unless it is under way, show how far it is, and open the page when done."""
    _WORK.start()
    st.title("Getting the data ready")
    st.markdown("The figures are being summed up. This page opens by itself when they are there.")
    _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    now = _WORK.now
    if now is None:  # another reader saw the end first
        st.rerun()
    if now.fault:
        st.warning(plain(now.fault), title="This could not be done", icon=":material/error:")
        if st.button("Try again"):
            _WORK.forget()
            st.rerun()
        return
    st.progress(now.share, text=plain(now.what))
    if now.is_done:
        _WORK.forget()
        st.rerun()
