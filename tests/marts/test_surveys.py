"""Answers by hand: one a person and period, agents left out, small groups hidden (2.8, 2.9)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cxdata.access.policy import Policy
from cxdata.model.evidence import Flag
from cxdata.statistics.proportion import wilson
from tests.company import Company, answer, company, contact, journeys, member, term

JAN, FEB, MAR = (date(2026, month, 1) for month in (1, 2, 3))


def day(number: int, month: int = 1) -> date:
    """A day of 2026."""
    return date(2026, month, number)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """January: five people count; the rest are older answers, agents' choices, or no score."""
    rows = [
        # the latest answer of a person: the later day, else the later hour, else the later id
        *(answer("a", day(3), 0), answer("a", day(20), 9)),
        answer("b", day(7), 10, responded_at=datetime(2026, 1, 7, 8, tzinfo=UTC)),
        answer("b", day(7), 6, responded_at=datetime(2026, 1, 7, 20, tzinfo=UTC)),
        *(answer("c", day(9), 3, response_id="R1"), answer("c", day(9), 8, response_id="r0")),
        # two people of one account, one of whom answered twice
        answer("d", day(5), 10, person_id="p1"),
        answer("d", day(6), 7, person_id="p2"),
        answer("d", day(28), 10, person_id="p2"),
        # left out: chosen by an agent; without a score
        answer("e", day(5), 10, solicited="agent_chosen"),
        answer("f", day(5), None, csat_score=4.0, csat_max=5.0),
        # another month, so the quarter's latest of a is this
        answer("a", day(2, 2), 2),
        # duplicates of one customer are one person
        *(answer("g_old", day(4, 3), 10), answer("g", day(8, 3), 0)),
        answer("test", day(8, 3), 10),
    ]
    return company(
        tmp_path_factory.mktemp("asked"),
        {
            "customer": [
                *({"customer_id": name} for name in "abcdefg"),
                {"customer_id": "g_old", "merged_into_id": "g"},
                {"customer_id": "test", "is_test": True},
            ],
            "survey_response": rows,
        },
    )


def scores(found: Company, period: str) -> tuple[float, ...]:
    """Promoters, passives, detractors."""
    exact = found.figures("nps", period).exact
    return tuple(float(exact[name][0]) for name in ("promoters", "passives", "detractors"))


def test_the_latest_answer_of_each_person_counts(asked: Company) -> None:
    """a 9, b 6, c 8, p1 10, p2 10."""
    assert scores(asked, "2026-01") == (3, 1, 1)
    assert asked.value("nps", "2026-01") == pytest.approx(100 * (3 - 1) / 5)
    assert asked.value("answers", "2026-01") == 5


def test_a_longer_period_has_its_own_latest_answers(asked: Company) -> None:
    """In the quarter a's latest is 2; g, whose duplicate loved us, is one detractor."""
    assert scores(asked, "2026-02") == (0, 0, 1)
    assert scores(asked, "2026-03") == (0, 0, 1)
    assert scores(asked, "2026-Q1") == (2, 1, 3)


def test_the_interval_is_the_adjusted_one(tmp_path: Path) -> None:
    """One answer each: n' = 8, p' = 3.75/8, d' = 1.75/8."""
    scores = zip("abcde", (9, 10, 10, 8, 6), strict=True)
    rows = [answer(who, day(5), score) for who, score in scores]
    found = company(tmp_path, {"survey_response": rows}).figures("nps", "2026-01")
    cell = found.frame.iloc[0]
    p, d = 3.75 / 8, 1.75 / 8
    half = 1.959963984540054 * 100 * ((p + d - (p - d) ** 2) / 8) ** 0.5
    assert cell["lo"] == pytest.approx(100 * (p - d) - half)
    assert cell["hi"] == pytest.approx(100 * (p - d) + half)
    assert cell["flag"] == Flag.TOO_FEW, "a margin above 20 points says nothing"
    assert found.method == "adjusted Wald"


def test_fewer_than_five_people_are_hidden(asked: Company) -> None:
    cell = asked.cell("nps", "2026-02")
    assert (cell.estimate, cell.n, cell.lo, cell.hi, cell.flag) == (
        None,
        None,
        None,
        None,
        Flag.SUPPRESSED,
    )


