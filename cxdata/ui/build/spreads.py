"""How figures are spread: spend over customers, answers over scores."""

from __future__ import annotations

import pandas as pd

from cxdata.analysis.distribution import Spread
from cxdata.analysis.distribution import distribution as spread_of
from cxdata.analysis.nps import group_shares, score_shares
from cxdata.charts import nps as nps_chart
from cxdata.charts.distribution import distribution as distribution_chart
from cxdata.charts.theme import Caption
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.ui import data, picture
from cxdata.ui.data import Ticket
from cxdata.ui.picture import Column, Picture


def distribution(ticket: Ticket, scope: Scope, measure: str) -> Picture:
    """Return how a measure is spread over customers."""
    form = data.choices(ticket).format
    found = spread_of(data.gate(ticket), scope, measure)
    if found is None:
        return picture.nothing("Distribution", "No customers match what is chosen above.")
    rows = found.classes.assign(
        text=[form.value(share, Unit.SHARE) for share in found.classes["share"]]
    )
    title = spread_title(found, form)
    caption = Caption(
        title, f"Share of customers by {found.label.lower()}, in {form.currency}", title
    )
    marks = pd.DataFrame(
        [(found.mean_class, "average"), (found.median_class, "half below")],
        columns=["class", "name"],
    ).dropna()
    chart = distribution_chart(rows, caption, axis_title=found.label, marks=marks)
    columns = [
        Column("class", found.label),
        Column("customers", "Customers", Unit.COUNT),
        Column("share", "Share", Unit.SHARE),
    ]
    return picture.picture(chart, caption, rows, columns)


def spread_title(found: Spread, form: Format) -> str:
    """Say where the middle is, and how much the highest tenth holds where that means something."""
    mean = form.value(found.mean, Unit.UNIT_MONEY)
    if found.median == 0 and found.zero_share >= 0.5:
        none = form.value(found.zero_share, Unit.SHARE)
        return f"{none} of {found.n:,} customers are at nothing, the average is {mean}"
    half = form.value(found.median, Unit.UNIT_MONEY)
    middle = f"Half of {found.n:,} customers are below {half}, the average is {mean}"
    if found.negative or not 0 < found.top_tenth <= 1:
        return middle
    return f"{middle}; the highest tenth makes up {form.value(found.top_tenth, Unit.SHARE)}"


def scores(ticket: Ticket, scope: Scope) -> Picture:
    """Return the share of answers at each score."""
    form = data.choices(ticket).format
    rows = score_shares(data.gate(ticket), scope)
    rows = rows.assign(text=[form.value(share, Unit.SHARE) for share in rows["share"]])
    title = _scores_title(rows)
    caption = Caption(title, "Share of answers at each score from 0 to 10", title)
    chart = nps_chart.scores(rows, caption)
    columns = [
        Column("score", "Score", Unit.COUNT),
        Column("answers", "Answers", Unit.COUNT),
        Column("share", "Share", Unit.SHARE),
    ]
    return picture.picture(chart, caption, rows, columns)


def groups(ticket: Ticket, scope: Scope) -> Picture:
    """Return the shares of detractors, passives and promoters over time."""
    form = data.choices(ticket).format
    rows = group_shares(data.gate(ticket), scope)
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
    return picture.picture(chart, caption, rows, columns)


def _scores_title(rows: pd.DataFrame) -> str:
    answers = int(rows["answers"].sum())
    if not answers:
        return "No answers in this period"
    groups_of = rows.groupby([nps_chart.group_of(int(score)) for score in rows["score"]])["share"]
    shares = groups_of.sum()
    promoters, detractors = shares.get("Promoters", 0.0), shares.get("Detractors", 0.0)
    return (
        f"{promoters * 100:.0f} % would recommend us, {detractors * 100:.0f} % would not "
        f"(n = {answers:,} answers)"
    )
