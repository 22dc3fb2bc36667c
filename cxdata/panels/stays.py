"""How long each segment stays, what that is worth, and why customers leave."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cxdata.analysis.leaving import UNKNOWN, Leaving, Longer, leaving, longer
from cxdata.analysis.survival import survival
from cxdata.charts.survival import survival as survival_chart
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels import picture
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth, dots
from cxdata.panels.picture import Column, Picture
from cxdata.story.leaving import leaving_sentences, longer_sentence

HORIZON = 12.0
"""Months over which stays are compared and reasons counted."""

_CURVES = 5
"""Curves that can be told apart in one chart; the table has all of them."""


def longer_by(desk: Desk, scope: Scope, scheme: str) -> Depth:
    """Tell which segments stay longer than all others, by how many months, and worth how much.

    Raises:
        MissingTables: nothing says who was a customer, and when.
    """
    form, gate = desk.choices.format, desk.gate
    gate.require(known_metric("lost_share"))
    what = desk.choices.labels.scheme(scheme).lower()
    found = longer(gate, scope, scheme, HORIZON)
    said = longer_sentence(found, HORIZON, form) if found else f"No {what} was seen long enough."
    pictures = [_curves(desk, scope, scheme, said)]
    if len(found) > 1:
        pictures.append(_months(found, what, form))
    return Depth((said,), tuple(pictures))


def _curves(desk: Desk, scope: Scope, scheme: str, title: str) -> Picture:
    """The share still there at each age, one curve a segment."""
    form, what = desk.choices.format, desk.choices.labels.scheme(scheme).lower()
    rows = survival(desk.gate, scope, scheme)
    rows = rows.assign(text=[form.value(value, Unit.SHARE) for value in rows["estimate"]])
    sizes = rows.groupby("label", sort=False)["n"].max().sort_values(ascending=False)
    largest = list(sizes.index[:_CURVES])
    drawn = rows.loc[rows["label"].isin(largest)]
    more = f"; the {_CURVES} largest, others in the table" if len(sizes) > _CURVES else ""
    name = f"How long customers stay by {what}"
    caption = Caption(name, f"Share of customers still there{more}", f"{name}. {title}")
    declared = list(desk.choices.names(scheme).values())
    chart = survival_chart(
        drawn, caption, age_title="Months as a customer", by="label", declared=declared
    )
    columns = [
        Column("label", what[:1].upper() + what[1:]),
        Column("age", "Months", Unit.COUNT),
        Column("estimate", "Still here", Unit.SHARE),
        Column("lo", "Low (95 %)", Unit.SHARE),
        Column("hi", "High (95 %)", Unit.SHARE),
        Column("n", "Observed", Unit.COUNT),
    ]
    return replace(picture.picture(chart, caption, rows, columns), name=name)


def _months(found: tuple[Longer, ...], what: str, form: Format) -> Picture:
    """Months kept more or fewer than all others, with what they are worth."""
    records = [
        {
            "name": one.label,
            "estimate": one.months,
            "lo": one.lo,
            "hi": one.hi,
            "text": _worth(one, form),
            "money": one.money,
            "money_lo": one.money_lo,
            "money_hi": one.money_hi,
            "n": one.n,
        }
        for one in sorted(found, key=lambda one: -one.months)
    ]
    best, worst = records[0]["name"], records[-1]["name"]
    title = f"Longest of the first {HORIZON:.0f} months: {best}; shortest: {worst}"
    drawn = "Months kept more or fewer than all others; 95 % interval; worth a customer beside it"
    columns = [
        Column("name", what[:1].upper() + what[1:]),
        Column("estimate", "Months more than others", Unit.MONTHS),
        Column("lo", "Low (95 %)", Unit.MONTHS),
        Column("hi", "High (95 %)", Unit.MONTHS),
        Column("money", "Worth a customer", Unit.UNIT_MONEY),
        Column("money_lo", "Worth, low", Unit.UNIT_MONEY),
        Column("money_hi", "Worth, high", Unit.UNIT_MONEY),
        Column("n", "n", Unit.COUNT),
    ]
    caption = Caption(title, drawn, f"{title}. {drawn}.")
    name = f"Months kept by {what}"
    return dots(records, caption, columns, form, Unit.MONTHS, overall=0.0, name=name)


def _worth(one: Longer, form: Format) -> str:
    months = form.change(one.months, Unit.RATE)
    return months if one.money is None else f"{months}, {form.change(one.money, Unit.UNIT_MONEY)}"


def reasons(desk: Desk, scope: Scope) -> Depth:
    """Tell why customers left, by the revenue that left with them, and how much is unknown.

    Raises:
        MissingTables: nothing says who was a customer, and when.
    """
    gate, form = desk.gate, desk.choices.format
    gate.require(known_metric("lost_share"))
    found = leaving(gate, scope, HORIZON)
    if found is None or all(one.code == UNKNOWN for one in found.reasons):
        return Depth(("No reason for leaving is on record.",))
    return Depth(leaving_sentences(found, form), (_reasons(found, form),))


def _reasons(found: Leaving, form: Format) -> Picture:
    """Share of customers lost for each reason within the horizon, and the revenue with them."""
    records = [
        {
            "name": one.code.replace("_", " "),
            "estimate": one.incidence,
            "lo": one.lo,
            "hi": one.hi,
            "text": f"{form.value(one.incidence, Unit.SHARE)},"
            f" {form.value(one.monthly, Unit.MONEY, short=True)} a month",
            "customers": one.customers,
            "monthly": one.monthly,
        }
        for one in found.reasons
    ]
    frame = pd.DataFrame(records)
    first = frame.loc[frame["name"] != UNKNOWN].iloc[0]
    title = f"Dearest reason for leaving: {first['name']}, {first['text']}"
    within = f"{found.horizon:.0f} months"
    drawn = (
        f"Share of customers lost for it within {within}, 95 % interval; recurring revenue that"
        f" left with all of them in {form.currency}"
    )
    columns = [
        Column("name", "Reason"),
        Column("estimate", f"Lost within {within}", Unit.SHARE),
        Column("lo", "Low (95 %)", Unit.SHARE),
        Column("hi", "High (95 %)", Unit.SHARE),
        Column("customers", "Customers lost", Unit.COUNT),
        Column("monthly", "Recurring revenue lost a month", Unit.MONEY),
    ]
    caption = Caption(title, drawn, f"{title}. {drawn}.")
    return dots(records, caption, columns, form, Unit.SHARE, name="Reasons for leaving")
