"""Did a score get better, or did the unhappy leave? An exact split of a change by who answered.

Five groups make the two scores: those who answered both times; before, those who have since left
and those who fell silent; after, those who joined since and those newly heard. What the same people
changed is one part, and each other group counts by how far it stood from them. The dynamic
decomposition of Melitz & Polanec 2015, RAND Journal of Economics 46: 362, with who answered apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.draws import DRAWS, draw_p, percentile_interval
from cxdata.statistics.interval import Floats, check, divide, floats

PARTS = ("same", "left", "joined", "answered")


@dataclass(frozen=True, slots=True, eq=False)
class PanelSplit:
    """Parts of a change (4,), in the order of `PARTS`, with intervals and p; they sum to it.

    ``n`` are the people behind: same, left, silent, joined, newly heard.
    """

    before: float
    after: float
    parts: Floats
    lo: Floats
    hi: Floats
    p: Floats
    n: Floats


def panel_split(
    same: ArrayLike,
    left: ArrayLike,
    silent: ArrayLike,
    joined: ArrayLike,
    heard: ArrayLike,
    values: ArrayLike,
    seed: int = 2015,
    independent: float = 1.0,
) -> PanelSplit:
    """Split the change of a mean score from counts of answers by class.

    same (C, C): class before by class after; the others (C,). values (C,) is what an answer of each
    class counts, 100, 0 and -100 for NPS. With B the same people, L those who left, Q the silent,
    J who joined, A the newly heard, and w each group's share of the answers:

        same       b1 - b0
        left       -w_L·(l - b0)
        joined     w_J·(j - b1)
        answered   w_A·(a - b1) - w_Q·(q - b0)

    Intervals are percentiles over draws in which each person is drawn with both answers. Where
    people of one account agree, ``independent`` is the share of them that they are worth, one over
    the design effect (Kish 1965), and so many are drawn. Nobody in both makes every part NaN.

    >>> s = panel_split(np.diag([6, 2, 2]), [0, 0, 5], [0, 0, 0], [0, 0, 0], [0, 0, 0],
    ...                 [100, 0, -100])
    >>> [round(float(v), 3) for v in (s.before, s.after)], s.parts.round(3).tolist()
    ([-6.667, 40.0], [0.0, 46.667, 0.0, 0.0])
    """
    worth = np.asarray(values, dtype=np.float64)
    pairs = np.asarray(same, dtype=np.float64)
    others = floats(left, silent, joined, heard)
    check(pairs.shape == (worth.size, worth.size), "Pairs of answers are a class by class table.")
    check(all(group.shape == worth.shape for group in others), "Each group has a count a class.")
    check(all((group >= 0).all() for group in (pairs, *others)), "Counts are 0 or more.")
    check(0 < independent <= 1, "The share of independent people lies above 0 and up to 1.")
    flat = np.concatenate([pairs.ravel(), *others])
    exact = _parts(flat[np.newaxis], worth)
    before, after = (float(side[0]) for side in exact[1:])
    n = np.array([pairs.sum(), *(group.sum() for group in others)])
    drawn = _parts(_drawn(pairs, others, np.random.default_rng(seed), independent), worth)[0]
    if n[0] == 0:
        nothing = np.full(len(PARTS), np.nan)
        return PanelSplit(before, after, nothing, nothing, nothing, nothing, n)
    known = drawn[~np.isnan(drawn).any(axis=1)]
    lo, hi = percentile_interval(known)
    return PanelSplit(before, after, exact[0][0], lo, hi, draw_p(exact[0][0], known), n)


def _parts(flat: Floats, worth: Floats) -> tuple[Floats, Floats, Floats]:
    """Parts (draws, 4) and both scores (draws,) from all counts laid end to end."""
    size = worth.size
    pairs = flat[:, : size * size].reshape(-1, size, size)
    left, silent, joined, heard = (
        flat[:, size * size + at * size : size * size + (at + 1) * size] for at in range(4)
    )
    then, now = pairs.sum(axis=2), pairs.sum(axis=1)
    whole0, whole1 = then + left + silent, now + joined + heard
    n0, n1 = whole0.sum(axis=1), whole1.sum(axis=1)
    base0, base1 = divide(then @ worth, then.sum(axis=1)), divide(now @ worth, now.sum(axis=1))

    def away(group: Floats, base: Floats, n: Floats) -> Floats:
        """Share of the answers times the distance from the same people."""
        return divide(group @ worth - group.sum(axis=1) * base, n)

    parts = np.stack(
        [
            base1 - base0,
            -away(left, base0, n0),
            away(joined, base1, n1),
            away(heard, base1, n1) - away(silent, base0, n0),
        ],
        axis=1,
    )
    return parts, divide(whole0 @ worth, n0), divide(whole1 @ worth, n1)


def _drawn(
    pairs: Floats, others: tuple[Floats, ...], random: np.random.Generator, independent: float
) -> Floats:
    """Draw everybody heard at all in one draw, each with both answers, so that shares vary too."""
    flat = np.concatenate([pairs.ravel(), *others])
    total = flat.sum()
    if total <= 0:
        return np.zeros((DRAWS, flat.size))
    drawn = random.multinomial(max(round(independent * float(total)), 1), flat / total, size=DRAWS)
    return drawn.astype(np.float64)
