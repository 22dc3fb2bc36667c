"""How the values of an extract are written: evidence from every record, and typed values."""

from cxdata.intake.values.typed import present, typed
from cxdata.intake.values.writing import ColumnProfile, ValueFault, Writing

__all__ = ["ColumnProfile", "ValueFault", "Writing", "present", "typed"]
