"""Numbers as people write them: what one value proves, and the SQL that reads a column of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxdata.intake.values.currencies import TOKENS
from cxdata.intake.values.sql import literal
from cxdata.intake.values.words import SPACES
from cxdata.intake.values.writing import Writing

GROUP_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'’"
_GROUPS = GROUP_SPACES + _APOSTROPHES
_MARKS = f".,{_GROUPS}"
_MINUS = "\\-−"
_TOKEN = "|".join(re.escape(one) for one in TOKENS)
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<before>[+{_MINUS}])?\s*(?P<sign>{_TOKEN})?\s*(?P<inner>[+{_MINUS}])?\s*"
    rf"(?P<core>\d(?:[\d{_MARKS}]*\d)?|[.,]\d+)(?P<power>[eE][+-]?\d+)?"
    rf"\s*(?P<percent>%)?\s*(?P<after>[{_MINUS}])?\s*(?P<code>{_TOKEN})?"
    rf"\s*(?P<last>[{_MINUS}])?\s*(?P<close>\))?",
)
_INDIAN = re.compile(r"\d{1,3}(?:,\d{2})*,\d{3}")
_LABELLED = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*[-–—:=.)(|]\s*([^\W\d].*)", re.DOTALL)


@dataclass(frozen=True)
class Number:
    """What one written number shows of its notation.

    ``decimal`` and ``group`` hold marks that the value itself proves; ``unclear`` the mark of a
    value such as ``1.234``, which may be either. ``digits`` counts digits before the decimals.
    """

    decimal: str = ""
    group: str = ""
    unclear: str = ""
    negative: str = ""
    sign: str = ""
    percent: bool = False
    power: str = ""
    digits: int = 0
    whole: bool = False
    leading_zero: bool = False

    @property
    def plain(self) -> bool:
        """Return whether nothing but digits and a minus are written."""
        return self.whole and not (self.group or self.sign or self.percent or self.power)


def number(text: str) -> Number | None:
    """Return what a trimmed text shows as a number, None where it is none.

    >>> number("1.234,50 €").decimal, number("1.234").unclear, number("12-05") is None
    (',', '.', True)
    """
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    negative = _negative(found)
    signs = [one for one in (found["sign"], found["code"]) if one]
    marks = _marks(found["core"])
    if negative is None or len(signs) > 1 or marks is None:
        return None
    decimal, group, unclear = marks
    digits = re.sub(r"\D", "", found["core"].split(decimal)[0] if decimal else found["core"])
    if found["power"] and (group or unclear or signs or found["percent"]):
        return None
    return Number(
        decimal=decimal,
        group=group,
        unclear=unclear,
        negative=negative,
        sign=signs[0] if signs else "",
        percent=bool(found["percent"]),
        power=found["power"] or "",
        digits=len(digits),
        whole=not (decimal or unclear or found["power"]),
        leading_zero=len(digits) > 1 and digits.startswith("0"),
    )


def labelled(text: str) -> str | None:
    """Return the number of an answer such as ``9 - Very satisfied``, None for another text.

    >>> labelled("9 - Very satisfied"), labelled("9 lives")
    ('9', None)
    """
    found = _LABELLED.fullmatch(text)
    return found[1] if found else None


def _negative(found: re.Match[str]) -> str | None:
    """Return how the value says that it is negative; None where it says so twice or half."""
    if bool(found["open"]) != bool(found["close"]):
        return None
    signs = [one for one in (found["before"], found["inner"]) if one]
    ways = [*("()" for _ in [1] if found["open"]), *signs]
    ways += ["1-" for one in (found["after"], found["last"]) if one]
    if len(ways) > 1:
        return None
    return ways[0] if ways and ways[0] != "+" else ""


def _marks(core: str) -> tuple[str, str, str] | None:
    """Return the decimal mark, group mark and unclear mark of digits with marks between."""
    marks = re.findall(rf"[{_MARKS}]", core)
    if not marks:
        return "", "", ""
    parts = re.split(rf"[{_MARKS}]", core)
    kinds = list(dict.fromkeys(marks))
    if len(kinds) == 1:
        return _one_mark(core, kinds[0], parts)
    if len(kinds) > 2 or marks.count(kinds[1]) > 1 or kinds[1] not in ".,":
        return None
    head = core[: core.rindex(kinds[1])]
    return (kinds[1], kinds[0], "") if _grouped(head, kinds[0]) else None


def _one_mark(core: str, mark: str, parts: list[str]) -> tuple[str, str, str] | None:
    if len(parts) > 2 or mark in _GROUPS:
        return ("", mark, "") if _grouped(core, mark) else None
    left, right = parts
    if len(right) != 3 or not 1 <= len(left) <= 3 or left.startswith("0"):
        return mark, "", ""
    return "", "", mark


def _grouped(core: str, mark: str) -> bool:
    return bool(re.fullmatch(_whole_grouped(mark), core)) and not (
        core.startswith("0") and mark in ".,"
    )


def _whole_grouped(mark: str) -> str:
    """Return the pattern of whole digits in groups; commas may group the Indian way."""
    if mark == ",":
        return r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}"
    return rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+"


# --- SQL


def number_pattern(writing: Writing, decimals: int | None = None, power: bool = False) -> str:
    """Return the pattern of a whole value in this writing.

    ``decimals`` is the most that may follow the decimal sign, zeros at the end aside.
    """
    core = _core_pattern(writing, decimals) + (r"(?:[eE][+-]?\d+)?" if power else "")
    gap = f"[{GROUP_SPACES}]*"
    minus = "[-−]" if "−" in writing.negative else "-"
    signed = f"(?:[+]|{minus})?"
    if writing.signs:
        sign = f"(?:{'|'.join(re.escape(one) for one in writing.signs)})"
        body = f"(?:{signed}{gap}{sign}{gap}{core}|{sign}{gap}{signed}{core}|{signed}{core}"
        body += f"{gap}{sign}|{signed}{core})"
        bare = f"(?:{sign}{gap}{core}|{core}{gap}{sign}|{core})"
        trailing = f"(?:{bare}{gap}{minus}|{core}{gap}{minus}{gap}{sign})"
    else:
        body, bare, trailing = f"{signed}{core}", core, f"{core}{gap}{minus}"
    if writing.kind == "percent":
        body, bare = f"{body}(?:{gap}%)?", f"{bare}(?:{gap}%)?"
    ways = [body]
    if "()" in writing.negative:
        ways.append(rf"\({gap}{bare}{gap}\)")
    if "1-" in writing.negative:
        ways.append(trailing)
    return f"(?:{'|'.join(ways)})" if len(ways) > 1 else ways[0]


def _core_pattern(writing: Writing, decimals: int | None) -> str:
    grouped = [_whole_grouped(mark) for mark in writing.thousands]
    whole = rf"(?:\d+|{'|'.join(grouped)})" if grouped else r"\d+"
    mark = re.escape(writing.decimal)
    few = r"\d*" if decimals is None else rf"\d{{0,{max(decimals, 0)}}}0*"
    start = r"\d+" if decimals is None else rf"(?:\d{{1,{max(decimals, 1)}}}0*)"
    if decimals is not None and decimals <= 0:
        return rf"{whole}(?:{mark}0*)?"
    return rf"(?:{whole}(?:{mark}{few})?|{mark}{start})"


def plain_sql(text: str, writing: Writing) -> str:
    """Return SQL for a fitting value as plain digits: ``(1.234,50 €)`` as ``-1234.50``."""
    simple = not writing.signs and set(writing.negative) <= {"-"} and writing.kind != "percent"
    if simple:
        plain = text
        for mark in writing.thousands:
            plain = f"replace({plain}, {literal(mark)}, '')"
        if writing.decimal != ".":
            plain = f"replace({plain}, {literal(writing.decimal)}, '.')"
        return plain
    # Dots of signs such as ``kr.`` would be read as a decimal sign, so signs go before marks.
    bare = text
    if any("." in one or "," in one for one in writing.signs):
        dotted = "|".join(re.escape(one) for one in writing.signs)
        bare = f"regexp_replace({text}, {literal(dotted)}, '')"
    digits = f"regexp_replace({bare}, {literal(f'[^0-9eE{writing.decimal}]')}, '', 'g')"
    if writing.signs:
        digits = f"regexp_replace({bare}, {literal(f'[^0-9{writing.decimal}]')}, '', 'g')"
    if writing.decimal != ".":
        digits = f"replace({digits}, {literal(writing.decimal)}, '.')"
    return f"CASE WHEN regexp_matches({text}, '[-−(]') THEN '-' ELSE '' END || {digits}"


def trimmed(text: str) -> str:
    """Return SQL for a text without spaces of any kind around it.

    Trimming many kinds of spaces is slow, so it is left out where there is nothing to trim: the
    text is plain ASCII, begins behind the blank and does not end in one.
    """
    ends = " OR ".join(f"suffix({text}, {literal(one)})" for one in SPACES if one.isascii())
    plain = f"{text} >= '!' AND strlen({text}) = length({text}) AND NOT ({ends})"
    return f"CASE WHEN {plain} THEN {text} ELSE trim({text}, {literal(SPACES)}) END"
