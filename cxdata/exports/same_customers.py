"""A change by who answered, as one plain record."""

from __future__ import annotations

from cxdata.analysis.same_customers import SameCustomers
from cxdata.exports.records import Record


def same_customers_record(found: SameCustomers) -> Record:
    """Return the parts; without any and ``people`` null where too few answered both times."""
    return {
        "people": found.people,
        "parts": [
            {
                "part": part.name,
                "label": part.label,
                "amount": part.amount.value,
                "lo": part.amount.lo,
                "hi": part.amount.hi,
                "p": part.amount.p,
            }
            for part in found.parts
        ],
    }
