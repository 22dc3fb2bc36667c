"""What stands behind a click: nothing is read before it, and an address opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxdata.panels.deeper import TITLES
from cxdata.ui import cache
from tests.ui.reader import Reader

Reading = Callable[[Path], None]
PARTS = {
    "retention": ("longer", "reasons", "hidden-logo_retention"),
    "spend": ("shift-revenue", "whale", "earned", "hidden-revenue_per_customer"),
    "cost_to_serve": ("shift-cost", "hidden-cost_per_customer"),
    "nps": ("silence", "answered-nps"),
}


def test_closed_parts_are_not_read(
    company: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("a closed part was read")

    monkeypatch.setattr(cache, "deeper", read)
    reading(company)
    for page in PARTS:
        reader = Reader().open(page)
        assert reader.faults == []
        assert [part.label for part in reader.at.expander if part.label in TITLES.values()]


@pytest.mark.parametrize("page", list(PARTS))
def test_a_part_opens_with_its_sentences_and_charts(
    page: str, company: Path, reading: Reading
) -> None:
    reading(company)
    closed = Reader(grain="Quarter").open(page)
    for name in PARTS[page]:
        closed.at.session_state[f"more_{name.replace('-', '_')}"] = True
    opened = closed.at.run()
    assert not opened.exception
    reader = closed
    assert reader.faults == []
    assert len(reader.charts) > len(Reader(grain="Quarter").open(page).charts)


def test_the_nps_page_says_whom_it_speaks_for(company: Path, reading: Reading) -> None:
    reading(company)
    assert "Our NPS speaks for" in Reader(grain="Quarter").open("nps").words
