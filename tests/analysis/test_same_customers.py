"""Did it get better, or did the unhappy leave? Planted both ways, and against a count by hand."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxdata.access.policy import Policy
from cxdata.analysis.same_customers import SameCustomers, same_customers
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.scope import Compare, Scope
from cxdata.story.same_customers import same_customers_sentence
from tests.company import Company, answer, company, journeys, member, term

OLD, JAN, FEB = date(2025, 1, 1), date(2026, 1, 1), date(2026, 2, 1)
FEBRUARY = Scope(Period.parse("2026-02"))

Life = tuple[int | None, int | None, date, date | None]
"""Score in January, score in February, first day, and the day after the last."""


def scored(folder: Path, lives: list[Life], policy: Policy | None = None) -> Company:
    """A company of people who answered in January, in February, or in both."""
    rows, terms = [], []
    for at, (then, now, start, end) in enumerate(lives):
        who = f"c{at:03d}"
        rows += [
            answer(who, day, score)
            for day, score in ((JAN + timedelta(9), then), (FEB + timedelta(9), now))
            if score is not None
        ]
        terms.append(term(who, start, end))
    tables = {"survey_response": rows, "subscription_period": terms}
    return company(
        folder, tables, through=date(2026, 2, 28), policy=policy or Policy("any", k_min=5)
    )


def parts(found: SameCustomers) -> dict[str, float]:
    return {part.name: part.amount.value for part in found.parts}


STEADY: list[Life] = [
    *[(10, 10, OLD, None)] * 120,
    *[(8, 8, OLD, None)] * 40,
    *[(2, 2, OLD, None)] * 40,
]


def test_the_unhappy_left(tmp_path: Path) -> None:
    """40 among the same; a hundred unhappy ones are gone: nobody speaks better, -6.7 becomes 40."""
    gone: list[Life] = [(1, None, OLD, FEB + timedelta(5))] * 100
    found = same_customers(scored(tmp_path, STEADY + gone).gate, "nps", FEBRUARY)
    assert found.value0 == pytest.approx(100 * (120 - 140) / 300)
    assert found.value1 == pytest.approx(40)
    assert found.people == 200
    assert parts(found) == pytest.approx({"same": 0, "left": found.change})
    told = same_customers_sentence(found, Format("EUR"))
    assert told.endswith("customers who are no longer there, not with those who stayed.")


def test_it_got_better(tmp_path: Path) -> None:
    """The same hundred unhappy people are there and happy: all of it is theirs."""
    turned: list[Life] = [(1, 9, OLD, None)] * 100
    found = same_customers(scored(tmp_path, STEADY + turned).gate, "nps", FEBRUARY)
    assert found.people == 300
    assert parts(found) == pytest.approx({"same": 100 * 20 / 30})
    assert found.parts[0].amount.lo is not None
    assert not found.parts[0].amount.is_noise
    told = same_customers_sentence(found, Format("EUR"))
    assert told.endswith("Most of it is what the same customers say now.")


def test_the_unhappy_fell_silent_and_the_happy_joined(tmp_path: Path) -> None:
    """A hundred unhappy customers are still there; a hundred happy ones came on 2 February."""
    silent: list[Life] = [(1, None, OLD, None)] * 100
    joined: list[Life] = [(None, 10, FEB + timedelta(1), None)] * 100
    found = same_customers(scored(tmp_path, STEADY + silent + joined).gate, "nps", FEBRUARY)
    assert parts(found) == pytest.approx(
        {"same": 0, "joined": 10 / 30 * (100 - 40), "answered": -10 / 30 * (-100 - 40)}
    )


def test_who_is_a_customer_at_the_close_has_not_left(tmp_path: Path) -> None:
    """At the close of 28 February who ended on 1 March was active, on 28 February was not."""
    lives: list[Life] = [
        *STEADY,
        *[(1, None, OLD, date(2026, 3, 1))] * 6,
        *[(1, None, OLD, date(2026, 2, 28))] * 7,
        *[(None, 9, JAN + timedelta(30), None)] * 5,
        *[(None, 9, FEB, None)] * 8,
    ]
    found = scored(tmp_path, lives)
    month: Counter[str] = Counter()
    names = ("period_start", "lag_months", "measure", "standing", "people")
    for months, start, lag, measure, standing, people in found.mart(
        "answer_panel", "months", *names
    ):
        if (months, start, lag, measure) == (1, FEB, 1, "nps"):
            month[standing] += people
    assert month == {"same": 200, "silent": 6, "left": 7, "heard": 5, "joined": 8}


def test_a_small_group_is_not_told_alone(tmp_path: Path) -> None:
    """Two who left are counted with those who fell silent."""
    lives: list[Life] = [
        *STEADY,
        *[(1, None, OLD, FEB + timedelta(5))] * 2,
        *[(1, None, OLD, None)] * 6,
    ]
    found = same_customers(scored(tmp_path, lives).gate, "nps", FEBRUARY)
    assert set(parts(found)) == {"same", "answered"}
    assert sum(parts(found).values()) == pytest.approx(found.change)


def test_too_few_who_answered_twice_tell_nothing(tmp_path: Path) -> None:
    lives: list[Life] = [(9, 9, OLD, None)] * 6 + [(1, None, OLD, None)] * 200
    lives += [(None, 9, OLD, None)] * 200
    found = same_customers(scored(tmp_path, lives).gate, "nps", FEBRUARY)
    assert (found.people, found.parts) == (None, ())
    assert same_customers_sentence(found, Format("EUR")).startswith("Too few people answered NPS")


def test_what_cannot_be_told_is_refused(tmp_path: Path) -> None:
    gate = scored(tmp_path, STEADY).gate
    for name, scope in (
        ("logo_retention", FEBRUARY),
        ("nps", Scope(FEBRUARY.period, Compare.NONE)),
        ("nps", Scope(FEBRUARY.period, journeys=("pay",))),
    ):
        with pytest.raises(BadScope):
            same_customers(gate, name, scope)


# ---- a random company ----------------------------------------------------------------------------

FIRST = date(2024, 7, 1)
MONTHS = 18


def random_rows(seed: int) -> dict[str, list[dict[str, Any]]]:
    """People of accounts who come, go, move and answer one or two surveys now and then."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    terms, regions = [], []
    for at in range(250):
        who = f"c{at:03d}"
        start = FIRST + timedelta(int(random.integers(-200, 300)))
        end = start + timedelta(int(random.integers(60, 600))) if random.random() < 0.5 else None
        terms.append(term(who, start, end))
        moved = FIRST + timedelta(int(random.integers(30, 400)))
        codes = random.choice(["north", "south"], 2)
        regions += [
            member(who, codes[0], date(2020, 1, 1), moved, scheme="region"),
            member(who, codes[1], moved, scheme="region"),
        ]
        for _ in range(int(random.integers(0, 40))):
            day = FIRST + timedelta(int(random.integers(0, 548)))
            kind = str(random.choice(["relationship", "transactional"]))
            has_score = random.random() < 0.9
            rows.append(
                answer(
                    who,
                    day,
                    int(random.integers(0, 11)) if has_score else None,
                    person_id=f"{who}-{random.integers(0, 2)}" if at % 3 else None,
                    survey_type=kind,
                    survey_code=f"{kind}{random.integers(0, 2)}",
                    csat_score=float(random.integers(1, 6)) if random.random() < 0.6 else None,
                    csat_max=5.0,
                )
            )
    return {
        "survey_response": rows,
        "subscription_period": terms,
        "customer_segment": regions,
        "journey": journeys("pay"),
    }


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, dict[str, Any]]:
    tables = random_rows(3)
    folder = tmp_path_factory.mktemp("varied")
    return company(folder, tables, through=date(2025, 12, 31)), tables


