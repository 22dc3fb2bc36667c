"""What holds for any company: bridges close, order and clocks change nothing (METRICS.md 8.1)."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxdata.analysis.bridge import bridges
from cxdata.marts.rules import Rules
from cxdata.metrics import registry
from cxdata.model.metric import Additive
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from tests.company import answer, company, contact, journeys, member, paid, sale, term, walk
from tests.marts.summaries import contents, differences

FIRST, THROUGH = date(2026, 1, 1), date(2026, 4, 17)
SEGMENTS = ("small", "large", "(unknown)")
PERIODS = ("2026-01", "2026-02", "2026-04", "2026-Q1", "2026")

days = st.integers(-60, 140).map(lambda step: FIRST + timedelta(days=step))
cents = st.integers(-99_999, 99_999).map(lambda amount: Decimal(amount) / 100)


@st.composite
def customers(draw: st.DrawFn) -> dict[str, Any]:
    """One customer: contracts, a month's revenue or none, and a history of segments."""
    starts = sorted(draw(st.lists(days, min_size=1, max_size=3, unique=True)))
    lengths = [draw(st.one_of(st.none(), st.integers(1, 80))) for _ in starts]
    ends = [
        None if length is None else start + timedelta(days=length)
        for start, length in zip(starts, lengths, strict=True)
    ]
    moves = sorted(draw(st.lists(days, max_size=3, unique=True)))
    return {
        "terms": list(zip(starts, ends, strict=True)),
        "revenue": draw(st.lists(st.one_of(st.none(), cents), min_size=5, max_size=5)),
        "moves": [(move, draw(st.sampled_from(["small", "large", None]))) for move in moves],
        "walk": draw(days),
    }


