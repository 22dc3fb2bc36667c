"""What was planted is found again by the product itself, from its summaries alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cxdata.analysis.coverage import coverage
from cxdata.analysis.league import league
from cxdata.analysis.why import why
from cxdata.model.format import Format
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Labels, Scope
from cxdata.query.gate import Gate
from cxdata.sources.folder import FolderSource
from cxdata.story.why import why_sentences
from tests.company import opened
from tests.demo.conftest import END, Company

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gate(company: Company) -> Iterator[Gate]:
    """The demo with its summaries built."""
    source = FolderSource(company.folder)
    yield opened(source, through=END).gate
    source.close()


@pytest.fixture(scope="module")
def quarter(company: Company) -> Scope:
    return Scope(Period.containing(company.truths.mix.since, Grain.QUARTER))


def test_the_planted_reversal_is_said_in_words(gate: Gate, quarter: Scope) -> None:
    """NPS fell in total although it rose in each larger segment: who answered changed."""
    found = why(gate, "nps", quarter, ("segment",))
    rate, mix = found.part("rate"), found.part("mix")
    assert found.reversal is not None
    assert found.reversal.is_strong
    assert rate is not None
    assert mix is not None
    assert found.change < -2
    assert rate.amount.value > 4
    assert not rate.amount.is_noise
    assert not mix.amount.is_noise
    said = " ".join(why_sentences(found, Labels(), Format("EUR")))
    assert "NPS fell in total although it rose in each larger segment" in said


def test_the_planted_segment_brings_the_mix(gate: Gate, quarter: Scope, company: Company) -> None:
    found = why(gate, "nps", quarter, ("segment",))
    first = found.items[0]
    assert first.codes == (company.truths.mix.segment,)
    assert first.mix is not None
    assert first.mix.value < 0 < first.rate.value


def test_weights_undo_the_change_of_who_was_asked(gate: Gate, quarter: Scope) -> None:
    """Weighted to all customers by segment, NPS lies above the raw score."""
    found = coverage(gate, quarter)
    assert found.weighted is not None
    assert found.score.estimate is not None
    assert found.weighted.lo > found.score.estimate


def test_the_planted_regions_stand_out(gate: Gate, company: Company) -> None:
    """Payments moved in Spain and Portugal: of all regions those two lost more, by rate."""
    month = Scope(Period.containing(company.truths.payments.month, Grain.MONTH))
    found = why(gate, "logo_retention", month, ("region",))
    standing = {item.codes[0] for item in found.items if item.stands_out}
    assert standing == set(company.truths.payments.regions)
    assert all(item.rate.value < 0 for item in found.items if item.stands_out)
    assert found.change < 0


def test_the_average_hides_the_least_happy_segment(
    gate: Gate, quarter: Scope, company: Company
) -> None:
    found = league(gate, "nps", quarter, ("segment",))
    assert found.hidden[0].codes == (company.truths.mix.segment,)
    assert found.hidden[0].gap < 0
