"""Every sentence builder of the story with evidence to tell, so that all its words can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from cxdata.analysis.comparison import UsualRange
from cxdata.analysis.coverage import Coverage, Silence, Weighted
from cxdata.analysis.figure import Figure
from cxdata.analysis.items import Item
from cxdata.analysis.league import League, Standing
from cxdata.analysis.leaving import Leaving, Longer, Reason
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.restatement import Cause, Showing, restatement
from cxdata.analysis.same_customers import SameCustomers
from cxdata.analysis.sanity import Ceiling, Divergence, Flat
from cxdata.analysis.shift import Camps, Shift, Whales
from cxdata.analysis.signal import Event, LevelChange, Signal
from cxdata.analysis.slices import Slice
from cxdata.analysis.standardised import Adjusted, Standardised
from cxdata.analysis.to_date import ToDate
from cxdata.analysis.why import Reversal
from cxdata.analysis.worth import Worth
from cxdata.metrics import metric
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Labels, Scope
from cxdata.query.evaluate import Figures
from cxdata.query.statement import JOURNEY
from cxdata.statistics.distribution import WhaleCurve
from cxdata.statistics.earned_growth import earned_growth
from cxdata.story.coverage import coverage_sentences
from cxdata.story.headline import Telling, balance, headline, where
from cxdata.story.league import hidden_sentence, league_sentence, standardised_sentence
from cxdata.story.leaving import leaving_sentences, longer_sentence
from cxdata.story.moved import moved_sentence
from cxdata.story.ranking import Movement, leads, looked, ranking
from cxdata.story.restated import restated
from cxdata.story.same_customers import same_customers_sentence
from cxdata.story.sanity import (
    ceiling_sentence,
    divergence_sentence,
    earned_sentence,
    flat_sentence,
)
from cxdata.story.shift import camps_sentence, shift_sentence, whale_sentence
from cxdata.story.signal import signal_sentences
from cxdata.story.to_date import to_date_sentence
from cxdata.story.why import why_sentences
from tests.story.test_why import FOUND

FORM, LABELS = Format("EUR"), Labels()
SCOPE = Scope(Period.parse("2026-09"))


def figure(name: str, verdict: Verdict, p: float | None) -> Figure:
    """A figure of 500 people judged one way."""
    step = -0.02 if metric(name).unit.value == "share" else -4.0
    lo = None if p is None else step * 1.5
    cell = Cell(0.95, 500, None if p is None else 0.94, None if p is None else 0.96, "", Flag.OK)
    return Figure(
        metric(name),
        SCOPE,
        cell,
        cell,
        Comparison(step, lo, None if p is None else step / 2, p, verdict, "difference"),
        None if p is not None else UsualRange(1.0, 2.0, 24, 0.001),
        pd.DataFrame(),
        date(2026, 9, 30),
        False,
    )


def slices(*differences: float) -> pd.DataFrame:
    """Segments with their differences, each beyond chance."""
    names = [f"S{at}" for at in range(len(differences))]
    return pd.DataFrame(
        {"segment": names, "segment_label": names, "difference": differences, "p": 0.001}
    )


def headlines() -> Iterable[str]:
    """Headlines of each verdict, alone and together, with and without money and slices."""
    retention = figure("logo_retention", Verdict.MOVED, 0.0001)
    cost = figure("cost_per_customer", Verdict.MOVED, None)
    lost = Worth(-9e4, -1.2e5, -6e4, -155.0)
    for verdict in Verdict:
        for one in (figure("nps", verdict, 0.4), figure("revenue", verdict, None)):
            yield from (told.text for told in headline([one], {}, {}, FORM))
    for frame in (slices(-0.03, -0.01, -0.02), slices(0.02, 0.01, 0.01), slices(-0.01, 0.02)):
        yield from (
            told.text
            for told in headline(
                [retention, cost, figure("nps", Verdict.USUAL, 0.5)],
                {"logo_retention": lost, "cost_per_customer": Worth(5e4, None, None, None)},
                {"logo_retention": frame},
                FORM,
            )
        )
    quiet = [figure("nps", Verdict.USUAL, 0.5), figure("logo_retention", Verdict.USUAL, 0.6)]
    yield from (told.text for told in headline(quiet, {}, {}, FORM))


def movements() -> Iterable[str]:
    """A movement of a slice, tested and counted in full, with and without what it is worth."""
    lost = Worth(-9e4, -1.2e5, -6e4, -155.0)
    for one in (
        figure("logo_retention", Verdict.MOVED, 0.0001),
        figure("cost_per_customer", Verdict.MOVED, None),
    ):
        for worth in (None, lost, replace(lost, lo=None, hi=None)):
            yield moved_sentence(one, worth, "", FORM, f"{one.metric.label} in Spain")


def sliced(name: str, by: str, label: str, p: float | None, step: float = -0.02) -> Slice:
    """A slice of 500 people whose figure went as far as the whole's."""
    whole = figure(name, Verdict.MOVED, p)
    compared = replace(whole.comparison, difference=step)
    if p is not None and p > 0.05:
        compared = replace(compared, verdict=Verdict.USUAL)
    nothing = Figures(metric(name), (), pd.DataFrame(), {}, {}, "")
    return Slice(metric(name), SCOPE, by, label, compared, whole.usual, nothing, 0)


