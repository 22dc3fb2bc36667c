"""Customers in motion: the bridge, the cohort triangle, and how long customers stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from cxdata.analysis.bridge import Bridge
from cxdata.analysis.bridge import bridges as bridges_of
from cxdata.analysis.cohorts import cohorts as cohort_cells
from cxdata.analysis.survival import survival as survival_curve
from cxdata.charts.bridge import bridge as bridge_chart
from cxdata.charts.bridge import is_cut
from cxdata.charts.cohort import cohort as cohort_chart
from cxdata.charts.survival import survival as survival_chart
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels import picture
from cxdata.panels.choices import Desk
from cxdata.panels.picture import Column, Picture
from cxdata.query.gate import Gate


def bridges(desk: Desk, scope: Scope) -> tuple[Picture, Picture]:
    """Return the bridge of a period in heads and in money."""
    form, gate = desk.choices.format, desk.gate
    heads, money = bridges_of(gate, scope)
    is_contract = has_contracts(gate)
    return _bridge(heads, form, is_contract), _bridge(money, form, is_contract)


def has_contracts(gate: Gate) -> bool:
    """Whether contracts say who is a customer and what recurs; without them, purchases do."""
    held = (gate.tables.get(name) for name in ("subscription_period", "revenue_period"))
    return any(facts is not None and facts.row_count > 0 for facts in held)


def _bridge(found: Bridge, form: Format, is_contract: bool) -> Picture:
    in_heads = found.unit is Unit.CUSTOMERS
    lines = bridge_rows(found, form)
    title = bridge_title(found, form, is_contract)
    recurring = "Recurring revenue a month" if is_contract else "Sales of the last 12 months"
    what = "Customers" if in_heads else f"{recurring}, in {form.currency}"
    caption = Caption(title, f"{what}{'; bars do not begin at 0' if is_cut(lines) else ''}", title)
    chart = bridge_chart(
        lines.assign(line=lines["short"]),
        caption,
        number_format=",d" if in_heads else "~s",
        sign="" if in_heads else form.symbol,
    )
    columns = [Column("line", "Line"), Column("value", "Figure", found.unit)]
    drawn = picture.picture(chart, caption, lines, columns)
    return replace(drawn, name=f"Bridge of {'customers' if in_heads else 'revenue'}")


_SHORT: Final = {
    "start": "Start",
    "end": "End",
    "transfers_in": "Moved in",
    "transfers_out": "Moved out",
    "adjustment": "Other",
    "fx": "Rates",
    "new": "New",
    "churn": "Lost",
}
"""Names of lines where eleven stand beside each other; the table has the full ones."""


def bridge_rows(found: Bridge, form: Format) -> pd.DataFrame:
    """Return the lines of a bridge as a chart draws them; ``short`` is the name in the chart."""
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
        {
            "line": lines["label"],
            "short": [
                _SHORT.get(line, label)
                for line, label in zip(lines["line"], lines["label"], strict=True)
            ],
            "value": amounts,
            "is_total": is_total,
            "text": texts,
        }
    )


def bridge_title(found: Bridge, form: Format, is_contract: bool = True) -> str:
    """Say the net of a bridge in one sentence.

    Without contracts nothing recurs, and the money is that of the last twelve months' sales.
    """
    net = float(found.amount("end") - found.amount("start"))
    size = picture.say(form, abs(net), found.unit)
    when = found.period.label
    if found.unit is Unit.CUSTOMERS:
        if not net:
            return f"As many customers as at the start of {when}"
        return f"{size} {'more' if net > 0 else 'fewer'} customers than at the start of {when}"
    what = "Recurring revenue" if is_contract else "Sales of the last 12 months"
    if not net:
        return f"{what} unchanged in {when}"
    each = " a month" if is_contract else ""
    return f"{what} {size}{each} {'higher' if net > 0 else 'lower'} in {when}"


def cohorts(desk: Desk, scope: Scope) -> Picture:
    """Return the cohort triangle."""
    form = desk.choices.format
    desk.gate.require(known_metric("logo_retention"))
    cells = cohort_cells(desk.gate, scope)
    worded = cells.assign(text=[form.value(value, Unit.SHARE) for value in cells["estimate"]])
    title = cohort_title(worded, form)
    drawn = "Share of each starting month's customers who have never left since"
    whole = _whole(scope)
    caption = Caption(title, "; ".join([drawn, "blank: not yet known", *whole]), title)
    chart = cohort_chart(worded, caption, age_title="Months since they started")
    columns = [
        Column("cohort", "Started"),
        Column("age", "Months later", Unit.COUNT),
        Column("estimate", "Still here", Unit.SHARE),
        Column("n", "Started with", Unit.COUNT),
    ]
    found = picture.picture(chart, caption, worded.dropna(subset=["estimate"]), columns)
    return replace(found, name="Cohorts", remark=". ".join(whole))


def _whole(scope: Scope) -> list[str]:
    """Say that chosen journeys do not cut how long customers stay."""
    return ["all customers: how long they stay is not cut by journey"] if scope.journeys else []


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


def survival(desk: Desk, scope: Scope) -> Picture:
    """Return the share of customers still there at each age."""
    form, gate = desk.choices.format, desk.gate
    gate.require(known_metric("lost_share"))
    curve = survival_curve(gate, scope)
    worded = curve.assign(text=[form.value(value, Unit.SHARE) for value in curve["estimate"]])
    title = survival_title(worded)
    remarks = [*_lapsed(gate), *_whole(scope)]
    drawn = "Share of customers still there, with 95 % interval"
    caption = Caption(title, "; ".join([drawn, *remarks]), title)
    chart = survival_chart(worded, caption, age_title="Months as a customer")
    columns = [
        Column("age", "Months", Unit.COUNT),
        Column("estimate", "Still here", Unit.SHARE),
        Column("lo", "Low (95 %)", Unit.SHARE),
        Column("hi", "High (95 %)", Unit.SHARE),
        Column("n", "Observed", Unit.COUNT),
    ]
    found = picture.picture(chart, caption, worded, columns)
    return replace(found, name="Survival", remark=". ".join(remarks))


def _lapsed(gate: Gate) -> list[str]:
    """Say when customers without contracts count as left."""
    if has_contracts(gate):
        return []
    return [f"counted as left after {gate.built.lapse_days} days without a purchase"]


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
