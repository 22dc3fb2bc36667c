"""Words that stand for values: missing, yes and no, errors of spreadsheets, names of months."""

from __future__ import annotations

import unicodedata

SPACES = (
    " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u202f\u205f\u3000\ufeff"
)
"""Every character that only spaces; Python's and the engine's own ideas of it differ."""

ALWAYS_MISSING = (
    "",
    "\\N",
    "NULL",
    "null",
    "(null)",
    "<null>",
    "[NULL]",
    "N/A",
    "n/a",
    "N.A.",
    "n.a.",
    "<NA>",
    "NaN",
    "nan",
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "?",
)
"""Words that mean missing in a column of any kind."""

PERHAPS_MISSING = (
    "NA",
    "na",
    "Na",
    "None",
    "none",
    "NONE",
    "Null",
    "nil",
    "NIL",
    "Nil",
    "NAN",
    "Nan",
    "k.A.",
    "keine Angabe",
    "(blank)",
    "blank",
    "empty",
    "missing",
    "(none)",
    "(empty)",
    "n/v",
    "s/d",
    "n.d.",
    "N.D.",
)
"""Words that mean missing among numbers, dates and yes or no, and may be real among texts."""

ERROR_PATTERN = (
    r"#[¡¿]?(DIV/0|DEEL/0|N/A|NAME|NULL|NUM|REF|VALUE|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN"
    r"|ERROR|WERT|BEZUG|ZAHL|ÜBERLAUF|VALEUR|NOM|NOMBRE|NUL|PROPAGATION|VALOR|NULO|NOME|VALORE"
    r"|RIF|NUMERO|WAARDE|VERW|GETAL)[!?]?|#GETTING_DATA|#NB|#NV|#{3,}|Err:5\d\d"
)
"""What a spreadsheet writes where a formula failed, in its languages; ``####`` and ``Err:502``."""

YES = (
    *("yes", "y", "true", "t", "1", "ja", "j", "oui", "o", "si", "s", "sim", "vrai", "wahr"),
    *("verdadero", "verdadeiro", "vero", "waar", "tak", "ano", "áno", "igen", "kyllä", "da"),
    *("evet", "да", "ναι", "はい", "是", "예", "✓", "✔", "☑", "sí", "sì", "jah", "sand"),
)
NO = (
    *("no", "n", "false", "f", "0", "nein", "non", "nee", "nej", "nei", "não", "nao", "faux"),
    *("falsch", "falso", "onwaar", "nie", "ne", "nem", "ei", "nu", "hayır", "нет", "όχι"),
    *("いいえ", "否", "아니요", "✗", "✘", "☐", "falsk"),
)

_MONTHS = (
    "jan january januar jan janv janvier ene enero gen gennaio janeiro januari jaenner janner",
    "feb february februar fev fevr fevrier febrero febbraio fevereiro februari febr",
    "mar march marz maerz mrz mars marzo marco mrt maart marts",
    "apr april avr avril abr abril aprile",
    "may mai mayo mag maggio maio mei maj",
    "jun june juni juin junio giu giugno junho",
    "jul july juli juil juillet julio lug luglio julho",
    "aug august aou aout ago agosto augustus augusti",
    "sep sept september septembre septiembre setiembre set settembre setembro",
    "oct october okt oktober octobre octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre dic diciembre dicembre dezembro des desember",
)
MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
"""Names of months without accents, in lower case: English, German, French, Spanish, Italian,
Portuguese, Dutch and the Scandinavian languages."""


def folded(text: str) -> str:
    """Return a text in lower case without accents.

    >>> folded("Févr")
    'fevr'
    """
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(one for one in plain if not unicodedata.combining(one))
