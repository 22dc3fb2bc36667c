"""The Overview in a browser: opened cold, then asked for period after period."""

from __future__ import annotations

import pickle
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.browser import Reader, chromium
from benchmarks.company import Company
from benchmarks.process import ROOT, Server, run
from benchmarks.sessions import Crowd, crowd, reruns

FLOOR = "floor"
PERIODS = 4
"""Periods asked for after a page was opened, one after the other."""

RERUNS = 30
SESSIONS = 25
FILTERS = {
    "in_segment": ("Families", "Professionals", "Seniors"),
    "in_region": ("Nordics", "Germany", "Spain", "Portugal"),
    "in_plan": ("Standard", "Plus"),
}
"""Filters on several attributes, as the address of the page has them."""
START_SECONDS = 120


@dataclass(frozen=True)
class Sample:
    """One visit: seconds to open, to redraw on average, and of the server a new period."""

    opened: float
    changed: float
    cpu: float


class Stage:
    """The floor and the product at each size, all served at once, and a browser before them."""

    def __init__(self, servers: Mapping[str, Server], literals: Path) -> None:
        self.servers = servers
        known: dict[str, Any] = pickle.loads(literals.read_bytes())
        self._drawn = list(known["views"])
        self._offered: list[str] = known["periods"]

    def rounds(self, count: int) -> Iterator[dict[str, Sample]]:
        """Visit every server in turn, round by round; each round asks for periods of its own."""
        with chromium() as browser:
            for turn in range(count):
                at = 1 + turn * PERIODS
                yield {
                    name: self._visit(Reader(browser, server), server, at, query)
                    for name, server, query in self._asked()
                }

    def crowds(self) -> dict[str, Crowd]:
        """Open many sessions at once on every server, each at another period."""
        return {
            name: crowd(server, self._offered, SESSIONS) for name, server in self.servers.items()
        }

    def reruns(self) -> dict[str, float]:
        """Return processor seconds a rerun of what was read before."""
        start = self._drawn[0]
        return {name: reruns(server, start, RERUNS) for name, server in self.servers.items()}

    def memory(self) -> dict[str, float]:
        """Return megabytes that each server holds."""
        return {name: server.memory_mb for name, server in self.servers.items()}

    def _asked(self) -> Iterator[tuple[str, Server, str]]:
        filtered = urlencode(FILTERS, doseq=True)
        for name, server in self.servers.items():
            yield name, server, ""
            if name != FLOOR:
                yield f"{name} filtered", server, filtered

    def _visit(self, reader: Reader, server: Server, at: int, query: str) -> Sample:
        opened = reader.open(query)
        before = server.cpu
        changes = [reader.choose(period) for period in self._drawn[at : at + PERIODS]]
        reader.close()
        cpu = (server.cpu - before) / len(changes)
        return Sample(opened, sum(changes) / len(changes), cpu)


@contextmanager
def staged(companies: list[Company], scratch: Path, rounds: int) -> Iterator[Stage]:
    """Serve the floor and every company until the block is left."""
    literals = scratch / "literals.pickle"
    drawn = str(1 + rounds * PERIODS)
    run("benchmarks.record", str(literals), drawn, CXDATA_DATA=str(companies[0].folder))
    wanted = {FLOOR: (ROOT / "benchmarks" / "floor.py", {"BENCH_LITERALS": str(literals)})}
    for company in companies:
        data = {"CXDATA_DATA": str(company.folder)}
        wanted[f"{company.customers:,}"] = (ROOT / "app.py", data)
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for name, (script, environment) in wanted.items():
            log = scratch / f"server-{len(servers)}.log"
            servers[name] = Server(script, _free_port(), log, environment)
            stack.callback(servers[name].stop)
        for server in servers.values():
            _wait(server)
        yield Stage(servers, literals)


def _wait(server: Server) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.is_running:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"A server did not start:\n{server.last_words()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
