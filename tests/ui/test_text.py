"""Words from the data never become markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cxdata.ui.text import WORD_JOINER, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://example.com/x.png)",
    "[click](https://example.com)",
    "www.example.com",
    "https://example.com",
    "someone@example.com",
    "$x^2$",
    ":red[now]",
    ":material/home:",
    ":streamlit:",
    "a -> b <= c",
    "| a | b |\n|---|---|",
    "# heading",
    "*bold* _it_ ~~gone~~ `code`",
    "日本語 🚀 crème",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_every_special_character_is_escaped_and_nothing_is_lost(words: str) -> None:
    escaped = plain(words)
    assert escaped.replace("\\", "").replace(WORD_JOINER, "") == " ".join(words.splitlines())
    for place, character in enumerate(escaped):
        if character in "*_[]()<>$:`#|!~":
            assert escaped[place - 1] == "\\"


@given(st.text(max_size=60))
def test_any_text_is_one_line_and_reads_the_same(words: str) -> None:
    escaped = plain(words)
    assert len(escaped.splitlines()) <= 1
    assert "://" not in escaped.replace("\\", "")


def test_a_hostile_label_reaches_the_page_as_text() -> None:
    def script(words: str) -> None:
        import streamlit as st

        from cxdata.ui.text import plain

        st.markdown(plain(words))

    at = AppTest.from_function(script, kwargs={"words": HOSTILE[1]}).run()
    assert not at.exception
    assert at.markdown[0].value.startswith("\\!\\[x\\]\\(")
