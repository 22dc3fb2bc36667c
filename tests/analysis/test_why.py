"""Why did it change: exact parts, their intervals, reversals, and what is never shown (3.1-3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdata.access.policy import Policy
from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.split import Split, split
from cxdata.analysis.why import Why, why
from cxdata.metrics import metric, registry
from cxdata.model.errors import BadScope
from cxdata.model.period import Period
from cxdata.model.scope import Compare, Scope
from cxdata.query.cells import Cells
from cxdata.query.gate import Gate
from tests.company import Company, answer, company, contact, journeys, member, paid, term, walk

DEC, JAN, FEB = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)


def of_counts(name: str, **stats: Any) -> Split:
    """Split a metric from statistics of two periods, cells in columns."""
    arrays = {stat: np.array(rows, dtype=float) for stat, rows in stats.items()}
    shape = next(iter(arrays.values())).shape
    alone = ("pairs", "pairs_score", "pairs_product") if name == "nps" else ()
    arrays = dict.fromkeys(alone, np.zeros(shape)) | arrays
    codes = tuple((str(at),) for at in range(shape[1]))
    whole = {stat: rows.sum(axis=1) for stat, rows in arrays.items()}
    return split(anatomy(metric(name)), Cells(("segment",), codes, arrays, False), whole)


# -- the vectors ----------------------------------------------------------------------------------


def test_a_score_that_fell_while_both_its_cells_rose() -> None:
    """METRICS.md V15: 10 to 3 in total, cells 50 to 58 and -30 to -15.33."""
    done = of_counts(
        "nps",
        promoters=[[60, 20], [33, 37]],
        passives=[[30, 30], [13, 53]],
        detractors=[[10, 50], [4, 60]],
    )
    assert done.whole == pytest.approx((10, 3))
    assert done.rate.exact == pytest.approx([3.0, 9.1666667])
    assert done.mix is not None
    assert done.mix.exact == pytest.approx([-11.875, -7.2916667])
    rate, mix = done.rate.sum(), done.mix.sum()
    assert rate.value + mix.value == pytest.approx(-7, abs=1e-12)
    assert rate.lo is not None
    assert rate.hi is not None
    assert rate.lo < rate.value < rate.hi
    assert not mix.is_noise


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """METRICS.md V10: 1,000 then 1,100 customers; phone and chat change in number and cost."""

    def contacts(day: date, phone: int, dear: str, chat: int, cheap: str) -> list[dict[str, Any]]:
        channels = [("phone", dear)] * phone + [("chat", cheap)] * chat
        return [
            contact(f"c{at:04d}", day, channel, cost_amount=cost, currency="EUR")
            for at, (channel, cost) in enumerate(channels)
        ]

    return company(
        tmp_path_factory.mktemp("served"),
        {
            "subscription_period": [
                term(f"c{at:04d}", JAN if at < 1000 else FEB) for at in range(1100)
            ],
            "interaction": [
                *contacts(date(2026, 1, 9), 400, "6.00", 200, "2.00"),
                *contacts(date(2026, 2, 9), 352, "6.60", 396, "1.80"),
            ],
        },
        through=date(2026, 2, 28),
    )


FEBRUARY = Scope(Period.parse("2026-02"))


def test_the_chain_of_cost_gives_each_factor_its_part(served: Company) -> None:
    found = why(served.gate, "cost_to_serve", FEBRUARY)
    assert (found.value0, found.value1) == (2800, 3036)
    parts = {part.name: part.amount.value for part in found.parts}
    assert parts == pytest.approx(
        {
            "customers": 280.483660,
            "contact_rate": 368.261438,
            "channel_mix": -582.274510,
            "unit_cost": 169.529412,
        }
    )
    assert abs(found.residual) < 1e-9


def test_the_chain_of_cost_per_customer_leaves_their_number_out(served: Company) -> None:
    found = why(served.gate, "cost_per_customer", FEBRUARY)
    assert [part.name for part in found.parts] == ["contact_rate", "channel_mix", "unit_cost"]
    assert sum(part.amount.value for part in found.parts) == pytest.approx(2.76 - 2.80, abs=1e-12)
    (rate, mix, cost) = (part.amount for part in found.parts)
    assert rate.lo is not None
    assert mix.lo is not None
    assert rate.lo < rate.value
    assert cost.value == pytest.approx(169.529412 / 1050, rel=0.01)


# -- properties -----------------------------------------------------------------------------------

counts = st.lists(st.tuples(*[st.integers(0, 60)] * 6), min_size=1, max_size=6).filter(
    lambda rows: sum(sum(r[:3]) for r in rows) > 0 and sum(sum(r[3:]) for r in rows) > 0
)


def scores(rows: Sequence[Sequence[int]], *, swapped: bool = False) -> Split:
    table = np.array(rows, dtype=float).T
    then, now = (table[3:], table[:3]) if swapped else (table[:3], table[3:])
    names = ("promoters", "passives", "detractors")
    return of_counts("nps", **{name: [then[i], now[i]] for i, name in enumerate(names)})


@settings(max_examples=40)
@given(counts)
def test_parts_sum_to_the_change_and_turn_with_time(rows: list[tuple[int, ...]]) -> None:
    done, back = scores(rows), scores(rows, swapped=True)
    change = done.whole[1] - done.whole[0]
    assert done.amount.exact.sum() == pytest.approx(change, abs=1e-9)
    assert done.mix is not None
    assert back.mix is not None
    assert back.rate.exact == pytest.approx(-done.rate.exact, abs=1e-9)
    assert back.mix.exact == pytest.approx(-done.mix.exact, abs=1e-9)


@settings(max_examples=40)
@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_cells_changes_no_part(rows: list[tuple[int, ...]], random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    done, moved = scores(rows), scores([rows[at] for at in order])
    assert moved.rate.exact == pytest.approx(done.rate.exact[order], abs=1e-9)
    assert moved.amount.exact == pytest.approx(done.amount.exact[order], abs=1e-9)


@settings(max_examples=40)
@given(counts)
def test_cutting_a_cell_into_two_alike_changes_no_total(rows: list[tuple[int, ...]]) -> None:
    doubled = [tuple(2 * n for n in row) for row in rows]
    halved = [*doubled[1:], rows[0], rows[0]]
    assert scores(halved).rate.sum().value == pytest.approx(
        scores(doubled).rate.sum().value, abs=1e-9
    )


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(*[st.floats(-1e4, 1e6)] * 2, *[st.integers(0, 500)] * 2), min_size=1, max_size=5
    ).filter(lambda rows: sum(r[2] for r in rows) > 0 and sum(r[3] for r in rows) > 0)
)
def test_a_total_splits_exactly_also_with_credits_and_cells_without_customers(
    rows: list[tuple[float, float, int, int]],
) -> None:
    table = np.array(rows, dtype=float).T
    nothing = [np.zeros(len(rows))] * 2
    names = ("units", "y", "yy", "x", "xx", "xy")
    done = of_counts(
        "revenue", amount=table[:2], customers=table[2:], **dict.fromkeys(names, nothing)
    )
    change = table[1].sum() - table[0].sum()
    assert done.amount.exact.sum() == pytest.approx(change, rel=1e-9, abs=1e-6)


# -- intervals ------------------------------------------------------------------------------------


def test_intervals_of_the_parts_cover_what_is_true() -> None:
    """Two segments of known opinion and size, both moving: each interval covers 92 % or more."""
    random = np.random.default_rng(11)
    opinion = np.array([[[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], [[0.55, 0.3, 0.15], [0.3, 0.3, 0.4]]])
    size = np.array([[0.6, 0.4], [0.45, 0.55]])
    score = 100 * (opinion[..., 0] - opinion[..., 2])
    true_rate = ((size[0] + size[1]) / 2 * (score[1] - score[0])).sum()
    whole = (size * score).sum(axis=1)
    true_mix = whole[1] - whole[0] - true_rate
    runs, covered = 200, np.zeros(2)
    for _ in range(runs):
        drawn = [random.multinomial(400, (size[t][:, None] * opinion[t]).ravel()) for t in (0, 1)]
        cells = np.stack([row.reshape(2, 3).T for row in drawn])
        done = of_counts("nps", promoters=cells[:, 0], passives=cells[:, 1], detractors=cells[:, 2])
        assert done.mix is not None
        for at, (part, truth) in enumerate(((done.rate, true_rate), (done.mix, true_mix))):
            amount = part.sum()
            assert amount.lo is not None
            assert amount.hi is not None
            covered[at] += amount.lo <= truth <= amount.hi
    assert (covered / runs > 0.92).all()
    assert (covered / runs < 0.985).all()


def test_accounts_of_one_mind_leave_fewer_independent_answers() -> None:
    """Each answer given three times by the same account: no narrower than answered once."""
    rows = np.array([[40.0, 30.0, 20.0], [50.0, 30.0, 20.0]])
    score, both = rows[:, 0] - rows[:, 2], rows[:, 0] + rows[:, 2]
    names = ("promoters", "passives", "detractors")
    once = of_counts("nps", **{name: rows[:, [i]] for i, name in enumerate(names)})
    # Three answers an account: of n² = 9 products, 3 are an answer with itself.
    thrice = of_counts(
        "nps",
        **{name: 3 * rows[:, [i]] for i, name in enumerate(names)},
        pairs=6 * rows.sum(axis=1)[:, np.newaxis],
        pairs_score=6 * score[:, np.newaxis],
        pairs_product=6 * both[:, np.newaxis],
    )
    one, three = once.rate.sum(), thrice.rate.sum()
    assert three.value == pytest.approx(one.value)
    assert three.lo == pytest.approx(one.lo, abs=1.0)
    assert three.hi == pytest.approx(one.hi, abs=1.0)


def test_the_same_question_has_the_same_answer() -> None:
    one, two = (scores([(40, 30, 20, 30, 30, 30), (9, 20, 30, 5, 20, 35)]) for _ in range(2))
    assert one.rate.sum() == two.rate.sum()


# -- through the gate -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def voiced(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Six times the counts of V15, and four answers of a third segment; all stay but five."""
    rows: dict[str, list[dict[str, Any]]] = {"survey_response": [], "customer_segment": []}
    at = 0
    for day, segment, classes in (
        (date(2026, 1, 9), "onboarding", (60, 30, 10)),
        (date(2026, 1, 9), "billing", (20, 30, 50)),
        (date(2026, 1, 9), "tiny", (1, 1, 0)),
        (date(2026, 2, 9), "onboarding", (33, 13, 4)),
        (date(2026, 2, 9), "billing", (37, 53, 60)),
        (date(2026, 2, 9), "tiny", (1, 1, 0)),
    ):
        for score, n in zip((9, 7, 0), classes, strict=True):
            for _ in range(n if segment == "tiny" else 6 * n):
                who, at = f"c{at:04d}", at + 1
                rows["survey_response"].append(answer(who, day, score))
                rows["customer_segment"].append(member(who, segment, JAN))
    everybody = [f"c{i:04d}" for i in range(at)]
    return company(
        tmp_path_factory.mktemp("voiced"),
        {
            **rows,
            "subscription_period": [
                term(who, DEC, date(2026, 2, 9) if i < 5 else None)
                for i, who in enumerate(everybody)
            ],
            "revenue_period": [
                paid(who, month, amount)
                for i, who in enumerate(everybody)
                for month, amount in ((DEC, "10.00"), (JAN, "10.00"), (FEB, "12.00"))
                if month != FEB or i >= 5
            ],
            "journey": journeys("order", "pay"),
            "journey_instance": [
                walk(who, journey, date(2025, 12, 20))
                for journey, some in (("order", everybody[:60]), ("pay", everybody[50:80]))
                for who in some
            ],
        },
        through=date(2026, 2, 28),
    )


