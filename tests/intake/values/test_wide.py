"""Tables of thousands of columns: judged as narrow ones are, and in little time."""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path

import pytest

from cxdata.intake import read
from cxdata.intake.values.profile import profile
from tests.intake.values.kit import relation

scan = import_module("cxdata.intake.values.scan")

FEW, MANY = 40, 2_000


def _columns() -> dict[str, list[str]]:
    """Return columns of several sorts, each with something that does not fit or tells."""
    numbers = [str(n % 11) for n in range(300)]
    sorts = [
        numbers,
        [*numbers[:299], "eleven"],
        [f"{n},5" for n in range(300)],
        ["", "n/a", *("yes" for _ in range(298))],
        [f"2024-01-{n % 28 + 1:02}" for n in range(299)] + ["2024-02-31"],
        [*(f"text {n}" for n in range(298)), "ann@example.com", "+49 170 1234567"],
    ]
    return {f"q{n}": sorts[n % len(sorts)] for n in range(FEW)}


def test_columns_below_each_other_are_judged_as_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = _columns()
    found = []
    for at_once in (FEW, 3):
        monkeypatch.setattr(scan, "_AT_ONCE", at_once)
        with relation(columns) as connection:
            found.append(profile(connection, "raw", list(columns), records=300))
    assert found[0] == found[1]
    assert {one.faults[0].record for one in found[0] if one.faults} == {300}


def test_thousands_of_columns_take_seconds(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    header = ",".join(f"Q{n}" for n in range(MANY))
    rows = [",".join(str((n * row) % 11) for n in range(MANY)) for row in range(1, 401)]
    path.write_text("\n".join([header, *rows, rows[6]]) + "\n")
    begun = time.process_time()
    found = read(path)
    assert time.process_time() - begun < 15
    assert {one.writing.kind for one in found.profile[:10]} <= {"integer", "score"}
    assert any("identical" in note for note in found.notes)
    assert found.accepted == 401
