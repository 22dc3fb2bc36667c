"""Most tests here are about rows and versions: summaries are built only where a test asks."""

from __future__ import annotations

from typing import Any

import pytest

from cxdata.model.errors import SourceError


@pytest.fixture
def summed() -> None:
    """Ask for summaries to be built."""


@pytest.fixture(autouse=True)
def unsummed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build no summaries, as where the data hold no dated event."""
    if "summed" in request.fixturenames:
        return

    def refuse(*_: Any, **__: Any) -> None:
        raise SourceError("Nothing is summed in this test.")

    monkeypatch.setattr("cxdata.publish.compared.build_summaries", refuse)
    monkeypatch.setattr("cxdata.publish.publishing.build_summaries", refuse)
