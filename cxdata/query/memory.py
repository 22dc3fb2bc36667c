"""What a gate remembers: answers that do not depend on the period asked for.

A gate is held at one data version and one policy, so neither needs to be in a key, and what is
remembered goes when the gate goes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)

MOST = 2_000
"""Answers kept; the one asked for longest ago is forgotten first."""


class Memory:
    """Answers by small keys, bounded; safe for threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def recall(
        self,
        keys: Mapping[K, Hashable],
        find: Callable[[Sequence[K]], Mapping[K, Any]],
    ) -> dict[K, Any]:
        """Return the answers to some questions; those not known are found together.

        ``keys`` holds under what each is remembered. What ``find`` leaves out is left out.
        """
        with self._lock:
            known = {name: self._held[key] for name, key in keys.items() if key in self._held}
        new = [name for name in keys if name not in known]
        if new:
            found = find(new)
            with self._lock:
                for name, answer in found.items():
                    self._held[keys[name]] = answer
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
            known |= found
        return {name: known[name] for name in keys if name in known}