def cell(found: Why, label: str) -> Any:
    return next(item for item in found.items if item.label == label)


def test_small_cells_are_told_together_and_have_no_figure(voiced: Company) -> None:
    """Two answers would name people; the next smallest group is hidden with them."""
    found = why(voiced.gate, "nps", FEBRUARY, ("segment",))
    together = cell(found, "2 small groups")
    assert (together.value0, together.value1, together.share0) == (None, None, None)
    assert {item.label for item in found.items} == {"billing", "2 small groups"}
    assert sum(item.amount.value for item in found.items) == pytest.approx(found.change)
    assert found.looked_at == 2


def test_a_reversal_is_strong_where_each_larger_cell_went_the_other_way(voiced: Company) -> None:
    found = why(voiced.gate, "nps", FEBRUARY, ("segment",))
    assert found.change < 0
    assert found.reversal is not None
    assert found.reversal.is_strong
    rate = found.part("rate")
    assert rate is not None
    assert rate.amount.value > 0


def test_recurring_revenue_is_told_by_its_movements(voiced: Company) -> None:
    found = why(voiced.gate, "recurring_revenue", FEBRUARY)
    parts = {part.name: part.amount.value for part in found.parts if part.amount.value}
    people = found.value0 / 10
    assert parts == {"churn": -50.0, "expansion": 2 * (people - 5)}
    assert found.residual == 0


