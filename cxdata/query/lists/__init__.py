"""What stands behind each figure, a row a customer or an answer; a file a kind of figure."""

from __future__ import annotations

from collections.abc import Mapping

from cxdata.query.lists import amounts, answers, contacts, moves
from cxdata.query.lists.listed import Listed

LISTED: Mapping[str, Listed] = {
    **moves.LISTED,
    **amounts.LISTED,
    **contacts.LISTED,
    **answers.LISTED,
}
"""Figures whose rows can be shown, by metric."""
