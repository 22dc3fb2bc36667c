"""Names of columns out of one or more header rows: none blank, no two alike."""

from __future__ import annotations

from collections.abc import Sequence

from cxdata.intake.reading.cells import NUMBER, TYPED, kind


def joined(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return one text a column: groups stand for the columns to their right that have none.

    >>> joined([["Customer", "", "Sales"], ["id", "name", "amount"]], 3)
    ('Customer id', 'Customer name', 'Sales amount')
    """
    if len(rows) == 1:
        return tuple(rows[0])
    filled = [_spread(row, width) for row in rows[:-1]] + [list(rows[-1])]
    return tuple(
        " ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
        for parts in zip(*filled, strict=True)
    )


def _spread(row: Sequence[str], width: int) -> list[str]:
    spread: list[str] = []
    for cell in list(row) + [""] * (width - len(row)):
        spread.append(cell if cell.strip() or not spread else spread[-1])
    return spread


def numbered(original: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names with blank ones filled and repeated ones numbered, and what was changed.

    >>> numbered(["id", "", "amount", "amount"])[0]
    ('id', 'column_2', 'amount', 'amount_2')
    """
    taken = set(original)
    names: list[str] = []
    blank, repeated = 0, []
    for place, name in enumerate(original, start=1):
        new = name
        if not name.strip():
            blank += 1
            new = f"column_{place}"
        elif name in names:
            repeated.append(name)
            number = 2
            while (new := f"{name}_{number}") in taken or new in names:
                number += 1
        while new != name and new in names:
            new += "_"
        names.append(new)
    notes = []
    if repeated:
        shown = ", ".join(dict.fromkeys(repr(one) for one in repeated[:5]))
        notes.append(
            f"There are duplicate names of columns ({shown}): the later ones were numbered."
        )
    if blank:
        said = "1 column has" if blank == 1 else f"{blank} columns have"
        notes.append(f"{said} no name and got one by place, such as column_2.")
    return tuple(names), tuple(notes)


def is_name(cell: str) -> bool:
    """Return whether a text could be the name of a column: short, and no value."""
    text = cell.strip()
    return bool(text) and len(text) <= 120 and (kind(text) not in TYPED or _is_label(text))


def _is_label(text: str) -> bool:
    """Return whether a text with digits is still a label such as ``Q1`` or ``2022``."""
    return (text[0].isalpha() and "@" not in text and len(text) <= 40) or is_period(text)


def is_period(text: str) -> bool:
    """Return whether a text is a year or a month, as stands across a header."""
    text = text.strip()
    if kind(text) == NUMBER:
        return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100
    return len(text) == 7 and text[4] in "-/" and text[:4].isdigit() and text[5:].isdigit()
