"""Risk tables and cohorts, counted by hand (METRICS.md 2.3, 2.4; S3, V03, V04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from cxdata.analysis.cohorts import Variant, cohort_curve, cohorts
from cxdata.analysis.survival import stays
from cxdata.marts import lifetimes
from cxdata.marts.rules import Rules, Span
from cxdata.marts.workspace import Workspace
from cxdata.model.period import add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import CUSTOMER_LIFE, MARTS, TENURE_RISK
from cxdata.query.options import default_scope
from cxdata.statistics.risk import risk_table
from cxdata.statistics.survival import kaplan_meier
from tests.company import Company, company, member, paid, sale, term

V04 = (
    *((6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True), (10, False)),
    *((11, False), (13, True), (16, True), (17, False), (19, False), (20, False), (22, True)),
    *((23, True), (25, False), (32, False), (32, False), (34, False), (35, False)),
)
"""Months and whether the end was seen."""

AT_RISK = {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
SURVIVAL = {
    6: 0.857143,
    7: 0.806723,
    10: 0.752941,
    13: 0.690196,
    16: 0.627451,
    22: 0.537815,
    23: 0.448179,
}
DELAYED = {
    6: (16, 0.8125),
    7: (12, 0.744792),
    10: (15, 0.695139),
    13: (12, 0.637211),
    16: (11, 0.579282),
    22: (7, 0.496528),
    23: (6, 0.413773),
}


def test_s3_the_risk_table_of_contracts_is_v04(tmp_path: Path) -> None:
    """Everyone's age today or at the end is as published; the last day is in the risk set."""
    now = date(2026, 4, 1)
    terms = []
    for at, (months, lost) in enumerate(V04):
        start = add_months(now, -40) if lost else add_months(now, -months)
        terms.append(term(f"c{at}", start, add_months(start, months) if lost else None))
    found = company(
        tmp_path,
        {"subscription_period": terms, "revenue_period": [paid("c0", date(2026, 3, 1), "1.00")]},
        rules=Rules(history_start=date(2020, 1, 1)),
    )
    (stay,) = stays(found.gate, default_scope(found.gate))
    losses = stay.risk.lost > 0
    ages = stay.risk.time[losses].astype(int).tolist()
    assert dict(zip(ages, stay.risk.at_risk[losses], strict=True)) == AT_RISK
    curve = dict(zip(stay.curve.time.astype(int).tolist(), stay.curve.survival, strict=True))
    assert {age: round(curve[age], 6) for age in ages} == SURVIVAL
    assert found.value("lost_share", "2026-03") == pytest.approx(9 / 21)
    assert found.exact("customers_ever", "ever", "2026-03") == 21


def test_s3_with_delayed_entry_is_v04_too(tmp_path: Path) -> None:
    """Each life is counted on the day that gives its published age; entries 0, 3 and 8 months."""
    entries = [0] * 10 + [3] * 6 + [8] * 5
    start = date(2020, 1, 1)
    engine = company(tmp_path, {"subscription_period": [term("a", date(2026, 3, 1))]}).source
    with engine.building() as built, built.begin() as connection:
        for at, ((months, lost), entry) in enumerate(zip(V04, entries, strict=True)):
            connection.execute(sa.delete(MARTS.tables["customer_life"]))
            first = add_months(start, -entry)
            leave = add_months(first, months)
            connection.execute(
                CUSTOMER_LIFE.insert(),
                {
                    "customer_key": at,
                    "first_active_date": first,
                    "profile_id": 0,
                    "first_exit_date": leave if lost else None,
                },
            )
            through = leave - timedelta(days=1)
            work = Workspace(connection, {}, Rules(), Span(start, leave), through)
            work.activity_through, work.history_start = through, start
            if at == 0:
                connection.execute(sa.delete(TENURE_RISK))
            lifetimes.fill_tenure(work)
        rows = connection.execute(
            sa.select(
                TENURE_RISK.c.entry_age,
                TENURE_RISK.c.exit_age,
                TENURE_RISK.c.cause,
                TENURE_RISK.c.customers,
            )
        ).all()
    entries_of, leave_of, cause, count = zip(*rows, strict=True)
    table = risk_table(
        np.array(entries_of, float),
        np.array(leave_of, float),
        np.array(cause) != "",
        np.array(count, float),
    )
    losses = table.lost > 0
    survival = kaplan_meier(table)
    shares = dict(zip(survival.time.tolist(), survival.survival, strict=True))
    ours = {
        int(age): (int(n), round(float(shares[age]), 6))
        for age, n in zip(table.time[losses], table.at_risk[losses], strict=True)
    }
    assert ours == DELAYED


