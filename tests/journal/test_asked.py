from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.journal.asked import NOBODY, asked, keep
from cxdata.journal.database import Journal
from cxdata.model.errors import JournalError


def test_who_asked_for_rows_is_kept_with_what_for(journal: Journal) -> None:
    keep(journal, "ann", "nps", {"period": "2026-09", "where": {"segment": ["smb"]}})
    keep(journal, "", "revenue", {"period": "2026-Q3"})
    last, first = asked(journal)
    assert (first.who, first.of, first.about["where"]) == ("ann", "nps", {"segment": ["smb"]})
    assert (last.who, last.of) == (NOBODY, "revenue")
    assert last.at >= first.at
    assert asked(journal, most=1) == (last,)


def test_where_it_cannot_be_kept_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalError):
        keep(Journal(tmp_path / "journal.db"), "ann", "nps", {})
