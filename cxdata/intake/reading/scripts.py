"""Which code page a text without a mark was written in, by the letters that come out.

A wrong code page rarely fails, but it gives letters that no one language uses together, symbols
inside words, or capitals behind small letters. Each candidate is judged by how likely the words
are that it gives, in the language that explains them best: the shares of its letters, and what
stands where. Code pages that give the same text are one candidate.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import log

from cxdata.intake.reading.letters import LETTERS

LATIN_1252 = "Windows-1252"

_SINGLE = {
    LATIN_1252: ("cp1252", 0),
    "Windows-1250": ("cp1250", 1),
    "Windows-1251": ("cp1251", 1),
    "Windows-1253": ("cp1253", 1),
    "Windows-1254": ("cp1254", 1),
    "Windows-1255": ("cp1255", 1),
    "Windows-1256": ("cp1256", 1),
    "Windows-1257": ("cp1257", 1),
    "Windows-874": ("cp874", 1),
    "ISO-8859-15": ("iso8859-15", 2),
    "ISO-8859-2": ("iso8859-2", 2),
    "ISO-8859-5": ("iso8859-5", 3),
    "ISO-8859-7": ("iso8859-7", 2),
    "ISO-8859-13": ("iso8859-13", 3),
    "KOI8-R": ("koi8-r", 3),
    "KOI8-U": ("koi8-u", 3),
    "Mac Roman": ("mac_roman", 4),
    "Mac Central European": ("mac_latin2", 5),
    "Mac Cyrillic": ("mac_cyrillic", 5),
    "CP850": ("cp850", 4),
    "CP852": ("cp852", 4),
    "CP437": ("cp437", 5),
    "CP775": ("cp775", 5),
    "CP857": ("cp857", 5),
    "CP737": ("cp737", 5),
    "CP862": ("cp862", 5),
    "CP866": ("cp866", 3),
    "CP855": ("cp855", 6),
}
"""The codec of a code page of one byte a character, and how rare it is (the nats it loses)."""
_MULTI = {
    "Shift-JIS": "cp932",
    "EUC-JP": "euc_jp",
    "GB18030": "gb18030",
    "Big5": "cp950",
    "EUC-KR": "cp949",
}
_RARITY_OF_MULTI = 2
CODECS = {name: codec for name, (codec, _) in _SINGLE.items()} | _MULTI
"""The codec of each name that is shown."""

_SHAPES = re.compile(rb"[@-~\x80-\xff]*[\x80-\xff][@-~\x80-\xff]*")
"""Words with bytes beyond ASCII; second bytes of two may be ASCII from ``@`` on."""
_MOST_WORDS = 1_500
_LIKELY, _LOOKED_AT, _SHOWN = 5, 300, 3

_QUOTES = "‘’‚“”„‹›«»–—…€£§°•·™ªº¿¡²³½ \u00a0№"
"""Signs that texts have beside words."""
_BEHIND_NO_LETTER = "‘“„‚‹«•–—¿¡½№"
"""Signs that open something or stand between words."""
_BEFORE_NO_LETTER = "’”»…™"
"""Signs that close something."""
_IN_WORDS = "’·\u00a0\u00ad\u200c\u200d"

_EAST_ASIAN_SIGNS = "、。「」\u3000・ー（）：，！？－～"

_NEIGHBOURS = (
    (
        *("French", "German", "Spanish", "Portuguese", "Italian", "Dutch", "Catalan"),
        *("Swedish", "Danish", "Norwegian", "Finnish", "Icelandic"),
    ),
    ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian", "Slovene", "German"),
    ("Estonian", "Latvian", "Lithuanian", "Polish", "German", "Finnish"),
)
"""Languages whose names are met in one list of customers, as one code page writes them all."""
_OWN = 0.9
"""Share of the letters that are of the list's own language."""

_FOREIGN = log(3e-6)
_SIGN, _SYMBOL, _NO_TEXT = log(0.03), log(2e-4), log(1e-7)
_SYMBOL_IN_WORD = log(1e-6)
_CAPITAL, _TWO_SCRIPTS = log(0.02), log(0.05)
_ASCII_LETTER = log(0.05)
_EVERYDAY, _RARE_SIGN = 1e-3, log(1e-6)


