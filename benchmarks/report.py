"""Medians of the rounds, as ratios, against what was set as the goal."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.extracts import Extract
from benchmarks.pages import FLOOR, SESSIONS, Sample, Stage
from benchmarks.process import Cost
from benchmarks.sessions import Crowd


@dataclass(frozen=True)
class Line:
    """One figure: what was measured, its median, what it is compared with, and the goal.

    ``unit`` is ``s`` (seconds), ``s CPU``, ``ms CPU`` or ``MB``. A ratio is that of the medians of
    interleaved rounds; without ``base`` the goal, if any, is on the figure itself.
    """

    what: str
    value: float
    unit: str
    base: str = ""
    ratio: float | None = None
    goal: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.goal is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.goal


@dataclass
class Report:
    """All lines of one run, and where it ran."""

    scale: str
    lines: list[Line] = field(default_factory=list)

    def add(self, *line: Any, **more: Any) -> None:
        """Add a line."""
        self.lines.append(Line(*line, **more))

    def table(self) -> str:
        """The lines as a Markdown table."""
        rows = ["| measured | median | ratio | to | goal | |", "|---|---:|---:|---|---:|---|"]
        for line in self.lines:
            ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
            goal = "" if line.goal is None else f"{line.goal:g}"
            met = {None: "", True: "met", False: "missed"}[line.is_met]
            said = f"{line.value:,.2f}" if line.value < 100 else f"{line.value:,.0f}"
            rows.append(
                f"| {line.what} | {said} {line.unit} | {ratio} | {line.base} | {goal} | {met} |"
            )
        return "\n".join(rows)

    def write(self, path: Path) -> None:
        """Write the lines and the machine as JSON."""
        machine = {
            "processors": os.cpu_count(),
            "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
            "python": platform.python_version(),
            "system": platform.platform(),
        }
        lines = [{**asdict(line), "is_met": line.is_met} for line in self.lines]
        found = {"scale": self.scale, "machine": machine, "lines": lines}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def add_making(report: Report, customers: int, cost: Cost) -> None:
    """Report what making a company cost when it was made."""
    name = f"demo company of {customers:,}"
    report.add(f"{name}: make", cost.cpu, "s CPU")
    report.add(f"{name}: peak memory", cost.peak_mb, "MB")


def add_pages(report: Report, rounds: Sequence[Mapping[str, Sample]]) -> None:
    """Report opening, redrawing and processor time of every visit."""
    middle = {
        name: Sample(
            *(median(_column(rounds, name, read)) for read in (_opened, _changed, _processor))
        )
        for name in rounds[0]
    }
    floor = middle[FLOOR]
    report.add("floor: open", floor.opened, "s")
    report.add("floor: another period", floor.changed, "s")
    report.add("floor: processor for another period", floor.cpu * 1000, "ms CPU")
    first = next(name for name in middle if name != FLOOR)
    for name, seen in middle.items():
        if name == FLOOR:
            continue
        report.add(f"{name}: open", seen.opened, "s", FLOOR, seen.opened / floor.opened, 1.15)
        ratio = seen.changed / floor.changed
        report.add(f"{name}: another period", seen.changed, "s", FLOOR, ratio, 1.25)
        report.add(f"{name}: processor for another period", seen.cpu * 1000, "ms CPU")
    for name, seen in middle.items():
        plain = name.removesuffix(" filtered")
        if name in (FLOOR, first) or (plain == first):
            continue
        like = name.replace(plain, first)
        goal = 1.1 if name == plain else 1.3
        ratio = seen.opened / middle[like].opened
        report.add(f"{name}: open", seen.opened, "s", like, ratio, goal)
        ratio = seen.changed / middle[like].changed
        report.add(f"{name}: another period", seen.changed, "s", like, ratio, goal)


def _opened(sample: Sample) -> float:
    return sample.opened


def _changed(sample: Sample) -> float:
    return sample.changed


def _processor(sample: Sample) -> float:
    return sample.cpu


def _column(
    rounds: Sequence[Mapping[str, Any]], name: str, read: Callable[[Any], float]
) -> list[float]:
    return [read(one[name]) for one in rounds]


def add_servers(report: Report, stage: Stage) -> None:
    """Report reruns, many sessions at once, and memory."""
    for name, seconds in stage.reruns().items():
        goal = None if name == FLOOR else 40.0
        report.add(f"{name}: rerun of a period seen before", seconds * 1000, "ms CPU", goal=goal)
    crowds = stage.crowds()
    for name, seen in crowds.items():
        _add_crowd(report, name, seen, crowds[FLOOR])
    for name, megabytes in stage.memory().items():
        report.add(f"{name}: server's memory", megabytes, "MB")


def _add_crowd(report: Report, name: str, seen: Crowd, floor: Crowd) -> None:
    what = f"{name}: {SESSIONS} sessions at once"
    base = "" if name == FLOOR else FLOOR
    ratio = None if name == FLOOR else seen.last / floor.last
    report.add(f"{what}, the last one's page", seen.last, "s", base, ratio)
    report.add(f"{what}, processor of each", seen.cpu / SESSIONS * 1000, "ms CPU")


def add_builds(report: Report, customers: int, rounds: Sequence[Mapping[str, Cost]]) -> None:
    """Report a full build and a month's increment, by processor time."""
    cpu = {name: median(one[name].cpu for one in rounds) for name in rounds[0]}
    peak = {name: max(one[name].peak_mb for one in rounds) for name in rounds[0]}
    name = f"{customers:,}"
    report.add(f"{name}: single pass over the files", cpu["pass"], "s CPU")
    ratio = cpu["full"] / cpu["pass"]
    report.add(f"{name}: build everything", cpu["full"], "s CPU", "single pass", ratio, 3.0)
    ratio = cpu["increment"] / cpu["full"]
    report.add(f"{name}: build one month more", cpu["increment"], "s CPU", "full build", ratio, 0.1)
    for step, megabytes in peak.items():
        report.add(f"{name}: peak memory of the {step}", megabytes, "MB")


