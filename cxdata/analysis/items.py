"""The cells of a split, ranked by what they brought; small ones are told together.

Those that stand out pass Benjamini-Hochberg over all cells looked at (METRICS.md 3.3). Cells with
too few units have no figure of their own, so that none can be worked out from what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxdata.analysis.parts import Amount, Drawn
from cxdata.analysis.split import Split
from cxdata.model.evidence import number
from cxdata.model.scope import Labels
from cxdata.model.summaries import NO_JOURNEY
from cxdata.query.cells import SEVERAL
from cxdata.query.statement import JOURNEY
from cxdata.statistics.multiplicity import discoveries

FEWEST = 10
"""Units in a cell below which it is told together with the other small ones."""

SMALL = "(small)"
"""Code of the cells told together."""


@dataclass(frozen=True)
class Item:
    """One cell of a split.

    ``amount`` is what it brought in all; ``rate``, ``mix`` and ``volume`` are its parts. ``value0``
    and ``value1`` are its own figures, ``share0`` and ``share1`` its shares of the base; None where
    it holds several small cells. ``stands_out`` passes the false discovery rate.
    """

    codes: tuple[str, ...]
    label: str
    amount: Amount
    rate: Amount
    mix: Amount | None
    volume: Amount | None
    value0: float | None
    value1: float | None
    share0: float | None
    share1: float | None
    stands_out: bool


def items_of(
    done: Split,
    codes: Sequence[tuple[str, ...]],
    by: tuple[str, ...],
    labels: Labels,
    is_exposure: bool,
    least: int,
) -> tuple[tuple[Item, ...], int]:
    """Return the cells of a split, the dearest first, and how many were looked at."""
    alone, together = _told(done, least)
    groups = [[at] for at in alone] + ([together] if together else [])
    rates = [done.rate.sum(group) for group in groups]
    p = np.array([np.nan if rate.p is None else rate.p for rate in rates])
    stands_out = discoveries(p).tolist()
    found = [
        Item(
            codes[group[0]] if group is not together else (SMALL,) * len(by),
            _label(codes[group[0]], by, labels, is_exposure)
            if group is not together
            else f"{len(together)} small groups",
            done.amount.sum(group),
            rate,
            _of(done.mix, group),
            _of(done.volume, group),
            *(_figures(done, group[0]) if group is not together else (None,) * 4),
            out,
        )
        for group, rate, out in zip(groups, rates, stands_out, strict=True)
    ]
    return tuple(sorted(found, key=lambda item: -abs(item.amount.value))), len(groups)


def _told(done: Split, least: int) -> tuple[list[int], list[int]]:
    """Cells told alone, and those told together: with too few units then or now.

    One small cell takes the next smallest with it, and more until together they are enough.
    """
    filled = done.top != 0 if done.base is None else (done.top != 0) | (done.base != 0)
    anybody = [int(at) for at in np.flatnonzero(filled.any(axis=0))]
    units = done.units
    if units is None:
        return anybody, []
    small = np.asarray(np.any((units > 0) & (units < least), axis=0))
    rising = np.argsort(units.sum(axis=0), kind="stable")
    together = [int(at) for at in rising if small[at]]
    for at in (at for at in rising if at in anybody):
        sums = units[:, together].sum(axis=1)
        if not together or (len(together) > 1 and not ((sums > 0) & (sums < least)).any()):
            break
        if int(at) not in together:
            together.append(int(at))
    return [at for at in anybody if at not in together], together


def _of(part: Drawn | None, group: Sequence[int]) -> Amount | None:
    return None if part is None else part.sum(group)


def _figures(done: Split, at: int) -> tuple[float | None, float | None, float | None, float | None]:
    value, share = done.value[:, at], done.share[:, at]
    then, now, before, after = (number(v) for v in (*value, *share))
    return then, now, before, after


def _label(code: tuple[str, ...], by: tuple[str, ...], labels: Labels, is_exposure: bool) -> str:
    return ", ".join(
        _journey(one, labels, is_exposure)
        if dimension == JOURNEY
        else labels.segment(dimension, one)
        for dimension, one in zip(by, code, strict=True)
    )


def _journey(code: str, labels: Labels, is_exposure: bool) -> str:
    if code == NO_JOURNEY:
        return "No journey"
    if code == SEVERAL:
        return "Several journeys"
    return f"{labels.journey(code)} alone" if is_exposure else labels.journey(code)