@dataclass(frozen=True)
class Judged:
    """A candidate: its name, how much of the bytes it explains (0 to 1), and words read by it.

    ``weight`` is the logarithm of its likelihood; only differences mean something.
    """

    name: str
    score: float
    shown: str
    weight: float = 0.0


def judge(sample: bytes) -> list[Judged]:
    """Return the candidates for bytes that are not UTF-8, best first."""
    shapes = Counter(_SHAPES.findall(sample)).most_common(_MOST_WORDS)
    found: dict[str, Judged] = {}
    for name, codec in CODECS.items():
        texts = [(one.decode(codec, "replace"), count) for one, count in shapes]
        rare = _SINGLE[name][1] if name in _SINGLE else _RARITY_OF_MULTI
        weight, score = _multi(name, texts) if name in _MULTI else _single(texts)
        judged = Judged(name, score, words(sample.decode(codec, "replace")), weight - rare)
        same = "\n".join(text for text, _ in texts)
        if same not in found or found[same].weight < judged.weight:
            found[same] = judged
    ranked = sorted(found.values(), key=lambda one: -one.weight)
    told = _telling([one for one, _ in shapes], ranked[:_LIKELY])
    return [replace(one, shown=words(_read(told, one)) or one.shown) for one in ranked]


def _telling(shapes: list[bytes], likely: list[Judged]) -> list[bytes]:
    """Return the few words that read differently by most of the likely candidates."""

    def readings(shape: bytes) -> int:
        return len({_read([shape], one) for one in likely})

    return sorted(shapes[:_LOOKED_AT], key=lambda one: (-readings(one), -len(one)))[:_SHOWN]


def _read(shapes: list[bytes], by: Judged) -> str:
    return "\n".join(one.decode(CODECS[by.name], "replace") for one in shapes)


def words(text: str, most: int = 3) -> str:
    """Return a few words with letters beyond ASCII, as a reader would judge a code page by."""
    picked = [word for word in re.split(r"[\s,;|\"]+", text[:20_000]) if not word.isascii()]
    picked.sort(key=len, reverse=True)
    return ", ".join([*dict.fromkeys(word[:20] for word in picked)][:most])[:60]


Texts = list[tuple[str, int]]


def _single(texts: Texts) -> tuple[float, float]:
    """Return the likelihood of words in the language that explains them best, and the share."""
    letters: Counter[str] = Counter()
    weight, odd, beyond = 0.0, 0, 0
    for text, count in texts:
        for place, sign in enumerate(text):
            if sign < "\x80":
                letters[sign.lower()] += count * (sign.isalpha())
                continue
            beyond += count
            if _is_letter(sign):
                letters[_small(sign)] += count
                is_odd = _capital_inside(text, place)
                weight += count * (_CAPITAL * is_odd + _TWO_SCRIPTS * _mixes(text, place))
            else:
                of_sign = _of_sign(text, place)
                weight += count * of_sign
                is_odd = of_sign < _SIGN
            odd += count * is_odd
    best, foreign = _best_language(letters)
    return weight + best, max(0.0, 1 - (odd + foreign) / beyond) if beyond else 0.0


def _best_language(letters: Mapping[str, int]) -> tuple[float, int]:
    """Return the likelihood of letters in the best language, and how many are not of it."""
    found = []
    for shares in _languages():
        known = sum(count * shares.get(one, _FOREIGN) for one, count in letters.items())
        found.append((known, shares))
    best, shares = max(found, key=lambda one: one[0])
    foreign = sum(n for one, n in letters.items() if one >= "\x80" and one not in shares)
    return best, foreign


@cache
def _languages() -> tuple[Mapping[str, float], ...]:
    """Return the logarithms of the shares of letters, in each language beside its neighbours."""
    found = []
    met: set[str] = set()
    for group in _NEIGHBOURS:
        around: dict[str, float] = {}
        for language in group:
            for letter, share in LETTERS[language].items():
                around[letter] = max(share, around.get(letter, 0.0))
        found += [
            {
                one: log(_OWN * LETTERS[name].get(one, 0) + (1 - _OWN) * share)
                for one, share in around.items()
            }
            for name in group
        ]
        met |= set(group)
    alone = [shares for name, shares in LETTERS.items() if name not in met]
    return (*found, *({one: log(share) for one, share in own.items()} for own in alone))


