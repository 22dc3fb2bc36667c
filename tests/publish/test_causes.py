from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from cxdata.analysis.restatement import Cause
from cxdata.model.period import Period
from cxdata.publish.causes import between, causes_between
from cxdata.publish.going_back import GoingBack
from cxdata.sources.store import Store
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY, MARCH

TABLES = frozenset({"sales_transaction", "customer", "customer_segment"})
JANUARY_2026 = Period.parse("2026-01")
NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "store")
    with found.begin("ann", "first") as publication:
        publication.replace("customer", CUSTOMERS)
        publication.replace("sales_transaction", JANUARY)
        publication.commit()
    return found


def _head(store: Store) -> str:
    head = store.head()
    assert head is not None
    return head.id


def _causes(store: Store, before: str, period: Period = JANUARY_2026) -> frozenset[Cause]:
    return causes_between(store, before, _head(store), TABLES, period)


def test_rows_that_reach_back_are_late(store: Store) -> None:
    before = _head(store)
    with store.begin("ann", "february, with a late line") as publication:
        publication.append("sales_transaction", pa.concat_tables([FEBRUARY, JANUARY.slice(1)]))
        publication.commit()
    assert _causes(store, before) == {Cause.LATE}


def test_rows_of_later_periods_change_nothing_here(store: Store) -> None:
    before = _head(store)
    with store.begin("ann", "march") as publication:
        publication.append("sales_transaction", MARCH)
        publication.commit()
    assert _causes(store, before) == frozenset()
    assert _causes(store, before, Period.parse("2026-03")) == {Cause.LATE}


def test_rows_written_anew_are_corrections(store: Store) -> None:
    before = _head(store)
    with store.begin("ann", "again") as publication:
        publication.replace_period(
            "sales_transaction", date(2026, 1, 1), date(2026, 2, 1), JANUARY.slice(1)
        )
        publication.commit()
    assert _causes(store, before) == {Cause.CORRECTION}


def test_segments_and_late_rows_at_once_are_two_causes(store: Store) -> None:
    before = _head(store)
    segments = pa.table(
        {
            "customer_id": ["c1"],
            "scheme": ["segment"],
            "valid_from": pa.array([date(2025, 1, 1)], pa.date32()),
            "segment_code": ["smb"],
        }
    )
    with store.begin("ann", "both") as publication:
        publication.append("customer_segment", segments)
        publication.append("sales_transaction", JANUARY.slice(1))
        publication.commit()
    assert _causes(store, before) == {Cause.SEGMENTS, Cause.LATE}


def test_tables_that_the_figure_is_not_made_of_are_no_cause(store: Store) -> None:
    before = _head(store)
    with store.begin("ann", "late line") as publication:
        publication.append("sales_transaction", JANUARY.slice(1))
        publication.commit()
    assert causes_between(store, before, _head(store), {"customer"}, JANUARY_2026) == frozenset()


def test_going_back_is_a_cause_of_its_own(store: Store) -> None:
    with store.begin("ann", "late line") as publication:
        publication.append("sales_transaction", JANUARY.slice(1))
        publication.commit()
    before = _head(store)
    GoingBack(store, "bob", "by mistake", NOW).undo()
    assert _causes(store, before) == {Cause.RESTORED}


def test_a_version_that_is_no_longer_kept_gives_no_cause(store: Store) -> None:
    assert _causes(store, "1-ffffffff") == frozenset()


def test_versions_between_two_are_told_oldest_first(store: Store) -> None:
    first = _head(store)
    for month, rows in (("february", FEBRUARY), ("march", MARCH)):
        with store.begin("ann", month) as publication:
            publication.append("sales_transaction", rows)
            publication.commit()
    last = _head(store)
    (middle,) = between(store, first, last)
    assert store.read_version(middle).reason == "february"
    assert between(store, last, first) == ()
    assert between(store, "gone", last) == ()
