"""Customers in motion: the bridge, the cohort triangle, and how long customers stay."""

from __future__ import annotations

from typing import Final

import pandas as pd

from cxdata.analysis.bridge import bridge as bridge_lines
from cxdata.analysis.cohorts import cohorts as cohort_cells
from cxdata.analysis.survival import survival as survival_curve
from cxdata.charts.bridge import bridge as bridge_chart
from cxdata.charts.cohort import cohort as cohort_chart
from cxdata.charts.survival import survival as survival_chart
from cxdata.charts.theme import Caption
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.ui import data, picture
from cxdata.ui.build.figures import choices
from cxdata.ui.data import Ticket
from cxdata.ui.picture import Column, Picture

_UNITS: Final = {"heads": Unit.CUSTOMERS, "money": Unit.MONEY}


def bridge(ticket: Ticket, scope: Scope, measure: str) -> Picture:
    """Return the bridge of a period in heads or in money."""
    unit, form = _UNITS[measure], choices(ticket).format
    lines = bridge_lines(data.gate(ticket), scope, measure)
    worded = lines.assign(
        text=[
            picture.say(form, line.value, unit)
            if line.is_total
            else picture.say_change(form, line.value, unit)
            for line in lines.itertuples()
        ]
    )
    title = bridge_title(lines, unit, scope.period.label, form)
    what = "customers" if unit is Unit.CUSTOMERS else f"recurring revenue, in {form.currency}"
    caption = Caption(
        title, f"From opening to closing, {what}; bars are cut to show the steps", title
    )
    chart = bridge_chart(worded, caption, number_format=",d" if unit is Unit.CUSTOMERS else "~s")
    return picture.picture(
        chart, caption, worded, [Column("line", "Line"), Column("value", "Figure", unit)]
    )


def bridge_title(lines: pd.DataFrame, unit: Unit, period: str, form: Format) -> str:
    """Say the net of a bridge in one sentence."""
    totals = lines.loc[lines["is_total"], "value"]
    if len(totals) < 2:
        return f"No bridge for {period}"
    net = float(totals.iloc[-1]) - float(totals.iloc[0])
    size = picture.say(form, abs(net), unit)
    if unit is Unit.CUSTOMERS:
        return (
            f"{size} more customers at the end of {period} than at its start"
            if net > 0
            else f"{size} fewer customers at the end of {period} than at its start"
            if net < 0
            else f"As many customers at the end of {period} as at its start"
        )
    way = "higher" if net > 0 else "lower" if net < 0 else "unchanged"
    return f"Recurring revenue {'' if not net else size + ' '}{way} at the end of {period}"


def cohorts(ticket: Ticket, scope: Scope) -> Picture:
    """Return the cohort triangle."""
    form = choices(ticket).format
    cells = cohort_cells(data.gate(ticket), scope)
    worded = cells.assign(text=[form.value(value, Unit.SHARE) for value in cells["estimate"]])
    title = cohort_title(worded, form)
    caption = Caption(
        title, "Share of each starting month's customers still there; blank: not yet known", title
    )
    chart = cohort_chart(worded, caption, age_title="Months since they started")
    columns = [
        Column("cohort", "Started"),
        Column("age", "Months later", Unit.COUNT),
        Column("estimate", "Still here", Unit.SHARE),
        Column("n", "Started with", Unit.COUNT),
    ]
    return picture.picture(chart, caption, worded.dropna(subset=["estimate"]), columns)


def cohort_title(cells: pd.DataFrame, form: Format) -> str:
    """Say what is left of the newest cohort that is a year old, or of the oldest there is."""
    known = cells.dropna(subset=["estimate"])
    if known.empty:
        return "Customers kept by starting month"
    age = 12 if (known["age"] == 12).any() else int(known["age"].max())
    newest = known.loc[known["age"] == age].iloc[-1]
    return (
        f"Of those who started in {newest['cohort']}, {form.value(newest['estimate'], Unit.SHARE)} "
        f"were still here {age} months later (n = {int(newest['n']):,})"
    )


def survival(ticket: Ticket, scope: Scope) -> Picture:
    """Return the share of customers still there at each age."""
    form = choices(ticket).format
    curve = survival_curve(data.gate(ticket), scope)
    worded = curve.assign(text=[form.value(value, Unit.SHARE) for value in curve["estimate"]])
    title = survival_title(worded)
    caption = Caption(title, "Share of customers still there, with 95 % interval", title)
    chart = survival_chart(worded, caption, age_title="Months as a customer")
    columns = [
        Column("age", "Months", Unit.COUNT),
        Column("estimate", "Still here", Unit.SHARE),
        Column("lo", "Low (95 %)", Unit.SHARE),
        Column("hi", "High (95 %)", Unit.SHARE),
        Column("n", "Observed", Unit.COUNT),
    ]
    return picture.picture(chart, caption, worded, columns)


def survival_title(curve: pd.DataFrame) -> str:
    """Say when half are gone; where that is not yet known, what is left at the last age."""
    below = curve.loc[curve["estimate"] <= 0.5]
    if not below.empty:
        return f"Half of customers leave within {int(below['age'].iloc[0])} months"
    if curve.empty:
        return "How long customers stay"
    last = curve.iloc[-1]
    return f"{last['text']} of customers are still here after {int(last['age'])} months"
