"""Files that were good and had something done to them, and what has to hold for any of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from cxdata.intake import Reading

_NOTHING = " \t\r\n,;|\x1a\0\ufeff"

Rows = list[tuple[str, ...]]
Change = Callable[[random.Random, bytes], bytes]

_WORDS = [
    "Ann",
    "Bob Lee",
    "naïve",
    "Zoë, Jr",
    'say "hi"',
    "two\nlines",
    "",
    "O'Neil",
    "x;y",
    "tab\there",
]
_CITIES = ["Rome", "Köln", "São Paulo", "Oslo", "New York"]


@dataclass(frozen=True)
class Base:
    """A good file: its records and how it is written."""

    name: str
    rows: Rows
    content: bytes


def bases() -> list[Base]:
    """Return good files in several dialects."""
    random_ = random.Random(7)
    found = []
    for delimiter, end, always in _DIALECTS:
        rows = [_row(random_, number) for number in range(1, 41)]
        lines = [
            delimiter.join(_cell(one, delimiter, always) for one in row) for row in [_NAMES, *rows]
        ]
        text = end.join([*lines, ""])
        found.append(Base(repr(delimiter), rows, text.encode()))
    plain: Rows = [
        (str(n), f"name {n}", f"2024-01-{n % 28 + 1:02d}", str(n / 4)) for n in range(1, 61)
    ]
    text = "id,name,day,amount\n" + "".join(",".join(row) + "\n" for row in plain)
    found.append(Base("plain", plain, text.encode()))
    return found


_DIALECTS = (
    (",", "\n", False),
    (";", "\r\n", True),
    ("\t", "\n", False),
    ("|", "\r\n", False),
)
_NAMES = ("id", "who", "city", "day", "amount")


def _row(random_: random.Random, number: int) -> tuple[str, ...]:
    day = f"2024-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}"
    word, city = random_.choice(_WORDS), random_.choice(_CITIES)
    return str(number), word, city, day, f"{random_.random() * 100:.2f}"


def _cell(cell: str, delimiter: str, always: bool) -> str:
    if always or any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _at(random_: random.Random, raw: bytes) -> int:
    return random_.randrange(len(raw))


def _insert(what: bytes) -> Change:
    def change(random_: random.Random, raw: bytes) -> bytes:
        at = _at(random_, raw)
        return raw[:at] + what + raw[at:]

    return change


def _remove(what: bytes) -> Change:
    def change(random_: random.Random, raw: bytes) -> bytes:
        places = [found.start() for found in re.finditer(re.escape(what), raw)]
        if not places:
            return raw
        at = random_.choice(places)
        return raw[:at] + raw[at + len(what) :]

    return change


def _flip(random_: random.Random, raw: bytes) -> bytes:
    at = _at(random_, raw)
    return raw[:at] + bytes([random_.randrange(256)]) + raw[at + 1 :]


def _cut(random_: random.Random, raw: bytes) -> bytes:
    return raw[: random_.randrange(len(raw) // 2, len(raw))]


def _twice(random_: random.Random, raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    at = random_.randrange(len(lines))
    return b"".join([*lines[:at], lines[at], *lines[at:]])


def _swap(random_: random.Random, raw: bytes) -> bytes:
    """Write one line with another delimiter."""
    lines = raw.splitlines(keepends=True)
    at = random_.randrange(len(lines))
    one, other = random_.sample([b",", b";", b"\t", b"|"], 2)
    lines[at] = lines[at].replace(one, other)
    return b"".join(lines)


def _drop(random_: random.Random, raw: bytes) -> bytes:
    size = random_.randrange(1, 40)
    at = _at(random_, raw)
    return raw[:at] + raw[at + size :]


CHANGES: list[Change] = [
    _insert(b'"'),
    _insert(b'"'),
    _insert(b","),
    _insert(b";"),
    _insert(b"\n"),
    _insert(b"\r"),
    _insert(b"\r\n\r\n"),
    _insert(b"\0"),
    _insert(b"\xff"),
    _insert(b"\\"),
    _insert(b"'"),
    _insert(b"Total,,,\n"),
    _insert(b'""'),
    _remove(b'"'),
    _remove(b'"'),
    _remove(b","),
    _remove(b";"),
    _remove(b"\n"),
    _remove(b"\r"),
    _flip,
    _cut,
    _twice,
    _swap,
    _drop,
]


def mutant(seed: int, good: list[Base]) -> tuple[Base, bytes]:
    """Return a good file and the same with one change, or a few."""
    random_ = random.Random(seed)
    base = random_.choice(good)
    raw = base.content
    for _ in range(1 if seed % 3 else random_.randint(2, 6)):
        raw = random_.choice(CHANGES)(random_, raw) or b"x"
    return base, raw


def faults(found: Reading, raw: bytes) -> list[str]:
    """Return what does not hold: the ledger closes and every line with text is in one place."""
    if found.refused is not None:
        return []
    numbers: list[tuple[int, int]] = []
    for batch in found.batches():
        numbers += zip(*(column.to_pylist() for column in batch.columns[:2]), strict=True)
    aside = found.aside_table().to_pylist()
    every = sorted([number for number, _ in numbers] + [one["record"] for one in aside])
    if every != list(range(1, found.records + 1)):
        return [f"records are not numbered once each: {every[:50]}"]
    texts = found.raw([number for number, _ in numbers])
    placed = [(line, texts[number]) for number, line in numbers]
    placed += [(one["line"], one["raw"]) for one in aside]
    ends = {"CR": ["\r*\n|\r"], "mixed": ["\r*\n|\r", "\r*\n"]}
    tried = [
        _uncovered(found, raw, placed, re.compile(one))
        for one in ends.get(found.dialect.newline, ["\r*\n"])
    ]
    return min(tried, key=len)


def _uncovered(
    found: Reading, raw: bytes, placed: list[tuple[int, str]], ends: re.Pattern[str]
) -> list[str]:
    """Return the lines with text that are in no record or in two."""
    covered = [at for line, text in placed for at in range(line, line + len(ends.split(text)))]
    first = min(covered, default=1 << 30)
    lines = ends.split(raw.decode("utf-8", "backslashreplace"))
    twice = [line for line, count in Counter(covered).items() if count > 1]
    # A lone CR ends a record where that gives it the right width, but it ends no line.
    said = [f"line {line} is in two records" for line in twice if "\r" not in lines[line - 1]]
    for number, line in enumerate(lines, start=1):
        comment = found.dialect.comment and line.startswith(found.dialect.comment)
        if number in set(covered) or not line.strip(_NOTHING) or comment:
            continue
        named = found.dialect.header or found.dialect.skip
        if number > first or not named:
            said.append(f"line {number} is in no record: {line[:60]!r}")
    return said


def foreign(found: Reading, base: Base) -> Rows:
    """Return accepted records that are none of the good file's."""
    good = set(base.rows)
    return [row for row in map(tuple, found.rows()) if row not in good]
