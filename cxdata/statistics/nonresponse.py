"""What those who did not answer could do to a score. No sampling interval contains this."""

from __future__ import annotations

from numpy.typing import ArrayLike

from cxdata.statistics.interval import Floats, check, divide, floats, scalar


def response_rate(responses: ArrayLike, asked: ArrayLike) -> Floats:
    """Responses over people asked, NaN where nobody was asked."""
    n, invited = _asked(responses, asked)
    return divide(n, invited)


def nonresponse_bounds(
    promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, asked: ArrayLike
) -> tuple[Floats, Floats]:
    """The score of all people asked if every silent one were a detractor, or a promoter.

    >>> [float(v) for v in nonresponse_bounds(110, 60, 30, asked=1000)]
    [-72.0, 88.0]
    """
    good, neutral, bad = floats(promoters, passives, detractors)
    n, invited = _asked(good + neutral + bad, asked)
    silent = invited - n
    return (
        scalar(100 * divide(good - bad - silent, invited)),
        scalar(100 * divide(good - bad + silent, invited)),
    )


def tipping_point(
    score: ArrayLike, responses: ArrayLike, asked: ArrayLike, target: ArrayLike
) -> Floats:
    """The score the silent would need for all people asked to be at the target.

    Outside -100..+100 no silence can bring the base to the target. NaN when all answered.

    >>> float(tipping_point(40, 200, 1000, target=30))
    27.5
    """
    n, invited = _asked(responses, asked)
    seen, wanted = floats(score, target)
    return divide(wanted * invited - seen * n, invited - n)


def _asked(responses: ArrayLike, asked: ArrayLike) -> tuple[Floats, Floats]:
    n, invited = floats(responses, asked)
    check(~(n > invited), "More people answered than were asked; count the same window for both.")
    return n, invited
