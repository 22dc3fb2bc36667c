from __future__ import annotations

from dataclasses import replace

from cxdata.journal.database import Journal
from cxdata.journal.shown import ShownFigure, remember, shown

FIGURE = ShownFigure("nps", "2026-09", "", "v1", "m1", 31.0, 410)


def test_the_first_showing_counts(journal: Journal) -> None:
    assert remember(journal, [FIGURE, FIGURE]) == 1
    assert remember(journal, [replace(FIGURE, value=99.0)]) == 0
    (kept,) = shown(journal, "nps", "2026-09", "")
    assert (kept.value, kept.n) == (31.0, 410)
    assert kept.shown_at is not None


def test_each_state_of_the_data_and_each_method_is_a_showing(journal: Journal) -> None:
    later = replace(FIGURE, data_version="v2", value=29.6)
    recounted = replace(later, method="m2", value=29.0)
    for one in (FIGURE, later, recounted):
        assert remember(journal, [one]) == 1
    assert [one.value for one in shown(journal, "nps", "2026-09", "")] == [31.0, 29.6, 29.0]
    assert shown(journal, "nps", "2026-09", "segment=smb") == ()


def test_a_figure_without_a_value_is_kept_as_such(journal: Journal) -> None:
    remember(journal, [replace(FIGURE, value=None, n=None)])
    assert shown(journal, "nps", "2026-09", "")[0].value is None
