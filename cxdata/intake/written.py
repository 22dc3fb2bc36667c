"""How the values of a column are written: as the recipe states it, and as the extract shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cxdata.intake.recipe import Layout
from cxdata.intake.values import Writing
from cxdata.intake.values.writing import NUMBERS

_ISO_DATES = ("%Y-%m-%d",)
_ISO_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_DATED = ("date", "timestamp")


class Written:
    """The writing of every column of an extract.

    What a recipe states wins; what it leaves open is as the evidence of all records has it
    (``found``, by name of the column), and plain ISO where there is none.
    """

    def __init__(self, layout: Layout, found: Mapping[str, Writing] | None = None) -> None:
        self.layout, self.found = layout, found or {}

    def of(self, column: str, kind: str, formats: tuple[str, ...] = ()) -> Writing:
        """Return how a column (``""`` for a text made of several) is written as a logical type.

        ``formats`` are those that its own map states.
        """
        found = self.found.get(column, Writing())
        if kind in ("DATE", "TS"):
            return self._dated(found, kind, formats)
        if kind in ("INT", "NUM", "MONEY", "UCOST"):
            return self._number(found)
        return found

    @property
    def zone(self) -> str:
        """The zone of local times."""
        return self.layout.zone or "UTC"

    def missing(self, column: str) -> tuple[str, ...]:
        """Return what stands for no value in a column: what the recipe states, else what shows."""
        if self.layout.missing:
            return ("", *self.layout.missing)
        return tuple(dict.fromkeys(("", *self.found.get(column, Writing()).missing)))

    def _dated(self, found: Writing, kind: str, formats: tuple[str, ...]) -> Writing:
        stated = formats or (self.layout.dates if kind == "DATE" else self.layout.timestamps)
        shown = found.date_formats if found.kind in _DATED else ()
        usual = _ISO_DATES if kind == "DATE" else _ISO_TIMES
        zone = self.layout.zone or (found.zone if found.kind in _DATED else "") or "UTC"
        return replace(found, date_formats=stated or shown or usual, zone=zone)

    def _number(self, found: Writing) -> Writing:
        number = found if found.kind in NUMBERS else replace(found, kind="decimal")
        if not self.layout.decimal and not self.layout.thousands:
            return number
        return replace(number, decimal=self.layout.decimal or ".", thousands=self.layout.thousands)
