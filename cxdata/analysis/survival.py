"""How long customers stay: Kaplan-Meier from the risk table, left truncation included (2.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.lifetimes import tenure_counts
from cxdata.query.options import options
from cxdata.statistics.interval import Estimate
from cxdata.statistics.risk import RiskTable, drawable_to, risk_table
from cxdata.statistics.survival import Survival, kaplan_meier, rmst


@dataclass(frozen=True)
class Stay:
    """How long one group stays. ``reach`` is the last age to draw; beyond it too few remain.

    ``width`` is 1 where ages are whole months in which a loss fell somewhere, 0 where they are
    lengths as the source states them.
    """

    group: str
    label: str
    curve: Survival
    risk: RiskTable
    reach: float | None
    width: float

    def months_kept(self, horizon: float) -> Estimate:
        """Expected months kept out of the first ``horizon`` (restricted mean survival time)."""
        return rmst(self.risk, horizon, width=self.width)


def stays(gate: Gate, scope: Scope, by: str | None = None) -> list[Stay]:
    """Estimate survival of everyone in scope, or of each segment of a slicing attribute.

    Segments are taken at each customer's first day; age counts whole months.
    """
    frame = tenure_counts(gate, scope, by)
    terms = gate.tables.get("subscription_period")
    width = 0.0 if terms is not None and terms.is_snapshot else 1.0
    if by is None:
        return [_stay("", "All customers", frame, width)] if len(frame) else []
    known = options(gate)
    labels = known.labels
    groups = {str(code): rows for code, rows in frame.groupby("group")}
    order = [*known.schemes[by], *(code for code in groups if code not in known.schemes[by])]
    return [_stay(c, labels.segment(by, c), groups[c], width) for c in order if c in groups]


def survival(gate: Gate, scope: Scope, by: str | None = None) -> pd.DataFrame:
    """Return the curves: ``group``, ``label``, ``age``, ``estimate``, ``lo``, ``hi``, ``n``.

    ``n`` is at risk at the age; each curve starts at age 0 and ends where too few remain.
    """
    frames = [_rows(stay) for stay in stays(gate, scope, by)]
    columns = ["group", "label", "age", "estimate", "lo", "hi", "n"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _stay(group: str, label: str, frame: pd.DataFrame, width: float) -> Stay:
    entry, leave, count = (
        frame[name].astype(float).to_numpy() for name in ("entry_age", "exit_age", "customers")
    )
    table = risk_table(entry, leave, (frame["cause"] != "").to_numpy(), count)
    return Stay(group, label, kaplan_meier(table), table, drawable_to(table), width)


def _rows(stay: Stay) -> pd.DataFrame:
    curve = stay.curve
    shown = curve.time <= (stay.reach if stay.reach is not None else -1)
    first = {"age": 0.0, "estimate": 1.0, "lo": np.nan, "hi": np.nan, "n": curve.n}
    rows = pd.DataFrame(
        {
            "age": curve.time[shown],
            "estimate": curve.survival[shown],
            "lo": curve.lo[shown],
            "hi": curve.hi[shown],
            "n": curve.at_risk[shown],
        }
    )
    rows = rows[(rows["age"] > 0) | (rows["n"] > 0)]
    if rows.empty or rows["age"].iloc[0] > 0:
        rows = pd.concat([pd.DataFrame([first]), rows], ignore_index=True)
    rows.insert(0, "label", stay.label)
    rows.insert(0, "group", stay.group)
    return rows
