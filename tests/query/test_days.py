"""Days add up to their periods: at the last day, to-date is the full figure (C9)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cxdata.metrics import registry
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.scope import Scope
from cxdata.query.days import by_day, first_day, sums_of_days
from cxdata.query.evaluate import evaluate
from cxdata.query.options import options, periods
from tests.company import Company

DAILY = {name: daily for name, one in registry().items() if (daily := by_day(one)) is not None}


def test_what_adds_up_by_days_is_found_by_what_it_is_made_of() -> None:
    assert DAILY.keys() >= {
        "contacts",
        "cost_per_contact",
        "abandoned_share",
        "repeat_contact_rate",
        *("customers_new", "customers_lost", "customers_net", "customers_end", "customer_growth"),
        *("logo_retention", "logo_churn", "churn_voluntary", "churn_involuntary"),
        *("nps", "csat", "nps_after_journey", "nps_weighted"),
    }
    not_daily = {"revenue", "cost_to_serve", "failure_demand", "net_revenue_retention"}
    assert not not_daily & DAILY.keys()


def test_customers_at_the_end_have_the_segment_of_the_end_which_days_do_not_know() -> None:
    held = Scope(Period.parse("2026-10"), where=(("segment", ("families",)),))
    assert by_day(registry()["customers_end"], held) is None
    assert by_day(registry()["customers_new"], held) is not None


@pytest.mark.parametrize("grain", list(Grain))
@pytest.mark.parametrize("cut", ["all", "segment", "journey"])
def test_all_days_of_a_period_are_the_period(embedded: Company, grain: Grain, cut: str) -> None:
    gate, known = embedded.gate, options(embedded.gate)
    where = (("segment", (next(iter(known.schemes["segment"])),)),) if cut == "segment" else ()
    journeys = tuple(known.journeys)[1:] if cut == "journey" else ()
    when = periods(gate, grain)
    scope = Scope(when[-1], where=where, journeys=journeys)
    full = evaluate(gate, [registry()[name] for name in DAILY], scope, at=when)
    found = {name: by_day(registry()[name], scope) for name in DAILY}
    for name, daily in found.items():
        if daily is None:
            continue
        days = sums_of_days(gate, daily, scope, [(one.start, one.end) for one in when])
        for stat, values in full[name].stats.items():
            assert days[stat] == pytest.approx(values, rel=1e-12, abs=1e-9), (name, stat)
        assert cut == "journey" or any(values.any() for values in days.values()), name
    contacts = full["contacts"].stats["contacts"]
    assert contacts.all()


@pytest.mark.parametrize("days", [1, 7, 20])
def test_first_days_are_those_of_the_rows(embedded: Company, demo_folder: Path, days: int) -> None:
    """Contacts counted from the files, those of test accounts left out."""
    contacts, customers = (
        pd.read_parquet(demo_folder / name) for name in ("interaction", "customer")
    )
    tests = set(customers.loc[customers["is_test"].fillna(False).astype(bool), "customer_id"])
    counted = contacts.loc[~contacts["customer_id"].isin(tests), "interaction_date"]
    dated = pd.to_datetime(counted).dt.date
    when = [Period.containing(date(2026, 10, 1), Grain.MONTH).shift(-back) for back in range(13)]
    spans = [(one.start, one.start + timedelta(days=days)) for one in when]
    found = sums_of_days(embedded.gate, DAILY["contacts"], Scope(when[0]), spans)["contacts"]
    expected = [((dated >= first) & (dated < end)).sum() for first, end in spans]
    assert found.tolist() == expected
    assert min(expected) > 0


@pytest.mark.postgres
@pytest.mark.parametrize("grain", list(Grain))
def test_ten_days_of_each_period_are_the_same_on_both_engines(
    embedded: Company, database: Company, grain: Grain
) -> None:
    """Who came and went, what was said, and pairs of answers within accounts."""
    when = periods(embedded.gate, grain)
    scope = Scope(when[-1], where=(("segment", ("families", "seniors", "small_business")),))
    spans = [(one.start, one.start + timedelta(days=10)) for one in when]
    for name, one in registry().items():
        daily = by_day(one, scope)
        if daily is not None:
            ours, theirs = (
                sums_of_days(found.gate, daily, scope, spans) for found in (embedded, database)
            )
            for stat, values in ours.items():
                assert values == pytest.approx(theirs[stat], rel=1e-12, abs=1e-9), (name, stat)


def test_days_are_kept_from_the_first_month_on(embedded: Company) -> None:
    """Fifteen months are fewer than those kept."""
    assert first_day(embedded.gate) == embedded.gate.built.first_month
    assert first_day(embedded.gate) == add_months(embedded.gate.built.last_month, -14)
