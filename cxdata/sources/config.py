"""The settings: ``cxdata.toml`` and ``CXDATA_*`` variables, which win.

Every setting is a line of :class:`Settings`. Keep the database's URL in ``CXDATA_SQL_URL``: what is
in a file is read by more people.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from cxdata.model.errors import ConfigError
from cxdata.model.tables import CURATED
from cxdata.sources.address import Address

Kind = Literal["auto", "store", "folder", "sql"]
FILE = "cxdata.toml"
PREFIX = "CXDATA_"
ELSEWHERE = frozenset({"CONFIG", "SHARED"})
"""Variables with the prefix that are no settings: the file's path, and what tests use."""


@dataclass(frozen=True)
class Place:
    """One place that holds tables: a store or folder (``data``), or a database (``sql_url``).

    ``names`` maps a curated table to its name in the database.
    """

    kind: Kind = "auto"
    data: Path = Path("data")
    sql_url: Address | None = None
    schema: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """Everything that may be set, with its default."""

    place: Place = Place()
    """Where tables are unless ``tables`` says otherwise: keys source, data, sql_url, schema."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Further places by name: sections ``[sources.NAME]``."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """Which table is in which further place: section ``[tables]``."""
    marts_schema: str = "cxdata_marts"
    """Schema for the summaries in a SQL database."""
    marts_folder: Path | None = None
    """Folder for the summaries of files; inside the data folder where not set."""
    cache_folder: Path | None = None
    """Folder for copies of remote tables in a mix; inside the data folder where not set."""
    time_zone: str = "UTC"
    """IANA zone of business dates."""
    currency: str | None = None
    """Reporting currency (ISO 4217); the data's only one where not set."""
    fiscal_year_start: int = 1
    """First month of the fiscal year, 1 to 12."""
    grace_days: int = 7
    """Days between two terms of a customer that still count as uninterrupted."""
    paused_counts_active: bool = True
    """Whether a paused subscription keeps its customer active."""
    lapse_days: int | None = None
    """W: days without a purchase after which a customer without a contract is lost."""
    k_min: int = 5
    """Fewest people in a figure that is shown."""
    exposure_days: int = 90
    """L: days before a period in which a journey counts as met."""
    repeat_days: int = 7
    """Days in which a second contact for the same reason is a repeat."""
    journal: Address | None = None
    """Database of views, stories, decisions and marks; a file in the data folder where not set."""
    memory_limit: str = ""
    """Memory for the embedded engine ("8GB"); half of the machine where not set."""
    statement_seconds: int = 30
    """Longest that one reading statement may take."""


