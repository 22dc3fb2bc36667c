"""How fresh and how complete the data are: in words first, then table by table, then by version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from cxdata.model.errors import CxError, NotAllowed, NotBuilt
from cxdata.publish.room import Room
from cxdata.query import condition
from cxdata.query.gate import Gate
from cxdata.query.quality import left_out, weak
from cxdata.story.condition import NAMES, findings, through
from cxdata.ui import data, faults
from cxdata.ui.intake.words import words
from cxdata.ui.text import plain

_VERSIONS: Final = 12
_MONTHS: Final = 36


def condition_of_the_data(room: Room | None) -> None:
    """Say what there is to say about the data, then show it."""
    if room is not None and room.is_empty:
        st.markdown("Nothing is published, so there is nothing to judge yet.")
        st.page_link("pages/data/upload.py", label="Bring an extract")
        return
    try:
        gate = data.gate(data.opening().ticket)
    except NotBuilt:
        st.markdown("The figures have not been summed up yet; the first visit to Overview does it.")
        st.page_link("pages/outcomes/overview.py", label="Open the overview")
        return
    except CxError as error:
        st.markdown(plain(error))
        if room is not None:
            st.page_link("pages/data/upload.py", label="Bring an extract")
        return
    with faults.calm("Data health"):
        try:
            months = condition.months(gate)
        except NotAllowed:
            months = {}
        matched = condition.matches(months)
        _words(gate, months, matched)
        _tables(gate, months, matched)
    if room is not None:
        with faults.calm("Rows by version"):
            _versions(room)


def _words(
    gate: Gate,
    months: Mapping[str, tuple[condition.MonthRows, ...]],
    matched: Mapping[str, condition.Matches],
) -> None:
    today = datetime.now(UTC).date()
    found = findings(gate.tables, months, gate.lateness, matched, today=today)
    with st.container(gap="xxsmall", width=980):
        for one in found:
            mark = ":orange[●]" if one.is_bad else ":gray[●]"
            st.markdown(f"{mark} {plain(one.text)}")
        for said in (*left_out(gate), *weak(gate)):
            st.markdown(f":orange[●] {plain(said)}")


def _tables(
    gate: Gate,
    months: Mapping[str, tuple[condition.MonthRows, ...]],
    matched: Mapping[str, condition.Matches],
) -> None:
    facts = gate.tables
    names = [name for name in NAMES if name in facts]
    others = sorted(name for name in facts if name not in NAMES)
    rows = [_row(gate, name, months, matched) for name in names]
    with st.container(border=True):
        st.markdown("**Table by table**")
        st.caption(
            "Rows by month of the event, last three years; the last month may be incomplete."
        )
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height="content",
            placeholder="–",
            alt="Every table of events: rows, first day, complete to, and rows by month",
            column_config={
                "Rows": st.column_config.NumberColumn(format="localized", width="small"),
                "First": st.column_config.DateColumn(format="D MMM YYYY"),
                "Complete to": st.column_config.DateColumn(format="D MMM YYYY"),
                "Name a customer": st.column_config.NumberColumn(
                    format="%.1f %%", help="Share of rows that belong to a known customer"
                ),
                "95 % are here after": st.column_config.NumberColumn(format="%d d"),
                "By month": st.column_config.BarChartColumn(y_min=0, width="medium"),
            },
        )
        if others:
            said = ", ".join(f"{words(name)} {facts[name].row_count:,}" for name in others)
            st.caption(plain(f"Besides: {said}."))


def _row(
    gate: Gate,
    name: str,
    months: Mapping[str, tuple[condition.MonthRows, ...]],
    matched: Mapping[str, condition.Matches],
) -> dict[str, Any]:
    facts, late, match = gate.tables[name], gate.lateness.get(name), matched.get(name)
    return {
        "Data": NAMES[name],
        "Rows": facts.row_count,
        "First": facts.first_date,
        "Complete to": through(facts),
        "Known by": "assumed" if facts.is_assumed else "promised by the source",
        "Name a customer": _percent(match),
        "95 % are here after": late.quantile(0.95) if late is not None and late.n else None,
        "By month": [one.rows for one in months.get(name, ())][-_MONTHS:],
    }


def _percent(match: condition.Matches | None) -> float | None:
    return None if match is None or match.share is None else 100 * match.share


def _versions(room: Room) -> None:
    entries = room.history()[:_VERSIONS]
    if len(entries) < 2:
        return
    names = [name for name in NAMES if any(one.rows.get(name) for one in entries)]
    table = pd.DataFrame(
        [
            {
                "Version": one.number,
                "Published": one.at,
                "By": one.user,
                "Customers": one.rows.get("customer", 0),
                **{NAMES[name]: one.rows.get(name, 0) for name in names},
            }
            for one in entries
        ]
    )
    counts = ["Customers", *(NAMES[name] for name in names)]
    with st.container(border=True):
        st.markdown("**Rows by version**")
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            alt="Rows of each table in the newest versions",
            column_config={
                "Version": st.column_config.NumberColumn(width="small"),
                "Published": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
                **{name: st.column_config.NumberColumn(format="localized") for name in counts},
            },
        )
