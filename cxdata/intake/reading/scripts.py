"""Which code page a text without a mark was written in, by the letters that come out.

A wrong code page rarely fails, but it gives letters that no one language uses together, symbols
inside words, or capitals behind small letters. Each candidate is judged by the share of its
letters beyond ASCII that one language explains.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

LATIN_1252 = "Windows-1252"

_LANGUAGES = {
    "French": "éèêëàâçùûîïôœæ",
    "German": "äöüß",
    "Spanish": "áéíóúñü",
    "Portuguese": "áâãàçéêíóôõú",
    "Italian": "àèéìòù",
    "Nordic": "åäöæøé",
    "Icelandic": "áðéíóúýþæö",
    "Dutch": "ëéïöüè",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýžľĺŕô",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîșțşţ",
    "Croatian": "čćđšž",
    "Turkish": "çğıöşüâîİ",
    "Baltic": "ąčęėįšųūžāēģīķļņ",
    "Estonian": "äöõüšž",
}
_CYRILLIC = {
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
}
_COMMON = {
    "cyrillic": "оеаинтсрвлкмдпуя",
    "greek": "αεοιτσνηυρπκςάίόέ",
    "hebrew": "יוהלאתרבמנש",
    "arabic": "اليمونرتبةعدسفهكقح",
    "thai": "านรกอเงมยลวดทสตะ",
}
"""The letters that make up about three quarters of a running text of a script."""

_SINGLE = {
    LATIN_1252: ("cp1252", "latin"),
    "Windows-1250": ("cp1250", "latin"),
    "Windows-1254": ("cp1254", "latin"),
    "Windows-1257": ("cp1257", "latin"),
    "ISO-8859-2": ("iso8859-2", "latin"),
    "Mac Roman": ("mac_roman", "latin"),
    "CP850": ("cp850", "latin"),
    "Windows-1251": ("cp1251", "cyrillic"),
    "KOI8-R": ("koi8-r", "cyrillic"),
    "CP866": ("cp866", "cyrillic"),
    "ISO-8859-5": ("iso8859-5", "cyrillic"),
    "Windows-1253": ("cp1253", "greek"),
    "Windows-1255": ("cp1255", "hebrew"),
    "Windows-1256": ("cp1256", "arabic"),
    "Windows-874": ("cp874", "thai"),
}
_MULTI = {
    "Shift-JIS": "cp932",
    "EUC-JP": "euc_jp",
    "GB18030": "gb18030",
    "Big5": "cp950",
    "EUC-KR": "cp949",
}
CODECS = {name: codec for name, (codec, _) in _SINGLE.items()} | _MULTI
"""The codec of each name that is shown."""

_QUOTES = "‘’‚“”„‹›«»–—…€£¥§©®°·•™ªº¿¡¢\u00a0"
"""Signs that texts in Latin letters have beside words."""
_SYMBOLS = "§©®°•™¢¥ªº"
_IN_WORDS = "’·ªº\u00a0"


@dataclass(frozen=True)
class Judged:
    """A candidate: its name, how well it explains the bytes (0 to 1), and words read by it."""

    name: str
    score: float
    shown: str


def judge(sample: bytes) -> list[Judged]:
    """Return the candidates for bytes that are not UTF-8, best first."""
    found = [_multi(name, codec, sample) for name, codec in _MULTI.items()]
    found += [_single(name, codec, script, sample) for name, (codec, script) in _SINGLE.items()]
    order = [LATIN_1252, *CODECS]
    return sorted(found, key=lambda one: (-round(one.score, 3), order.index(one.name)))


def words(text: str, most: int = 3) -> str:
    """Return a few words with letters beyond ASCII, as a reader would judge a code page by."""
    picked = [word for word in text.replace(",", " ").split() if not word.isascii()]
    picked.sort(key=len, reverse=True)
    return ", ".join(dict.fromkeys(word[:20] for word in picked[: most * 3] if word))[:60]


def _single(name: str, codec: str, script: str, sample: bytes) -> Judged:
    text = sample.decode(codec, "replace")
    if script == "latin":
        return Judged(name, _latin(text), words(text))
    return Judged(name, _script(text, script), words(text))


def _latin(text: str) -> float:
    """Share of the characters beyond ASCII that one Latin language explains."""
    letters: Counter[str] = Counter()
    good = bad = 0
    for place, sign in enumerate(text):
        if sign < "\x80":
            continue
        if sign.isalpha() and sign not in "ªº":
            letters[_small(sign)] += 1
            bad += _capital_inside(text, place)
        elif sign in _QUOTES and (sign in _IN_WORDS or not _inside(text, place)):
            good += 1
        else:
            bad += 2
    runs = _long_runs(text)
    known = max(sum(letters[one] for one in alphabet) for alphabet in _LANGUAGES.values())
    whole = letters.total()
    return max(0.0, (good + known - runs / 2) / (good + whole + bad)) if good + whole + bad else 0.0


def _long_runs(text: str) -> int:
    """Count letters beyond ASCII that stand in rows of three or more: no Latin text has many."""
    count = run = 0
    for sign in text + " ":
        if sign >= "\x80" and sign.isalpha():
            run += 1
        else:
            count += run if run >= 3 else 0
            run = 0
    return count


def _script(text: str, script: str) -> float:
    """Share of the characters beyond ASCII that are letters of the script, as often as usual."""
    if script == "cyrillic":
        alphabets = [frozenset(one) for one in _CYRILLIC.values()]
    else:
        alphabets = [_alphabet(script)]
    letters: Counter[str] = Counter()
    other = 0
    for place, sign in enumerate(text):
        if sign < "\x80":
            continue
        if sign.isalpha() or unicodedata.category(sign) == "Mn":
            letters[_small(sign)] += 1
            other += 2 * (_capital_inside(text, place) or _beside(text, place, str.isascii))
        elif sign not in _QUOTES + "№" or (sign in _SYMBOLS and _beside(text, place)):
            other += 1
    whole = letters.total() + other
    if not whole:
        return 0.0
    known = max(sum(letters[one] for one in alphabet) for alphabet in alphabets) / whole
    common = sum(letters[one] for one in _COMMON[script]) / whole
    shouted = sum(sign.isupper() for sign in text if sign >= "\x80") > 0.6 * letters.total()
    return known * min(1.0, 0.4 + common) * (0.9 if shouted else 1.0)


@cache
def _alphabet(script: str) -> frozenset[str]:
    name = script.upper()
    signs = map(chr, range(0x370, 0xE80))
    return frozenset(sign for sign in signs if unicodedata.name(sign, "").startswith(name))


def _multi(name: str, codec: str, sample: bytes) -> Judged:
    """Share of the characters beyond ASCII that are everyday ones of the language."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return Judged(name, 0.0, "")
    signs = [sign for sign in text if sign >= "\x80"]
    if not signs:
        return Judged(name, 0.0, "")
    mixed = len(re.findall(r"[A-Za-z][\u3041-\uffdc]|[\u3041-\uffdc][a-z]", text))
    everyday = sum(_everyday(sign, name) for sign in signs) - mixed / 2
    return Judged(name, max(0.0, everyday / len(signs)), words(text))