def load(path: Path | str | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a file (``cxdata.toml`` where it exists) and of the environment."""
    environ = os.environ if environ is None else environ
    named = path or environ.get(f"{PREFIX}CONFIG")
    file = Path(named or FILE)
    if named and not file.is_file():
        raise ConfigError(f"There is no configuration file {file.name}.")
    return settings_of(_read(file) if file.is_file() else {}, environ, file.parent)


def settings_of(
    content: Mapping[str, Any], environ: Mapping[str, str], folder: Path = Path()
) -> Settings:
    """Return the settings of a parsed file and an environment; paths are relative to ``folder``."""
    sections = {"names", "sources", "tables"}
    _refuse_unknown(content, {*_PLACE, *_SCALARS, *sections}, "setting")
    given = {name: value for name, value in content.items() if name not in sections}
    places = dict(_section(content, "sources"))
    for name, section in places.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            raise ConfigError(
                f"[sources.{name}] must be named by letters, digits and underscores alone."
            )
        if not isinstance(section, dict):
            raise ConfigError(f"[sources.{name}] must be a section of its own.")
    _take_environment(given, places, environ)
    return Settings(
        place=_place(given, _section(content, "names"), folder, ""),
        places={
            name: _place(section, section.get("names", {}), folder, f"sources.{name}.")
            for name, section in places.items()
        },
        tables=_homes(_section(content, "tables"), places),
        **{
            name: parse(given[name], name, folder)
            for name, parse in _SCALARS.items()
            if name in given
        },
    )


# -- one value -------------------------------------------------------------------------------------


def _text(value: Any, name: str, folder: Path) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be text, not {value!r}.")
    return value


def _some_text(value: Any, name: str, folder: Path) -> str | None:
    return _text(value, name, folder) or None


def _path(value: Any, name: str, folder: Path) -> Path:
    return folder / Path(_text(value, name, folder)).expanduser()


def _whole(low: int, high: int) -> Callable[[Any, str, Path], int]:
    def parse(value: Any, name: str, folder: Path) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
            raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
        return number

    return parse


def _yes_or_no(value: Any, name: str, folder: Path) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    found = value if isinstance(value, bool) else known.get(str(value).strip().lower())
    if found is None:
        raise ConfigError(f"{name} must be true or false, not {value!r}.")
    return found


def _zone(value: Any, name: str, folder: Path) -> str:
    zone = _text(value, name, folder)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ConfigError(
            f"{name} must be an IANA time zone such as Europe/Zurich, not {zone!r}."
        ) from None
    return zone


def _currency(value: Any, name: str, folder: Path) -> str | None:
    code = _text(value, name, folder)
    if code and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise ConfigError(f"{name} must be a currency code such as EUR, not {code!r}.")
    return code or None


def _kind(value: Any, name: str, folder: Path) -> str:
    if value not in get_args(Kind):
        raise ConfigError(f"{name} must be {', '.join(get_args(Kind))}; not {value!r}.")
    return str(value)


def _address(value: Any, name: str, folder: Path) -> Address | None:
    return Address.parse(value, name) if isinstance(value, str) and value else None


_Parse = Callable[[Any, str, Path], Any]

_PLACE: dict[str, _Parse] = {
    "source": _kind,
    "data": _path,
    "sql_url": _address,
    "schema": _some_text,
}

_SCALARS: dict[str, _Parse] = {
    "marts_schema": _text,
    "marts_folder": _path,
    "cache_folder": _path,
    "time_zone": _zone,
    "currency": _currency,
    "fiscal_year_start": _whole(1, 12),
    "grace_days": _whole(0, 366),
    "paused_counts_active": _yes_or_no,
    "lapse_days": _whole(1, 3660),
    "k_min": _whole(3, 1000),
    "exposure_days": _whole(1, 366),
    "repeat_days": _whole(1, 366),
    "journal": _address,
    "memory_limit": _text,
    "statement_seconds": _whole(1, 3600),
}

# -- sections --------------------------------------------------------------------------------------


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file.name} is not valid TOML: {error}.") from error
    except OSError as error:
        raise ConfigError(f"{file.name} cannot be read ({error.strerror}).") from error


def _section(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, Mapping):
        raise ConfigError(f"[{name}] must be a section, not {section!r}.")
    return section


def _take_environment(
    given: dict[str, Any], places: dict[str, Any], environ: Mapping[str, str]
) -> None:
    """Lay the variables over the file; ``CXDATA_SOURCES_CRM_DATA`` is for ``[sources.crm]``."""
    scalars = {name.upper(): name for name in (*_PLACE, *_SCALARS)}
    of_places = {
        f"SOURCES_{name.upper()}_{key.upper()}": (name, key) for name in places for key in _PLACE
    }
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable.removeprefix(PREFIX) in ELSEWHERE:
            continue
        key = variable.removeprefix(PREFIX)
        if key in scalars:
            given[scalars[key]] = value
        elif key in of_places:
            name, setting = of_places[key]
            places[name] = {**places[name], setting: value}
        else:
            _refuse_unknown([key], {*scalars, *of_places}, "variable", prefix=PREFIX)


def _place(given: Mapping[str, Any], names: Any, folder: Path, prefix: str) -> Place:
    if prefix:
        _refuse_unknown(given, {*_PLACE, "names"}, "setting", prefix=prefix)
    if not isinstance(names, Mapping):
        raise ConfigError(f"[{prefix}names] must be a section, not {names!r}.")
    _refuse_unknown(names, CURATED.tables, "table", prefix=f"{prefix}names.")
    read = {
        name: parse(given[name], f"{prefix}{name}", folder)
        for name, parse in _PLACE.items()
        if name in given
    }
    kind = read.pop("source", "auto")
    read.setdefault("data", folder / "data")
    if kind == "sql" and not read.get("sql_url"):
        raise ConfigError(
            f"{prefix}source is sql but there is no database URL. "
            f"Set {PREFIX}{prefix.replace('.', '_').upper()}SQL_URL."
        )
    return Place(
        kind="sql" if kind == "auto" and read.get("sql_url") else kind,
        names={
            name: _text(value, f"{prefix}names.{name}", folder) for name, value in names.items()
        },
        **read,
    )


def _homes(tables: Mapping[str, Any], places: Mapping[str, Any]) -> dict[str, str]:
    _refuse_unknown(tables, CURATED.tables, "table", prefix="tables.")
    for table, place in tables.items():
        if place not in places:
            known = ", ".join(sorted(places)) or "none"
            raise ConfigError(
                f"tables.{table} names the source {place!r}, which has no section "
                f"[sources.{place}]. Known: {known}."
            )
    return dict(tables)


def _refuse_unknown(
    given: Iterable[str], known: Iterable[str], what: str, prefix: str = ""
) -> None:
    names = sorted(known)
    for name in given:
        if name in names:
            continue
        near = get_close_matches(name, names, n=3, cutoff=0.6)
        hint = (
            f"Did you mean {' or '.join(prefix + found for found in near)}?"
            if near
            else (f"Known: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}.")
        )
        raise ConfigError(f"There is no {what} {prefix}{name}. {hint}")


def describe(settings: Settings) -> dict[str, str]:
    """Return every setting as text for a person; secrets are masked."""
    return {item.name: str(getattr(settings, item.name)) for item in fields(settings)}
