"""Faults stay calm: said in words, logged in full, and the rest of the page stands."""

from __future__ import annotations

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from cxdata.model.errors import BadScope, MissingTables, SourceUnavailable
    from cxdata.ui import faults

    def fail(error: Exception) -> None:
        raise error

    with faults.calm("Retention by *segment*"):
        fail(RuntimeError("password=S3cret at /srv/private"))
    with faults.calm("NPS"):
        fail(MissingTables("NPS", ["survey_response (columns response_id)"]))
    with faults.calm("Spend"):
        fail(BadScope("Choose one journey, or none."))
    with faults.calm("Cost"):
        fail(SourceUnavailable("The database does not answer."))
    st.markdown("The rest stands.")


def test_a_page_with_every_kind_of_fault_still_stands(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="cxdata.ui"):
        at = AppTest.from_function(page, default_timeout=60).run()
    assert not at.exception
    assert at.markdown[-1].value == "The rest stands."
    shown = [*at.markdown, *at.warning, *at.caption, *at.info]
    words = "\n".join(str(element.value) for element in shown).replace("\\", "")
    assert "S3cret" not in words
    assert "/srv/private" not in words
    assert "survey_response (columns response_id)" in words
    assert "Choose one journey, or none." in words
    assert "The database does not answer." in words
    reference = re.search(r"Reference for support: ([0-9A-F]{8})", words)
    assert reference is not None
    assert reference[1] in caplog.text
    assert "S3cret" in caplog.text  # the log of the house has it in full
