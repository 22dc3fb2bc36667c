"""Dates and times as people write them: the formats one value allows, and the SQL that reads them.

A format is a strptime format in which ``%B`` is the name of a month in any known language.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from cxdata.intake.values.words import MONTHS, folded

EPOCHS = {"epoch-s": 1_000_000, "epoch-ms": 1_000, "epoch-us": 1}
"""Counts since 1970, with the microseconds of one."""

SERIALS = {"excel": "1899-12-30", "excel-1904": "1904-01-01"}
"""Days as spreadsheets count them, with their day 0."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips or placeholders, and do not fit."""

_NAME = r"[^\W\d_]{3,}"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<seconds>:\d{2}(?P<fraction>[.,]\d{1,9})?)?"
    r"(?P<half>\s?[ap]\.?\s?m\.?)?\s*(?P<offset>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
)
_AFTER = rf"(?:(?P<gap>t|,?\s+(?:at\s+|um\s+|à\s+|a\s+las\s+)?){_TIME})?"
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<mark>[-/. ]|\. )(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,4}})\.?{_AFTER}"
)
_BASIC = re.compile(
    r"(?P<date>\d{8})(?:(?P<gap>t)(?P<hour>\d{2})(?P<minute>\d{2})(?P<seconds>\d{2})"
    r"(?P<offset>z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_MONTH_ONLY = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{2})")
_WEEK = re.compile(r"(?P<year>\d{4})-?w(?P<week>\d{2})(?:-(?P<day>[1-7]))?")
_CJK = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
# What surrounds a month's name; the SQL uses the same patterns, in the engine's dialect.
NAMED = {
    "%d %B %Y": (
        r"(?:{name}[.,]{{0,2}}\s+)?(\d{{1,2}})(?:er|st|nd|rd|th|º|°|\.)?[\s./-]*(?:de\s+|of\s+)?"
        r"({name})[.,]{{0,2}}[\s./-]*(?:de\s+|del\s+)?'?(\d{{4}}|\d{{2}})"
    ),
    "%B %d %Y": (
        r"(?:{name}[.,]{{1,2}}\s+)?({name})\.?[\s./-]*(\d{{1,2}})(?:st|nd|rd|th)?,?[\s./-]+"
        r"(\d{{4}}|\d{{2}})"
    ),
    "%Y %B %d": r"(\d{{4}})[\s./-]*({name})\.?[\s./-]*(\d{{1,2}})",
    "%B %Y": r"({name})\.?[\s./-]*'?(\d{{4}}|\d{{2}})",
}
NAMED_ORDER = {"%d %B %Y": "321", "%B %d %Y": "312", "%Y %B %d": "123", "%B %Y": "21"}
NAMED_TIME = r"(?:,?\s+(?:at\s+|um\s+)?(\d{1,2}:.*))?"
_NAMED = {
    written: re.compile(pattern.format(name=_NAME) + NAMED_TIME)
    for written, pattern in NAMED.items()
}


@dataclass(frozen=True)
class Dated:
    """What one written date or time allows.

    ``formats`` are those it may be written in, the likelier first; several only where day and
    month may change places. ``day_first`` and ``month_first`` say which order the value proves;
    ``real`` whether such a day is in the calendar.
    """

    formats: tuple[str, ...]
    day_first: bool = False
    month_first: bool = False
    offset: bool = False
    time: bool = False
    real: bool = True

    @property
    def unclear(self) -> bool:
        """Return whether day and month may change places."""
        return self.real and len(self.formats) > 1


def dated(text: str) -> Dated | None:
    """Return what a trimmed text shows as a date or time, None where it is none.

    >>> dated("31/01/2024").formats, dated("1/2/2024").unclear, dated("2. März 2024").formats
    (('%d/%m/%Y',), True, ('%d %B %Y',))
    """
    if not any(one.isdigit() for one in text[:40]) or len(text) > 60:
        return None
    low = text.lower()
    for pattern, read in _READERS:
        found = pattern.fullmatch(low)
        if found:
            return read(found, text)
    return _named(folded(low))