def told(whole: Iterable[Figure], parts: Iterable[Slice]) -> tuple[Telling, ...]:
    """What the first page tells of figures and slices, each movement worth the same."""
    seen = looked(list(whole), list(parts))
    movements = [
        Movement(
            head if isinstance(head, Figure) else figure(head.metric.name, Verdict.MOVED, 0.0001),
            None if isinstance(head, Figure) else head,
            beside,
            Worth(-9e4, None, None, -155.0),
        )
        for head, beside in leads(seen)
    ]
    return ranking(seen, movements, LABELS, FORM)


def under_way(name: str, p: float) -> Figure:
    """A figure of a period under way, its first ten days beside as many of the one before."""
    open_ = figure(name, Verdict.INCOMPLETE, None)
    assert SCOPE.against is not None
    test = figure(name, Verdict.MOVED if p < 0.05 else Verdict.USUAL, p).comparison
    days = ToDate(open_.metric, SCOPE, SCOPE.against, 10, open_.cell, open_.cell, test, None)
    return replace(open_, to_date=days)


def rankings() -> Iterable[str]:
    """The few movements: of a whole, of slices alone, of both ways, of journeys, of nothing."""
    moved = figure("logo_retention", Verdict.MOVED, 1e-6)
    still = figure("logo_retention", Verdict.USUAL, 0.5)
    nps = figure("nps", Verdict.MOVED, 0.04)
    names = ("Spain", "Portugal", "Alps", "Nordics")
    down = [sliced("logo_retention", "region", name, 1e-5) for name in names]
    up = [sliced("logo_retention", "region", name, 0.3, 0.02) for name in names]
    after = sliced("nps_after_journey", JOURNEY, "Onboarding", 1e-6)
    on = sliced("cost_per_customer", JOURNEY, "Billing", None)
    for whole, parts in (
        ([moved], down),
        ([moved], down[:1]),
        ([moved], up),
        ([still], [*down, after]),
        ([still], [after, on, sliced("logo_retention", "region", "Alps", 1e-5, 0.02)]),
        ([still, nps], up),
        ([still], []),
        ([figure("nps", Verdict.INCOMPLETE, None)], []),
        ([under_way("nps", 0.5), under_way("logo_retention", 0.6)], []),
        ([under_way("nps", 0.5), under_way("logo_retention", 1e-6)], []),
    ):
        yield from (one.text for one in told(whole, parts))


def balances() -> Iterable[str]:
    """Who came and who went, of everybody and on a journey."""
    names = ("start", "new", "reactivated", "lost", "net")
    found = {f"customers_{one}": figure(f"customers_{one}", Verdict.USUAL, None) for one in names}
    for scope in (SCOPE, replace(SCOPE, journeys=("onboarding",))):
        told = balance(found, scope)
        assert told is not None
        yield told.text


def places() -> Iterable[str]:
    """The slices in which a figure moved; said within a headline, after its evidence."""
    retention = figure("logo_retention", Verdict.MOVED, 0.0001)
    yield f"(n = 500) {where(slices(-0.03, -0.01), FORM, retention)}"


def whys() -> Iterable[str]:
    """A change taken apart: by cells, with a reversal, by lines, by full count, without any."""
    for reversal in (None, Reversal(True), Reversal(False)):
        yield " ".join(why_sentences(replace(FOUND, reversal=reversal), LABELS, FORM))
    counted = replace(FOUND, items=tuple(_counted(item) for item in FOUND.items))
    yield " ".join(why_sentences(counted, LABELS, FORM))
    yield " ".join(why_sentences(replace(FOUND, items=(), by=()), LABELS, FORM))
    yield " ".join(
        why_sentences(replace(FOUND, value1=FOUND.value0, by=("journey",)), LABELS, FORM)
    )


def panels() -> Iterable[str]:
    """A score by who answered: each group most of it, none, with moved segments, too few."""
    names = ("same", "left", "joined", "answered")
    base = SameCustomers(metric("nps"), SCOPE, Period.parse("2026-08"), 30.0, 34.1, 212, ())
    for most in (*names, ""):
        parts = [
            Part(
                name, name, Amount(4.0, 1.0, 7.0, 0.01) if name == most else Amount(0.1, -2.0, 2.2)
            )
            for name in names
        ]
        parts.append(Part("moved", "moved", Amount(-0.2)))
        yield same_customers_sentence(replace(base, parts=tuple(parts)), FORM)
    yield same_customers_sentence(replace(base, people=None), FORM)


