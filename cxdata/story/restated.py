"""The sentence that says what a figure was when it was first shown, and why it is another now."""

from __future__ import annotations

from cxdata.analysis.restatement import Restatement
from cxdata.model.format import Format
from cxdata.model.metric import Metric


def restated(metric: Metric, period: str, found: Restatement, form: Format) -> str:
    """Say what was shown first, what stands now, and the parts of the difference.

    "" where both are written alike: a difference that nobody can see needs no words.
    """
    first, now = (form.value(one.value, metric.unit) for one in (found.first, found.now))
    if first == now:
        return ""
    parts = ", ".join(
        f"{_listed([cause.value for cause in part.causes])} {form.change(part.amount, metric.unit)}"
        for part in found.parts
    )
    when = f"{found.first.shown_at:%d %B %Y}".lstrip("0")
    return (
        f"{metric.label} for {period} was {first} when first shown on {when} and is {now} now: "
        f"{parts}."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
