"""Companies simulated by their summaries: figures as the pages judge them, without any customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from cxdata.analysis.comparison import compare, usual_range
from cxdata.analysis.figure import Figure
from cxdata.metrics import metric
from cxdata.model.metric import Floats
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures

MONTHS = 26
FIRST = Period(date(2024, 1, 1), Grain.MONTH)
SCOPE = Scope(FIRST.shift(MONTHS - 1))


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
        simulated("contacts", {"contacts": random.poisson(900, MONTHS).astype(float)}),
    ]