def test_a_single_hidden_group_hides_the_next_smallest_too(tmp_path: Path) -> None:
    """Else it follows from the total (METRICS.md C11). Ten, six, two and nobody."""
    groups = {"large": 10, "middle": 6, "small": 2}
    who = [(f"{code}{at}", code) for code, size in groups.items() for at in range(size)]
    tables = {
        "survey_response": [answer(name, day(2), 9) for name, _ in who],
        "customer_segment": [member(name, code, JAN) for name, code in who],
    }
    found = company(tmp_path, tables).figures("nps", "2026-01", by=("segment",)).frame
    flags = dict(zip(found["segment"], found["flag"], strict=True))
    assert flags["small"] == flags["middle"] == Flag.SUPPRESSED
    assert flags["large"] != Flag.SUPPRESSED
    assert (
        found.loc[found["segment"] == "middle", ["estimate", "n", "lo", "hi"]].isna().all(axis=None)
    )


def test_the_smallest_group_is_a_matter_of_who_asks(tmp_path: Path) -> None:
    tables = {"survey_response": [answer(name, day(2), 9) for name in "abcdef"]}
    found = company(tmp_path / "everyone", tables)
    assert found.cell("nps", "2026-01").flag is not Flag.SUPPRESSED
    careful = company(tmp_path / "careful", tables, policy=Policy("careful", k_min=7))
    assert careful.cell("nps", "2026-01").flag is Flag.SUPPRESSED


def test_satisfied_is_the_top_two_boxes_of_each_scale(tmp_path: Path) -> None:
    """4 and 5 of 5; 9 of 10 but not 8; 6 of 7; a scale of unknown length is one of five."""
    marks = [(4, 5), (3, 5), (5, 5), (9, 10), (8, 10), (6, 7), (5, 7), (4, None), (3.9, None)]
    rows = [
        answer(
            f"c{at}",
            day(2),
            None,
            csat_score=float(score),
            csat_max=None if top is None else float(top),
        )
        for at, (score, top) in enumerate(marks)
    ]
    rows.append(answer("silent", day(2), 9))
    found = company(tmp_path, {"survey_response": rows})
    assert found.value("csat", "2026-01") == pytest.approx(5 / 9)
    assert found.cell("csat", "2026-01").n == 9


def test_response_rate_leaves_out_what_bounced(tmp_path: Path) -> None:
    states = ["responded"] * 3 + ["sent"] * 4 + ["expired"] + ["bounced"] * 2
    rows = [
        {"customer_id": f"c{at}", "sent_date": day(3), "status": state}
        for at, state in enumerate(states)
    ]
    found = company(tmp_path, {"survey_invitation": rows})
    assert found.value("response_rate", "2026-01") == pytest.approx(3 / 8)
    assert found.cell("response_rate", "2026-01").n == 8


def test_weights_count_each_answer_as_often_as_they_say(tmp_path: Path) -> None:
    weights = [(9, 2.0), (10, 1.0), (7, 1.0), (0, 0.5)]
    rows = [
        answer(f"c{at}", day(2), score, weight=weight) for at, (score, weight) in enumerate(weights)
    ]
    found = company(tmp_path, {"survey_response": rows})
    assert found.value("nps", "2026-01") is None, "four people are hidden"
    exact = found.figures("nps_weighted", "2026-01").exact
    by_class = [exact[f"weight_{name}"][0] for name in ("promoters", "passives", "detractors")]
    assert by_class == [3.0, 1.0, 0.5]
    assert exact["weight_sq"][0] == pytest.approx(4 + 1 + 1 + 0.25)


def test_answers_slice_by_the_journey_they_are_about(tmp_path: Path) -> None:
    rows = [
        answer("a", day(2), 9, journey_code="pay"),
        answer("b", day(2), 3, journey_code="pay"),
        answer("c", day(2), 9),
    ]
    tables = {"survey_response": rows, "journey": journeys("pay", "move")}
    found = company(tmp_path, tables, policy=Policy("whoever", k_min=1))
    assert found.slices("answers", "2026-01", "journey") == {"pay": 2, "(none)": 1}
    assert found.value("answers", "2026-01", journeys=("pay",)) == 2


