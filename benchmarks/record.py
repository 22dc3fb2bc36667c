"""Record what the Overview draws, period by period: the literals of the floor.

``python -m benchmarks.record FILE PERIODS``, with the data named by ``CXDATA_DATA``. The product
itself is run, session and all, with Streamlit's two drawing calls overheard, so the floor follows
whatever the page shows.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.process import ROOT

View = dict[str, list[dict[str, Any]]]


def record(periods: int) -> dict[str, Any]:
    """Return the newest finished periods and, for each, its tiles and charts."""
    heard: View = {"tiles": [], "charts": []}
    st.metric = _overheard(st.metric, lambda *words, **how: _tile(heard, *words, **how))
    st.vega_lite_chart = _overheard(
        st.vega_lite_chart, lambda **how: heard["charts"].append(how["spec"])
    )
    offered, start = _offered()
    at = offered.index(start)
    labels = offered[at : at + periods]
    views = {}
    for label in labels:
        heard.update(tiles=[], charts=[])
        _session(label)
        views[label] = {name: list(drawn) for name, drawn in heard.items()}
    return {"periods": offered, "start": start, "views": views}


def _tile(heard: View, label: str, value: str, **how: Any) -> None:
    kept = {name: how[name] for name in ("delta", "delta_color", "chart_data", "help")}
    heard["tiles"].append({"label": label, "value": value, **kept})


def _overheard(draw: Callable[..., Any], hear: Callable[..., None]) -> Callable[..., Any]:
    def both(*words: Any, **how: Any) -> Any:
        hear(*words, **how)
        return draw(*words, **how)

    return both


def _session(period: str | None = None) -> AppTest:
    session = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if period is not None:
        session.query_params["period"] = period
    session.run()
    if session.exception:
        raise SystemExit(f"the page fails: {session.exception[0].value}")
    return session


def _offered() -> tuple[list[str], str]:
    st_period = _session().selectbox(key="period")
    return list(st_period.options), str(st_period.value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(record(int(sys.argv[2]))))
