"""Rows that sum up other rows: totals, subtotals and averages, in the words of many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cxdata.intake.reading.cells import fits

_SUMS = (
    "total|totals|grand total|subtotal|sub total|sub-total|sum|sums|overall total|overall|"
    "summe|gesamt|gesamtsumme|insgesamt|zwischensumme|endsumme|gesamtergebnis|"
    "total général|total general|sous-total|sous total|totaux|somme|ensemble|"
    "suma|suma total|totales|total geral|soma|totais|totale|totali|totale generale|somma|"
    "subtotale|totale complessivo|totaal|eindtotaal|subtotaal|"
    "totalt|total sum|summa|delsumma|i alt|yhteensä|samtals|alls|kokonaissumma|"
    "razem|suma końcowa|suma całkowita|łącznie|ogółem|"
    "celkem|součet|mezisoučet|spolu|összesen|végösszeg|"
    "toplam|genel toplam|ara toplam|ukupno|sveukupno|skupaj|"
    "общо|итого|всего|итог|общий итог|сумма|разом|усього|"
    "σύνολο|γενικό σύνολο|合計|総計|小計|总计|合计|小计|總計|합계|총계|소계|المجموع|الإجمالي|"
    'סה"כ|סך הכל|รวม|tổng|tổng cộng|jumlah|kokku|kopā|iš viso|viso|kopsumma|Σ'
)
_MEANS = (
    "average|averages|mean|avg|durchschnitt|mittelwert|moyenne|promedio|media|média|gemiddelde|"
    "średnia|průměr|átlag|ortalama|среднее|平均|row count|record count|count|anzahl|nombre"
)
_SUM = re.compile(_SUMS, re.I)
_MEAN = re.compile(_MEANS, re.I)
_GROUP = re.compile(
    rf"(?P<before>.+?)[\s:,–-]+(?:{_SUMS}|ergebnis|result)|(?:{_SUMS})[\s:,–-]+(?P<behind>.+)", re.I
)
_BEGINS = re.compile(rf"(?:{_SUMS})\b.*", re.I)


def beginnings() -> list[str]:
    """Return the words with which such a row can begin, in small letters."""
    return f"{_SUMS}|{_MEANS}".lower().split("|")


def sums_group(cells: Sequence[str], before: Sequence[str]) -> bool:
    """Return whether a row sums up the group of records that ends with ``before``.

    Its first filled cell names the group beside a word for a sum, and other cells are blank.

    >>> sums_group(["North Total", "", "3"], ["North", "Ann", "2"])
    True
    """
    place = next((place for place, cell in enumerate(cells) if cell.strip()), None)
    if place is None or place >= len(before) or len(cells[place]) > 120 or all(cells):
        return False
    found = _GROUP.fullmatch(" ".join(cells[place].split()))
    group = (found["before"] or found["behind"]) if found else ""
    return bool(group) and group.casefold() == " ".join(before[place].split()).casefold()


def is_total(cells: Sequence[str], kinds: Sequence[str], last: bool) -> bool:
    """Return whether a row sums up others.

    Its first filled cell says so where the column holds no words, or other cells are blank, or
    it is the last row. A customer of that name with all cells filled is none.
    """
    place = next((place for place, cell in enumerate(cells) if cell.strip()), None)
    if place is None or len(cells) < 2 or len(cells[place]) > 60 or cells[place][:1].isdigit():
        return False
    word = " ".join(cells[place].split()).strip(" :=-*.")
    exact = _SUM.fullmatch(word) is not None
    mean = _MEAN.fullmatch(word) is not None
    if not exact and not mean and not _BEGINS.fullmatch(word):
        return False
    odd = not fits(cells[place], kinds[place])
    blank = any(not cell.strip() for cell in cells)
    if exact:
        return odd or blank or last
    return (odd and blank) or (odd and last) or (blank and last)
