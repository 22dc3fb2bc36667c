"""Files that something was done to never crash the reader, and nothing of them is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.intake.reading import lanes
from tests.intake.reading.kit import reading, rows
from tests.intake.reading.mutants import bases, faults, foreign, mutant

GOOD = bases()


@pytest.mark.parametrize("base", GOOD, ids=lambda base: base.name)
def test_good_files_are_read_as_they_are(base: object, tmp_path: Path) -> None:
    assert isinstance(base, type(GOOD[0]))
    found = reading(tmp_path, base.content, values=False)
    assert found.outcome == "accept"
    assert rows(found) == base.rows


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_every_line_is_in_one_place(start: int, tmp_path: Path) -> None:
    for seed in range(start, start + 100):
        base, raw = mutant(seed, GOOD)
        found = reading(tmp_path, raw, values=False)
        assert not faults(found, raw), (seed, base.name)
        # One change spoils one record: what else is accepted is as it was.
        assert seed % 3 == 0 or len(foreign(found, base)) <= 1, (seed, base.name)


def test_both_lanes_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_TAIL", 0)
    for seed in range(10_000, 10_040):
        _, raw = mutant(seed, GOOD)
        monkeypatch.setattr(lanes, "FAST_FROM", 2 << 20)
        by_hand = reading(tmp_path, raw, values=False)
        monkeypatch.setattr(lanes, "FAST_FROM", 0)
        by_blocks = reading(tmp_path, raw, values=False)
        assert rows(by_hand) == rows(by_blocks), seed
        assert by_hand.aside_table() == by_blocks.aside_table(), seed
