"""A period under way, told beside as many days of an earlier one."""

from __future__ import annotations

from cxdata.analysis.parts import Amount
from cxdata.analysis.to_date import ToDate, first_days
from cxdata.model.evidence import Comparison, Flag
from cxdata.model.format import Format
from cxdata.story.why import amount


def to_date_sentence(found: ToDate, form: Format) -> str:
    """Tell a figure of the days so far, the same days then, and whether it moved."""
    unit, label = found.metric.unit, found.metric.label
    span = f"the {first_days(found.days)}"
    if found.cell.estimate is None or found.then.estimate is None:
        of = f"{span} of {found.scope.period.label}"
        return f"{label} in {of} cannot be compared: {_shortage(found)}."
    now, then = (form.value(cell.estimate, unit) for cell in (found.cell, found.then))
    late = found.cell.flag is Flag.PROVISIONAL
    return (
        f"{label}: {now} in {span} of {found.scope.period.label}, {then} in {span} of"
        f" {found.against.label}, {_step(found, found.comparison, form)}."
        f"{' Late data are still expected.' if late else ''}"
    )


def _shortage(found: ToDate) -> str:
    return (found.cell if found.cell.estimate is None else found.then).flag.words


def _step(found: ToDate, test: Comparison, form: Format) -> str:
    """Write the difference with its interval, or with the range it is judged by."""
    if test.difference is None:
        return test.basis
    if test.lo is None or test.hi is None:
        step = form.change(test.difference, found.metric.unit)
        return f"{step}: {test.basis}, full count"
    return amount(Amount(test.difference, test.lo, test.hi, test.p), found, form)
