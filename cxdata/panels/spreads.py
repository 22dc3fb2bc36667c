"""How figures are spread: spend over customers, answers over scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from cxdata.analysis.distribution import Spread
from cxdata.analysis.distribution import distribution as spread_of
from cxdata.analysis.nps import group_shares, score_shares
from cxdata.analysis.shift import camps
from cxdata.charts import nps as nps_chart
from cxdata.charts.distribution import distribution as distribution_chart
from cxdata.charts.theme import Caption
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels import picture
from cxdata.panels.choices import Desk
from cxdata.panels.picture import Column, Picture
from cxdata.story.shift import camps_sentence


def distribution(desk: Desk, scope: Scope, measure: str) -> Picture:
    """Return how a measure is spread over customers."""
    form = desk.choices.format
    found = spread_of(desk.gate, scope, measure)
    if found is None:
        return picture.nothing("Distribution", "No customers match what is chosen above.")
    rows = found.classes.assign(
        text=[form.value(share, Unit.SHARE) for share in found.classes["share"]],
        **{"class": [with_sign(bounds, form) for bounds in found.classes["class"]]},
    )
    title = spread_title(found, form)
    drawn = f"Share of customers by {found.label.lower()}, in {form.currency}"
    caption = Caption(title, "; ".join([drawn, *_left_out(found)]), title)
    middle = form.value(found.median, Unit.UNIT_MONEY)
    named = [(found.mean_class, "average"), (found.median_class, f"median about {middle}")]
    marks = pd.DataFrame(
        [(with_sign(bounds, form), name) for bounds, name in named if bounds is not None],
        columns=["class", "name"],
    )
    chart = distribution_chart(rows, caption, axis_title=found.label, marks=marks)
    columns = [
        Column("class", found.label),
        Column("customers", "Customers", Unit.COUNT),
        Column("share", "Share", Unit.SHARE),
    ]
    return replace(picture.picture(chart, caption, rows, columns), name=found.label)


def with_sign(bounds: str, form: Format) -> str:
    """Write the bounds of a class of money with the currency's sign.

    >>> with_sign("20 to 40", Format()), with_sign("below 0", Format())
    ('€20 to 40', 'below €0')
    """
    head, space, rest = bounds.rpartition("below ")
    return f"{head}{space}{form.symbol}{rest}"


_COST: Final = "cost"


def _left_out(found: Spread) -> list[str]:
    """Say which costs no customer bears alone."""
    if found.measure != _COST:
        return []
    return ["direct cost of each customer, shared costs left out"]


def spread_title(found: Spread, form: Format) -> str:
    """Say where the middle is, and how much the highest tenth holds where that means something."""
    mean = form.value(found.mean, Unit.UNIT_MONEY)
    if found.median == 0 and found.zero_share >= 0.5:
        none = "cost nothing" if found.measure == _COST else "spent nothing"
        if found.measure not in (_COST, "revenue"):
            none = "neither spent nor cost anything"
        whole = f"{found.zero_share * 100:.0f} % of {found.n:,} customers"
        return f"{whole} {none}; the average is {mean}"
    half = form.value(found.median, Unit.UNIT_MONEY)
    middle = f"Half of {found.n:,} customers are below about {half}, the average is {mean}"
    if found.negative or not 0 < found.top_tenth <= 1:
        return middle
    return f"{middle}; the highest tenth makes up {form.value(found.top_tenth, Unit.SHARE)}"


def scores(desk: Desk, scope: Scope) -> Picture:
    """Return the share of answers at each score."""
    form = desk.choices.format
    rows = score_shares(desk.gate, scope)
    rows = rows.assign(text=[form.value(share, Unit.SHARE) for share in rows["share"]])
    title = scores_title(rows)
    caption = Caption(title, "Share of answers at each score from 0 to 10", title)
    chart = nps_chart.scores(rows, caption)
    columns = [
        Column("score", "Score", Unit.COUNT),
        Column("answers", "Answers", Unit.COUNT),
        Column("share", "Share", Unit.SHARE),
    ]
    two = camps(desk.gate, scope)
    notes = () if two is None else (camps_sentence(two, form),)
    found = picture.picture(chart, caption, rows, columns)
    return replace(found, name="Answers by score", notes=notes)


def groups(desk: Desk, scope: Scope) -> Picture:
    """Return the shares of detractors, passives and promoters over time."""
    form = desk.choices.format
    rows = group_shares(desk.gate, scope)
    rows = rows.assign(text=[form.value(share, Unit.SHARE) for share in rows["share"]])
    title = "Detractors, passives and promoters over time"
    caption = Caption(title, "Share of answers in each group", title)
    chart = nps_chart.groups(rows, caption)
    columns = [
        Column("period", "Period"),
        Column("group", "Group"),
        Column("share", "Share", Unit.SHARE),
        Column("answers", "Answers", Unit.COUNT),
    ]
    return replace(picture.picture(chart, caption, rows, columns), name="Groups of answers")


def scores_title(rows: pd.DataFrame) -> str:
    """Say how many recommend and how many do not, by the scores that count as either."""
    answers = int(rows["answers"].sum())
    if not answers:
        return "No answers in this period"
    groups_of = rows.groupby([nps_chart.group_of(int(score)) for score in rows["score"]])["share"]
    shares = groups_of.sum()
    promoters, detractors = shares.get("Promoters", 0.0), shares.get("Detractors", 0.0)
    return (
        f"{promoters * 100:.0f} % promoters (9-10), {detractors * 100:.0f} % detractors (0-6), "
        f"n = {answers:,} answers"
    )
