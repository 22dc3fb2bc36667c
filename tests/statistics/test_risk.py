"""Risk tables from grouped rows: late entry, causes, groups and where drawing ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.risk import RiskTable, drawable_to, risk_table, risk_tables

rows = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 12), st.integers(0, 2), st.integers(1, 5)),
    min_size=1,
    max_size=25,
)


def test_rows_are_the_published_risk_sets(remission: Any) -> None:
    table = risk_table(0, remission.drug, remission.drug_event)
    with_events = table.lost > 0
    assert table.time[with_events].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert table.at_risk[with_events].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert table.lost[with_events].tolist() == [3, 1, 1, 1, 1, 1, 1]


def test_late_entry_counts_nobody_before_the_data_saw_them(remission: Any) -> None:
    table = risk_table(remission.drug_entry, remission.drug, remission.drug_event)
    assert table.at_risk[table.lost > 0].tolist() == [16, 12, 15, 12, 11, 7, 6]


@given(rows=rows)
def test_at_risk_is_entry_before_t_and_exit_not_before_t(
    rows: list[tuple[int, int, int, int]],
) -> None:
    entry, leave, cause, count = (np.array(c) for c in zip(*rows, strict=True))
    table = risk_table(entry, leave, cause, count)
    for i, t in enumerate(table.time):
        assert table.at_risk[i] == count[(entry < t) & (t <= leave)].sum()
        for j, code in enumerate(table.causes):
            gone = (leave == t) & (cause == code) & (entry < leave)
            assert table.lost_by[i, j] == count[gone].sum()


@given(rows=rows)
def test_groups_add_up_to_the_whole(rows: list[tuple[int, int, int, int]]) -> None:
    entry, leave, cause, count = (np.array(c) for c in zip(*rows, strict=True))
    group = np.arange(len(rows)) % 3
    parts = risk_tables(group, entry, leave, cause, count)
    whole = risk_table(entry, leave, cause, count)
    at_risk = np.sum([p.at_risk for p in parts.values()], axis=0)
    lost = np.sum([p.lost for p in parts.values()], axis=0)
    assert at_risk.tolist() == whole.at_risk.tolist()
    assert lost.tolist() == whole.lost.tolist()


def test_booleans_are_one_cause_and_all_censored_is_none_lost() -> None:
    assert risk_table(0, [2, 3], [True, False]).causes == (1,)
    assert risk_table(0, [2, 3], [0, 0]).lost.tolist() == [0, 0]
    assert risk_table([], [], []).time.size == 0


def test_drawing_ends_at_ten_customers_or_one_in_twenty() -> None:
    small = RiskTable.of([1, 2, 3, 4], [40, 12, 10, 9], [1, 1, 1, 1])
    assert drawable_to(small) == 3
    large = RiskTable.of([1, 2, 3], [1000, 50, 49], [1, 1, 1])
    assert drawable_to(large) == 2
    assert drawable_to(RiskTable.of([1], [9], [1])) is None
    assert drawable_to(RiskTable.of([], [], [])) is None


def test_survival_given_an_age_keeps_the_later_rows() -> None:
    later = RiskTable.of([1, 2, 3], [9, 7, 5], [1, 1, 1]).after(1)
    assert later.time.tolist() == [2, 3]
    assert later.at_risk.tolist() == [7, 5]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (([1, 1], [5, 4], [1, 1]), "rise without repeats"),
        (([1, 2], [5, 4], [1, 6]), "More events than customers"),
        (([1, 2], [5], [1, 1]), "one count at risk"),
    ],
)
def test_impossible_tables_are_refused(table: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(CxError, match=sentence):
        RiskTable.of(*table)
