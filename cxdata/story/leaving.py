"""Reasons for leaving and the worth of staying longer, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxdata.analysis.leaving import UNKNOWN, Leaving, Longer, Reason
from cxdata.model.format import Format, span
from cxdata.model.metric import Unit
from cxdata.statistics.multiplicity import discoveries

MOST = 3
"""Reasons named; the rest is left to the page."""

FALSE_ALARMS = 0.05
"""False discovery rate of segments told to stay longer or shorter."""


def leaving_sentences(found: Leaving, form: Format) -> tuple[str, ...]:
    """Tell the reasons by the revenue that left with them, and how much has no reason."""
    horizon = f"{found.horizon:.0f} months"
    kept = form.value(found.kept, Unit.SHARE)
    told = [reason for reason in found.reasons if reason.code != UNKNOWN]
    named = "; ".join(_named(reason, form) for reason in told[:MOST])
    lead = f"After {horizon} {kept} of customers are still there (n = {found.n:,})"
    if not told:
        return (f"{lead}; no reason is on record for those who left.",)
    return f"{lead}; the dearest reasons for leaving are {named}.", _unknown(found, form)


def _unknown(found: Leaving, form: Format) -> str:
    left = f"those who left (n = {sum(reason.customers for reason in found.reasons):,})"
    if all(reason.code != UNKNOWN for reason in found.reasons):
        return f"All of {left} have a reason on record."
    return f"{form.value(found.unknown, Unit.SHARE)} of {left} have no reason on record."


def _named(reason: Reason, form: Format) -> str:
    share = form.value(reason.incidence, Unit.SHARE)
    margin = ""
    if reason.lo is not None and reason.hi is not None:
        lo, hi = (form.value(end, Unit.SHARE) for end in (reason.lo, reason.hi))
        margin = f" ({span(lo, hi)})"
    money = form.value(reason.monthly, Unit.MONEY, short=True)
    name = reason.code.replace("_", " ")
    return f"{name} with {share}{margin} and {money} a month (n = {reason.customers:,})"


def longer_sentence(found: Sequence[Longer], horizon: float, form: Format) -> str:
    """Say which segment stays longest and which shortest, and what that is worth."""
    passes = np.atleast_1d(discoveries([one.p for one in found], FALSE_ALARMS))
    real = [one for one, is_real in zip(found, passes, strict=True) if is_real]
    if not real:
        return (
            f"No segment of {len(found)} looked at stays longer or shorter than the others by more"
            " than chance gives."
        )
    ordered = sorted(real, key=lambda one: one.months)
    ends = ordered if len(ordered) == 1 else [ordered[0], ordered[-1]]
    named = "; ".join(_longer(one, form) for one in ends)
    return f"Time stayed of the first {horizon:.0f} months, against all others: {named}."


def _longer(one: Longer, form: Format) -> str:
    more = "more" if one.months > 0 else "fewer"
    ends = sorted(abs(end) for end in (one.lo, one.hi))
    said = (
        f"{one.label} {abs(one.months):.2f} months {more} ({ends[0]:.2f} to {ends[1]:.2f},"
        f" n = {one.n:,})"
    )
    if one.money is None or one.money_lo is None or one.money_hi is None:
        return said
    money = form.value(abs(one.money), Unit.UNIT_MONEY)
    lo, hi = (
        form.value(end, Unit.UNIT_MONEY)
        for end in sorted(abs(end) for end in (one.money_lo, one.money_hi))
    )
    return f"{said}, {money} a customer at past value ({lo} to {hi})"
