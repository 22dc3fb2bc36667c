"""Random streams: one per seed, chunk and noun, so that a change to one noun leaves the others."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from cxdata.demo.timeline import Array


def stream(seed: int, chunk: int, noun: str) -> np.random.Generator:
    """Return the random stream of a noun in a chunk of customers."""
    return np.random.Generator(np.random.PCG64([seed, chunk, crc32(noun.encode("ascii"))]))


def pick(rng: np.random.Generator, weights: Sequence[float] | Array, count: int) -> Array:
    """Draw positions with the given weights, shape (count)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], rng.random(count), side="right").astype(np.int64)


def pick_by(rng: np.random.Generator, weights: Array, rows: Array) -> Array:
    """Draw one position for each row from its own line of ``weights``, shape (rows)."""
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    return (rng.random(len(rows))[:, None] >= edges[rows]).sum(axis=1).astype(np.int64)


def runs(counts: Array) -> Array:
    """Return 0, 1, .. within each run of the given lengths, shape (sum of counts).

    >>> runs(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    total = int(counts.sum())
    return np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
