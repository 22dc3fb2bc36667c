"""What every noun of the demo is made from: the calendar, the truths, the seed and the chunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxdata.demo.columns import Block
from cxdata.demo.streams import stream
from cxdata.demo.timeline import Timeline
from cxdata.demo.truths import Truths

CHUNK = 5_000
ROOM = 4_000_000
"""Ids a noun may use in one chunk; ids of different chunks never meet."""
WALKS = 400_000
"""Ids one journey may use in one chunk."""


@dataclass(frozen=True)
class World:
    """One chunk of customers."""

    time: Timeline
    truths: Truths
    seed: int
    chunk: int

    def rng(self, noun: str) -> np.random.Generator:
        """Return this chunk's random stream of a noun."""
        return stream(self.seed, self.chunk, noun)

    @property
    def room(self) -> int:
        """First id number of this chunk."""
        return self.chunk * ROOM


Batches = Iterator[tuple[str, pa.RecordBatch]]
Blocks = Iterator[Block]