def to_dates() -> Iterable[str]:
    """A period under way: a share, a ledger fact, one too young to judge, and too few."""
    against = Period.parse("2026-08")
    for name, p, basis in (
        ("abandoned_share", 0.2, ""),
        ("contacts", None, "within the usual range of 24 periods"),
        ("contacts", None, "too short a history to judge"),
    ):
        of = figure(name, Verdict.USUAL, p)
        late = replace(of.cell, flag=Flag.PROVISIONAL)
        test = replace(of.comparison, basis=basis)
        for days, cell in ((1, late), (14, of.cell)):
            found = ToDate(of.metric, SCOPE, against, days, cell, of.cell, test, of.usual)
            yield to_date_sentence(found, FORM)
            few = Cell(None, 3, None, None, "", Flag.TOO_FEW)
            yield to_date_sentence(replace(found, cell=few), FORM).replace("14", "fourteen")


def _counted(item: Item) -> Item:
    alone = replace(item.rate, lo=None, hi=None, p=None)
    return replace(item, rate=alone, amount=alone, stands_out=False)


def coverages() -> Iterable[str]:
    """Whom a score speaks for, with all that can be known and with little."""
    cell = Cell(0.25, 400, None, None, "census", Flag.OK)
    score = Cell(33.5, 400, 28.0, 39.0, "adjusted Wald", Flag.OK)
    weighted = Weighted(39.1, 33.0, 45.0, 400, 380, 1.05, ("segment", "tenure_band"), 8)
    silence = Silence(0.25, 1600, -66.0, 83.0, 30.0, 28.9)
    full = Coverage(SCOPE, score, cell, cell, weighted, silence)
    few = replace(full, score=replace(score, flag=Flag.TOO_FEW))
    for found in (full, replace(full, silence=replace(silence, tipping=None)), few):
        yield from coverage_sentences(found, LABELS, FORM)


def restatements() -> Iterable[str]:
    """What a figure said when it was first shown, and what it says now."""
    when = datetime(2026, 10, 3, tzinfo=UTC)
    shown = [Showing(f"v{at}", "1", value, when) for at, value in enumerate((31.0, 29.6, 29.0))]
    found = restatement(shown, [frozenset({Cause.LATE}), frozenset({Cause.CORRECTION})])
    assert found is not None
    yield restated(metric("nps"), "September 2026", found, FORM)


def signals() -> Iterable[str]:
    """A course within its range, outside it, in a run, too short, and on another level."""
    rows = {"period": "2026-09", "estimate": 0.97, "centre": 0.97, "lo": 0.96, "hi": 0.98}
    frame = pd.DataFrame([{**rows, "rule": rule} for rule in ("", "outside", "run")])
    found = Signal(metric("logo_retention"), SCOPE, frame, 24, "XmR", False, None)
    day = date(2026, 3, 1)
    change = LevelChange(day, day, date(2026, 4, 1), 0.95, 0.97, 0.002, None)
    noted = replace(change, latest=day, event=Event(day, "another price list"))
    for at in range(3):
        yield from signal_sentences(replace(found, frame=frame.iloc[: at + 1]), FORM)
    for one in (change, noted, replace(noted, is_anew=True)):
        yield from signal_sentences(replace(found, change=one), FORM)
    yield from signal_sentences(replace(found, frame=frame.iloc[:0]), FORM)


def leagues() -> Iterable[League]:
    """Slices with a ranking and hidden ones, and slices that are alike."""
    rows = [
        Standing(
            (name,), name, 400, 40.0, 39.0, -9.0, -14.0, -4.0, 0.001, at < 4, at + 1, 36.0, 42.0
        )
        for at, name in enumerate("ABCDE")
    ]
    yield League(metric("nps"), SCOPE, ("segment",), 33.0, 34.0, tuple(rows), True, 5)
    alike = tuple(replace(one, is_hidden=False, rank=None) for one in rows)
    yield League(metric("nps"), SCOPE, ("segment",), 33.0, 34.0, alike, False, 5)


def mixes() -> Iterable[str]:
    """Slices at the same mix, and too few of them."""
    slices = tuple(Adjusted(c, c, 400, 30.0, v, 25.0, 35.0) for c, v in (("A", 28.0), ("B", 33.0)))
    found = Standardised(metric("nps"), SCOPE, "region", "segment", slices, 1.0)
    yield standardised_sentence(found, LABELS, FORM)
    yield standardised_sentence(replace(found, slices=slices[:1]), LABELS, FORM)


