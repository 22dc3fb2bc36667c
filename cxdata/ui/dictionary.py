"""The data dictionary: every table with its columns, and every figure with its definition."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from cxdata.metrics import registry
from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import csv_template, dictionary, everything
from cxdata.ui.text import plain


def tables() -> None:
    """Let a reader choose a table and see its columns, with a template to fill."""
    names = [table.name for table in everything()]
    st.subheader("Tables")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Table", names, key="table", bind="query-params", width=320)
        table = curated(chosen if chosen in names else names[0])
        st.download_button(
            "CSV template",
            data=lambda: csv_template(table),
            file_name=f"{table.name}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    st.caption(plain(f"One row is {table.info['grain']}."))
    entries = pd.DataFrame([asdict(entry) for entry in dictionary(table)]).astype(str)
    st.dataframe(
        entries.replace("None", ""),
        hide_index=True,
        height="content",
        alt=f"Columns of the table {table.name}",
        column_config={"doc": st.column_config.TextColumn("what it holds", width="large")},
    )


def definitions() -> None:
    """List every figure with its unit, direction, definition and formula."""
    st.subheader("Figures")
    rows = [
        {
            "Figure": metric.label,
            "Definition": metric.definition,
            "Formula": metric.formula,
            "Better": {"up": "higher", "down": "lower"}.get(metric.better.value, ""),
            "Name": metric.name,
        }
        for metric in registry().values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        alt="Every figure with its definition",
        column_config={"Definition": st.column_config.TextColumn(width="large")},
    )
