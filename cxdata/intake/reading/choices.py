"""The choices a reader may state: each overrules one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxdata.model.errors import IntakeError, UnknownName

_TEXT = ("encoding", "delimiter", "quote", "escape", "comment", "member", "sheet")
KNOWN = (*_TEXT, "header", "skip")
"""The choices of reading; those of a column or a value carry a colon (``column:amount:decimal``)
or are answers to questions about values."""

_NAMED = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "none": "",
}

VALUES = frozenset(
    {
        "currency",
        "date_formats",
        "date_order",
        "decimal",
        "epoch",
        "kind",
        "missing",
        "percent",
        "ruined",
        "serial",
        "thousands",
        "zone",
    }
)
"""Choices about values that hold for all columns."""


def checked(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices with None left out, delimiters by name as themselves.

    Raises:
        IntakeError: a choice is unknown or its value makes no sense.
    """
    found: dict[str, Any] = {}
    for key, value in choices.items():
        if value is None:
            continue
        if key not in KNOWN and key not in VALUES and ":" not in key:
            raise IntakeError(str(UnknownName("choice", key, KNOWN)))
        found[key] = _value(key, value)
    return found


def _value(key: str, value: Any) -> Any:
    if key in ("header", "skip"):
        return _number(key, value)
    if key not in _TEXT:
        return value
    if not isinstance(value, str):
        raise IntakeError(f"The choice {key} is a text, not {value!r}.")
    if key in ("delimiter", "quote", "escape", "comment"):
        value = _NAMED.get(value.casefold(), value)
        if len(value) > 8 or any(sign in value for sign in "\r\n\0"):
            raise IntakeError(f"{value[:20]!r} cannot be the {key}: it is a few characters.")
        if key in ("quote", "escape") and len(value.encode()) > 1:
            raise IntakeError(f"The {key} is one plain character or nothing, not {value!r}.")
    return value


def _number(key: str, value: Any) -> int:
    words = {"true": 1, "yes": 1, "false": 0, "no": 0}
    if isinstance(value, str):
        value = words.get(value.casefold(), value)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= (10 if key == "header" else 1_000_000):
        raise IntakeError(f"The choice {key} is a small number from 0 on, not {value!r}.")
    return number