def test_customers_older_than_the_data_enter_late(tmp_path: Path) -> None:
    """Revenue begins in January 2026: a is 24 months old then, b leaves before it and is unseen."""
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("a", date(2024, 1, 1)),
                term("b", date(2024, 1, 1), date(2025, 6, 1)),
                term("c", date(2026, 1, 15), date(2026, 3, 15), end_reason="voluntary"),
                term("d", date(2025, 12, 31), date(2026, 2, 1), end_reason="involuntary"),
            ],
            "revenue_period": [paid("a", date(2026, 1, 1), "1.00")],
        },
    )
    assert found.gate.built.history_start == date(2026, 1, 1)
    rows = found.mart("tenure_risk", "entry_age", "exit_age", "cause", "customers")
    assert rows == [(0, 2, "involuntary", 1), (0, 2, "voluntary", 1), (24, 27, "", 1)]


@pytest.fixture(scope="module")
def v03(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """V03 as of 30 April: 100, 120, 80 and 50 begin in January to April."""
    still = {1: (100, 80, 70, 65), 2: (120, 90, 84), 3: (80, 60), 4: (50,)}
    terms = list(_triangle(still))
    who = sorted({row["customer_id"] for row in terms})
    return company(
        tmp_path_factory.mktemp("v03"),
        {
            "subscription_period": terms,
            "customer_segment": [member(name, name[0], date(2020, 1, 1)) for name in who],
        },
        through=date(2026, 4, 30),
    )


def _triangle(still: dict[int, tuple[int, ...]]) -> Iterable[dict[str, Any]]:
    for month, counts in still.items():
        for at in range(counts[0]):
            start = date(2026, month, 1 + at % 28)
            kept = sum(at < count for count in counts)
            gone = kept < len(counts)
            # gone at age k: no longer there at the close of the k-th month after the first
            end = date(2026, month + kept, 15) if gone else None
            yield term(f"{'ab'[at % 2]}{month}-{at}", start, end)


def test_v03_triangle(v03: Company) -> None:
    frame = cohorts(v03.gate, default_scope(v03.gate), Variant.KEPT)
    triangle = frame.pivot_table(index="cohort_month", columns="age", values="count", dropna=False)
    expected = [
        *([100, 80, 70, 65], [120, 90, 84, np.nan]),
        *([80, 60, np.nan, np.nan], [50, np.nan, np.nan, np.nan]),
    ]
    np.testing.assert_array_equal(triangle.to_numpy(), np.array(expected))


def test_v03_chain_curve(v03: Company) -> None:
    curve = cohort_curve(v03.gate, default_scope(v03.gate), Variant.KEPT)
    np.testing.assert_allclose(curve.share, [1, 0.766667, 0.694510, 0.644902], atol=5e-7)


def test_cohorts_slice_by_the_segment_of_the_first_day(v03: Company) -> None:
    scope: Scope = default_scope(v03.gate).narrowed("segment", "a")
    frame = cohorts(v03.gate, scope, Variant.KEPT)
    sizes = frame.drop_duplicates("cohort_month")["n"].tolist()
    assert sizes == [50, 60, 40, 25]


def test_who_comes_back_is_active_again_but_was_not_kept(tmp_path: Path) -> None:
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("a", date(2026, 1, 10), date(2026, 2, 10)),
                term("a", date(2026, 3, 5)),
            ],
            "sales_transaction": [sale("a", date(2026, 1, 12)), sale("a", date(2026, 3, 9))],
        },
    )
    scope = default_scope(found.gate)
    frames = {v: cohorts(found.gate, scope, v).set_index("age") for v in Variant}
    assert frames[Variant.KEPT]["count"].tolist()[1:] == [0, 0]
    assert frames[Variant.ACTIVE]["count"].tolist()[1:] == [0, 1]
    assert frames[Variant.BOUGHT]["count"].tolist()[1:] == [0, 1]


def test_a_cohort_is_whole_though_facts_begin_later_than_the_customer(tmp_path: Path) -> None:
    """a's stated first day is in January, its first contract in March."""
    found = company(
        tmp_path,
        {
            "customer": [
                {"customer_id": "a", "first_active_date": date(2026, 1, 20)},
                {"customer_id": "b", "first_active_date": None},
            ],
            "subscription_period": [term("a", date(2026, 3, 2)), term("b", date(2026, 1, 5))],
        },
    )
    rows = found.mart("cohort_summary", "cohort_month", "age", "customers", "customers_active")
    january = [row[1:] for row in rows if row[0] == date(2026, 1, 1)]
    assert january == [(0, 2, 1), (1, 0, 1), (2, 0, 2)]
