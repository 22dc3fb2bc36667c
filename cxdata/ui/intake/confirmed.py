"""From what is decided to the check: saved as a recipe first, so that nobody answers twice."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.publish.plan import Plan
from cxdata.ui.intake.steps import STEP, Extract
from cxdata.ui.intake.watching import forgive, start
from cxdata.ui.intake.who import UNNAMED, who
from cxdata.ui.intake.words import spoken
from cxdata.ui.text import plain

CHECK_IT: Final = "Check it"


def asks_nothing(extract: Extract) -> bool:
    """Whether the extract is known and leaves nothing to a person, so that matching is skipped."""
    look = extract.seen
    if look.known is None:
        return False
    try:
        recipe = extract.room.recipe_for(look, extract.plan, "")
    except CxError:
        return False
    if recipe is None:
        return True
    return recipe.layout.as_of is None and not extract.room.open_questions(recipe, look)


def check_it(extract: Extract, plan: Plan, name: str) -> None:
    """Save what was confirmed, and check the extract by it, off the page."""
    try:
        extract.room.confirm(
            extract.item, extract.seen, plan, name=name, user=who() or UNNAMED, now=extract.now
        )
    except CxError as error:
        st.warning(plain(spoken(str(error))), icon=":material/error:")
        return
    forgive(extract.name)
    if STEP in st.query_params:
        del st.query_params[STEP]  # the page decides which step to show once the work is done
    start(extract.name, "advance", extract.item.id, "check")
