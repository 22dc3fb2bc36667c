"""Which tables an extract is and which column is what: suggested, confirmed once, remembered."""

from cxdata.intake.matching.drafting import as_recipe
from cxdata.intake.matching.library import Library
from cxdata.intake.matching.suggest import suggest
from cxdata.intake.matching.suggestion import ColumnSuggestion, Suggestion, TableSuggestion

__all__ = [
    "ColumnSuggestion",
    "Library",
    "Suggestion",
    "TableSuggestion",
    "as_recipe",
    "suggest",
]
