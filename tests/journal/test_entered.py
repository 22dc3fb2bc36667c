from __future__ import annotations

from datetime import date
from pathlib import Path

from cxdata.journal.database import Journal
from cxdata.journal.entered import NOTHING, entered
from cxdata.journal.entries import remove_entry, write_entry


def test_what_is_entered_has_another_stamp_at_each_change(journal: Journal) -> None:
    assert entered(journal) == NOTHING
    row = {"event_date": date(2026, 9, 3), "label": "New prices"}
    made = write_entry(journal, "annotation", row, "Ann")
    first = entered(journal)
    assert [one["label"] for one in first.rows["annotation"]] == ["New prices"]
    write_entry(journal, "annotation", {**row, "label": "Prices"}, "Ann", made)
    second = entered(journal)
    assert [one["label"] for one in second.rows["annotation"]] == ["Prices"]
    assert first.stamp != second.stamp
    remove_entry(journal, "annotation", made, "Ann")
    assert entered(journal) == NOTHING


def test_a_journal_that_does_not_answer_takes_no_figure_with_it(tmp_path: Path) -> None:
    broken = tmp_path / "journal.db"
    broken.write_bytes(b"no database at all" * 100)
    found = entered(Journal(broken))
    assert not found.rows
    assert "not shown meanwhile" in found.fault
