"""What a mean hides, in sentences: who moved, who brings it all, two camps."""

from __future__ import annotations

from cxdata.analysis.distribution import LABELS
from cxdata.analysis.shift import Camps, Shift, Whales
from cxdata.model.format import Format
from cxdata.model.metric import Unit

_REACH = {
    "all": "moved in every tenth of customers",
    "top": "moved among those who have more only",
    "bottom": "moved among those who have less only",
    "some": "moved in some tenths of customers",
}


def shift_sentence(found: Shift, form: Format) -> str:
    """Say whether everyone moved or only a part of the customers."""
    label = LABELS[found.measure]
    base = f"n = {found.n0:,} and {found.n1:,} customers"
    if found.reach == "none":
        return f"{label} moved in no tenth of customers beyond noise ({base})."
    moved = [at for at, has in enumerate(found.moved) if has]
    at = max(moved, key=lambda one: abs(found.steps[one].value))
    step = found.steps[at]
    value, lo, hi = (form.change(v, Unit.UNIT_MONEY) for v in (step.value, step.lo, step.hi))
    return (
        f"{label} {_REACH[found.reach]} ({base}); most at decile {at + 1}, by about {value}"
        f" ({lo} to {hi})."
    )


def whale_sentence(found: Whales, form: Format) -> str:
    """Say how much the best customers bring and how much the others take back."""
    best, peak, below = (
        form.value(v, Unit.SHARE) for v in (found.best, found.peak, found.below_zero)
    )
    if found.below_zero == 0:
        return f"Every customer brings more than it costs (n = {found.n:,}, a full count)."
    back = form.value(found.peak - 1, Unit.SHARE)
    return (
        f"{best} of customers bring {peak} of spend less cost to serve; {below} cost more than they"
        f" bring and take {back} back (n = {found.n:,}, a full count)."
    )


def camps_sentence(found: Camps, form: Format) -> str:
    """Say that answers form two camps, of whom the average describes nobody."""
    unhappy, between, happy = (
        form.value(v, Unit.SHARE) for v in (found.unhappy, found.between, found.happy)
    )
    return (
        f"Answers form two camps (n = {found.n:,}): {unhappy} give 0 to 6, {happy} give 9 or 10 and"
        f" {between} lie between, so the score describes neither."
    )
