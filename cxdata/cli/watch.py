"""Progress of long work, on standard error."""

from __future__ import annotations

import sys

from cxdata.model.progress import Progress, silent


def watch(quiet: bool = False) -> Progress:
    """Return a progress callback: one rewritten line on a terminal, one line a step elsewhere."""
    if quiet:
        return silent
    return _rewrite if sys.stderr.isatty() else _Steps()


def _rewrite(what: str, share: float) -> None:
    end = "\n" if share >= 1 else ""
    print(f"\r\033[K{share:4.0%} {what}", end=end, file=sys.stderr, flush=True)


class _Steps:
    def __init__(self) -> None:
        self._last = ""

    def __call__(self, what: str, share: float) -> None:
        """Print a step once, when it starts."""
        if what != self._last:
            self._last = what
            print(f"{share:4.0%} {what}", file=sys.stderr, flush=True)
