"""How the values of an extract are written: evidence from every record, and typed values."""

from cxdata.intake.values.column import typed_column
from cxdata.intake.values.profile import profile
from cxdata.intake.values.typed import present, typed
from cxdata.intake.values.writing import ColumnProfile, ValueFault, Writing

__all__ = [
    "ColumnProfile",
    "ValueFault",
    "Writing",
    "present",
    "profile",
    "typed",
    "typed_column",
]
