"""Cells of two periods into exact parts, and the same parts on every draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.analysis.anatomy import Anatomy, evened
from cxdata.analysis.parts import Drawn
from cxdata.model.metric import Floats, Stats
from cxdata.query.cells import Cells
from cxdata.query.statement import JOURNEY
from cxdata.statistics.decomposition import ratio_change, total_change
from cxdata.statistics.draws import class_draws, event_draws, mean_draws
from cxdata.statistics.interval import divide
from cxdata.statistics.mean import ratio_interval

SEED = 1955
"""Of the draws, so that the same question has the same answer."""


@dataclass(frozen=True)
class Split:
    """Parts by cell in the metric's unit, and the cells' sums as arrays (2 periods, cells).

    Without ``mix`` the cells only add up; without ``volume`` the whole is an average of them.
    ``units`` are people behind each cell; None for a full count that hides nobody.
    """

    top: Floats
    base: Floats | None
    units: Floats | None
    rate: Drawn
    mix: Drawn | None = None
    volume: Drawn | None = None

    @property
    def amount(self) -> Drawn:
        """What each cell brought in all."""
        return self.rate.plus(self.mix).plus(self.volume)

    @property
    def value(self) -> Floats:
        """Each cell's own figure, then and now."""
        return self.top if self.base is None else divide(self.top, self.base)

    @property
    def share(self) -> Floats:
        """Each cell's share of the base, then and now."""
        weight = self.top if self.base is None else self.base
        return divide(weight, weight.sum(axis=1, keepdims=True))

    @property
    def whole(self) -> tuple[float, float]:
        """The figure then and now, from the cells alone."""
        top = self.top.sum(axis=1)
        if self.base is not None and self.volume is None:
            top = divide(top, self.base.sum(axis=1))
        return float(top[0]), float(top[1])


def split(made: Anatomy, found: Cells, whole: Stats) -> Split:
    """Split the change between two periods of cells exactly; ``whole`` are the sums of both."""
    rows: list[Stats] = [
        evened({name: values[at] for name, values in found.stats.items()}, found.by)
        for at in (0, 1)
    ]
    top = made.scale * np.array([made.top(row) for row in rows])
    base = None if made.base is None else np.array([made.base(row) for row in rows])
    units = base if made.units is None else np.array([made.units(row) for row in rows])
    drawn = _drawn(made, rows, top, base)
    if base is None:
        return Split(top, None, units, _steps(top, None if drawn is None else drawn[0]))
    if made.is_whole_by_journey and JOURNEY in found.by:
        return _of_one_base(top, None if made.is_total or made.base is None else made.base(whole))
    change = total_change if made.is_total else ratio_change
    exact = change(top[0], base[0], top[1], base[1])
    again = None if drawn is None else change(*(side[at] for at in (0, 1) for side in drawn))

    def part(name: str) -> Drawn:
        return Drawn(getattr(exact, name), None if again is None else getattr(again, name))

    volume = part("volume") if made.is_total else None
    return Split(top, base, units, part("rate"), part("mix"), volume)


def _steps(top: Floats, drawn: Floats | None) -> Drawn:
    return Drawn(top[1] - top[0], None if drawn is None else drawn[1] - drawn[0])


def _of_one_base(top: Floats, whole: Floats | None) -> Split:
    """Cells over one base that they share, as the cost of each journey over all customers."""
    each = top if whole is None else divide(top, whole[:, np.newaxis])
    return Split(each, None, None, _steps(each, None))


def _drawn(
    made: Anatomy, rows: list[Stats], top: Floats, base: Floats | None
) -> tuple[Floats, Floats] | None:
    """Tops and bases of both periods on every draw, (2, draws, cells); None for a full count."""
    random = np.random.default_rng(SEED)
    if made.classes:
        return _drawn_classes(made, rows, random)
    if made.events:
        tops = np.stack([event_draws(row, random) for row in top])
        return tops, np.broadcast_to(base[:, np.newaxis], tops.shape) if base is not None else tops
    if made.squares is None or base is None:
        return None
    sides = []
    for at, row in enumerate(rows):
        sums = made.squares(row)
        error = ratio_interval(*sums).se * divide(sums.sum_x, base[at]) * made.scale
        sides.append(mean_draws(top[at], base[at], sums.n, error, random))
    return np.stack([side[0] for side in sides]), np.stack([side[1] for side in sides])


def _drawn_classes(
    made: Anatomy, rows: list[Stats], random: np.random.Generator
) -> tuple[Floats, Floats]:
    tops, bases = [], []
    weight = np.array([each for each, _ in made.classes])
    for row in rows:
        counts = np.array([count(row) for _, count in made.classes])
        effective = made.effective(row) if made.effective is not None else None
        again = class_draws(counts, random, effective)
        tops.append(made.scale * np.einsum("c,dck->dk", weight, again))
        bases.append(again.sum(axis=1))
    return np.stack(tops), np.stack(bases)
