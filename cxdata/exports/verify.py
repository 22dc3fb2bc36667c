"""Whether a pack still says what was made, and whether the data still say so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
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
from cxdata.model.errors import CxError
from cxdata.model.period import Period
from cxdata.model.story import Story
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
    UNTOLD = "cannot be told"


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

    ``tampering`` are sentences about what nobody but a hand can have changed, ``untold`` about
    views that stay at a data version which is no longer there to compare with.
    """

    standing: Standing
    files: int
    numbers: int
    changes: tuple[Change, ...]
    drifts: tuple[Drift, ...]
    tampering: tuple[str, ...]
    untold: tuple[str, ...]
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
    story = story_of(content)
    untold = tuple(_untold(desk, story))
    now = manifest(pack(desk, story, made_at), {})
    found = _compared(content, now, {place for place, _ in untold})
    drifts = tuple(_explained(one, content, desk, causes) for one in found.differing)
    for one, drift in zip(found.differing, drifts, strict=True):
        if content["method"] == METHOD and one.version == one.version_now:
            tampering.append(
                f"view {one.place}: {one.what} is {drift.made}, the data say {drift.now}"
            )
    return Verified(
        standing=_standing(tampering, drifts, untold),
        files=len(content["files"]),
        numbers=found.seen,
        changes=changes,
        drifts=drifts,
        tampering=tuple(tampering),
        untold=tuple(f"view {place}: {why}" for place, why in untold),
        made_from=content["data"]["name"],
        checked_with=now["data"]["name"],
    )


def _standing(
    tampering: Sequence[str], drifts: Sequence[Drift], untold: Sequence[object]
) -> Standing:
    if tampering:
        return Standing.TAMPERED
    if drifts:
        return Standing.DRIFTED
    return Standing.UNTOLD if untold else Standing.AGREES


def _untold(desk: Desk, story: Story) -> Iterator[tuple[int, str]]:
    """Yield each view that stays at a data version which cannot be opened, and why."""
    for place, slide in enumerate(story.slides, 1):
        try:
            desk.at(slide.view.version)
        except CxError as error:
            yield place, str(error)


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


@dataclass(frozen=True)
class _Different:
    """One number of a view that is another now; ``version`` and ``version_now`` told it."""

    view: Mapping[str, Any]
    what: str
    made: Any
    now: Any
    version: str
    version_now: str

    @property
    def place(self) -> int:
        return int(self.view["place"])


@dataclass(frozen=True)
class _Comparison:
    """How many numbers were compared, and those that differ."""

    seen: int
    differing: tuple[_Different, ...]


def _compared(made: Manifest, now: Manifest, untold: Set[int]) -> _Comparison:
    """Compare the numbers of every view, but for those that cannot be told any more."""
    by_scope = {(v["page"], v["panel"], v["scope"]): v for v in now["views"]}
    # Views that cannot be told any more leave their places to those behind them.
    by_place = {} if untold else {(v["page"], v["panel"], v["place"]): v for v in now["views"]}
    seen, found = 0, []
    for view in made["views"]:
        if view["place"] in untold:
            continue
        name = view["page"], view["panel"]
        other = by_place.get((*name, view["place"])) or by_scope.get((*name, view["scope"]))
        for part in ("figures", "tiles"):
            before = dict(_numbers(view[part]))
            after = dict(_numbers(other[part])) if other else {}
            seen += len(before)
            versions = _version(made, view), _version(now, other or {})
            found += [
                _Different(view, what, value, after.get(what), *versions)
                for what, value in before.items()
                if not _equal(value, after.get(what))
            ]
    return _Comparison(seen, tuple(found))


def _version(content: Manifest, view: Mapping[str, Any]) -> str:
    """The data version that a view was told from; packs made before views named theirs have one."""
    return str(view.get("version") or content["data"]["version"])


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


def _explained(one: _Different, made: Manifest, desk: Desk, causes: Causes | None) -> Drift:
    why: set[Cause] = set()
    metrics = one.view["metrics"]
    if made["method"] != METHOD or _redefined(made, metrics):
        why.add(Cause.DEFINITION)
    known = [known_metric(name) for name in metrics if name in registry()]
    if causes and known and one.version != one.version_now:
        tables = frozenset().union(*(tables_of(metric) for metric in known))
        period = Period.parse(one.view["period"], desk.gate.fiscal_start)
        why |= causes(one.version, one.version_now, tables, period)
    ordered = tuple(cause for cause in Cause if cause in why)
    return Drift(one.place, one.what, one.made, one.now, ordered or (Cause.UNKNOWN,))


def _redefined(made: Manifest, metrics: list[str]) -> bool:
    """Whether a metric of a view is made in another way than when the pack was."""
    then = {one["metric"]: (one["words"], one["formula"]) for one in made["definitions"]}
    return any(
        name not in registry()
        or (name in then and then[name] != (registry()[name].definition, registry()[name].formula))
        for name in metrics
    )
