"""The result of a load: its reasons and its ledger."""

from __future__ import annotations

import pyarrow as pa

from cxdata.intake.loaded import SET_ASIDE, Counts, Loaded, Reason, TableCount, records_in

FAULTS = pa.Table.from_pylist(
    [
        {"record": 1, "column": "sum", "value": "x", "rule": "type", "expected": "a number"},
        {"record": 2, "column": "day", "value": None, "rule": "required", "expected": "a value"},
        {"record": 2, "column": "sum", "value": "y", "rule": "type", "expected": "a number"},
    ],
    schema=SET_ASIDE,
)
COUNT = TableCount("customer", 10, 3, filtered=1, superseded=1, blank=1, folded=2, set_aside=2)


def test_reasons_come_most_frequent_first() -> None:
    loaded = Loaded({}, FAULTS, (), Counts(10, 2, (COUNT,)))
    assert loaded.reasons() == (
        Reason("sum", "type", "a number", 2, "x"),
        Reason("day", "required", "a value", 1, None),
    )
    assert [str(one) for one in loaded.reasons()] == [
        "2 records: sum expects a number, and has for example 'x'",
        "1 record: day expects a value, and has for example nothing",
    ]


def test_a_record_with_two_faults_counts_once() -> None:
    assert records_in(FAULTS) == 2


def test_the_ledger_closes_or_says_that_it_does_not() -> None:
    assert COUNT.closes
    assert not TableCount("customer", 10, 3).closes
    counts = Counts(10, 2, (COUNT,))
    assert counts.loaded == 8
    assert counts.of("customer") is COUNT
