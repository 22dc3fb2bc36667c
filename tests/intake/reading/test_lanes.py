"""The lane of blocks gives what the lane by hand gives, whatever the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.intake.reading import lanes
from tests.intake.reading.kit import reading, rows
from tests.intake.reading.test_cases import CASES, Case

BOTH = [one for one in CASES if one.outcome != "refuse" and one.name != "s04"]


@pytest.fixture
def by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every file by blocks, and by small ones, to its very end."""
    monkeypatch.setattr(lanes, "FAST_FROM", 0)
    monkeypatch.setattr(lanes, "_TAIL", 0)


@pytest.mark.usefixtures("by_blocks")
@pytest.mark.parametrize("case", BOTH, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    found = reading(tmp_path, case.bytes, case.file, values=False)
    if case.rows is None:
        assert found.accepted == case.count
    else:
        assert rows(found) == list(case.rows)
    assert found.aside_count == case.aside
    numbers = [number for batch in found.batches() for number in batch.column(0).to_pylist()]
    aside = [one.record for one in found.set_aside]
    assert sorted(numbers + aside) == list(range(1, found.records + 1))