def test_customers_who_met_several_journeys_are_in_one_cell(voiced: Company) -> None:
    """Sixty met one journey, thirty the other, ten of them both: eighty people, not ninety."""
    found = why(voiced.gate, "logo_retention", FEBRUARY, ("journey",))
    alone = {item.label: item.share0 for item in found.items if item.share0}
    people = found.n0 or 0
    assert {name: round(share * people) for name, share in alone.items()} == {
        "No journey": people - 80,
        "Order alone": 50,
        "Pay alone": 20,
        "Several journeys": 10,
    }


@pytest.mark.parametrize(
    ("name", "scope", "by", "said"),
    [
        ("nps", Scope(Period.parse("2026-02"), Compare.NONE), None, "what to compare with"),
        ("lost_share", FEBRUARY, None, "whole history"),
        ("nps", FEBRUARY, ("journey",), "cannot be told by journey"),
        ("nps", FEBRUARY, ("segment", "segment"), "two that differ"),
        ("nps", Scope(Period.parse("2026-Q1")), None, "cannot be explained"),
        ("shared_cost_per_customer", FEBRUARY, ("journey", "segment"), "choose one"),
    ],
)
def test_what_cannot_be_split_says_why(
    voiced: Company, served: Company, name: str, scope: Scope, by: tuple[str, ...] | None, said: str
) -> None:
    gate = voiced.gate
    if name == "shared_cost_per_customer":
        name, gate = "cost_per_customer", served.gate
    with pytest.raises(BadScope, match=said):
        why(gate, name, scope, by)


def test_a_larger_privacy_limit_hides_more(voiced: Company) -> None:
    gate = Gate(voiced.source, Policy(k_min=700))
    with pytest.raises(BadScope, match="hidden"):
        why(Gate(voiced.source, Policy(k_min=1300)), "nps", FEBRUARY, ("segment",))
    found = why(gate, "nps", FEBRUARY, ("segment",))
    assert [item.label for item in found.items] == ["3 small groups"]


# -- every metric ---------------------------------------------------------------------------------


def test_every_dated_metric_has_an_anatomy() -> None:
    for known in registry().values():
        if known.is_dated:
            assert anatomy(known).of in registry()
