"""Companies simulated by their summaries: figures as the pages judge them, without any customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxdata.analysis.comparison import compare, usual_range
from cxdata.analysis.figure import Figure
from cxdata.analysis.slices import Place, Slice, judged
from cxdata.metrics import metric
from cxdata.model.metric import Floats
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures
from cxdata.query.statement import EVERY, JOURNEY

MONTHS = 26
FIRST = Period(date(2024, 1, 1), Grain.MONTH)
SCOPE = Scope(FIRST.shift(MONTHS - 1))
DAYS = np.array([FIRST.shift(at).days for at in range(MONTHS)])


def simulated(name: str, stats: Mapping[str, Floats]) -> Figure:
    """Judge the last of some months of a metric by its statistics."""
    known = metric(name)
    size = len(next(iter(stats.values())))
    filled = {one: np.asarray(stats.get(one, np.zeros(size)), float) for one in known.stats}
    done = known.finish(filled)
    when = [FIRST.shift(at) for at in range(size)]
    frame = pd.DataFrame(
        {
            "period": [period.key for period in when],
            "period_start": [period.start for period in when],
            "estimate": done.estimate,
            "n": done.n,
            "lo": done.lo,
            "hi": done.hi,
            "flag": done.flag.astype(str),
        }
    )
    found = Figures(known, (), frame, filled, {}, done.method)
    row = size - 1
    usual = None if known.difference else usual_range(found, row)
    return Figure(
        known,
        SCOPE,
        found.cell(row),
        found.cell(row - 1),
        compare(found, row, row - 1, usual),
        usual,
        frame,
        date(2026, 3, 31),
        False,
    )


def scores(random: np.random.Generator, n: int, p: float, d: float, size: int) -> dict[str, Floats]:
    """Answers by class, a month each."""
    drawn = random.multinomial(n, [p, 1 - p - d, d], size=size).T.astype(float)
    return dict(zip(("promoters", "passives", "detractors"), drawn, strict=True))


def quiet_company(random: np.random.Generator) -> list[Figure]:
    """Six figures of a company in which nothing ever changed."""
    customers = 2000.0
    counts = np.full(MONTHS, customers)
    return [
        simulated(
            "logo_retention",
            {"retained": random.binomial(2000, 0.98, MONTHS).astype(float), "start": counts},
        ),
        simulated("nps", scores(random, 300, 0.5, 0.2, MONTHS)),
        simulated(
            "csat",
            {
                "top": random.binomial(250, 0.7, MONTHS).astype(float),
                "answers": np.full(MONTHS, 250.0),
            },
        ),
        *(
            simulated(
                name,
                {
                    "amount": customers * random.normal(mean, 0.03 * mean, MONTHS),
                    "customers": counts,
                },
            )
            for name, mean in (("revenue_per_customer", 50.0), ("contribution_per_customer", 40.0))
        ),
        simulated("contacts", {"contacts": random.poisson(30 * DAYS).astype(float)}),
    ]


SEGMENTS, REGIONS, JOURNEYS = 4, 3, 3
CELLS = SEGMENTS * REGIONS * JOURNEYS
_SEGMENT, _REGION, _JOURNEY = (
    np.asarray(part) for part in np.unravel_index(np.arange(CELLS), (SEGMENTS, REGIONS, JOURNEYS))
)
PLACES: Mapping[tuple[str, str], npt.NDArray[np.bool_]] = {
    ("", "all"): np.ones(CELLS, dtype=bool),
    **{("segment", f"s{at}"): np.equal(_SEGMENT, at) for at in range(SEGMENTS)},
    **{("region", f"r{at}"): np.equal(_REGION, at) for at in range(REGIONS)},
    **{(JOURNEY, f"j{at}"): np.equal(_JOURNEY, at) for at in range(JOURNEYS)},
}
"""The declared slices of a company, the whole among them, and the cells that belong to each."""


@dataclass(frozen=True)
class Companies:
    """Several companies by their statistics: metric, statistic, (months, companies, cells)."""

    stats: Mapping[str, Mapping[str, Floats]]

    @classmethod
    def quiet(cls, random: np.random.Generator, count: int) -> Companies:
        """Return companies in whose cells of 400 customers nothing ever changed."""
        size = (MONTHS, count, CELLS)
        customers = np.full(size, 400.0)
        kept = random.uniform(0.95, 0.99, size[1:])
        loved = random.uniform(0.3, 0.6, size[1:])
        said = random.multinomial(
            60, np.stack([loved, 0.8 - loved, np.full(size[1:], 0.2)], -1), size=size
        )
        money = {
            name: {"amount": 400 * random.normal(mean, 0.05 * mean, size), "customers": customers}
            for name, mean in (("revenue_per_customer", 50.0), ("contribution_per_customer", 9.0))
        }
        classes = np.moveaxis(said.astype(float), -1, 0)
        return cls(
            {
                "logo_retention": {
                    "retained": random.binomial(400, kept, size).astype(float),
                    "start": customers,
                },
                "nps": dict(zip(("promoters", "passives", "detractors"), classes, strict=True)),
                **money,
            }
        )

    def looked(self) -> list[list[Slice]]:
        """Judge every declared slice of every figure, company by company."""
        count = next(iter(self.stats["nps"].values())).shape[1]
        found: list[list[Slice]] = [[] for _ in range(count)]
        for name, stats in self.stats.items():
            places = {
                f"{company}/{by}={label}": Place(by, label, SCOPE)
                for company in range(count)
                for by, label in PLACES
                if by != JOURNEY or metric(name).has_journey
            }
            figures = _figures(name, stats, count, list(places))
            for one in judged(figures, SCOPE, places):
                code = str(figures.record(one.row)[EVERY])
                found[int(code.partition("/")[0])].append(one)
        return found


def _figures(name: str, stats: Mapping[str, Floats], count: int, codes: list[str]) -> Figures:
    """Figures of all slices of all companies, month by month."""
    known = metric(name)
    kept = [cells for (by, _), cells in PLACES.items() if by != JOURNEY or known.has_journey]
    of = np.array(kept, dtype=float).T
    nothing = np.zeros(MONTHS * len(codes))
    filled = {one: (stats[one] @ of).ravel() if one in stats else nothing for one in known.stats}
    done = known.finish(filled)
    when = [FIRST.shift(at) for at in range(MONTHS)]
    frame = pd.DataFrame(
        {
            "period": np.repeat([period.key for period in when], len(codes)),
            "period_start": np.repeat([period.start for period in when], len(codes)),
            EVERY: codes * MONTHS,
            "estimate": done.estimate,
            "n": done.n,
            "lo": done.lo,
            "hi": done.hi,
            "flag": done.flag.astype(str),
        }
    )
    return Figures(known, (EVERY,), frame, filled, {}, done.method)
