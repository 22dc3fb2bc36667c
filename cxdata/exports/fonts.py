"""The typeface of what is drawn here: inside the product, so that no machine's own changes a byte.

It is Source Sans at two weights, which the pages have too; its licence lies beside it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from cxdata.charts.theme import FONT

FAMILY: Final = "CX Sans"
STACK: Final = f'"{FAMILY}", {FONT}'
"""For files that leave the machine: whoever opens them may have another typeface only."""


def folder() -> Path:
    """Return where the typeface lies."""
    return Path(str(files("cxdata.exports.assets").joinpath("fonts")))


@cache
def characters() -> frozenset[str]:
    """Return every character that the typeface has: Latin, Greek, Cyrillic, signs."""
    said = (folder() / "characters.txt").read_text(encoding="utf-8")
    return frozenset(said) | {"\n", "\t"}


def covers(words: str) -> bool:
    """Whether all of a text can be set in it; else a typeface of the machine must help.

    >>> covers("Zażółć gęślą jaźń, Αθήνα, Москва: −4.2 pp"), covers("東京")
    (True, False)
    """
    return characters().issuperset(words)


@cache
def known_to_charts() -> None:
    """Let the engine that draws charts measure words in it."""
    import vl_convert

    vl_convert.register_font_directory(str(folder()))
