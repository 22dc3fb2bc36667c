"""What ran out and who stayed, by hand (METRICS.md 2.2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.company import company, member, term

OLD = date(2025, 11, 1)


def test_renewals_among_what_ran_out(tmp_path: Path) -> None:
    """Grace of seven days; upgrades, failed payments and notice within a month were not due."""
    day = date(2026, 1, 20)
    ran = {"end_reason": "end_of_term"}
    terms = [
        *(term("at_once", OLD, day, **ran), term("at_once", day)),
        *(term("later", OLD, day, **ran), term("later", date(2026, 1, 27))),
        *(term("too_late", OLD, day, **ran), term("too_late", date(2026, 1, 28))),
        *(term("only_trial", OLD, day, **ran), term("only_trial", day, status="trial")),
        *(term("twice", OLD, day, **ran), term("twice", OLD, day, subscription_id="t2", **ran)),
        term("gone", OLD, day, **ran),
        term("left", OLD, day, end_reason="voluntary"),
        term("failed", OLD, day, end_reason="involuntary"),
        *(term("grew", OLD, day, end_reason="upgrade"), term("grew", day)),
        term("trial", OLD, day, status="trial", **ran),
        *(term("other", OLD), term("other", OLD, day, subscription_id="t3", **ran)),
        *(term("young", OLD, date(2026, 3, 26), **ran), term("young", date(2026, 3, 26))),
    ]
    segments = [
        member("at_once", "small", OLD, day),
        member("at_once", "large", day),
        member("later", "small", OLD),
        member("gone", "small", OLD),
    ]
    tables = {"subscription_period": terms, "customer_segment": segments}
    found = company(tmp_path, tables, through=date(2026, 3, 31))
    exact = found.figures("renewal_rate", "2026-01").exact
    assert (exact["renewed"][0], exact["due"][0]) == (3, 7)
    assert found.exact("renewal_rate", "due", "2026-Q1") == 7
    assert found.value("renewal_rate", "2026-03") is None
    by_segment = found.slices("renewal_rate", "2026-01", "segment")
    assert by_segment == {"large": 1, "small": 0.5, "(unknown)": 0.25}


def test_a_contract_that_goes_straight_on_was_due_only_at_its_term(tmp_path: Path) -> None:
    """A pause, or another price before the month is full, is no renewal; one at the term is."""
    day, year_ago, dearer = date(2026, 1, 20), date(2025, 1, 20), {"amount": "12.00"}
    ran = {"end_reason": "end_of_term"}

    def onward(who: str, start: date, end: date | None, **more: object) -> dict[str, object]:
        return term(who, start, end, subscription_id=who, **more)  # type: ignore[arg-type]

    terms = [
        *(onward("pauses", OLD, day, **ran), onward("pauses", day, None, status="paused")),
        *(onward("resumes", OLD, day, status="paused", **ran), onward("resumes", day, None)),
        *(onward("priced", OLD, day, **ran), onward("priced", day, None, **dearer)),
        *(onward("unsaid", year_ago, day), onward("unsaid", day, None, **dearer)),
        *(onward("moved", OLD, day, **ran), onward("moved", day, None, product_code="other")),
        onward("quits", OLD, day, end_reason="voluntary"),
        # From here on due: renewed at a new price, as before, and given notice for the year's end.
        *(onward("dearer", year_ago, day, **ran), onward("dearer", day, None, **dearer)),
        *(onward("renewed", OLD, day, **ran), onward("renewed", day, None)),
        onward("declines", year_ago, date(2025, 6, 3), end_reason="upgrade"),
        onward("declines", date(2025, 6, 3), day, end_reason="voluntary", **dearer),
        onward("runs_out", OLD, day, **ran),
        onward("last_days", date(2025, 8, 31), date(2026, 2, 28), end_reason="voluntary"),
    ]
    found = company(tmp_path, {"subscription_period": terms}, through=date(2026, 3, 31))
    exact = found.figures("renewal_rate", "2026-01").exact
    assert (exact["renewed"][0], exact["due"][0]) == (2, 4)
    assert found.exact("renewal_rate", "due", "2026-02") == 1