def periods() -> list[tuple[Period, Compare]]:
    found = []
    for grain in Grain:
        for step in range(-20, 1):
            period = Period.containing(date(2025, 12, 1), grain).shift(step)
            for compare in (Compare.PREVIOUS, Compare.YEAR):
                against = Scope(period, compare).against
                if against is not None and against.start >= FIRST:
                    found.append((period, compare))
    return found


@pytest.mark.parametrize("where", [(), (("region", ("north",)),)], ids=["all", "region"])
@pytest.mark.parametrize("name", ["nps", "nps_after_journey", "csat"])
def test_the_parts_are_the_change(
    varied: tuple[Company, dict[str, Any]], name: str, where: Any
) -> None:
    gate, told = varied[0].gate, 0
    for period, compare in periods():
        found = None
        with contextlib.suppress(BadScope):  # too few answers to show the figure
            found = same_customers(gate, name, Scope(period, compare, where=where))
        if found and found.parts:
            told += 1
            gap = sum(parts(found).values()) - found.change
            assert abs(gap) <= 1e-9 * max(abs(found.value0), abs(found.value1), 1.0)
            assert where or "moved" not in parts(found)
    assert told > 3


def by_hand(tables: dict[str, Any], period: Period, back: int) -> Counter[tuple[str, str]]:
    """People by measure and standing, counted row by row."""
    spans = {
        row["customer_id"]: (row["start_date"], row["end_date"])
        for row in tables["subscription_period"]
    }

    def said(first: date) -> dict[tuple[Any, ...], dict[str, Any]]:
        close = add_months(first, period.grain.months)
        kept: dict[tuple[Any, ...], dict[str, Any]] = {}
        for at, row in enumerate(tables["survey_response"], 1):
            if first <= row["responded_date"] < close:
                person = row["person_id"] or row["customer_id"]
                key = (person, row["survey_code"], row["nps_score"] is not None)
                order = (row["responded_date"], f"r{at:03d}")
                if key not in kept or kept[key]["order"] < order:
                    kept[key] = {**row, "order": order}
        return kept

    def active(who: str, close: date) -> bool:
        start, end = spans[who]
        # An end is the first day after, and time apart of up to a week is bridged: one term each.
        return start < close and (end is None or end >= close)

    earlier = add_months(period.start, -back)
    then, now = said(earlier), said(period.start)
    found: Counter[tuple[str, str]] = Counter()
    for key in then.keys() | now.keys():
        for measure in ("nps_score", "csat_score"):
            before, after = ((side.get(key) or {}).get(measure) for side in (then, now))
            who = (now.get(key) or then[key])["customer_id"]
            ended = add_months(period.start, period.grain.months)
            came = spans[who][0] < ended
            if before is not None and after is not None:
                found[measure[:-6], "same"] += 1
            elif before is not None:
                gone = came and not active(who, ended)
                found[measure[:-6], "left" if gone else "silent"] += 1
            elif after is not None:
                close = add_months(earlier, period.grain.months)
                new = came and not active(who, close)
                found[measure[:-6], "joined" if new else "heard"] += 1
    return found


