"""Did it get better, or did the unhappy leave? A change of a score by who answered both times.

Whoever answered the same survey in both periods is the same; the others left, joined, fell silent
or were newly heard. What the same people changed is one part, and each other group counts by how
far it stood from them (METRICS.md 3.3; ``cxdata.statistics.panel``). Where people belong to
accounts, the intervals count them for as many as they are worth: those of one account agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.items import FEWEST
from cxdata.analysis.parts import Amount, Part
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Flag, number
from cxdata.model.metric import Floats, Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.panel import panel_counts
from cxdata.statistics.panel import PARTS, panel_split

RESIDUAL = 1e-9
"""Largest gap between a change and its parts, relative to the figures."""

LABELS = {
    "same": "Same customers",
    "left": "Customers who left",
    "joined": "Customers who joined",
    "answered": "Who answered",
    "moved": "Moved between segments",
}


@dataclass(frozen=True)
class _Panel:
    """What a metric counts: which answers, by which classes, each worth how much."""

    measure: str
    survey_type: str | None
    worth: dict[str, float]


_POINTS = {"promoter": 100.0, "passive": 0.0, "detractor": -100.0}
_PANELS = {
    "nps": _Panel("nps", "relationship", _POINTS),
    "nps_after_journey": _Panel("nps", "transactional", _POINTS),
    "csat": _Panel("csat", None, {"satisfied": 1.0, "other": 0.0}),
}

PANELLED = frozenset(_PANELS)
"""Metrics of which it is known who answered twice."""


@dataclass(frozen=True)
class SameCustomers:
    """A change and its parts: same, left, joined, answered; and moved where segments are chosen.

    ``people`` counts those who answered in both periods. Where they are too few to tell, it is
    None and there are no parts. A group too small to be told alone is part of ``answered``.
    """

    metric: Metric
    scope: Scope
    against: Period
    value0: float
    value1: float
    people: int | None
    parts: tuple[Part, ...]

    @property
    def change(self) -> float:
        """Later less earlier."""
        return self.value1 - self.value0

    def part(self, name: str) -> Part | None:
        """Return one part by name; None where this split has none of it."""
        return next((part for part in self.parts if part.name == name), None)


def same_customers(gate: Gate, name: str, scope: Scope) -> SameCustomers:
    """Split the change of a score from the period compared with to the one asked for.

    Raises:
        MissingTables: there are no answers.
        BadScope: nothing to compare with, an unfinished period, a journey, or no score of answers.
    """
    metric = metric_of(name)
    against = _require(metric, scope)
    gate.require(metric)
    found = evaluate(gate, [metric], scope, at=(against, scope.period))[name]
    for row, period in enumerate((against, scope.period)):
        cell = found.cell(row)
        if cell.flag is Flag.PARTIAL or not cell.flag.shows or cell.estimate is None:
            raise BadScope(
                f"{metric.label} in {period.label} cannot be explained: {cell.flag.words}."
            )
    then, now = (float(value) for value in found.frame["estimate"])
    panel = _PANELS[name]
    rows = panel_counts(gate, scope, against, panel.measure, panel.survey_type)
    groups = _told_apart(_groups(rows, tuple(panel.worth)), gate.policy.k_min)
    people = round(float(groups["same"].sum()))
    if people < max(gate.policy.k_min, FEWEST):
        return SameCustomers(metric, scope, against, then, now, None, ())
    is_whole = not scope.where and not gate.policy.rows
    said = _Said(list(panel.worth.values()), now - then, _independent(metric, found))
    parts = _parts(groups, said, is_whole=is_whole)
    return SameCustomers(metric, scope, against, then, now, people, parts)


_GROUPS = ("same", "left", "silent", "joined", "heard")


def _require(metric: Metric, scope: Scope) -> Period:
    if metric.name not in PANELLED:
        raise BadScope(f"{metric.label} is no score of which it is known who answered twice.")
    if scope.journeys:
        raise BadScope(f"{metric.label} by who answered twice cannot be told by journey.")
    if scope.against is None:
        raise BadScope("Choose what to compare with: the period before, or the year before.")
    return scope.against


def _groups(rows: pd.DataFrame, classes: tuple[str, ...]) -> dict[str, Floats]:
    """People by class: (C, C) of the same, (C,) of each other standing."""
    size = len(classes)
    found = {name: np.zeros(size) for name in _GROUPS[1:]}
    found["same"] = np.zeros((size, size))
    for row in rows.to_dict("records"):
        said = (row["class_before"], row["class_after"])
        place = tuple(classes.index(one) for one in said if one in classes)
        found[row["standing"]][place] += float(row["people"])
    return found


def _told_apart(groups: dict[str, Floats], least: int) -> dict[str, Floats]:
    """Count who left and who joined with who answered, where one of them is too small a group."""
    sizes = [groups["left"].sum(), groups["joined"].sum()]
    sizes.append(groups["silent"].sum() + groups["heard"].sum())
    if not any(0 < size < least for size in sizes):
        return groups
    nobody = np.zeros_like(groups["left"])
    silent, heard = groups["silent"] + groups["left"], groups["heard"] + groups["joined"]
    return {**groups, "left": nobody, "joined": nobody, "silent": silent, "heard": heard}


@dataclass(frozen=True)
class _Said:
    """What an answer of each class counts, the change, and the share of independent people."""

    worth: list[float]
    change: float
    independent: float


def _independent(metric: Metric, found: Figures) -> float:
    """Share of the people of both periods that they are worth where those of one account agree."""
    made = anatomy(metric)
    if made.effective is None or made.base is None:
        return 1.0
    sides = [found.at(row) for row in range(len(found.frame))]
    people = sum(float(made.base(side).sum()) for side in sides)
    worth = sum(made.effective(side) for side in sides)
    return min(worth / people, 1.0) if worth > 0 and people > 0 else 1.0


def _parts(groups: dict[str, Floats], said: _Said, *, is_whole: bool) -> tuple[Part, ...]:
    same, left, silent, joined, heard = (groups[name] for name in _GROUPS)
    done = panel_split(same, left, silent, joined, heard, said.worth, independent=said.independent)
    there = {
        "same": True,
        "left": groups["left"].any(),
        "joined": groups["joined"].any(),
        "answered": groups["silent"].any() or groups["heard"].any(),
    }
    parts = [
        Part(
            name,
            LABELS[name],
            Amount(
                float(done.parts[at]), number(done.lo[at]), number(done.hi[at]), number(done.p[at])
            ),
        )
        for at, name in enumerate(PARTS)
        if there[name]
    ]
    rest = said.change - sum(part.amount.value for part in parts)
    if abs(rest) <= RESIDUAL * max(abs(v) for v in (done.before, done.after, 1.0)):
        return tuple(parts)
    if is_whole:
        raise ArithmeticError(f"who answered leaves {rest!r} of the change unexplained")
    return (*parts, Part("moved", LABELS["moved"], Amount(rest)))
