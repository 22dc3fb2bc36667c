"""A finding as one sentence that can stand anywhere: its words, its evidence, its origin."""

from __future__ import annotations

from typing import Final

from cxdata.model.evidence import number
from cxdata.model.format import Format, span
from cxdata.panels.picture import Picture, say

_MOST: Final = 3


def quote(picture: Picture, form: Format, *origin: str) -> str:
    """Say a picture's finding with the evidence of the figures that it names.

    ``origin`` says of whom, when, and from which data; it ends the sentence.
    """
    proof = "; ".join(_evidence(picture, form)[:_MOST])
    finding = picture.caption.title.rstrip(".")
    where = ". ".join(part.rstrip(".") for part in origin if part)
    return f"{finding}{f' ({proof})' if proof else ''}. {where}."


def _evidence(picture: Picture, form: Format) -> list[str]:
    """Return interval and number of people of each row that the finding names."""
    columns = {column.name: column for column in picture.columns}
    if not picture.columns or "estimate" not in columns or "lo" not in columns:
        return []
    unit = columns["estimate"].unit
    names = _first_words(picture)
    found = []
    for row in picture.table.to_dict("records"):
        told = [str(row[name]) for name in names]
        lo, hi, n = (number(row.get(key)) for key in ("lo", "hi", "n"))
        if unit is None or not all(one in picture.caption.title for one in told):
            continue
        between = ""
        if lo is not None and hi is not None:
            between = f"95 % from {span(say(form, lo, unit), say(form, hi, unit))}"
        people = f"n = {n:,.0f}" if n is not None else ""
        said = ", ".join(part for part in (between, people) if part)
        if said:
            found.append(f"{', '.join(told)}: {said}")
    return found


def _first_words(picture: Picture) -> list[str]:
    """Return the columns before the first figure: they say of whom and when a row is."""
    names = []
    for column in picture.columns:
        if column.unit is not None:
            break
        names.append(column.name)
    return names
