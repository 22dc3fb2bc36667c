from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxdata.analysis.figure import figure
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.same_customers import SameCustomers
from cxdata.analysis.shift import Camps
from cxdata.metrics import metric
from cxdata.model.errors import BadScope, MissingTables, UnknownName
from cxdata.model.evidence import Flag
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels import spreads
from cxdata.panels import why as whys
from cxdata.panels.choices import Desk, choices_of
from cxdata.panels.deeper import TITLES, deeper, title_of
from cxdata.panels.silence import heard
from cxdata.query.statement import JOURNEY
from tests.marts.test_earned import book

EVERY = [
    "silence", "longer", "reasons", "shift-revenue", "shift-cost", "whale",
    "hidden-logo_retention", "hidden-revenue_per_customer", "hidden-cost_per_customer",
]  # fmt: skip


@pytest.fixture
def scope(desk: Desk) -> Scope:
    return Scope(desk.choices.latest(Grain.QUARTER))


@pytest.mark.parametrize("name", EVERY)
def test_each_part_has_sentences_and_pictures_with_words(
    name: str, desk: Desk, scope: Scope
) -> None:
    found = deeper(desk, scope, "segment", name)
    assert found.sentences
    assert all(sentence.endswith(".") for sentence in found.sentences)
    assert found.pictures
    for drawn in found.pictures:
        assert drawn.caption.title
        assert drawn.caption.alt
        assert drawn.name
        assert drawn.empty or len(drawn.table)
        assert set(drawn.table) == {column.name for column in drawn.columns}


def test_who_answered_leads_from_the_score_then_to_the_score_now(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (
        Part("same", "Same customers", Amount(-1.0, -4.0, 2.0, 0.5)),
        Part("left", "Customers who left", Amount(6.0, 3.0, 9.0, 0.001)),
    )
    against = scope.against
    assert against is not None
    split = SameCustomers(metric("nps"), scope, against, 20.0, 25.0, 80, parts)
    monkeypatch.setattr(whys, "same_customers", lambda *_: split)
    found = deeper(desk, scope, "segment", "answered-nps")
    assert "with customers who left" in found.sentences[0]
    (drawn,) = found.pictures
    assert drawn.table["value"].tolist() == [20.0, -1.0, 6.0, 25.0, 0.0]
    (rows,) = (rows.to_pylist() for rows in drawn.spec["datasets"].values())
    assert [row["kind"] for row in rows] == ["total", "noise", "gain", "total"]


def test_too_few_who_answered_twice_are_said(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    against = scope.against
    assert against is not None
    split = SameCustomers(metric("nps"), scope, against, 20.0, 25.0, None, ())
    monkeypatch.setattr(whys, "same_customers", lambda *_: split)
    found = deeper(desk, scope, "segment", "answered-nps")
    assert found.sentences[0].startswith("Too few people answered NPS in both periods")
    assert found.pictures == ()


def test_deciles_then_and_now_differ_by_their_step(desk: Desk, scope: Scope) -> None:
    (drawn,) = deeper(desk, scope, "segment", "shift-revenue").pictures
    table = drawn.table
    assert len(table) == 9
    assert (table["after"] - table["before"] - table["estimate"]).abs().max() < 1e-6
    assert (table["lo"] <= table["hi"]).all()


def test_the_curve_ends_with_everybody_and_everything(desk: Desk, scope: Scope) -> None:
    (drawn,) = deeper(desk, scope, "segment", "whale").pictures
    assert list(drawn.table.iloc[0]) == [0.0, 0.0]
    assert list(drawn.table.iloc[-1]) == pytest.approx([1.0, 1.0])
    assert drawn.table["y"].max() >= 1.0


def test_reasons_and_who_is_kept_are_everybody(desk: Desk, scope: Scope) -> None:
    found = deeper(desk, scope, "segment", "reasons")
    shares = found.pictures[0].table["estimate"]
    assert 0 < shares.sum() < 1
    kept = float(found.sentences[0].split("months ")[1].split(" %")[0]) / 100
    assert shares.sum() + kept == pytest.approx(1, abs=0.001)


def test_the_score_speaks_for_whom_it_says(desk: Desk, scope: Scope) -> None:
    said = heard(desk, scope)
    of = figure(desk.gate, "accounts_heard", scope).cell
    assert of.estimate is not None
    assert f"{of.estimate * 100:.1f} % of customers" in said
    assert deeper(desk, scope, "segment", "silence").sentences[0] == said
    assert heard(desk, replace(scope, journeys=(desk.choices.journeys[0],))) == ""


def test_two_camps_of_answers_are_told_below_their_chart(
    desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert figure(desk.gate, "nps", scope).cell.flag is not Flag.NO_DATA
    two = Camps(400, 0.45, 0.1, 0.45, 0.0001)
    monkeypatch.setattr(spreads, "camps", lambda *_: two)
    (note,) = spreads.scores(desk, scope).notes
    assert note.startswith("Answers form two camps (n = 400): 45.0 % give 0 to 6")


def test_growth_is_told_by_whose_it_is(tmp_path: Path) -> None:
    """V13: of 30 % growth 15 to 18 are earned; without two years there is a sentence alone."""
    revenue = {"old": ("100.00", "105.00"), "e1": (None, "10.00"), "b1": (None, "12.00")}
    gate = book(tmp_path, revenue | {"u1": (None, "3.00")}).gate
    found = deeper(Desk(gate, choices_of(gate)), Scope(Period.parse("2025")), None, "earned")
    assert found.sentences == (
        "Earned growth is 15.0 % to 18.0 % of last year's revenue (full count), out of 30.0 % in"
        " all: 50.0 % to 60.0 % of the growth.",
    )
    (drawn,) = found.pictures
    assert drawn.table["estimate"].tolist() == pytest.approx([0.05, 0.10, 0.03, 0.12, 0.30])
    early = Scope(Period.parse("2024"))
    alone = deeper(Desk(gate, choices_of(gate)), early, None, "earned")
    assert (alone.sentences, alone.pictures) == (
        ("Growth to 2024 needs two years of revenue before it.",), ()
    )  # fmt: skip


def test_a_part_by_segment_needs_segments_and_a_name_is_known(desk: Desk, scope: Scope) -> None:
    with pytest.raises(MissingTables, match="Who stays longer"):
        deeper(desk, scope, None, "longer")
    with pytest.raises(UnknownName):
        deeper(desk, scope, "segment", "horoscope")
    assert title_of("hidden-nps") == TITLES["hidden"]


def test_a_total_hides_nothing_and_says_so(desk: Desk, scope: Scope) -> None:
    with pytest.raises(BadScope, match="full count"):
        deeper(desk, scope, "segment", "hidden-revenue")
    assert JOURNEY not in desk.choices.schemes
