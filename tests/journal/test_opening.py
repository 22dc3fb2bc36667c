from __future__ import annotations

from pathlib import Path

from cxdata.journal.opening import open_journal
from cxdata.journal.views import save_view, saved_views
from cxdata.model.story import View
from cxdata.sources.config import settings_of


def test_it_lives_in_the_data_folder(tmp_path: Path) -> None:
    settings = settings_of({"data": str(tmp_path)}, {})
    save_view(open_journal(settings), "Board", View("nps"), "ann")
    assert (tmp_path / ".cxdata" / "journal.db").is_file()
    assert list(saved_views(open_journal(settings))) == ["Board"]


def test_a_setting_puts_it_elsewhere(tmp_path: Path) -> None:
    settings = settings_of({}, {"CXDATA_JOURNAL": f"sqlite:///{tmp_path}/elsewhere.db"})
    save_view(open_journal(settings), "Board", View("nps"), "ann")
    assert (tmp_path / "elsewhere.db").is_file()
