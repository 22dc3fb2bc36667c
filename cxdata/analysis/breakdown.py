"""A metric by journey, by segment or both: each slice now, then, and whether it moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxdata.analysis.comparison import SIGNIFICANT
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Flag, Verdict
from cxdata.model.period import Period
from cxdata.model.scope import Labels, Scope
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import options
from cxdata.query.statement import JOURNEY


def breakdowns(
    gate: Gate, names: Sequence[str], scope: Scope, by: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """Slice several metrics the same way.

    Each frame has a row a slice that has data: a column of codes a dimension and its name in
    ``<dimension>_label``, ``estimate``, ``n``, ``lo``, ``hi``, ``flag`` now, ``against`` then, and
    ``difference``, ``difference_lo``, ``difference_hi``, ``p``, ``verdict``.
    """
    against = scope.against if all(metric_of(name).is_dated for name in names) else None
    when = [scope.period] if against is None else [against, scope.period]
    found = evaluate(gate, [metric_of(name) for name in names], scope, by=by, at=when)
    labels = options(gate).labels
    return {name: _frame(one, scope, against, labels) for name, one in found.items()}


def breakdown(gate: Gate, name: str, scope: Scope, by: tuple[str, ...]) -> pd.DataFrame:
    """Slice one metric.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a journey is asked of a metric that has none.
    """
    known = metric_of(name)
    gate.require(known)
    if JOURNEY in by and not known.has_journey:
        raise BadScope(f"{known.label} cannot be told by journey: {known.definition}")
    return breakdowns(gate, [name], scope, by)[name]


def _frame(found: Figures, scope: Scope, against: Period | None, labels: Labels) -> pd.DataFrame:
    now = found.rows(scope.period)
    frame = found.frame.loc[now].reset_index(drop=True)
    for dimension in found.by:
        frame[f"{dimension}_label"] = [_label(labels, dimension, c) for c in frame[dimension]]
    frame["against"] = np.nan
    for name in ("difference", "difference_lo", "difference_hi", "p"):
        frame[name] = np.nan
    frame["verdict"] = Verdict.NONE.value
    if against is not None and len(frame):
        _compare(found, frame, now, found.rows(against))
    hidden = ~frame["flag"].map(lambda flag: Flag(flag).shows)
    frame.loc[hidden, ["estimate", "lo", "hi", "difference", "difference_lo", "difference_hi"]] = (
        np.nan
    )
    return frame[frame["flag"] != Flag.NO_DATA.value].reset_index(drop=True)


def _compare(found: Figures, frame: pd.DataFrame, now: pd.Index, then: pd.Index) -> None:
    earlier = found.frame.loc[then].reset_index(drop=True)
    frame["against"] = earlier["estimate"].where(earlier["flag"].map(lambda f: Flag(f).shows))
    frame["difference"] = frame["estimate"] - frame["against"]
    if found.metric.difference is not None:
        sides = [{k: v[rows] for k, v in found.stats.items()} for rows in (now, then)]
        test = found.metric.difference(*sides)
        frame["difference_lo"], frame["difference_hi"], frame["p"] = test.lo, test.hi, test.p
    comparable = _comparable(frame["flag"]) & _comparable(earlier["flag"]) & frame["p"].notna()
    moved = np.where(frame["p"] < SIGNIFICANT, Verdict.MOVED.value, Verdict.USUAL.value)
    frame["verdict"] = np.where(comparable, moved, _without(frame["flag"]))
    # Half a period is never held against a full one (METRICS.md C9).
    is_half = (frame["flag"] == Flag.PARTIAL.value) | (earlier["flag"] == Flag.PARTIAL.value)
    frame.loc[is_half, ["difference", "difference_lo", "difference_hi", "p"]] = np.nan


def _comparable(flags: pd.Series) -> pd.Series:
    return flags.isin([Flag.OK.value, Flag.INDICATIVE.value, Flag.PROVISIONAL.value])


def _without(flags: pd.Series) -> np.ndarray:
    return np.select(
        [flags == Flag.PARTIAL.value, ~flags.map(lambda flag: Flag(flag).shows)],
        [Verdict.INCOMPLETE.value, Verdict.TOO_FEW.value],
        default=Verdict.NONE.value,
    )


def _label(labels: Labels, dimension: str, code: str) -> str:
    if dimension == JOURNEY:
        return "No journey" if code == "(none)" else labels.journey(code)
    return labels.segment(dimension, code)
