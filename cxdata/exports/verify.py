"""Whether a pack still says what was made, and whether the data still say so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cxdata.analysis.restatement import Cause
from cxdata.exports.manifest import Manifest, manifest, opened, seal, story_of
from cxdata.exports.pack import pack
from cxdata.exports.reading import read
from cxdata.metrics import metric as known_metric
from cxdata.metrics import registry
from cxdata.model.period import Period
from cxdata.model.summaries import METHOD
from cxdata.panels.choices import Desk
from cxdata.panels.restated import Causes, tables_of

_SAID: Final = 12
"""Changes of a file that are told one by one."""


class Standing(StrEnum):
    """What was found about a pack."""

    AGREES = "agrees"
    DRIFTED = "drifted"
    TAMPERED = "tampered"


@dataclass(frozen=True)
class Change:
    """One place of a file that no longer says what was made."""

    file: str
    where: str
    made: str
    found: str


@dataclass(frozen=True)
class Drift:
    """One number that the data give otherwise now, and why."""

    view: int
    what: str
    made: float | None
    now: float | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Verified:
    """What was found: changed places, numbers that differ from the data, and how many were seen.

    ``tampering`` are sentences about what nobody but a hand can have changed.
    """

    standing: Standing
    files: int
    numbers: int
    changes: tuple[Change, ...]
    drifts: tuple[Drift, ...]
    tampering: tuple[str, ...]
    made_from: str
    checked_with: str


def verify(folder: Path, desk: Desk, causes: Causes | None = None) -> Verified:
    """Compare the files of a pack with its manifest, and its manifest with the data.

    ``causes`` says why figures may differ between two data versions, where that is known. Numbers
    that differ at the very version and method they were made with are tampering too.

    Raises:
        CxError: there is no manifest, or the story cannot be told from these data.
    """
    content = opened(folder)
    home = folder if folder.is_dir() else folder.parent
    changes = tuple(_changes(content, home))
    tampering = [f"{one.file}: {one.where}" for one in changes]
    if seal(content) != content.get("seal"):
        tampering.append("manifest.json: its seal does not fit what it says")
    made_at = datetime.fromisoformat(content["made_at"])
    now = manifest(pack(desk, story_of(content), made_at), {})
    seen, differing = _compared(content, now)
    same = (content["data"]["version"], content["method"]) == (now["data"]["version"], METHOD)
    drifts = tuple(_explained(one, content, now, desk, causes) for one in differing)
    if same:
        tampering += [f"view {one.view}: {one.what} is {one.made}, the data say {one.now}"
                      for one in drifts]  # fmt: skip
    standing = Standing.TAMPERED if tampering else Standing.DRIFTED if drifts else Standing.AGREES
    return Verified(
        standing=standing,
        files=len(content["files"]),
        numbers=seen,
        changes=changes,
        drifts=drifts,
        tampering=tuple(tampering),
        made_from=content["data"]["name"],
        checked_with=now["data"]["name"],
    )


def _changes(content: Manifest, home: Path) -> Iterator[Change]:
    """Yield every place in which a file differs from what was made."""
    for name, known in content["files"].items():
        path = home / Path(name).name
        if not path.is_file():
            yield Change(name, "the file is not there", "", "")
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == known["sha256"]:
            continue
        found = list(_differences(name, known["says"], data))
        yield from found[:_SAID]
        if len(found) > _SAID:
            yield Change(name, f"{len(found) - _SAID} more places", "", "")
        if not found:
            yield Change(name, "it is not the file that was made", "", "")


def _differences(name: str, made: Mapping[str, Any] | None, data: bytes) -> Iterator[Change]:
    if made is None:
        return
    try:
        found = read(name, data) or {}
    except Exception:  # whatever a damaged file makes of its reader
        yield Change(name, "it cannot be read any more", "", "")
        return
    for where in {**made, **found}:
        before, after = made.get(where), found.get(where)
        if before != after:
            yield Change(name, where, _plain(before), _plain(after))


def _plain(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _compared(made: Manifest, now: Manifest) -> tuple[int, list[tuple[int, str, Any, Any, Any]]]:
    """Return how many numbers were compared, and those that differ."""
    later = {(v["page"], v["panel"], v["place"]): v for v in now["views"]}
    later |= {(v["page"], v["panel"], v["scope"]): v for v in now["views"]}
    seen, found = 0, []
    for view in made["views"]:
        other = later.get((view["page"], view["panel"], view["place"])) or later.get(
            (view["page"], view["panel"], view["scope"])
        )
        for part in ("figures", "tiles"):
            before = dict(_numbers(view[part]))
            after = dict(_numbers(other[part])) if other else {}
            seen += len(before)
            found += [
                (view["place"], what, value, after.get(what), view)
                for what, value in before.items()
                if not _equal(value, after.get(what))
            ]
    return seen, found


def _numbers(table: Mapping[str, Any] | None) -> Iterator[tuple[str, Any]]:
    """Yield every number of a table by the words of its row and its column."""
    if table is None:
        return
    columns = table["columns"]
    keyed = [at for at, one in enumerate(columns) if one["name"] in _KEYS]
    for row in table["rows"]:
        named = " / ".join(str(row[at]) for at in keyed)
        for at, one in enumerate(columns):
            if one["unit"] is not None and at not in keyed and row[at] is not None:
                yield f"{named}, {one['label']}", row[at]


_KEYS: Final = frozenset(
    {
        "label",
        "name",
        "row",
        "column",
        "line",
        "cohort",
        "age",
        "class",
        "score",
        "period",
        "group",
    }
)


def _equal(one: Any, other: Any) -> bool:
    """Whether two numbers are one but for the last bits, in which engines may add in any order."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


def _explained(
    found: tuple[int, str, Any, Any, Any],
    made: Manifest,
    now: Manifest,
    desk: Desk,
    causes: Causes | None,
) -> Drift:
    place, what, before, after, view = found
    why: set[Cause] = set()
    if made["method"] != METHOD or _redefined(made, view["metrics"]):
        why.add(Cause.DEFINITION)
    versions = made["data"]["version"], now["data"]["version"]
    known = [known_metric(name) for name in view["metrics"] if name in registry()]
    if causes and known and versions[0] != versions[1]:
        tables = frozenset().union(*(tables_of(metric) for metric in known))
        period = Period.parse(view["period"], desk.gate.fiscal_start)
        why |= causes(*versions, tables, period)
    ordered = tuple(cause for cause in Cause if cause in why)
    return Drift(place, what, before, after, ordered or (Cause.UNKNOWN,))


def _redefined(made: Manifest, metrics: list[str]) -> bool:
    """Whether a metric of a view is made in another way than when the pack was."""
    then = {one["metric"]: (one["words"], one["formula"]) for one in made["definitions"]}
    return any(
        name not in registry()
        or (name in then and then[name] != (registry()[name].definition, registry()[name].formula))
        for name in metrics
    )
