"""Answers by hand: one a person and period, agents left out, small groups hidden (2.8, 2.9)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cxdata.access.policy import Policy
from cxdata.model.evidence import Flag
from tests.company import Company, answer, company, journeys, member

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


def test_the_interval_is_the_adjusted_one(asked: Company) -> None:
    """n' = 8, p' = 3.75/8, d' = 1.75/8."""
    found = asked.figures("nps", "2026-01").frame.iloc[0]
    p, d = 3.75 / 8, 1.75 / 8
    half = 1.959963984540054 * 100 * ((p + d - (p - d) ** 2) / 8) ** 0.5
    assert found["lo"] == pytest.approx(100 * (p - d) - half)
    assert found["hi"] == pytest.approx(100 * (p - d) + half)
    assert found["flag"] == Flag.TOO_FEW, "a margin above 20 points says nothing"


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
