"""The floor: a bare Streamlit page with the Overview's tiles and charts, all of them literals.

No page of the product that draws these can be faster than this. ``benchmarks.record`` writes the
literals; ``BENCH_LITERALS`` names the file.
"""

from __future__ import annotations

import os
import pickle
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def literals() -> dict[str, Any]:
    return pickle.loads(Path(os.environ["BENCH_LITERALS"]).read_bytes())


st.set_page_config(page_title="Floor", layout="wide")
known = literals()
period = st.selectbox(
    "Period", known["periods"], index=known["periods"].index(known["start"]), key="period"
)
view = known["views"].get(period) or known["views"][known["start"]]
st.title("The floor")
with st.grid(4, min_column_width=220, gap="small"):
    for tile in view["tiles"]:
        with st.container(border=True):
            st.metric(**tile)
with st.grid(2, min_column_width=420, gap="small"):
    for place, spec in enumerate(view["charts"]):
        st.vega_lite_chart(spec=spec, key=f"chart-{place}")
