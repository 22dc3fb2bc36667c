"""TOML in and out: sections whose settings are checked as they are read, and text written back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cxdata.model.errors import IntakeError, UnknownName

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_WIDTH = 100


def known(where: str, said: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse a setting that nobody reads."""
    allowed = tuple(names)
    for name in said:
        if name not in allowed:
            raise UnknownName(f"setting of {where}", name, allowed)


def section(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section; an absent one is empty."""
    found = said.get(name, {})
    if not isinstance(found, Mapping):
        raise IntakeError(f"{name} is a section with settings, not {found!r}.")
    return found


def sections(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of sections; an absent one is empty."""
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise IntakeError(f"{name} is a list of sections.")
    return found


def text(said: Mapping[str, Any], name: str, default: str = "") -> str:
    """Return a text."""
    found = said.get(name, default)
    if not isinstance(found, str):
        raise IntakeError(f"{name} is a text, not {found!r}.")
    return found


def texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts; one text stands for a list of one."""
    found = said.get(name, [])
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise IntakeError(f"{name} is a list of texts.")
    return tuple(found)


def whole(said: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of 0 or more, or None where it is absent."""
    found = said.get(name)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int) or found < 0):
        raise IntakeError(f"{name} is a whole number, not {found!r}.")
    return found


def yes(said: Mapping[str, Any], name: str) -> bool:
    """Return a truth; an absent one is false."""
    found = said.get(name, False)
    if not isinstance(found, bool):
        raise IntakeError(f"{name} is true or false, not {found!r}.")
    return found


def day(said: Mapping[str, Any], name: str) -> date | None:
    """Return a date, or None where it is absent."""
    found = said.get(name)
    if found is not None and (isinstance(found, datetime) or not isinstance(found, date)):
        raise IntakeError(f"{name} is a date such as 2026-01-31, not {found!r}.")
    return found


def one_of(said: Mapping[str, Any], name: str, allowed: Sequence[str]) -> str:
    """Return one of the texts allowed; an absent one is the first."""
    found = text(said, name, allowed[0])
    if found not in allowed:
        raise UnknownName(name, found, allowed)
    return found


def dump(value: Any) -> str:
    """Return a value as TOML on one line; mappings are inline tables.

    >>> dump({"from": "Order date", "missing": ("?",), "snake": True})
    '{ from = "Order date", missing = ["?"], snake = true }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(_escaped(one) for one in value)}"'
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{dump_key(name)} = {dump(one)}" for name, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(dump(one) for one in value)}]"


def dump_key(name: str) -> str:
    """Return a name as a TOML key.

    >>> dump_key("net_amount"), dump_key("Order date")
    ('net_amount', '"Order date"')
    """
    return name if _BARE.fullmatch(name) else dump(name)


def setting(name: str, value: Any) -> str:
    """Return one line ``name = value``; a long list takes a line for each of its values."""
    line = f"{dump_key(name)} = {dump(value)}"
    if len(line) <= _WIDTH or isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        return line
    return "\n".join([f"{dump_key(name)} = [", *(f"  {dump(one)}," for one in value), "]"])


def _escaped(one: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    return f"\\u{ord(one):04x}" if ord(one) < 32 or ord(one) == 127 else one
