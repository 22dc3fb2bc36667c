"""Frozen dataclasses as JSON and back, so that work in waiting survives a restart."""

from __future__ import annotations

import dataclasses
import json
import os
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cxdata.sources import integrity

Kind = TypeVar("Kind")


def plain(value: Any) -> Any:
    """Return a value as JSON has it: dataclasses as objects, dates in ISO form."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value


def read(kind: Any, value: Any) -> Any:
    """Return what :func:`plain` made of a value of that kind.

    Raises:
        ValueError: a field is missing, or is not what the kind declares.
    """
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return read(next(part for part in parts if part is not types.NoneType), value)
    if origin in (tuple, frozenset):
        inside = parts[: len(value)] if origin is tuple and parts[-1] is not ... else None
        kinds = inside or (parts[0],) * len(value)
        return origin(read(part, one) for part, one in zip(kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {name: read(parts[1], one) for name, one in value.items()}
    if dataclasses.is_dataclass(kind):
        return _object(kind, value)
    return _scalar(kind, value)


def _object(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    try:
        return kind(
            **{
                field.name: read(hints[field.name], value[field.name])
                for field in dataclasses.fields(kind)
                if field.name in value or _is_required(field)
            }
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a {kind.__name__} is incomplete") from error


def _is_required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _scalar(kind: Any, value: Any) -> Any:
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value


def write_record(path: Path, value: Any) -> None:
    """Put a record under a name in one step: a reader finds the old one or the new one, whole."""
    tmp = integrity.temporary(path.parent)
    try:
        with tmp.open("xb") as file:
            file.write(json.dumps(plain(value), indent=1, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(tmp, path)
        integrity.fsync_folder(path.parent)
    finally:
        tmp.unlink(missing_ok=True)


def read_record(path: Path, kind: type[Kind]) -> Kind | None:
    """Return the record of a file; None where there is none that can be read."""
    try:
        found: Kind = read(kind, json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None
    return found