def _of_sign(text: str, place: int) -> float:
    """Return the likelihood of a sign that is no letter, where it stands."""
    sign = text[place]
    if unicodedata.category(sign) in ("Cc", "Cn", "Co") or sign == "\ufffd":
        return _NO_TEXT
    if _inside(text, place) and sign not in _IN_WORDS:
        return _SYMBOL_IN_WORD
    if sign in _BEHIND_NO_LETTER and place and text[place - 1].isalpha():
        return _SYMBOL
    if sign in _BEFORE_NO_LETTER and text[place + 1 : place + 2].isalpha():
        return _SYMBOL
    return _SIGN if sign in _QUOTES or sign in _IN_WORDS else _SYMBOL


def _multi(name: str, texts: Texts) -> tuple[float, float]:
    """Return the likelihood of characters of two bytes, and the share of everyday ones."""
    weight, everyday, beyond = 0.0, 0, 0
    for text, count in texts:
        for place, sign in enumerate(text):
            if sign < "\x80":
                weight += count * _ASCII_LETTER * sign.isalpha()
                continue
            beyond += count
            likely = _likelihood(sign, name)
            weight += count * likely
            everyday += count * (likely >= log(_EVERYDAY / 10))
            weight += count * _TWO_SCRIPTS * _mixes(text, place)
    return weight, everyday / beyond if beyond else 0.0


@cache
def _likelihood(sign: str, name: str) -> float:
    """Return how likely a character is in a text of the languages of an encoding."""
    if sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Cn", "Co"):
        return _NO_TEXT
    if sign in _EAST_ASIAN_SIGNS:
        return log(0.005)
    if "\u3041" <= sign <= "\u30ff":
        return log(0.008) if name in ("Shift-JIS", "EUC-JP") else _RARE_SIGN
    if "\uac00" <= sign <= "\ud7a3":
        return log(_EVERYDAY) if name == "EUC-KR" and _first_level(sign, name) else _RARE_SIGN
    if "\u4e00" <= sign <= "\u9fff" and name != "EUC-KR" and _first_level(sign, name):
        return log(_EVERYDAY * (0.6 if name in ("GB18030", "Big5") else 0.5))
    return _RARE_SIGN


@cache
def _first_level(sign: str, name: str) -> bool:
    """Return whether a character is among the frequent ones of its standard."""
    codec, first, last = {
        "Shift-JIS": ("cp932", b"\x88\x9f", b"\x98\x72"),
        "EUC-JP": ("euc_jp", b"\xb0\xa1", b"\xcf\xd3"),
        "GB18030": ("gb18030", b"\xb0\xa1", b"\xd7\xf9"),
        "Big5": ("cp950", b"\xa4\x40", b"\xc6\x7e"),
        "EUC-KR": ("euc_kr", b"\xb0\xa1", b"\xc8\xfe"),
    }[name]
    try:
        raw = sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and first <= raw <= last


def _small(sign: str) -> str:
    small = sign.lower()
    return small if len(small) == 1 else small[0]


def _is_letter(sign: str) -> bool:
    return (sign.isalpha() and sign not in "ªº") or unicodedata.category(sign) == "Mn"


def _mixes(text: str, place: int) -> int:
    """Count the Latin letters directly beside a letter of another script."""
    if text[place] < "\u0370" or not text[place].isalpha():
        return 0
    beside = (text[place - 1] if place else "", text[place + 1 : place + 2])
    return sum(one.isascii() and one.isalpha() for one in beside)


def _inside(text: str, place: int) -> bool:
    """Return whether letters stand on both sides."""
    return 0 < place < len(text) - 1 and text[place - 1].isalpha() and text[place + 1].isalpha()


def _capital_inside(text: str, place: int) -> bool:
    """Return whether a capital stands behind a small letter, or before one behind a capital."""
    sign = text[place]
    if not sign.isupper() or not place:
        return False
    before, behind = text[place - 1], text[place + 1 : place + 2]
    return before.islower() or (before.isupper() and behind.islower())
