"""The demo's figures against an independent computation in pandas (tests/query/oracle.py)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxdata.analysis.bridge import bridges
from cxdata.analysis.cohorts import Variant, cohorts
from cxdata.analysis.survival import stays
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.query.options import default_scope, periods
from tests.company import Company
from tests.query.conftest import END
from tests.query.oracle import Oracle

MONTHS = ("2025-09", "2025-12", "2026-02", "2026-06", "2026-09", "2026-10")
LONGER = ("2025-Q4", "2026-Q1", "2026-Q3")


@pytest.fixture(scope="module")
def oracle(demo_folder: Path, embedded: Company) -> Oracle:
    """W is configuration: the one that the build froze."""
    return Oracle(demo_folder, END, embedded.gate.built.lapse_days)


def test_every_month_is_there(embedded: Company) -> None:
    known = periods(embedded.gate, Grain.MONTH)
    assert (known[0].key, known[-1].key, len(known)) == ("2025-08", "2026-10", 15)


@pytest.mark.parametrize("period", [*MONTHS, *LONGER])
def test_bridge_in_heads(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    names = ("start", "new", "reactivated", "lost", "end")
    heads = bridges(embedded.gate, Scope(when))[0]
    amounts = tuple(int(abs(heads.amount(name))) for name in names)
    assert amounts == oracle.bridge(when.start, when.grain.months)
    assert amounts[1] > 0, "the demo wins somebody in every period"


@pytest.mark.parametrize("period", [*MONTHS, *LONGER])
def test_movement_in_money(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    money = bridges(embedded.gate, Scope(when))[1]
    expected = oracle.movement(when.start, when.grain.months)
    for name in expected.__dataclass_fields__:
        sign = -1 if name in ("contraction", "churn") else 1
        assert money.amount(name) * sign == getattr(expected, name), name


@pytest.mark.parametrize("scheme", ["segment", "region", "plan"])
@pytest.mark.parametrize("period", ["2026-02", "2026-Q1"])
def test_retention_by_segment(embedded: Company, oracle: Oracle, scheme: str, period: str) -> None:
    when = Period.parse(period)
    found = embedded.figures("logo_retention", period, by=(scheme,))
    ours = {
        code: (int(kept), int(start))
        for code, kept, start in zip(
            found.frame[scheme], found.exact["retained"], found.exact["start"], strict=True
        )
        if start
    }
    assert ours == oracle.retention_by_segment(scheme, when.start, when.grain.months)


@pytest.mark.parametrize("period", ["2026-02", "2026-09", "2026-Q1"])
def test_churn_by_reason_and_renewals(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    lost = oracle.lost_by_reason(when.start, when.grain.months)
    involuntary = embedded.exact("churn_involuntary", "lost", period)
    voluntary = embedded.exact("churn_voluntary", "lost", period)
    assert involuntary == lost.pop("involuntary") > 0
    assert voluntary == sum(lost.values()) > 0
    found = embedded.figures("renewal_rate", period).exact
    ours = int(found["renewed"][0]), int(found["due"][0])
    assert ours == oracle.renewals(when.start, when.grain.months)
    assert ours[0] > 0


@pytest.mark.parametrize("period", ["2026-02", "2026-Q1"])
def test_average_order_by_region(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    found = embedded.figures("average_order_value", period, by=("region",))
    ours = {
        code: (amount, int(orders))
        for code, amount, orders in zip(
            found.frame["region"], found.exact["amount"], found.exact["orders"], strict=True
        )
        if orders
    }
    expected = oracle.orders(when.start, when.grain.months)
    assert ours == {code: pair for code, pair in expected.items() if pair[1]}
    assert len(ours) > 3


@pytest.mark.parametrize("period", ["2025-11", "2026-02", "2026-09"])
def test_retention_by_journey(embedded: Company, oracle: Oracle, period: str) -> None:
    found = embedded.figures("logo_retention", period, by=("journey",))
    ours = {
        code: (int(kept), int(start))
        for code, kept, start in zip(
            found.frame["journey"], found.exact["retained"], found.exact["start"], strict=True
        )
        if start
    }
    assert ours == oracle.retention_by_journey(Period.parse(period).start)
    assert len(ours) >= 5


@pytest.mark.parametrize("period", [*MONTHS, *LONGER])
def test_money_and_contacts_per_customer(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    span = (when.start, when.grain.months)
    assert embedded.exact("churn_rate", "days", period) == oracle.customer_days(*span)
    revenue = oracle.revenue(*span)
    assert embedded.exact("revenue", "revenue", period) == revenue
    average = oracle.average_customers(*span)
    per_customer = embedded.value("revenue_per_customer", period)
    assert per_customer == pytest.approx(float(revenue) / average, rel=1e-12)
    rate = embedded.value("contact_rate", period)
    assert rate == pytest.approx(oracle.contact_rate(*span), rel=1e-12)


@pytest.mark.parametrize("period", ["2025-12", "2026-02", "2026-Q1"])
def test_cost_to_serve(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    span = (when.start, when.grain.months)
    cost = float(embedded.exact("cost_to_serve", "contact_cost", period))
    assert cost == pytest.approx(oracle.contact_cost(*span), abs=0.01)
    per_customer = embedded.value("cost_per_customer", period)
    assert per_customer == pytest.approx(oracle.cost_per_customer(*span), rel=1e-6)


@pytest.mark.parametrize("period", [*MONTHS, *LONGER, "2026"])
def test_scores(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    found = embedded.figures("nps", period).exact
    ours = tuple(int(found[name][0]) for name in ("promoters", "passives", "detractors"))
    assert ours == oracle.score_counts(when.start, when.grain.months, "relationship")
    promoters, _, detractors = ours
    score = 100 * (promoters - detractors) / sum(ours)
    assert embedded.value("nps", period) == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("period", ["2026-09", "2026-Q1", "2026"])
def test_scores_by_account(embedded: Company, oracle: Oracle, period: str) -> None:
    when = Period.parse(period)
    heard = oracle.account_scores(when.start, when.grain.months)
    means = {who: sum(signs) / len(signs) for who, signs in heard.items()}
    alike = 100 * sum(means.values()) / len(means)
    assert embedded.value("nps_by_account", period) == pytest.approx(alike, rel=1e-12)
    revenue = oracle.revenue_of(when.start, when.grain.months)
    paid = {who: max(float(revenue.get(who, 0)), 0.0) for who in means}
    by_money = 100 * sum(paid[who] * mean for who, mean in means.items()) / sum(paid.values())
    assert embedded.value("nps_by_revenue", period) == pytest.approx(by_money, rel=1e-12)
    of_heard = float(sum(revenue.get(who, 0) for who in means))
    assert embedded.value("revenue_heard", period) == pytest.approx(
        of_heard / float(sum(revenue.values())), rel=1e-12
    )
    found = embedded.figures("nps", period)
    pairs = sum(len(signs) ** 2 - len(signs) for signs in heard.values())
    assert found.exact["pairs"][0] == pairs
    assert pairs > 0 or when.grain.months < 12, "several people of an account answered in the year"


@pytest.mark.parametrize("month", ["2026-08", "2026-09"])
def test_revenue_retention_over_twelve_months(
    embedded: Company, oracle: Oracle, month: str
) -> None:
    start = Period.parse(month).shift(-11).start
    gross, net = oracle.revenue_retention(start)
    assert embedded.value("gross_revenue_retention", month) == pytest.approx(gross, rel=1e-12)
    assert embedded.value("net_revenue_retention", month) == pytest.approx(net, rel=1e-12)
    assert gross < 1


def test_survival(embedded: Company, oracle: Oracle) -> None:
    start = embedded.gate.built.history_start
    assert start == date(2025, 8, 1)
    expected = oracle.survival(start)
    (everyone,) = stays(embedded.gate, default_scope(embedded.gate))
    curve = {
        int(age): share
        for age, share, lost in zip(
            everyone.curve.time, everyone.curve.survival, everyone.risk.lost, strict=True
        )
        if lost
    }
    assert curve.keys() == {age for age, share in expected.items() if share < 1} or len(curve) > 10
    for age, share in curve.items():
        assert share == pytest.approx(expected[age], rel=1e-12)


@pytest.mark.parametrize("variant", [Variant.KEPT, Variant.ACTIVE])
def test_cohort_triangle(embedded: Company, oracle: Oracle, variant: Variant) -> None:
    cells = oracle.triangle(embedded.gate.built.first_month)
    frame = cohorts(embedded.gate, default_scope(embedded.gate), variant)
    rows: list[Any] = list(frame.itertuples())
    ours = {
        (row.cohort_month, row.age): row.count
        for row in rows
        if row.age > 0 and not np.isnan(row.count)
    }
    which = 0 if variant is Variant.KEPT else 1
    assert ours == {key: pair[which] for key, pair in cells.items() if key[1] > 0}
    sizes = dict(zip(frame["cohort_month"], frame["n"], strict=True))
    for cohort, size in sizes.items():
        members = [d for d in oracle.first_active.values() if d.replace(day=1) == cohort]
        assert size == sum(day <= END for day in members)
