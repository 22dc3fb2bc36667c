"""Charts of the pages for surfaces without Streamlit: one look, plain data, a known size."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from cxdata.charts.theme import resolve
from cxdata.exports import fonts

VEGA_LITE: Final = "6.4"
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]\ufe0f?")
_SNIPPET: Final = "window.draw = vegaEmbed;"
_PACKING: Final = (
    f"import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle('{_SNIPPET}'))"
)


def specification(spec: dict[str, Any], *, width: int | str, height: int | None = None) -> Any:
    """Return a chart's specification in the light look, its rows as plain data.

    ``width`` is in pixels, or ``container``.
    """
    rows = {
        name: table.to_pylist() if hasattr(table, "to_pylist") else table
        for name, table in spec.get("datasets", {}).items()
    }
    found = resolve(_still({**spec, "datasets": rows}), "light")
    found["width"] = width
    found["autosize"] = {"type": "fit", "contains": "padding"}
    if height is not None:
        found["height"] = height
    found["background"] = "transparent"
    return found


def _still(node: Any) -> Any:
    """Take out what leads to a page: a file that is handed over has none to lead to."""
    if isinstance(node, dict):
        return {
            name: value if name == "datasets" else _still(value)
            for name, value in node.items()
            if name != "href"
        }
    return [_still(value) for value in node] if isinstance(node, list) else node


def svg(spec: dict[str, Any], width: int, height: int | None = None) -> str:
    """Draw a chart as SVG, its words as text."""
    import vl_convert

    fonts.known_to_charts()
    found = specification(spec, width=width, height=height)
    found["config"] = {**found.get("config", {}), "font": fonts.STACK}
    try:
        return str(vl_convert.vegalite_to_svg(found, vl_version=VEGA_LITE))
    except ValueError:
        # A name that is cut within an emoji cannot be measured outside a browser.
        plain = json.loads(_ASTRAL.sub("", json.dumps(found, ensure_ascii=False)))
        return str(vl_convert.vegalite_to_svg(plain, vl_version=VEGA_LITE))


@dataclass(frozen=True)
class Bundle:
    """Vega, packed from the files of a wheel by another process while this one goes on."""

    process: subprocess.Popen[str]

    @classmethod
    def begin(cls) -> Bundle:
        """Begin to pack."""
        command = [sys.executable, "-X", "utf8", "-c", _PACKING]
        quiet = subprocess.DEVNULL
        return cls(
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=quiet, text=True, encoding="utf-8"
            )
        )

    def text(self) -> str:
        """Return the script; if the other process failed, pack it here."""
        found, _ = self.process.communicate()
        if self.process.returncode == 0 and found:
            return found
        import vl_convert

        return str(vl_convert.javascript_bundle(_SNIPPET))

    def end(self) -> None:
        """Stop packing, where nobody asked for the script any more."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
