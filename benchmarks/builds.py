"""Builds: everything, and one month more, against a single pass over the same files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.company import Company
from benchmarks.process import Cost, run


def rounds(company: Company, count: int) -> Iterator[dict[str, Cost]]:
    """Yield what each step cost, round by round, one step after the other."""
    with TemporaryDirectory(dir=company.store.parent, prefix="marts-") as scratch:
        base = Path(scratch) / "base"
        _step("base", company, base)
        for _ in range(count):
            costs = {}
            for name in ("pass", "full", "increment"):
                marts = Path(scratch) / name
                if name == "increment":
                    shutil.copytree(base, marts)
                costs[name] = _step(name, company, marts)
                shutil.rmtree(marts)
            yield costs


def _step(name: str, company: Company, marts: Path) -> Cost:
    return run("benchmarks.step", name, str(company.store), str(marts))
