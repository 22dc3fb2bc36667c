"""Customers in motion: the bridge, the cohort triangle, and how long customers stay."""

from __future__ import annotations

import pandas as pd

from cxdata.analysis.bridge import Bridge
from cxdata.analysis.bridge import bridges as bridges_of
from cxdata.analysis.cohorts import cohorts as cohort_cells
from cxdata.analysis.survival import survival as survival_curve
from cxdata.charts.bridge import bridge as bridge_chart
from cxdata.charts.bridge import steps
from cxdata.charts.cohort import cohort as cohort_chart
from cxdata.charts.survival import survival as survival_chart
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.ui import data, picture
from cxdata.ui.data import Ticket
from cxdata.ui.picture import Column, Picture


def bridges(ticket: Ticket, scope: Scope) -> tuple[Picture, Picture]:
    """Return the bridge of a period in heads and in money."""
    form = data.choices(ticket).format
    heads, money = bridges_of(data.gate(ticket), scope)
    return _bridge(heads, form), _bridge(money, form)


def _bridge(found: Bridge, form: Format) -> Picture:
    in_heads = found.unit is Unit.CUSTOMERS
    lines = bridge_rows(found, form)
    title = bridge_title(found, form)
    what = "Customers" if in_heads else f"Recurring revenue, in {form.currency}"
    is_cut = float(steps(lines)["low"].min()) > 0
    caption = Caption(title, f"{what}{'; bars are cut to show the steps' if is_cut else ''}", title)
    chart = bridge_chart(lines, caption, number_format=",d" if in_heads else "~s")
    columns = [Column("line", "Line"), Column("value", "Figure", found.unit)]
    return picture.picture(chart, caption, lines, columns)


def bridge_rows(found: Bridge, form: Format) -> pd.DataFrame:
    """Return the lines of a bridge as a chart draws them."""
    lines = found.lines
    is_total = lines["line"].isin(["start", "end"])
    amounts = [float(amount) for amount in lines["amount"]]
    texts = [
        picture.say(form, amount, found.unit)
        if total
        else picture.say_change(form, amount, found.unit)
        for amount, total in zip(amounts, is_total, strict=True)
    ]
    return pd.DataFrame(
        {"line": lines["label"], "value": amounts, "is_total": is_total, "text": texts}
    )


def bridge_title(found: Bridge, form: Format) -> str:
    """Say the net of a bridge in one sentence."""
    net = float(found.amount("end") - found.amount("start"))
    size = picture.say(form, abs(net), found.unit)
    when = found.period.label
    if found.unit is Unit.CUSTOMERS:
        if not net:
            return f"As many customers as at the start of {when}"
        return f"{size} {'more' if net > 0 else 'fewer'} customers than at the start of {when}"
    if not net:
        return f"Recurring revenue unchanged in {when}"
    return f"Recurring revenue {size} a month {'higher' if net > 0 else 'lower'} in {when}"


def cohorts(ticket: Ticket, scope: Scope) -> Picture:
    """Return the cohort triangle."""
    form = data.choices(ticket).format
    data.gate(ticket).require(known_metric("logo_retention"))
    cells = cohort_cells(data.gate(ticket), scope)
    worded = cells.assign(text=[form.value(value, Unit.SHARE) for value in cells["estimate"]])
    title = cohort_title(worded, form)
    caption = Caption(
        title,
        "Share of each starting month's customers who have never left since; blank: not yet known",
        title,
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
        f"were still here {_months(age)} later (n = {int(newest['n']):,})"
    )


def survival(ticket: Ticket, scope: Scope) -> Picture:
    """Return the share of customers still there at each age."""
    form = data.choices(ticket).format
    data.gate(ticket).require(known_metric("lost_share"))
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
        return f"Half of customers leave within {_months(below['age'].iloc[0])}"
    if curve.empty:
        return "How long customers stay"
    last = curve.iloc[-1]
    return f"{last['text']} of customers are still here after {_months(last['age'])}"


def _months(count: float) -> str:
    return "1 month" if count == 1 else f"{int(count)} months"