def _everyday(sign: str, name: str) -> float:
    if "\u3000" <= sign <= "\u303f" or "\uff01" <= sign <= "\uff5e":
        return 0.9
    if "\u3041" <= sign <= "\u30ff":
        return 1.0 if name in ("Shift-JIS", "EUC-JP") else 0.3
    if "\uff61" <= sign <= "\uff9f":
        return 0.3
    if "\uac00" <= sign <= "\ud7a3":
        return 0.0 if name != "EUC-KR" else 1.0 if _first_level(sign, name) else 0.2
    if "\u4e00" <= sign <= "\u9fff":
        return 0.96 if _first_level(sign, name) else 0.3
    return 0.2 if sign.isalpha() else 0.1


@cache
def _first_level(sign: str, name: str) -> bool:
    """Return whether a Chinese character is among the frequent ones of its standard."""
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
    return small if len(small) == 1 else sign


def _beside(text: str, place: int, which: Callable[[str], bool] = bool) -> bool:
    """Return whether a letter of some sort stands directly before or behind."""
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return any(one.isalpha() and which(one) for one in around if one)


def _inside(text: str, place: int) -> bool:
    """Return whether letters stand on both sides."""
    return 0 < place < len(text) - 1 and text[place - 1].isalpha() and text[place + 1].isalpha()


def _capital_inside(text: str, place: int) -> bool:
    """Return whether a capital stands behind a small letter."""
    return place > 0 and text[place].isupper() and text[place - 1].islower()
