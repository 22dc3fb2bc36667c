"""SQL that reads dates and times in stated formats.

Every format is guarded by the pattern of what it reads: the engine fails slowly, and a pattern
also keeps out years that only a slip or a placeholder gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxdata.intake.values.dates import (
    EPOCHS,
    FIRST_YEAR,
    LAST_YEAR,
    NAMED,
    NAMED_ORDER,
    NAMED_TIME,
    SERIALS,
)
from cxdata.intake.values.sql import literal
from cxdata.intake.values.words import MONTHS
from cxdata.intake.values.writing import Writing

_YEAR = r"(?:19|2[01])\d{2}"
_OFFSET = r"\s*(?i:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)"
_HALF = r"\s?(?i:[ap]\.?\s?m\.?)"
_PATTERNS = {
    "%Y": _YEAR,
    "%G": _YEAR,
    "%y": r"\d{2}",
    "%m": r"\d{1,2}",
    "%d": r"\d{1,2}",
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%f": r"\d{1,9}",
    "%V": r"\d{2}",
    "%u": r"\d",
    "%p": _HALF,
    "%z": _OFFSET,
}
_ISO = re.compile(r"%Y-%m-%d(?:(?P<gap>[ T])%H:%M:%S(?:\.%f)?(?P<offset>%z)?)?")
_ISO_TIME = r"[ Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?"


@dataclass(frozen=True)
class Way:
    """One way to read a column: the pattern of its texts and the moment they give.

    ``moment`` is a TIMESTAMP, a DATE, or (``instant``) a TIMESTAMP WITH TIME ZONE.
    """

    guard: str
    moment: str
    instant: bool = False


def date_sql(text: str, writing: Writing) -> str:
    """Return the business date: what is written, or an instant's day in the writing's zone."""
    zone = literal(writing.zone or "UTC")
    return _first(
        text,
        [
            (one, f"CAST(timezone({zone}, {one.moment}) AS DATE)" if one.instant else one.moment)
            for one in ways(text, writing)
        ],
        "DATE",
    )


def instant_sql(text: str, writing: Writing) -> str:
    """Return the instant; a local time that the clock skips in the zone does not fit."""
    return _first(
        text,
        [
            (one, one.moment if one.instant else in_zone(one.moment, writing.zone))
            for one in ways(text, writing)
            if one.instant or writing.zone
        ],
        "TIMESTAMPTZ",
    )


def local_sql(text: str, writing: Writing) -> str:
    """Return what the clock said: a TIMESTAMP, NULL where the text carries an offset."""
    found = [(one, one.moment) for one in ways(text, writing) if not one.instant]
    return _first(text, found, "TIMESTAMP")


def in_zone(local: str, zone: str) -> str:
    """Return the instant of a local time, NULL where the clock of the zone skips it."""
    if zone == "UTC":
        return f"make_timestamptz(epoch_us(CAST({local} AS TIMESTAMP)))"
    moment = f"CAST({local} AS TIMESTAMP)"
    instant = f"timezone({literal(zone)}, {moment})"
    return f"CASE WHEN timezone({literal(zone)}, {instant}) = {moment} THEN {instant} END"


def ways(text: str, writing: Writing) -> Iterator[Way]:
    """Give each way of the formats once; formats of one family are read together."""
    seen: set[str] = set()
    for written in writing.date_formats:
        for way in _ways(text, written, writing):
            if way.moment not in seen:
                seen.add(way.moment)
                yield way


def format_pattern(written: str) -> str:
    """Return the pattern of the texts that a format reads.

    >>> format_pattern("%d.%m.%y")
    '\\\\d{1,2}\\\\.\\\\d{1,2}\\\\.\\\\d{2}'
    """
    parts = re.split(r"( ?%[pz]|%[a-zA-Z])", written)
    return "".join(_PATTERNS.get(one.strip(), re.escape(one)) for one in parts)


def _ways(text: str, written: str, writing: Writing) -> Iterator[Way]:
    iso = _ISO.fullmatch(written)
    if iso:
        yield _iso(text, iso)
    elif written in SERIALS:
        yield _serial(text, written, writing)
    elif written in EPOCHS:
        yield _epoch(text, written)
    elif any(written.replace("%y", "%Y").startswith(one) for one in NAMED):
        yield _with_name(text, written)
    elif set(re.findall(r"%.", written)) <= set(_PATTERNS):
        yield Way(format_pattern(written), *_parsed(text, written))
    else:
        yield _stated(text, written)


def _iso(text: str, found: re.Match[str]) -> Way:
    date = rf"{_YEAR}-\d{{1,2}}-\d{{1,2}}"
    if not found["gap"]:
        return Way(date, f"TRY_CAST({text} AS DATE)")
    if not found["offset"]:
        return Way(date + _ISO_TIME, f"TRY_CAST({text} AS TIMESTAMP)")
    zoned = f"regexp_replace({text}, '(?i)\\s*(?:z|utc|gmt)$', '+00:00')"
    return Way(date + _ISO_TIME + _OFFSET, f"TRY_CAST({zoned} AS TIMESTAMPTZ)", True)


def _serial(text: str, written: str, writing: Writing) -> Way:
    plain = f"replace({text}, {literal(writing.decimal)}, '.')"
    milliseconds = f"CAST(round(TRY_CAST({plain} AS DOUBLE) * 86400000) AS BIGINT)"
    return Way(
        rf"\d{{1,6}}(?:{re.escape(writing.decimal)}\d*)?",
        f"TIMESTAMP {literal(SERIALS[written])} + to_milliseconds({milliseconds})",
    )


_EPOCH_DIGITS = {
    "epoch-s": r"\d{9,10}(?:\.\d+)?",
    "epoch-ms": r"\d{12,13}",
    "epoch-us": r"\d{15,16}",
}
"""How many digits a count of the last decades has, so that one unit is never read as another."""


def _epoch(text: str, written: str) -> Way:
    guard = _EPOCH_DIGITS[written]
    microseconds = f"CAST(TRY_CAST({text} AS DECIMAL(24, 6)) * {EPOCHS[written]} AS BIGINT)"
    return Way(guard, f"make_timestamptz({microseconds})", True)


def _stated(text: str, written: str) -> Way:
    """A format that only a recipe states, with directives that evidence never gives."""
    moment = f"try_strptime({text}, {literal(written)})"
    years = f"year({moment}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    return Way(r"(?s:.*)", f"CASE WHEN {years} THEN {moment} END", "%z" in written)


def _parsed(text: str, written: str) -> tuple[str, bool]:
    """Return the moment of a text in a format, and whether it is an instant."""
    if "%f" in written:
        text = f"regexp_replace({text}, '([.,]\\d{{6}})\\d+', '\\1')"
    if "%p" in written:
        written = re.sub(r" ?%p", " %p", written)
        text = f"regexp_replace({text}, '(?i)\\s?([ap])\\.?\\s?m\\.?', ' \\1m')"
    if "%z" in written:
        written = written.replace(" %z", "%z")
        text = f"regexp_replace({text}, '(?i)\\s*(?:z|utc|gmt)$', '+00:00')"
        text = f"regexp_replace({text}, '\\s+([+-]\\d{{2}}(?::?\\d{{2}})?)$', '\\1')"
    if "%V" in written and "%u" not in written:
        text, written = f"{text} || '-1'", f"{written}-%u"
    return f"try_strptime({text}, {literal(written)})", "%z" in written


def _with_name(text: str, written: str) -> Way:
    order = next(one for one in NAMED if written.replace("%y", "%Y").startswith(one))
    clock = written[len(order) :]
    year = "%y" if "%y" in written else "%Y"
    low = f"lower(strip_accents({text}))"
    pattern = NAMED[order].format(name=r"\p{L}{3,}") + NAMED_TIME
    places = [int(one) for one in NAMED_ORDER[order]]
    parts = [f"regexp_extract({low}, {literal(f'^{pattern}$')}, {one})" for one in places]
    names = ", ".join(literal(name) for name in MONTHS)
    numbers = ", ".join(f"'{number:02d}'" for number in MONTHS.values())
    month = f"([{numbers}])[list_position([{names}], {parts[1]})]"
    day = parts[2] if len(parts) > 2 else "'01'"
    canonical = f"{parts[0]} || '-' || {month} || '-' || {day}"
    if clock:
        time = f"regexp_extract({low}, {literal(f'^{pattern}$')}, {max(places) + 1})"
        canonical = f"{canonical} || ' ' || {time}"
    moment, instant = _parsed(f"({canonical})", f"{year}-%m-%d{clock}")
    guard = _name_guard(order, year, clock)
    return Way(guard, moment, instant)


def _name_guard(order: str, year: str, clock: str) -> str:
    pattern = NAMED[order].format(name=r"\p{L}[\p{L}\p{M}]{2,}")
    pattern = pattern.replace(r"(\d{4}|\d{2})", _PATTERNS[year]).replace(r"(\d{4})", _YEAR)
    time = rf",?\s+(?:at\s+|um\s+)?{format_pattern(clock.strip())}" if clock else ""
    return f"(?i:{pattern}{time})"


def _first(text: str, found: Sequence[tuple[Way, str]], sql_type: str) -> str:
    """Return the value of the first way whose pattern the text has; alike patterns share it."""
    if not found:
        return f"CAST(NULL AS {sql_type})"
    guards: dict[str, list[str]] = {}
    for way, value in found:
        guards.setdefault(way.guard, []).append(f"CAST({value} AS {sql_type})")
    cases = " ".join(
        f"WHEN regexp_full_match({text}, {literal(guard)}) THEN "
        + (values[0] if len(values) == 1 else f"coalesce({', '.join(values)})")
        for guard, values in guards.items()
    )
    return f"CASE {cases} END"
