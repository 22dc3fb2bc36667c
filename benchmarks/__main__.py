"""``make bench``: measure, print a table, and write JSON to ``BENCH_OUT`` where it is set.

``BENCH_SCALE=small`` measures two small companies in a few minutes; ``full``, the default, makes
one of a million customers first (once; it stays in ``BENCH_DATA``) and takes about an hour.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import builds, extracts, pack, pages, report
from benchmarks.company import Company
from benchmarks.process import ROOT

PARTS = ("pages", "builds", "extracts", "pack")


@dataclass(frozen=True)
class Scale:
    """Which companies are measured, and how often."""

    customers: tuple[int, int]
    visits: int
    builds: int
    records: int


SCALES = {
    "small": Scale((2_000, 20_000), visits=3, builds=2, records=1_500_000),
    "full": Scale((20_000, 1_000_000), visits=7, builds=1, records=9_000_000),
}


def main() -> None:
    """Measure what was asked for."""
    asked = _arguments()
    scale = SCALES[asked.scale]
    if asked.visits:
        scale = replace(scale, visits=asked.visits)
    home = Path(os.environ.get("BENCH_DATA") or ROOT / "benchmarks" / "data").resolve()
    home.mkdir(parents=True, exist_ok=True)
    companies = [Company(home, customers) for customers in scale.customers]
    found = report.Report(asked.scale)
    for company in companies if {"pages", "builds", "pack"} & set(asked.parts) else ():
        _say(f"company of {company.customers:,} customers")
        report.add_making(found, company.customers, company.make())
    if "pages" in asked.parts:
        _pages(found, companies, scale)
    if "builds" in asked.parts:
        _builds(found, companies, scale)
    if "extracts" in asked.parts:
        _extracts(found, home, scale)
    if "pack" in asked.parts:
        _packs(found, companies, scale)
    print(found.table())
    if os.environ.get("BENCH_OUT"):
        found.write(Path(os.environ["BENCH_OUT"]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=PARTS, help="pages, builds, extracts, pack (all)"
    )
    parser.add_argument("--scale", choices=SCALES, default=os.environ.get("BENCH_SCALE") or "full")
    parser.add_argument("--visits", type=int, help="rounds of visits, instead of the scale's")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return asked


def _pages(found: report.Report, companies: list[Company], scale: Scale) -> None:
    for company in companies:
        _say(f"summaries of {company.customers:,} customers")
        company.build()
    with (
        TemporaryDirectory(prefix="bench-") as scratch,
        pages.staged(companies, Path(scratch), scale.visits) as stage,
    ):
        rounds = []
        for seen in stage.rounds(scale.visits):
            rounds.append(seen)
            _say(f"visits, round {len(rounds)} of {scale.visits}")
        report.add_pages(found, rounds)
        _say("reruns and many sessions at once")
        report.add_servers(found, stage)


def _builds(found: report.Report, companies: list[Company], scale: Scale) -> None:
    for company in companies:
        _say(f"builds of {company.customers:,} customers")
        company.publish()
        report.add_builds(found, company.customers, list(builds.rounds(company, scale.builds)))


def _extracts(found: report.Report, home: Path, scale: Scale) -> None:
    for bad in (False, True):
        extract = extracts.Extract(home, scale.records, bad)
        _say(f"extract {extract.path.name}")
        extract.make()
        report.add_extract(found, extract, list(extracts.rounds(extract, scale.builds)))


def _packs(found: report.Report, companies: list[Company], scale: Scale) -> None:
    for company in companies:
        _say(f"a story of {company.customers:,} customers, handed over")
        company.build()
        measured = list(pack.rounds(company.folder, scale.visits))
        report.add_packs(found, company.customers, measured)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


main()