def tables(drawn: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of some customers."""
    rows: dict[str, list[dict[str, Any]]] = {
        "subscription_period": [],
        "revenue_period": [],
        "customer_segment": [],
        "journey_instance": [],
        "journey": list(journeys("onboard")),
    }
    for at, one in enumerate(drawn):
        who = f"c{at}"
        rows["subscription_period"] += [term(who, start, end) for start, end in one["terms"]]
        rows["revenue_period"] += [
            paid(who, add_months(FIRST, month - 1), amount)
            for month, amount in enumerate(one["revenue"])
            if amount is not None
        ]
        until = [move for move, _ in one["moves"][1:]] + [None]
        rows["customer_segment"] += [
            member(who, code, move, end)
            for (move, code), end in zip(one["moves"], until, strict=False)
            if code
        ]
        rows["journey_instance"].append(walk(who, "onboard", one["walk"]))
    return {name: kept for name, kept in rows.items() if kept}


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(customers(), min_size=8, max_size=20))
def test_bridges_close_for_any_amounts_and_moves(drawn: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        found = company(Path(folder), tables(drawn), through=THROUGH)
        known = {code for code in SEGMENTS if any(c == code for d in drawn for _, c in d["moves"])}
        for period in PERIODS:
            whole = bridges(found.gate, Scope(Period.parse(period)))
            assert [one.check for one in whole] == [0, 0]
            if not known:
                continue
            scope = Scope(Period.parse(period))
            parts = [
                bridges(found.gate, scope.narrowed("segment", code))
                for code in (*known, "(unknown)")
            ]
            for which in (0, 1):
                assert {pair[which].check for pair in parts} == {0}
                moved = [
                    pair[which].amount(line)
                    for pair in parts
                    for line in ("transfers_in", "transfers_out")
                ]
                assert sum(moved) == 0
                for line in ("start", "new", "lost", "churn", "adjustment", "end"):
                    assert sum(pair[which].amount(line) for pair in parts) == whole[which].amount(
                        line
                    )
        found.source.close()  # type: ignore[attr-defined]


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(customers(), min_size=8, max_size=20))
def test_gross_never_exceeds_net_nor_one(drawn: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        found = company(Path(folder), tables(drawn), through=THROUGH)
        flow = found.mart(
            "customer_flow",
            "revenue_base",
            "revenue_kept",
            "revenue_expansion",
            "revenue_contraction",
            "revenue_churn",
        )
        for base, kept, more, less, gone in flow:
            assert 0 <= kept <= base
            assert kept == base - less - gone
            assert kept <= base + more - less - gone
        found.source.close()  # type: ignore[attr-defined]


# ---- order and clocks ----------------------------------------------------------------------------


def busy(chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    """A company of forty with everything, instants around midnight among it."""
    who = [f"c{at:02d}" for at in range(40)]

    def some_day() -> date:
        return FIRST + timedelta(days=chance.randrange(-40, 100))

    def late(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 23, 40, tzinfo=UTC)

    return {
        "journey": list(journeys("onboard", "complain")),
        "customer": [{"customer_id": name} for name in who],
        "customer_segment": [
            row
            for name, day in zip(who, [some_day() for _ in who], strict=True)
            for row in (
                member(name, "small", date(2025, 1, 1), day),
                member(name, chance.choice(("small", "large")), day),
            )
        ],
        "subscription_period": [term(name, some_day()) for name in who[:20]],
        "revenue_period": [
            paid(name, add_months(FIRST, month), Decimal(chance.randrange(-500, 5000)) / 100)
            for name in who[:20]
            for month in range(4)
        ],
        "sales_transaction": [
            sale(chance.choice(who), day := some_day(), "3.10", transacted_at=late(day))
            for _ in range(120)
        ],
        "interaction": [
            contact(
                chance.choice((*who, None)),
                day := some_day(),
                started_at=late(day),
                loaded_at=late(day),
                handle_seconds=chance.choice((None, 30, 90, 300)),
                reason_code=chance.choice("ab"),
            )
            for _ in range(200)
        ],
        "unit_cost": [
            {
                "channel_code": "phone",
                "valid_from": date(2025, 1, 1),
                "cost_per_contact": Decimal("1.0000"),
                "cost_per_minute": Decimal("0.4567"),
            }
        ],
        "journey_instance": [
            walk(chance.choice(who), chance.choice(("onboard", "complain")), some_day())
            for _ in range(60)
        ],
        "survey_response": [
            answer(
                chance.choice(who), day := some_day(), chance.randrange(11), responded_at=late(day)
            )
            for _ in range(80)
        ],
    }


@contextmanager
def clock(zone: str) -> Iterator[None]:
    """Set the time zone of this process."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


RULES = Rules(lapse_days=35, exposure_days=45)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The company's summaries as they are."""
    rows = busy(random.Random(5))
    return contents(company(tmp_path_factory.mktemp("plain"), rows, through=THROUGH, rules=RULES))


def test_the_order_of_rows_changes_nothing(plain: dict[str, list[str]], tmp_path: Path) -> None:
    rows = busy(random.Random(5))
    keyed = company_rows(rows)
    for name in keyed:
        random.Random(9).shuffle(keyed[name])
    found = company(tmp_path, keyed, through=THROUGH, rules=RULES)
    assert differences(plain, contents(found)) == {}


def company_rows(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same rows with the ids that their order would have given them."""
    from tests.company import complete

    kept = complete(rows, None)
    return {name: list(kept[name]) for name in rows}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_clock_of_the_server_changes_nothing(
    plain: dict[str, list[str]], tmp_path: Path, zone: str
) -> None:
    with clock(zone):
        found = company(tmp_path, busy(random.Random(5)), through=THROUGH, rules=RULES)
        assert differences(plain, contents(found)) == {}


def test_other_names_of_segments_and_journeys_change_no_figure(
    plain: dict[str, list[str]], tmp_path: Path
) -> None:
    """Small becomes a name that sorts last, journeys trade places."""
    names = {"small": "zz", "onboard": "complain", "complain": "onboard"}
    rows = busy(random.Random(5))
    for table in rows.values():
        for row in table:
            for column in ("segment_code", "journey_code"):
                row[column] = names.get(row.get(column, ""), row.get(column))
                if row[column] is None:
                    del row[column]
    found = company(tmp_path, rows, through=THROUGH, rules=RULES)
    by = found.slices("customers_end", "2026-03", "segment")
    here = company(tmp_path / "as_it_was", busy(random.Random(5)), through=THROUGH, rules=RULES)
    was = here.slices("customers_end", "2026-03", "segment")
    assert {names.get(code, code): value for code, value in was.items()} == by
    one, other = (x.slices("logo_retention", "2026-03", "journey") for x in (here, found))
    assert {names[code]: value for code, value in one.items()} == other


def test_additive_metrics_say_over_what() -> None:
    """The properties of sums over slices are tested on the demo; here that there are some."""
    kinds = {metric.additive for metric in registry().values()}
    assert kinds == set(Additive)