def earnings() -> Iterable[str]:
    """Earned growth with known and unknown sources, and without growth."""
    for same, earned, bought, unknown in ((105, 10, 12, 3), (95, 15, 20, 0), (80, 1, 1, 9)):
        found = earned_growth(100, same, earned, bought, unknown)
        assert found is not None
        yield earned_sentence(found, FORM)


def oddities() -> Iterable[str]:
    """A score that rose and one that fell against what customers do."""
    up, down = (
        replace(one, comparison=replace(one.comparison, difference=4.0)) if rises else one
        for one, rises in ((figure("nps", Verdict.MOVED, 0.01), at) for at in (True, False))
    )
    lost = figure("logo_retention", Verdict.MOVED, 0.01)
    for score, is_better in ((up, True), (down, False)):
        yield divergence_sentence(Divergence(score, lost, is_better), FORM)


def departures() -> Iterable[str]:
    """Reasons for leaving, with and without any on record."""
    known = Reason("failed_payment", 0.05, 0.04, 0.06, 100, 900.0)
    unknown = Reason("unknown", 0.02, None, None, 40, 300.0)
    for reasons in ((known, unknown), (unknown,)):
        yield from leaving_sentences(Leaving(12.0, 2000, 0.9, reasons, 0.3), FORM)


def stayings() -> Iterable[str]:
    """Segments that stay longer and shorter, with and without money, and alike ones."""
    rows = [
        Longer(name, name, 400, 11.0, step, step - 0.2, step + 0.2, 0.001, *money)
        for name, step, money in (("A", -0.5, (-9.0, -12.0, -6.0)), ("B", 0.4, (None,) * 3))
    ]
    yield longer_sentence(rows, 12.0, FORM)
    yield longer_sentence([replace(one, p=0.5) for one in rows], 12.0, FORM)


def shifts() -> Iterable[str]:
    """Spend that moved everywhere, at the top, at the bottom, here and there, nowhere."""
    step, quiet = Amount(4.0, 1.0, 7.0, 0.001), Amount(0.1, -1.0, 1.2, 0.8)
    deciles = np.arange(1.0, 10.0)
    for moved in ((0, 9), (6, 9), (0, 3), (3, 6), (0, 0)):
        has = tuple(moved[0] <= at < moved[1] for at in range(9))
        steps = tuple(step if one else quiet for one in has)
        against = Period.parse("2026-08")
        found = Shift("revenue", against, 900, 950, deciles, deciles + 1, steps, has)
        yield shift_sentence(found, FORM)


def whale_curves() -> Iterable[str]:
    """A curve that bends back, and one that does not."""
    none = np.zeros(2)
    for peak, below in ((1.2, 0.1), (1.0, 0.0)):
        curve = WhaleCurve(none, none, peak, below)
        yield whale_sentence(Whales(curve, 900, 1e5, peak, 0.9, below), FORM)


EXAMPLES: dict[str, Callable[[], Iterable[str]]] = {
    "headline.headline": headlines,
    "headline.balance": balances,
    "moved.moved_sentence": movements,
    "ranking.ranking": rankings,
    "headline.where": places,
    "why.why_sentences": whys,
    "same_customers.same_customers_sentence": panels,
    "to_date.to_date_sentence": to_dates,
    "coverage.coverage_sentences": coverages,
    "restated.restated": restatements,
    "signal.signal_sentences": signals,
    "leaving.leaving_sentences": departures,
    "leaving.longer_sentence": stayings,
    "shift.shift_sentence": shifts,
    "shift.whale_sentence": whale_curves,
    "shift.camps_sentence": lambda: [camps_sentence(Camps(400, 0.35, 0.1, 0.55, 0.001), FORM)],
    "sanity.flat_sentence": lambda: [
        flat_sentence(figure("nps", Verdict.USUAL, 0.5), Flat(12, 0.002, 3600))
    ],
    "sanity.ceiling_sentence": lambda: [
        ceiling_sentence(figure("nps", Verdict.USUAL, 0.5), Ceiling(0.93, 400), FORM)
    ],
    "sanity.divergence_sentence": oddities,
    "sanity.earned_sentence": earnings,
    "league.hidden_sentence": lambda: (hidden_sentence(one, FORM) for one in leagues()),
    "league.league_sentence": lambda: (league_sentence(one, FORM) for one in leagues()),
    "league.standardised_sentence": mixes,
}
"""Builders by module and name; a new one without examples fails a test."""

PIECES = {
    "headline.beyond_noise",
    "moved.margin",
    "ranking.leads",
    "ranking.looked",
    "ranking.surest_first",
    "why.amount",
    "why.heads",
    "why.in_sentence",
    "why.listed",
    "why.rate_words",
}
"""Public functions that give no sentence of their own."""

COUNTED = {"condition.day", "condition.findings", "condition.through"}
"""What is said of the tables themselves, whose rows are counted in full: see test_condition.py."""
