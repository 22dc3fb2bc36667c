"""What a reader sees of the app, without a browser.

`app.py` is run as every session runs it: where a script run is in progress it shows the frame, so
`AppTest.from_file("app.py")` is the whole product. Pages are opened as a reader opens them: the
frame first, then a page of the menu.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "overview": "pages/outcomes/overview.py",
    "retention": "pages/outcomes/retention.py",
    "spend": "pages/outcomes/spend.py",
    "cost_to_serve": "pages/outcomes/cost_to_serve.py",
    "nps": "pages/outcomes/nps.py",
    "dictionary": "pages/data/dictionary.py",
}
MEETINGS = {
    name: f"pages/meetings/{name}.py" for name in ("stories", "decisions", "events", "present")
}
OUTCOMES = [name for name in PAGES if name != "dictionary"]


class Reader:
    """One session of one reader."""

    def __init__(self, **query: str | list[str]) -> None:
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            self.at.query_params[name] = value
        self.at.run()

    def open(self, page: str) -> Reader:
        """Go to a page of the menu."""
        self.at.switch_page((PAGES | MEETINGS)[page])
        self.at.run()
        return self

    @property
    def words(self) -> str:
        """Every word on the page outside charts and tables, without escapes."""
        kinds = (
            self.at.title, self.at.subheader, self.at.markdown, self.at.caption, self.at.info,
            self.at.warning, self.at.error,
        )  # fmt: skip
        found = [str(element.value) for kind in kinds for element in kind]
        found += [f"{tile.label} {tile.value} {tile.delta}" for tile in self.at.metric]
        found += [str(alert.proto.title) for kind in kinds[4:] for alert in kind]
        return "\n".join(found).replace("\\", "").replace("\u2060", "")

    @property
    def tiles(self) -> dict[str, str]:
        """Figures by their label."""
        return {tile.label.replace("\\", ""): tile.value for tile in self.at.metric}

    @property
    def charts(self) -> list[dict[str, Any]]:
        """The specification of every chart."""
        return [json.loads(chart.proto.spec) for chart in self.at.get("vega_lite_chart")]

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """Every row of every chart, as it is sent to the browser."""
        return [
            row
            for chart in self.at.get("vega_lite_chart")
            for dataset in chart.proto.datasets
            for row in pa.ipc.open_stream(dataset.data.data).read_all().to_pylist()
        ]

    @property
    def faults(self) -> list[str]:
        """What went wrong: uncaught exceptions, and panels that failed without a known reason."""
        uncaught = [str(problem.value) for problem in self.at.exception]
        unknown = [alert.value for alert in self.at.warning if "Reference" in alert.value]
        return uncaught + unknown
