"""What a mean hides: which tenths of customers moved, and who brings it all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cxdata.analysis.distribution import LABELS
from cxdata.analysis.shift import Shift, Whales, shift, whales
from cxdata.charts.curve import curve
from cxdata.charts.theme import Caption
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels import picture
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth, dots
from cxdata.panels.picture import Column, Picture
from cxdata.story.shift import shift_sentence, whale_sentence

_POINTS = 101


def shifted(desk: Desk, scope: Scope, measure: str) -> Depth:
    """Tell whether everyone moved or a part of the customers, decile by decile.

    Raises:
        BadScope: nothing to compare with, or no customers in one of the periods.
    """
    form = desk.choices.format
    found = shift(desk.gate, scope, measure)
    said = shift_sentence(found, form)
    return Depth((said,), (_deciles(found, scope, said, form),))


def _deciles(found: Shift, scope: Scope, said: str, form: Format) -> Picture:
    """The step of each decile from then to now."""
    records = [
        {
            "name": f"Decile {at}",
            "estimate": step.value,
            "lo": step.lo,
            "hi": step.hi,
            "text": form.change(step.value, Unit.UNIT_MONEY),
            "before": before,
            "after": after,
            "moved": "beyond noise" if moved else "within noise",
        }
        for at, (step, before, after, moved) in enumerate(
            zip(found.steps, found.before, found.after, found.moved, strict=True), 1
        )
    ]
    label = LABELS[found.measure]
    title = f"{label} by decile: {_reach(found)}"
    drawn = f"Change of each decile against {found.against.label}, in {form.currency};"
    columns = [
        Column("name", "Decile"),
        Column("before", found.against.label, Unit.UNIT_MONEY),
        Column("after", scope.period.label, Unit.UNIT_MONEY),
        Column("estimate", "Change", Unit.UNIT_MONEY),
        Column("lo", "Low (95 %)", Unit.UNIT_MONEY),
        Column("hi", "High (95 %)", Unit.UNIT_MONEY),
        Column("moved", "Evidence"),
    ]
    caption = Caption(title, f"{drawn} dot and 95 % interval; dotted: unchanged", said)
    name = f"{label} by decile"
    return dots(records, caption, columns, form, Unit.UNIT_MONEY, overall=0.0, name=name)


def _reach(found: Shift) -> str:
    moved = sum(found.moved)
    return "none moved beyond noise" if not moved else f"{moved} of {len(found.moved)} moved"


def whale(desk: Desk, scope: Scope) -> Depth:
    """Tell how much the best customers bring, and how much the others take back."""
    form = desk.choices.format
    found = whales(desk.gate, scope)
    if found is None:
        return Depth(("There is no contribution to share out in this period.",))
    said = whale_sentence(found, form)
    return Depth((said,), (_curve(found, said, form),))


def _curve(found: Whales, said: str, form: Format) -> Picture:
    """Contribution running up over customers, those who bring most first."""
    whole = np.concatenate([[0.0], found.curve.customers])
    share = np.concatenate([[0.0], found.curve.share])
    x = np.union1d(np.linspace(0, 1, _POINTS), [found.best])
    y = np.interp(x, whole, share)
    frame = pd.DataFrame({"x": x, "y": y})
    customers = [form.value(value, Unit.SHARE) for value in frame["x"]]
    brought = [form.value(value, Unit.SHARE) for value in frame["y"]]
    pairs = zip(customers, brought, strict=True)
    frame["text"] = [f"{of} of customers bring {how_much}" for of, how_much in pairs]
    peak = f"{form.value(found.best, Unit.SHARE)} bring {form.value(found.peak, Unit.SHARE)}"
    frame["name"] = [peak if value == found.best else None for value in frame["x"]]
    drawn = "Share of spend less cost to serve, customers in falling order; dotted: all of it"
    caption = Caption(f"Who brings it all: {peak} of contribution", drawn, said)
    chart = curve(frame, caption, x_title="Share of customers, those who bring most first")
    columns = [
        Column("x", "Share of customers", Unit.SHARE),
        Column("y", "Share of contribution", Unit.SHARE),
    ]
    return replace(picture.picture(chart, caption, frame, columns), name="Whale curve")