def test_what_is_no_score_counts_nowhere(tmp_path: Path) -> None:
    """Plain folders are not checked row by row: 100 and -1 are neither promoters nor answers."""
    rows = [answer(f"c{at}", day(5), score) for at, score in enumerate([10] * 6 + [100, -1])]
    found = company(tmp_path, {"survey_response": rows}, through=date(2026, 1, 31))
    assert found.value("answers", "2026-01") == 6
    assert found.value("nps", "2026-01") == 100


# ---- several people of an account ----------------------------------------------------------------

SPOKEN = {
    "big": (9, 10, 10, 9, 2, 10),
    "two": (3, 1),
    "mixed": (9, 0),
    "one": (10,),
    "quiet": (7,),
}
"""Scores by account: 12 answers of five accounts; big answers from two regions and two journeys."""


@pytest.fixture(scope="module")
def b2b(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Accounts with several people; big moved from north to south on 16 January."""
    rows = [
        answer(
            who,
            day(10 if at % 2 else 20),
            score,
            person_id=f"{who}{at}",
            csat_score=5.0 if score > 6 else 1.0,
            csat_max=5.0,
        )
        for who, scores in SPOKEN.items()
        for at, score in enumerate(scores)
    ]
    after = [
        answer(
            "big",
            day(11),
            score,
            person_id=f"t{at}",
            survey_code=f"after_{journey}",
            survey_type="transactional",
            journey_code=journey,
        )
        for at, (score, journey) in enumerate([(9, "pay"), (10, "pay"), (10, "move")])
    ] + [
        answer(who, day(12), 3, survey_code="x", survey_type="transactional", journey_code="pay")
        for who in ("one", "two")
    ]
    regions = [
        member("big", "north", date(2025, 1, 1), day(16), scheme="region"),
        member("big", "south", day(16), scheme="region"),
        *(member(who, "north", date(2025, 1, 1), scheme="region") for who in ("two", "one")),
        *(member(who, "south", date(2025, 1, 1), scheme="region") for who in ("mixed", "quiet")),
    ]
    paying = [("big", "900.00"), ("two", "50.00"), ("one", "30.00"), ("mixed", "20.00")]
    return company(
        tmp_path_factory.mktemp("b2b"),
        {
            "customer": [{"customer_id": who} for who in (*SPOKEN, "silent")],
            "survey_response": rows + after,
            "customer_segment": regions,
            "journey": journeys("pay", "move"),
            "subscription_period": [
                *(term(who, date(2025, 1, 1), amount=amount) for who, amount in paying),
                term("silent", date(2025, 1, 1), amount="250.00"),
            ],
        },
        policy=Policy("whoever", k_min=1),
    )


def sign(score: int) -> int:
    """1 a promoter, -1 a detractor."""
    return (score >= 9) - (score <= 6)


def by_hand(groups: list[list[int]]) -> tuple[float, float]:
    """Limits with accounts as units, three average accounts added (2.8)."""
    n, size = sum(map(len, groups)), sum(map(len, groups)) / len(groups)
    cases = n + 3 * size
    centre = sum(map(sum, groups)) / cases
    squares = sum((sum(g) - centre * len(g)) ** 2 for g in groups)
    for x, count in ((1, 0.75), (0, 1.5), (-1, 0.75)):
        squares += count * (size * x - centre * size) ** 2
    units = len(groups) + 3
    half = 1.959963984540054 * (squares * units / (units - 1)) ** 0.5 / cases
    return 100 * (centre - half), 100 * (centre + half)


@pytest.mark.parametrize("period", ["2026-01", "2026-Q1", "2026"])
def test_answers_of_an_account_are_one_unit(b2b: Company, period: str) -> None:
    """Also where the account's answers lie in two regions: the whole is exact."""
    found = b2b.figures("nps", period)
    cell = found.frame.iloc[0]
    groups = [[sign(score) for score in scores] for scores in SPOKEN.values()]
    flat = [x for group in groups for x in group]
    assert cell["estimate"] == pytest.approx(100 * sum(flat) / len(flat))
    assert (cell["lo"], cell["hi"]) == pytest.approx(by_hand(groups))
    assert "clustered" in found.method
    apart = b2b.figures("nps", period, by=("region",))
    for name in ("beyond_first", "pairs", "pairs_score", "pairs_product"):
        assert sum(apart.stats[name]) == pytest.approx(found.stats[name][0]), name


def test_an_accounts_answers_about_several_journeys_are_one_unit_only_together(
    b2b: Company,
) -> None:
    both = b2b.figures("nps_after_journey", "2026-01").frame.iloc[0]
    assert (both["lo"], both["hi"]) == pytest.approx(by_hand([[1, 1, 1], [-1], [-1]]))
    pay = b2b.figures("nps_after_journey", "2026-01", journeys=("pay",)).frame.iloc[0]
    assert (pay["lo"], pay["hi"]) == pytest.approx(by_hand([[1, 1], [-1], [-1]]))
    apart = b2b.figures("nps_after_journey", "2026-01", by=("journey",))
    pairs = dict(zip(apart.frame["journey"], apart.stats["pairs"], strict=True))
    assert pairs == {"pay": 2, "move": 0, "(none)": 0}


def test_the_change_of_a_clustered_score_is_clustered(b2b: Company) -> None:
    metric_of = b2b.figures("nps", "2026-01")
    found = metric_of.metric.difference
    assert found is not None
    same = found(metric_of.at(0), metric_of.at(0))
    assert (same.estimate[0], same.p[0]) == (0, 1)
    lo, hi = by_hand([[sign(score) for score in scores] for scores in SPOKEN.values()])
    assert same.hi[0] == pytest.approx((hi - lo) / 2 * 2**0.5)
    assert "clustered" in same.basis


def test_accounts_alike_and_by_revenue(b2b: Company) -> None:
    """Means: big 4/6, two -1, mixed 0, one 1, quiet 0; the big one pays nine tenths."""
    means = [4 / 6, -1, 0, 1, 0]
    assert b2b.value("nps_by_account", "2026-01") == pytest.approx(100 * sum(means) / 5)
    assert b2b.cell("nps_by_account", "2026-01").n == 5
    money = (900 * 4 / 6 - 50 + 30) / 1000
    assert b2b.value("nps_by_revenue", "2026-01") == pytest.approx(100 * money)
    assert b2b.value("nps_by_revenue", "2026-Q1") == pytest.approx(100 * money)
    found = b2b.figures("nps_by_revenue", "2026-01").frame.iloc[0]
    assert found["hi"] - found["lo"] > 90, "as wide as for little more than one account"


def test_how_much_is_heard(b2b: Company) -> None:
    """Quiet answers without being a customer of the period; silent is one and pays 250."""
    assert b2b.value("accounts_heard", "2026-01") == pytest.approx(4 / 5)
    assert b2b.value("revenue_heard", "2026-01") == pytest.approx(1000 / 1250)
    by_region = b2b.slices("accounts_heard", "2026-01", "region")
    assert by_region["north"] == by_region["south"] == 1
    assert by_region["(unknown)"] == 0


def test_who_only_calls_is_no_customer_to_be_heard(tmp_path: Path) -> None:
    """Here and there are customers; gone left at new year and calls, so it is none of January's."""
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("here", date(2025, 1, 1)),
                term("there", date(2025, 1, 1), date(2026, 1, 2)),
                term("gone", date(2025, 1, 1), date(2026, 1, 1)),
            ],
            "interaction": [contact("gone", day(9)), contact("here", day(9))],
            "survey_response": [answer("here", day(12), 9), answer("gone", day(12), 2)],
        },
        policy=Policy("whoever", k_min=1),
    )
    assert found.value("accounts_heard", "2026-01") == 1 / 2
    assert found.value("accounts_heard", "2026-Q1") == 1 / 2
    assert found.value("nps_by_account", "2026-01") == 0, "two accounts answered all the same"


def test_satisfaction_of_several_people_of_an_account(b2b: Company) -> None:
    found = b2b.figures("csat", "2026-01")
    cell = found.frame.iloc[0]
    assert cell["estimate"] == pytest.approx(8 / 12)
    independent = wilson(8, 12)
    assert cell["lo"] < independent[0]
    assert cell["hi"] > independent[1]
    assert "effective n" in found.method
