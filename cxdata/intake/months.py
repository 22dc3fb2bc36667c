"""Months as they stand in headers: ``2026-01``, ``Jan 2026``, ``01/2026``, ``März 26``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# English, German, French, Spanish, Italian, Portuguese, Dutch; the first letters are enough where
# no other month of these languages begins so.
_NAMES = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fevr"),
    ("mar", "marz", "mrt", "maart", "maerz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "aout", "ago"),
    ("sep", "set", "sept"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)
_SHORT = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
_WORD = r"(?P<word>[^\W\d_]{3,10})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SEPARATOR = r"[\s\-/._]*"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[\-/._ ](?P<number>0?[1-9]|1[0-2])(?:[\-/._]0?1)?",
        rf"{_YEAR}{_SEPARATOR}[mM](?P<number>0?[1-9]|1[0-2])",
        rf"(?P<number>0?[1-9]|1[0-2])[\-/._ ]{_YEAR}",
        rf"{_YEAR}(?P<number>0[1-9]|1[0-2])",
        rf"{_WORD}{_SEPARATOR}{_YEAR}",
        rf"{_YEAR}{_SEPARATOR}{_WORD}",
        rf"{_WORD}[\s\-/._']+(?P<short>\d\d)",
    )
)


def month_named(name: str) -> date | None:
    """Return the first day of the month that a name is, or None where it is no month.

    >>> month_named("Jan 2026"), month_named("2026-01"), month_named("Q1 2026")
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 1), None)
    """
    plain = " ".join(name.split())
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found is None:
            continue
        parts = found.groupdict()
        month = _month(parts)
        if month:
            year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
            return date(year, month, 1)
    return None


def _month(parts: dict[str, str | None]) -> int:
    if parts.get("number"):
        return int(parts["number"] or 0)
    word = unicodedata.normalize("NFKD", (parts["word"] or "").casefold())
    plain = "".join(one for one in word if not unicodedata.combining(one))
    if plain in _SHORT:
        return _SHORT[plain]
    # A longer word is a month only as a whole: "market" is none.
    starts = (plain[:4], plain[:3]) if plain in _WHOLE else ()
    return next((_SHORT[start] for start in starts if start in _SHORT), 0)


_WHOLE = frozenset(
    word
    for line in (
        "january february march april june july august september october november december",
        "januar februar marz maerz juni juli oktober dezember janner",
        "janvier fevrier mars avril juillet aout septembre octobre novembre decembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre",
        "diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre",
        "janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro",
        "januari februari maart mei augustus",
    )
    for word in line.split()
)
