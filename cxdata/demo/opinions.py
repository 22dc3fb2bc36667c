"""What customers think: a latent score, asked about or not (truths 1 and 2)."""

from __future__ import annotations

import numpy as np

from cxdata.demo.company import SEGMENTS
from cxdata.demo.customers import Customers
from cxdata.demo.timeline import Array, number
from cxdata.demo.world import World

SPREAD = 2.2
_WINTER = (-0.06, -0.04, 0, 0.02, 0.04, 0.05, 0.05, 0.04, 0.02, 0, -0.04, -0.09)


def level(world: World) -> Array:
    """Return the mean latent score, shape (segments, months)."""
    time = world.time
    season = np.array(_WINTER)[time.calendar_months]
    drift = 0.004 * np.arange(time.months)
    lift = np.where(time.starts[:-1] >= number(world.truths.mix.since), world.truths.mix.lift, 0)
    return np.array([s.opinion for s in SEGMENTS])[:, None] + season + drift + lift


def opinions(world: World, who: Customers, customer: Array, month: Array) -> Array:
    """Return the latent score of customers in months, not yet rounded or cut to 0..10."""
    return level(world)[who.segment[customer], month] + SPREAD * who.opinion[customer]


def detractors(score: Array) -> Array:
    """Say which latent scores round to 6 or less."""
    return score < 6.5


def promoters(score: Array) -> Array:
    """Say which latent scores round to 9 or more."""
    return score >= 8.5
