"""Did a score get better, or did the unhappy leave? In sentences, each part with its interval."""

from __future__ import annotations

from cxdata.analysis.parts import Part
from cxdata.analysis.same_customers import SameCustomers
from cxdata.model.format import Format
from cxdata.story.why import amount, listed

_WITH = {
    "same": "with the same customers, who answered both times",
    "left": "with customers who left",
    "joined": "with customers who joined",
    "answered": "with who answered",
    "moved": "with customers who changed segment",
}
_MOSTLY = {
    "same": "Most of it is what the same customers say now",
    "left": "Most of it came with customers who are no longer there, not with those who stayed",
    "joined": "Most of it came with customers who were not there before, not with those who stayed",
    "answered": "Most of it came with who answered, not with what the same customers say",
}


def same_customers_sentence(found: SameCustomers, form: Format) -> str:
    """Tell the parts of a change by who answered, and which of them is most of it."""
    step = form.change(found.change, found.metric.unit)
    if found.people is None:
        return (
            f"Too few people answered {found.metric.label} in both periods to tell whether the same"
            " customers say something else or others answered."
        )
    pieces = [
        f"{amount(part.amount, found, form)} came {_source(part, found.people)}"
        for part in found.parts
    ]
    most = next((part for part in found.parts if _is_most(part, found)), None)
    verdict = "" if most is None else f" {_MOSTLY[most.name]}."
    return f"By who answered, of {step}: {listed(pieces)}.{verdict}"


def _source(part: Part, people: int) -> str:
    return f"{_WITH[part.name]} (n = {people:,})" if part.name == "same" else _WITH[part.name]


def _is_most(part: Part, found: SameCustomers) -> bool:
    """Whether a part is beyond noise, and more than half of all that the parts moved."""
    moved = sum(abs(one.amount.value) for one in found.parts)
    is_known = part.name in _MOSTLY and part.amount.lo is not None and not part.amount.is_noise
    return is_known and abs(part.amount.value) > moved / 2 and part.amount.value * found.change > 0
