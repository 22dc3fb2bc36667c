"""Names of columns compared: their words, without accents, capitals and punctuation."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from cxdata.model.tables import CURATED

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
}


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name.

    >>> words("CustID"), words("Kunden-Nr."), words("Número de cliente")
    (('cust', 'id'), ('kunden', 'nr'), ('numero', 'de', 'cliente'))
    """
    apart = _HUMP.sub(" ", name)
    plain = unicodedata.normalize("NFKD", apart.replace("ß", "ss")).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return tuple("".join(one if one.isalnum() else " " for one in letters).split())


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """Return a name as one word, by which equal names are found.

    >>> key("Customer ID") == key("customer_id") == key("CUSTOMERID")
    True
    """
    return "".join(words(name))


@lru_cache(maxsize=20_000)
def phrases(name: str) -> tuple[tuple[str, float], ...]:
    """Return the runs of a name's words as keys, with the share of the name that each is.

    The whole name is none, nor is a run of less than two fifths; the longest comes first. Of a
    long name, such as a question, the first words are looked at.

    >>> phrases("Order date UTC")
    (('orderdate', 0.75), ('dateutc', 0.58...), ('order', 0.41...))
    """
    said = words(name)[:12]
    length = sum(map(len, said))
    runs = (
        said[start:end] for start in range(len(said)) for end in range(start + 1, len(said) + 1)
    )
    found = {"".join(run): sum(map(len, run)) / length for run in runs if len(run) < len(said)}
    kept = ((run, share) for run, share in found.items() if share >= 0.4)
    return tuple(sorted(kept, key=lambda one: (-one[1], one[0])))


@cache
def own_names(table: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the columns of a table by their key, as pairs of column and name."""
    columns = CURATED.tables[table].columns
    return {key(column.name): ((column.name, column.name),) for column in columns}


@dataclass(frozen=True)
class Synonym:
    """One name of a curated column: in which language, and whether others could bear it too."""

    target: str
    name: str
    language: str
    weak: bool = False


@cache
def synonyms(table: str) -> Mapping[str, tuple[Synonym, ...]]:
    """Return the known names of a table's columns by their key, the most specific first."""
    found: dict[str, list[Synonym]] = {}
    for section, lists in _sections().items():
        owner, _, column = section.rpartition(".")
        if owner not in ("", table):
            continue
        for language, names in lists.items():
            weak = language == "weak"
            for name in names:
                synonym = Synonym(column, name, _LANGUAGES.get(language, ""), weak)
                found.setdefault(key(name), []).append(synonym)
    return {name: tuple(sorted(them, key=lambda one: one.weak)) for name, them in found.items()}


@cache
def _sections() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((files(__package__) / "synonyms.toml").read_text("utf-8"))
