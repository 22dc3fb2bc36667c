"""Processes under measurement: what a command costs, and what a running server has used.

Read from ``/proc``, so on Linux only.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds on the wall and of the processor, and its peak memory."""

    wall: float
    cpu: float
    peak_mb: float


def run(module: str, *arguments: str, **environment: str) -> Cost:
    """Run ``python -m module`` to its end and measure it.

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} failed:\n{said.decode(errors='replace')[-2000:]}")
    return _cost(time.perf_counter() - started, used)


def _cost(wall: float, used: resource.struct_rusage) -> Cost:
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class Server:
    """A Streamlit server as a process of its own."""

    def __init__(self, script: Path, port: int, log: Path, environment: Mapping[str, str]) -> None:
        self.url = f"http://localhost:{port}"
        self.port = port
        self._path, self._log = log, log.open("wb")
        command: Sequence[str] = [
            *(sys.executable, "-m", "streamlit", "run", str(script)),
            *("--server.port", str(port)),
        ]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def cpu(self) -> float:
        """Seconds of processor used so far."""
        numbers = self._read("stat").rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_mb(self) -> float:
        """Memory held now."""
        return int(self._read("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _read(self, name: str) -> str:
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="ascii")

    @property
    def is_running(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """The end of the server's log."""
        return self._path.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()
