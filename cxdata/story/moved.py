"""One movement in a sentence: how far, whether it is real, what it is worth, and where."""

from __future__ import annotations

from cxdata.analysis.figure import Figure
from cxdata.analysis.worth import Worth
from cxdata.model.evidence import Flag
from cxdata.model.format import Format, span
from cxdata.model.metric import Unit


def moved_sentence(
    figure: Figure, worth: Worth | None, place: str, form: Format, subject: str = ""
) -> str:
    """Tell a movement with its evidence.

    Args:
        figure: what moved.
        worth: what that is worth, where money can be put on it.
        place: in which slices it moved, in words; "" where that is not known.
        form: how numbers are written.
        subject: what moved, in words; the name of the metric where not given.
    """
    unit, test = figure.metric.unit, figure.comparison
    against = figure.scope.against
    rose = "rose" if (test.difference or 0) > 0 else "fell"
    step = form.change(abs(test.difference or 0), unit).lstrip("+")
    real = "more than chance gives" if test.p is not None else f"outside {_usual(figure, form)}"
    said = (
        f"{subject or figure.metric.label} {rose} {step} to"
        f" {form.value(figure.cell.estimate, unit)}"
        f"{f' against {against.label}' if against else ''}, {real} {margin(figure, form)}"
    )
    rest = "; ".join(part for part in (_worth(worth, form), place) if part)
    return f"{said}. {rest[:1].upper()}{rest[1:]}." if rest else f"{said}."


def margin(figure: Figure, form: Format) -> str:
    """Write the margin of a figure and its number of people: ``(±0.3 pp, n = 13,679)``."""
    margin = form.margin(figure.cell.margin, figure.metric.unit)
    n = f"n = {figure.cell.n:,}" if figure.cell.n is not None else ""
    parts = [part for part in (margin, n) if part]
    late = " so far" if figure.cell.flag is Flag.PROVISIONAL else ""
    return f"({', '.join(parts)}){late}"


def _usual(figure: Figure, form: Format) -> str:
    if figure.usual is None:
        return "its usual range"
    lo, hi = (form.value(end, figure.metric.unit) for end in (figure.usual.lo, figure.usual.hi))
    return f"its usual range of {span(lo, hi)}"


def _worth(worth: Worth | None, form: Format) -> str:
    if worth is None:
        return ""
    amount = form.value(abs(worth.amount), Unit.MONEY, short=True)
    if worth.customers is None:
        way = "more" if worth.amount > 0 else "less"
        return f"that is {amount} {way} for the period at past value"
    fewer = "more" if worth.customers > 0 else "fewer"
    said = f"that is {abs(worth.customers):,.0f} {fewer} customers kept, worth {amount} a year"
    if worth.lo is None or worth.hi is None:
        return f"{said} at past value"
    ends = sorted(abs(end) for end in (worth.lo, worth.hi))
    span = " to ".join(form.value(end, Unit.MONEY, short=True) for end in ends)
    return f"{said} at past value ({span})"
