"""Encodings that write other letters in plain ASCII, between marks: they look like ASCII."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxdata.intake.reading.result import Question

PLAIN = "UTF-8"

_HOW = {
    "ISO-2022-JP": ("iso2022_jp", "Japanese with escape sequences"),
    "ISO-2022-KR": ("iso2022_kr", "Korean with escape sequences"),
    "HZ": ("hz", "Chinese between ~{ and ~}"),
    "UTF-7": ("utf-7", "letters beyond ASCII between + and -"),
}
CODECS = {name: codec for name, (codec, _) in _HOW.items()}
"""The codec of each name that is shown."""

_JAPANESE, _KOREAN = re.compile(rb"\x1b(?:\$[@B]|\(J)"), re.compile(rb"\x1b\$\)C")
_HZ = re.compile(rb"~\{((?:[\x21-\x7d][\x21-\x7e])+)~\}")
_PLUS = re.compile(rb"\+(?:-|([A-Za-z0-9+/]{3,})(-?))")
_ALPHABETS_END = "\u0530"
"""Latin, Greek and Cyrillic letters come before; others need the mark that closes them."""


@dataclass(frozen=True)
class Escaped:
    """What a text is probably written in, and what to ask; plain text stays possible."""

    default: str
    codec: str
    question: Question


def by_escapes(start: bytes) -> Escaped | None:
    """Return the encoding that the marks in an ASCII text tell, None where there are none."""
    for name, found in (
        ("ISO-2022-JP", _JAPANESE.search(start)),
        ("ISO-2022-KR", _KOREAN.search(start)),
        ("HZ", _hz(start)),
        ("UTF-7", _utf7(start)),
    ):
        if found:
            return _asked(name, start, found)
    return None


def _hz(start: bytes) -> re.Match[bytes] | None:
    """Return the first Chinese between its marks, where all between marks is Chinese."""
    found = list(_HZ.finditer(start))
    if not found or len(found) != start.count(b"~{"):
        return None
    return found[0] if all(_decoded(one.group(), "hz") for one in found) else None


def _utf7(start: bytes) -> re.Match[bytes] | None:
    """Return the first letters between their marks, where every plus sign is such a mark."""
    marks = list(_PLUS.finditer(start))
    found = [one for one in marks if one.group(1)]
    if not found or sum(one.group().count(b"+") for one in marks) != start.count(b"+"):
        return None
    return found[0] if all(map(_holds_letters, found)) else None


def _holds_letters(one: re.Match[bytes]) -> bool:
    text = _decoded(b"+" + one.group(1) + b"-", "utf-7")
    return bool(text) and (max(text) < _ALPHABETS_END or bool(one.group(2)))


def _decoded(raw: bytes, codec: str) -> str:
    """Return text between marks, "" where it is none beyond ASCII."""
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return ""
    return text if text and all(one >= "\x80" and one.isprintable() for one in text) else ""


def _asked(name: str, start: bytes, found: re.Match[bytes]) -> Escaped:
    codec, how = _HOW[name]
    line = start[start.rfind(b"\n", 0, found.start()) + 1 :].split(b"\n")[0].strip()[:200]
    read = line.decode(codec, "replace")
    question = Question(
        "encoding",
        f"Is the text {name} ({how})? It reads: {read[:60]}.",
        name,
        ((name, f"{name}: {read[:60]}"), (PLAIN, f"as it stands: {line.decode('ascii')[:60]}")),
        "All bytes are plain ASCII, and some stand between the marks of this encoding.",
    )
    return Escaped(name, codec, question)
