"""What lies behind a score: answers at each point of the scale, and the groups over time (2.8)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cxdata.metrics import metric as metric_of
from cxdata.model.scope import Scope
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import periods
from cxdata.query.spreads import score_counts

GROUPS = (("Detractors", "detractors"), ("Passives", "passives"), ("Promoters", "promoters"))


def score_shares(gate: Gate, scope: Scope) -> pd.DataFrame:
    """Return ``score`` 0 to 10, ``answers`` and ``share``; no share below the privacy limit."""
    gate.require(metric_of("nps"))
    counts = score_counts(gate, scope)
    total = sum(counts.values())
    hidden = total < gate.policy.k_min
    answers = [0 if hidden else counts.get(score, 0) for score in range(11)]
    shares = [0.0 if hidden or not total else count / total for count in answers]
    return pd.DataFrame({"score": range(11), "answers": answers, "share": shares})


def group_shares(gate: Gate, scope: Scope) -> pd.DataFrame:
    """Return ``period_start``, ``period``, ``group``, ``share``, ``answers``, ``flag``."""
    gate.require(metric_of("nps"))
    when = periods(gate, scope.period.grain)
    name = "nps_after_journey" if scope.journeys else "nps"
    found = evaluate(gate, [metric_of(name)], scope, at=when)[name]
    total = np.sum([found.stats[name] for _, name in GROUPS], axis=0)
    rows = [
        {
            "period_start": period.start,
            "period": period.label,
            "group": group,
            "share": found.stats[name][at] / total[at],
            "answers": int(found.stats[name][at]),
            "flag": found.frame["flag"].iloc[at],
        }
        for at, period in enumerate(when)
        if total[at] >= gate.policy.k_min
        for group, name in GROUPS
    ]
    columns = ["period_start", "period", "group", "share", "answers", "flag"]
    return pd.DataFrame(rows, columns=columns)
