"""The rows behind a figure are the figure: as many, and together as much (8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from cxdata.access.policy import Policy
from cxdata.metrics import metric, registry
from cxdata.model.errors import BadScope, JournalError, NotAllowed
from cxdata.model.metric import Metric
from cxdata.model.period import Grain
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Asking, Gate
from cxdata.query.lists import LISTED
from cxdata.query.lists.listed import ROWS
from cxdata.query.lists.telling import Part, Question
from cxdata.query.options import default_scope, options
from cxdata.query.people import MOST, People, people
from tests.company import Company

OF_NO_ROWS = {
    *("accounts_heard", "revenue_heard", "nps_by_account", "nps_by_revenue"),
    *("response_rate", "renewal_rate", "shared_cost_per_customer"),
    *("earned_growth", "earned_growth_most"),
}
"""Figures without a list of their own: of who is silent, of accounts, of what is nobody's."""


def silent(_: Asking) -> None:
    """Keep nothing."""


def gate_of(found: Company, policy: Policy | None = None) -> Gate:
    return Gate(found.source, policy or Policy(), audit=silent)


def slices(gate: Gate, one: Metric) -> Iterator[Part]:
    known = options(gate)
    scheme = next(iter(known.schemes))
    yield ()
    for code in known.schemes[scheme]:
        yield ((scheme, code),)
    if one.has_journey:
        yield (("journey", known.journeys[0]),)
        yield (("journey", known.journeys[1]), (scheme, known.schemes[scheme][0]))


def assert_behind(gate: Gate, found: People, question: Question) -> None:
    """The rows and their sums are the statistics of the figure itself, to the last cent."""
    one, scope = metric(question.metric), question.narrowed
    exact = evaluate(gate, [one], scope, at=[scope.period])[one.name].exact
    stats: dict[str, Any] = {name: values[0] or 0 for name, values in exact.items()}
    for column, equals in found.listed.equals.items():
        told = found.count if column == ROWS else found.sums[column]
        assert float(told) == pytest.approx(float(equals(stats)), rel=1e-12, abs=1e-9), column


def test_every_figure_of_single_rows_has_its_list() -> None:
    dated = {name for name, one in registry().items() if one.is_dated}
    assert dated - OF_NO_ROWS == set(LISTED)


@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER])
@pytest.mark.parametrize("name", list(LISTED))
def test_the_list_is_the_figure(embedded: Company, name: str, grain: Grain) -> None:
    gate = gate_of(embedded)
    scope, counted = default_scope(gate, grain), 0
    for part in slices(gate, metric(name)):
        question = Question(name, scope, part)
        try:
            found = people(gate, question, "me")
        except NotAllowed:
            assert metric(name).is_survey
            continue
        assert_behind(gate, found, question)
        assert len(found.frame) == min(found.count, question.most)
        counted += found.count
    assert counted > 0


@pytest.mark.parametrize("name", ["customers_lost", "revenue", "contacts", "nps"])
def test_all_rows_are_the_first_and_the_rest(embedded: Company, name: str) -> None:
    gate, scope = gate_of(embedded), default_scope(embedded.gate)
    first, every = (people(gate, Question(name, scope, most=most), "me") for most in (5, MOST))
    assert len(first.frame) == 5
    assert len(every.frame) == every.count == first.count > 5
    pd.testing.assert_frame_equal(every.frame.head(5), first.frame)
    numbers = [one.name for one in every.listed.fields if one.unit is not None]
    for column in numbers:
        total = sum(float(value or 0) for value in every.frame[column])
        assert total == pytest.approx(float(every.sums[column]), abs=1e-6)


def test_names_are_those_of_customers_in_the_data(embedded: Company) -> None:
    found = people(
        gate_of(embedded), Question("customers_lost", default_scope(embedded.gate)), "me"
    )
    lost = embedded.mart("customer_index", "customer_key", "customer_id")
    names = {name for _, name in lost}
    assert set(found.frame["name"]) <= names
    assert found.frame["name"].is_unique
    assert (found.frame["what"] == "Lost").all()
    assert found.frame["before"].astype(float).is_monotonic_decreasing


