"""The result of a load: its reasons and its ledger."""

from __future__ import annotations

from cxdata.intake.aside import SetAside
from cxdata.intake.loaded import Counts, Loaded, Reason, TableCount

COUNT = TableCount("customer", 10, 3, filtered=1, superseded=1, blank=1, folded=2, set_aside=2)


def test_a_reason_is_a_sentence_with_an_example() -> None:
    reasons = (Reason("sum", "type", "a number", 2, ("x", "y")), Reason("day", "required", "a", 1))
    loaded = Loaded({}, SetAside(3, 3, reasons), (), Counts(10, 2, (COUNT,)))
    assert loaded.reasons() == reasons
    assert [str(one) for one in loaded.reasons()] == [
        "2 records: sum expects a number, and has for example 'x'",
        "1 record: day expects a, and has for example nothing",
    ]


def test_the_ledger_closes_or_says_that_it_does_not() -> None:
    assert COUNT.closes
    assert not TableCount("customer", 10, 3).closes
    counts = Counts(10, 2, (COUNT,))
    assert counts.loaded == 8
    assert counts.of("customer") is COUNT
