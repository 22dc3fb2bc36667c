"""The manifest of a pack: its numbers, scope, definitions, data version and checksums, sealed.

Whoever holds a pack can see with it whether a file was changed, and whoever has the data can see
whether the numbers are those of the data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from cxdata import __version__
from cxdata.exports.pack import Pack
from cxdata.exports.reading import read
from cxdata.exports.sheet import Sheet
from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story, View
from cxdata.model.summaries import METHOD

FILE: Final = "manifest.json"
FORMAT: Final = 1

Manifest = dict[str, Any]


def manifest(pack: Pack, files: Mapping[str, bytes]) -> Manifest:
    """Return the manifest of a pack and its files; its views name the periods that they showed."""
    content: Manifest = {
        "format": FORMAT,
        "product": __version__,
        "method": METHOD,
        "made_at": pack.made_at.isoformat(),
        "story": {
            "name": pack.story.name,
            "id": pack.story.id,
            "number": pack.story.number,
            "slides": [asdict(scene.pinned) for scene in pack.scenes],
        },
        "data": {
            "version": pack.state.id,
            "name": pack.state.name,
            "through": pack.state.through.isoformat() if pack.state.through else None,
            "currency": pack.form.currency,
        },
        "views": [
            {
                "place": scene.place,
                "page": scene.page.path,
                "panel": scene.panel,
                "title": scene.title,
                "scope": scene.words,
                "period": scene.scope.period.key,
                "version": scene.state.id,
                "metrics": [one.metric for one in scene.definitions],
                "figures": _sheet(scene.data),
                "tiles": _sheet(scene.wall),
            }
            for scene in pack.scenes
        ],
        "left_out": list(pack.left_out),
        "definitions": [asdict(one) for one in pack.definitions],
        "files": {
            name: {
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                "says": read(name, data),
            }
            for name, data in sorted(files.items())
        },
    }
    return {**content, "seal": seal(content)}


def seal(content: Mapping[str, Any]) -> str:
    """Return the checksum of everything that a manifest says."""
    said = {name: value for name, value in content.items() if name != "seal"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def written(content: Manifest) -> bytes:
    """Return a manifest as its file."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def opened(folder: Path) -> Manifest:
    """Read the manifest of a pack.

    Raises:
        CxError: there is none, or it cannot be read.
    """
    path = folder if folder.is_file() else folder / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CxError(f"There is no {FILE} in {folder}; name the folder of a pack.") from None
    except (OSError, ValueError) as error:
        raise CxError(f"{path.name} in {folder} cannot be read as a manifest.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CxError(f"{path.name} is no manifest that this version of the product can read.")
    return content


def story_of(content: Manifest) -> Story:
    """Return the story that a pack tells."""
    told = content["story"]
    slides = (
        Slide(View(**one["view"]), one["title"], one["takeaway"], one["notes"])
        for one in told["slides"]
    )
    return Story(told["name"], tuple(slides), told["id"], told["number"])


def _sheet(table: Sheet | None) -> dict[str, Any] | None:
    if table is None:
        return None
    columns = [
        {"name": c.name, "label": c.label, "unit": c.unit.value if c.unit else None}
        for c in table.columns
    ]
    return {"columns": columns, "rows": [list(row) for row in table.rows]}
