"""Why one value does not fit how its column is written, as a clause for the reader."""

from __future__ import annotations

import re

from cxdata.intake.values.currencies import currency_of
from cxdata.intake.values.dates import FIRST_YEAR, LAST_YEAR, dated
from cxdata.intake.values.numbers import labelled, number
from cxdata.intake.values.words import ERROR_PATTERN, SPACES
from cxdata.intake.values.writing import NUMBERS, Writing

_ERROR = re.compile(ERROR_PATTERN)
_KINDS = {
    "integer": "a number",
    "decimal": "a number",
    "money": "an amount",
    "percent": "a percentage",
    "score": "a score",
    "date": "a date",
    "timestamp": "a time",
    "boolean": "yes or no",
}


def why(value: str, writing: Writing) -> str:
    """Return what is wrong with a value that does not fit.

    >>> why("#REF!", Writing("integer"))
    "is an error of a spreadsheet's formula, not a value"
    """
    text = value.strip(SPACES)
    if _ERROR.fullmatch(text):
        return "is an error of a spreadsheet's formula, not a value"
    if writing.kind in ("date", "timestamp"):
        return _why_no_date(text, writing)
    if writing.kind in NUMBERS:
        return _why_no_number(text, writing)
    return f"is not {_KINDS.get(writing.kind, 'like the others')}"


def _why_no_date(text: str, writing: Writing) -> str:
    shown = dated(text)
    if shown is None:
        return f"is not {_KINDS[writing.kind]} as the others of the column"
    year = re.search(r"\d{4}", text)
    if year and year[0] == "9999":
        return "stands for 'no end', which is no day; if so, state it as missing (9999)"
    if year and not int(year[0]):
        return "stands for 'no date', which is no day; if so, state it as missing"
    if not shown.real:
        outside = year and not FIRST_YEAR <= int(year[0]) <= LAST_YEAR
        if outside:
            return f"is not between the years {FIRST_YEAR} and {LAST_YEAR}"
        return "is not a day of the calendar"
    if shown.month_first or shown.day_first:
        here, others = ("month", "day") if shown.month_first else ("day", "month")
        return f"has the {here} first, while the column has the {others} first"
    if not writing.zone and shown.time and not shown.offset:
        return "has no zone, while others of the column have; state the zone of the extract"
    if shown.time and not shown.offset and shown.formats[0] in writing.date_formats:
        return f"is a time that the clock skips in the zone {writing.zone}"
    return f"is written in another way than the others ({' or '.join(writing.date_formats)})"


def _why_no_number(text: str, writing: Writing) -> str:
    shown = number(labelled(text) or text)
    if shown is None:
        return f"is not {_KINDS[writing.kind]} as the others of the column"
    if shown.sign and shown.sign not in writing.signs:
        return (
            f"is in {currency_of(shown.sign) or shown.sign}, while the column is in "
            f"{writing.currency or ' or '.join(writing.signs) or 'no currency'}"
        )
    if shown.decimal and shown.decimal != writing.decimal:
        return f"has the decimal sign {shown.decimal!r}, while the column has {writing.decimal!r}"
    if writing.low is not None and writing.high is not None:
        return f"is outside {writing.low:g} to {writing.high:g}"
    return "is written in another way than the column's other numbers"