def _numeric(found: re.Match[str], text: str) -> Dated | None:
    a, mark, b, c = found["a"], found["mark"], found["b"], found["c"]
    time = _time_format(found, text)
    if time is None or (mark == " " and len(a) != 4 and len(c) != 4):
        return None
    dot = "." if found[0][found.end("c") : found.end("c") + 1] == "." else ""
    offset = "%z" in time
    if len(a) == 4 and len(c) <= 2:
        return _year_first(a, mark, b, c, dot + time, offset)
    if len(a) > 2 or len(c) not in (2, 4):
        return None
    year = "%Y" if len(c) == 4 else "%y"
    first, second = int(a), int(b)
    if year == "%y" and first > 31:
        good = 1 <= second <= 12 and 1 <= int(c) <= 31
        return Dated((f"%y{mark}%m{mark}%d{dot}{time}",), False, False, offset, bool(time), good)
    day, month = f"%d{mark}%m{mark}{year}{dot}{time}", f"%m{mark}%d{mark}{year}{dot}{time}"
    if max(first, second) > 31 or (min(first, second) > 12) or 0 in (first, second):
        formats = (day,) if second <= 12 else (month,) if first <= 12 else (day, month)
        return Dated(formats, False, False, offset, bool(time), False)
    full = _full_year(c)
    if first > 12:
        return Dated((day,), True, False, offset, bool(time), _is_day(full, second, first))
    if second > 12:
        return Dated((month,), False, True, offset, bool(time), _is_day(full, first, second))
    return Dated((day, month), False, False, offset, bool(time))


def _year_first(a: str, mark: str, b: str, c: str, time: str, offset: bool) -> Dated:
    good = _is_day(int(a), int(b), int(c))
    return Dated((f"%Y{mark}%m{mark}%d{time}",), False, False, offset, bool(time), good)


def _basic(found: re.Match[str], text: str) -> Dated | None:
    date = found["date"]
    year, month, day = int(date[:4]), int(date[4:6]), int(date[6:])
    if not FIRST_YEAR <= year <= LAST_YEAR or not _is_day(year, month, day):
        return None
    time = "" if not found["gap"] else "T%H%M%S" + ("%z" if found["offset"] else "")
    return Dated(("%Y%m%d" + time,), offset="%z" in time, time=bool(time))


def _month_only(found: re.Match[str], text: str) -> Dated | None:
    year, month = int(found["year"]), int(found["month"])
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    return Dated((f"%Y{found['mark']}%m",)) if found["mark"] != "." else None


def _week(found: re.Match[str], text: str) -> Dated | None:
    between = "-" if "-" in text[:5] else ""
    day = "-%u" if found["day"] else ""
    return Dated((f"%G{between}W%V{day}",), real=1 <= int(found["week"]) <= 53)


def _cjk(found: re.Match[str], text: str) -> Dated | None:
    good = _is_day(int(found["year"]), int(found["month"]), int(found["day"]))
    return Dated(("%Y年%m月%d日",), real=good)


def _named(text: str) -> Dated | None:
    for written, pattern in _NAMED.items():
        found = pattern.fullmatch(text)
        if not found:
            continue
        parts = {place: found[int(place)] for place in NAMED_ORDER[written]}
        ordered = [parts[place] for place in NAMED_ORDER[written]]
        month = MONTHS.get(ordered[1])
        time = _named_time(found[found.re.groups])
        if month is None or time is None:
            continue
        day = int(ordered[2]) if len(ordered) > 2 else 1
        year = "%y" if len(ordered[0]) == 2 else "%Y"
        good = _is_day(_full_year(ordered[0]), month, day)
        written = written.replace("%Y", year) + time
        return Dated((written,), offset="%z" in time, time=bool(time), real=good)
    return None


def _named_time(text: str | None) -> str | None:
    if not text:
        return ""
    found = re.fullmatch(_TIME, text)
    time = _clock(found, text) if found else None
    return f" {time}" if time else None


def _time_format(found: re.Match[str], text: str) -> str | None:
    """Return the format of the time after a date, "" without one, None where it is no time."""
    if not found["gap"]:
        return ""
    clock = _clock(found, text)
    if clock is None:
        return None
    gap = text[found.start("gap") : found.start("hour")]
    return gap + clock


def _clock(found: re.Match[str], text: str) -> str | None:
    hour, half, offset = int(found["hour"]), found["half"], found["offset"]
    if hour > 23 or int(found["minute"]) > 59 or (half and not 1 <= hour <= 12):
        return None
    clock = "%I:%M" if half else "%H:%M"
    if found["seconds"]:
        clock += ":%S"
    if found["fraction"]:
        clock += found["fraction"][0] + "%f"
    if half:
        clock += " %p"
    return clock + (" %z" if offset and _spaced(found) else "%z" if offset else "")


def _spaced(found: re.Match[str]) -> bool:
    return found[0][found.start("offset") - 1] == " "


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= 69 else 2000)


def _is_day(year: int, month: int, day: int) -> bool:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return False
    return 1 <= day <= monthrange(year, month)[1]


_READERS = (
    (_NUMERIC, _numeric),
    (_BASIC, _basic),
    (_MONTH_ONLY, _month_only),
    (_WEEK, _week),
    (_CJK, _cjk),
)