def test_another_order_puts_others_first(embedded: Company) -> None:
    gate, scope = gate_of(embedded), default_scope(embedded.gate)
    found = people(gate, Question("nps", scope, order="money"), "me")
    money = found.frame["money"].astype(float)
    assert money.dropna().is_monotonic_decreasing
    usual = people(gate, Question("nps", scope), "me")
    assert usual.frame["score"].astype(int).is_monotonic_increasing
    unknown = people(gate, Question("nps", scope, order="1; drop table"), "me")
    pd.testing.assert_frame_equal(unknown.frame, usual.frame)


def test_who_may_see_some_segments_lists_those_alone(embedded: Company) -> None:
    code = options(embedded.gate).schemes["segment"][0]
    limited = gate_of(embedded, Policy("limited", (("segment", (code,)),)))
    scope = default_scope(embedded.gate)
    everyone = gate_of(embedded)
    for name in LISTED:
        question = Question(name, scope)
        chosen = Question(name, scope, (("segment", code),))
        try:
            mine = people(limited, question, "me")
        except NotAllowed:
            continue
        theirs = people(everyone, chosen, "me")
        assert mine.count == theirs.count, name
        pd.testing.assert_frame_equal(mine.frame, theirs.frame)


def test_who_asks_is_kept_before_anything_is_read(embedded: Company) -> None:
    kept: list[Asking] = []
    gate = Gate(embedded.source, audit=kept.append)
    scope = default_scope(gate).narrowed("region", options(gate).schemes["region"][0])
    people(gate, Question("customers_lost", scope), "ana@example.com")
    (asking,) = kept
    assert (asking.who, asking.of) == ("ana@example.com", "customers_lost")
    assert asking.about["period"] == scope.period.key
    assert asking.about["where"] == {"region": [scope.where[0][1][0]]}
    assert asking.about["version"] == gate.version.id

    def full(_: Asking) -> None:
        raise JournalError("The disk is full.")

    with pytest.raises(JournalError, match="full"):
        people(Gate(embedded.source, audit=full), Question("customers_lost", scope), "me")


def test_what_is_hidden_as_a_figure_is_hidden_as_a_list(embedded: Company) -> None:
    careful = gate_of(embedded, Policy(k_min=100_000))
    with pytest.raises(NotAllowed, match="so few people"):
        people(careful, Question("nps", default_scope(careful)), "me")
    assert people(careful, Question("customers_lost", default_scope(careful)), "me").count


def test_a_figure_without_rows_says_so(embedded: Company) -> None:
    gate, scope = gate_of(embedded), default_scope(embedded.gate)
    with pytest.raises(BadScope, match="no list"):
        people(gate, Question("response_rate", scope), "me")
    with pytest.raises(BadScope, match="by journey"):
        people(gate, Question("nps", scope.on_journey(options(gate).journeys[0])), "me")


def plain(found: People) -> tuple[int, dict[str, float], list[dict[Any, Any]]]:
    """A list in plain values, the engine's own types taken out."""
    frame = found.frame.drop(columns=["customer_key", "profile"])
    numbers = {one.name for one in found.listed.fields if one.unit is not None} | {"money"}
    rows = [
        {
            name: round(float(value), 4) if name in numbers and value is not None else value
            for name, value in row.items()
        }
        for row in frame.to_dict("records")
    ]
    return found.count, {name: round(float(v), 4) for name, v in found.sums.items()}, rows


@pytest.mark.postgres
@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER])
def test_lists_are_the_same_on_both_engines(
    embedded: Company, database: Company, grain: Grain
) -> None:
    scope = default_scope(embedded.gate, grain)
    for name in LISTED:
        ours, theirs = (
            plain(people(gate_of(one), Question(name, scope, most=MOST), "me"))
            for one in (embedded, database)
        )
        assert ours[:2] == theirs[:2], name
        assert sorted(ours[2], key=repr) == sorted(theirs[2], key=repr), name
