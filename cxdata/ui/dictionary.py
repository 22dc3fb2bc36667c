"""The data dictionary: every table with its columns, and every figure with its definition."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cxdata.metrics import registry
from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import Entry, csv_template, dictionary, everything
from cxdata.ui import cache, faults
from cxdata.ui.data import Ticket
from cxdata.ui.drawer import define
from cxdata.ui.text import plain
from cxdata.ui.view import View


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
    st.caption(plain(table.info["grain"]))
    st.dataframe(
        pd.DataFrame([_row(entry) for entry in dictionary(table)]),
        hide_index=True,
        height="content",
        alt=f"Columns of the table {table.name}",
        column_config={"What it holds": st.column_config.TextColumn(width="large")},
    )


def _row(entry: Entry) -> dict[str, str]:
    return {
        "Column": entry.column,
        "What it holds": entry.doc,
        "Type": entry.type,
        "Needed": "key" if entry.key else "yes" if entry.required else "",
        "When empty": entry.default,
        "Rules": entry.rules,
    }


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
        for metric in sorted(registry().values(), key=lambda metric: metric.label)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        alt="Every figure with its definition",
        column_config={"Definition": st.column_config.TextColumn(width="large")},
    )


def in_full(view: View, ticket: Ticket) -> None:
    """Let a reader choose a figure and see its whole definition, down to the SQL on this engine."""
    names = {metric.label: name for name, metric in registry().items()}
    chosen = st.selectbox("Figure", sorted(names), key="figure", bind="query-params", width=320)
    with faults.calm("Definition"):
        define(
            cache.definition(ticket, view.scope, names.get(chosen) or next(iter(names.values())))
        )
