"""What an analyst reads of names, rules, sizes and ages."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Final

from cxdata.model.tables import CURATED

_RULES: Final = {
    "width": "with too few or too many cells",
    "quote": "with broken quotes",
    "byte": "with letters that cannot be read",
    "nul": "with letters that cannot be read",
    "delimiter": "with another separator",
    "cut": "cut off",
    "total": "with totals",
    "footer": "below the table",
    "comment": "with remarks",
    "question_text": "with the text of the questions",
    "repeated_header": "with the column names again",
    "second_table": "of a second table",
}
_QUOTED: Final = re.compile(r"('[^']*')")


def words(name: str) -> str:
    """Return a declared name for a reader.

    >>> words("sales_transaction")
    'sales transaction'
    """
    return name.replace("_", " ")


def of_rule(rule: str) -> str:
    """Say which records a rule of reading sets aside.

    >>> f"1 {of_rule('total')}"
    '1 with totals'
    """
    return _RULES.get(rule, words(rule))


def spoken(sentence: str) -> str:
    """Return a sentence with the names of tables and columns as a reader says them.

    >>> spoken("Rows of sales_transaction whose customer_id is 'a_b' stay.")
    "Rows of sales transaction whose customer id is 'a_b' stay."
    """
    parts = _QUOTED.split(sentence)
    return "".join(
        part if part.startswith("'") else _declared().sub(lambda one: words(one[0]), part)
        for part in parts
    )


@cache
def _declared() -> re.Pattern[str]:
    names = {one for table in CURATED.tables.values() for one in (table.name, *table.c.keys())}
    longest = sorted((one for one in names if "_" in one), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(longest)})\b")


def size(count: int) -> str:
    """Return a number of bytes for a reader.

    >>> size(812), size(204_800), size(3_250_000)
    ('812 bytes', '205 kB', '3.2 MB')
    """
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:,.1f} MB"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, for a reader.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC))
    '2 hours ago'
    """
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for length, noun in ((1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= length:
            count = minutes // length
            return f"{count} {noun}{'' if count == 1 else 's'} ago"
    return "just now"