@pytest.mark.parametrize("key", ["2025-03", "2025-11", "2025-Q2", "2025-Q4", "2025"])
def test_standings_are_those_counted_by_hand(
    varied: tuple[Company, dict[str, Any]], key: str
) -> None:
    built, tables = varied
    period = Period.parse(key)
    rows = built.mart(
        "answer_panel", *("period_start", "months", "lag_months", "measure", "standing", "people")
    )
    for back in {period.grain.months, 12}:
        if add_months(period.start, -back) < FIRST:
            continue
        found: Counter[tuple[str, str]] = Counter()
        for start, months, lag, measure, standing, people in rows:
            if (start, months, lag) == (period.start, period.grain.months, back):
                found[measure, standing] += people
        assert found == by_hand(tables, period, back)
        assert len(found) >= 8


def test_people_of_one_account_are_not_counted_as_independent(tmp_path: Path) -> None:
    """The same answers of 600 people: five an account, or each an account of their own."""
    said = [(10, 10)] * 300 + [(2, 10)] * 150 + [(8, 2)] * 150
    widths = []
    for each in (1, 5):
        rows, terms = [], []
        for at, scores in enumerate(said):
            who = f"c{at // each:03d}"
            rows += [
                answer(who, day + timedelta(9), score, person_id=f"p{at:03d}")
                for day, score in zip((JAN, FEB), scores, strict=True)
            ]
            if at % each == 0:
                terms.append(term(who, OLD, None))
        tables = {"survey_response": rows, "subscription_period": terms}
        where = company(tmp_path / str(each), tables, through=date(2026, 2, 28))
        found = same_customers(where.gate, "nps", FEBRUARY)
        assert found.people == 600
        same = found.part("same")
        assert same is not None
        assert same.amount.lo is not None
        assert same.amount.hi is not None
        widths.append(same.amount.hi - same.amount.lo)
    assert 1.8 < widths[1] / widths[0] < 2.8, "five who agree are worth about one"