def add_extract(report: Report, extract: Extract, rounds: Sequence[Mapping[str, Cost]]) -> None:
    """Report reading, checking and publishing an extract, by processor time, wall and memory.

    The goals are for a gigabyte on two processors, so they scale with the extract's size.
    """
    size = extract.path.stat().st_size / 1e9
    cpu = {name: median(one[name].cpu for one in rounds) for name in rounds[0]}
    wall = median(one["load"].wall for one in rounds)
    peak = max(one["load"].peak_mb for one in rounds)
    faults = ", 1 % bad" if extract.bad else ""
    name = f"extract of {1000 * size:,.0f} MB, {extract.rows:,} records{faults}"
    report.add(f"{name}: the engine's own read", cpu["engine"], "s CPU")
    ratio = cpu["load"] / cpu["engine"]
    report.add(f"{name}: read, check, publish", cpu["load"], "s CPU", "engine's own read", ratio)
    report.add(f"{name}: read, check, publish", wall, "s", goal=max(60 * size, 10))
    report.add(f"{name}: peak memory", peak, "MB", goal=1024)


def add_packs(report: Report, customers: int, rounds: Sequence[Mapping[str, float]]) -> None:
    """Report a story of twelve views in every form, against drawing its charts once."""
    seconds = {name: median(one[name] for one in rounds) for name in rounds[0]}
    name = f"{customers:,}: story of twelve views"
    whole = seconds["told"] + seconds["written"]
    report.add(f"{name}, its charts drawn once", seconds["drawn"], "s")
    report.add(f"{name}, its figures read", seconds["told"], "s")
    base, ratio = "its charts drawn once", whole / seconds["drawn"]
    report.add(f"{name}, handed over in every form", whole, "s", base, ratio)
    report.add(f"{name}, handed over in every form", whole, "s", goal=10.0)
