"""Why customers left, and what staying longer is worth.

Several reasons compete for the same customer, so each has its cumulative incidence
(Aalen-Johansen): the shares by reason and those still there sum to all. A difference in expected
months kept, times what a month brings, is money (METRICS.md 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.analysis.figure import figure
from cxdata.analysis.survival import Stay, stays
from cxdata.analysis.worth import MONTHS, value_of_customer
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import number
from cxdata.model.metric import Floats
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.lifetimes import tenure_counts
from cxdata.query.losses import losses_by_reason
from cxdata.statistics.incidence import aalen_johansen
from cxdata.statistics.interval import Estimate, critical, normal_difference, scalar
from cxdata.statistics.risk import risk_table

UNKNOWN = "unknown"
"""Reason of a loss that nobody recorded."""


@dataclass(frozen=True)
class Reason:
    """One reason for leaving: share of all customers lost to it by the horizon, and its value.

    ``customers`` and ``monthly`` (recurring revenue a month that left) are of the whole history.
    """

    code: str
    incidence: float
    lo: float | None
    hi: float | None
    customers: int
    monthly: float


@dataclass(frozen=True)
class Leaving:
    """Reasons by value lost, the largest first; what nobody recorded stands last.

    ``kept`` is the share still there at the horizon; it and the incidences sum to 1. ``unknown`` is
    the share of lost customers without a reason. ``n`` customers were ever observed.
    """

    horizon: float
    n: int
    kept: float
    reasons: tuple[Reason, ...]
    unknown: float


def leaving(gate: Gate, scope: Scope, horizon: float = 12.0) -> Leaving | None:
    """Return the reasons for leaving up to an age in months; None where nobody is observed."""
    frame = tenure_counts(gate, scope)
    values = losses_by_reason(gate, scope).set_index("cause")
    codes = sorted(code for code in values.index if code)
    if frame.empty or not codes:
        return None
    number_of = {code: at for at, code in enumerate(codes, 1)}
    cause = frame["cause"].map(lambda code: number_of.get(str(code), 0)).to_numpy()
    entry, leave, count = (
        frame[name].astype(float).to_numpy() for name in ("entry_age", "exit_age", "customers")
    )
    table = risk_table(entry, leave, cause, count)
    curve = aalen_johansen(table)
    at = int(np.searchsorted(curve.time, horizon, side="right")) - 1
    if at < 0:
        return None
    found = [
        Reason(
            codes[one - 1],
            float(curve.incidence[at, column]),
            number(curve.lo[at, column]),
            number(curve.hi[at, column]),
            round(float(values.loc[codes[one - 1], "customers"])),
            float(values.loc[codes[one - 1], "recurring"]),
        )
        for column, one in enumerate(curve.causes)
    ]
    lost = sum(reason.customers for reason in found)
    unknown = sum(reason.customers for reason in found if reason.code == UNKNOWN)
    ranked = sorted(found, key=lambda one: (one.code == UNKNOWN, -one.monthly, -one.customers))
    return Leaving(
        horizon,
        round(float(values["customers"].sum())),
        float(curve.survival[at]),
        tuple(ranked),
        unknown / lost if lost else 0.0,
    )


@dataclass(frozen=True)
class Longer:
    """How much longer than all others one segment stays, out of the first months, and its worth.

    ``months`` is the difference with its interval and p; ``money`` the same times what a month of a
    customer brings at past value; None where that is not known.
    """

    group: str
    label: str
    n: int
    kept: float
    months: float
    lo: float
    hi: float
    p: float
    money: float | None
    money_lo: float | None
    money_hi: float | None


def longer(gate: Gate, scope: Scope, by: str, horizon: float = 12.0) -> tuple[Longer, ...]:
    """Compare the months kept of each segment with those of all others, the dearest first.

    Segments whose customers were not observed up to the horizon are left out.
    """
    groups = [stay for stay in stays(gate, scope, by) if stay.reach is not None]
    known = {stay.group: stay.months_kept(horizon) for stay in groups}
    each = _monthly(gate, scope)
    found = []
    for stay in groups:
        rest = _rest([other for other in groups if other.group != stay.group], known)
        mine = known[stay.group]
        if rest is None or np.isnan(mine.estimate):
            continue
        gap = normal_difference(
            mine.estimate - rest.estimate, np.hypot(mine.se, rest.se), level=0.95
        )
        months = (float(gap.estimate), float(gap.lo), float(gap.hi))
        money = [None if each is None else value * each for value in months]
        found.append(
            Longer(
                stay.group,
                stay.label,
                round(stay.curve.n),
                float(mine.estimate),
                *months,
                float(gap.p),
                *money,
            )
        )
    return tuple(sorted(found, key=lambda one: -abs(one.months)))


def _rest(others: list[Stay], known: dict[str, Estimate]) -> Estimate | None:
    """Months kept of all other segments, each by the customers it was seen with."""
    seen = [stay for stay in others if not np.isnan(known[stay.group].estimate)]
    weight: Floats = np.array([stay.curve.n for stay in seen], dtype=np.float64)
    if not len(weight) or not weight.sum():
        return None
    weight = weight / weight.sum()
    mean = sum(w * float(known[s.group].estimate) for w, s in zip(weight, seen, strict=True))
    squares = [(w * float(known[s.group].se)) ** 2 for w, s in zip(weight, seen, strict=True)]
    se = float(np.sqrt(np.sum(squares)))
    half = critical(0.95) * se
    return Estimate(scalar(mean), scalar(se), scalar(mean - half), scalar(mean + half))


def _monthly(gate: Gate, scope: Scope) -> float | None:
    """What a month of a customer brings, at past value."""
    if gate.missing(metric_of("logo_retention")):
        return None
    year = value_of_customer(gate, figure(gate, "logo_retention", scope))
    return None if year is None else year / MONTHS
