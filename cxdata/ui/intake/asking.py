"""Questions that only a person can answer, with the likely answer taken and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cxdata.intake.question import Question
from cxdata.ui.text import plain


def ask(question: Question, answers: Mapping[str, Any], key: str) -> Any:
    """Show one question with its options; return the answer, at first the one given or likely."""
    options = [answer for answer, _ in question.options]
    words = {str(answer): meaning for answer, meaning in question.options}
    now = answers.get(question.key, question.default)
    if now not in options:
        options.append(now)
    chosen = st.radio(
        plain(question.asks),
        options,
        index=options.index(now),
        format_func=lambda one: plain(words.get(str(one), str(one))),
        key=f"{key}-{question.key}",
    )
    if question.evidence:
        st.caption(plain(question.evidence))
    return chosen
