"""When rows arrive: the nightly load after the event, or some days later."""

from __future__ import annotations

import numpy as np

from cxdata.demo.timeline import DAY_US, Array
from cxdata.demo.world import World

_NIGHT = 4 * 3_600_000_000


def loaded(days: Array, late: Array | int) -> Array:
    """Return the instant of loading (µs): four in the morning after the day, ``late`` days on."""
    return (days + 1 + late) * DAY_US + _NIGHT


def lags(rng: np.random.Generator, mean: Array | float, count: int) -> Array:
    """Draw extra days before a row is loaded, geometric with the given mean, shape (count)."""
    chance = 1 / (1 + np.broadcast_to(np.asarray(mean, dtype=np.float64), (count,)))
    return rng.geometric(chance) - 1


def has_arrived(world: World, at: Array) -> Array:
    """Say which rows the last load holds already."""
    return at <= world.time.now
