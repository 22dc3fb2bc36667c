"""Same people, leavers, joiners, who answered: parts by hand and in general."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdata.statistics.interval import InvalidInput
from cxdata.statistics.panel import PanelSplit, panel_split

NPS = [100, 0, -100]
NOBODY = [0, 0, 0]

group = st.lists(st.integers(0, 40), min_size=3, max_size=3)


def test_the_unhappy_left_and_nobody_changed_their_mind() -> None:
    """Six promoters, two passives, two detractors say the same; five detractors are gone."""
    found = panel_split(np.diag([6, 2, 2]), [0, 0, 5], NOBODY, NOBODY, NOBODY, NPS)
    assert (found.before, found.after) == pytest.approx((100 * -1 / 15, 40))
    assert found.parts == pytest.approx([0, 140 / 3, 0, 0])


def test_the_same_people_got_happier_and_nobody_left() -> None:
    """Ten detractors of twenty become promoters: the whole change is theirs."""
    moved = [[10, 0, 0], [0, 0, 0], [10, 0, 0]]
    found = panel_split(moved, NOBODY, NOBODY, NOBODY, NOBODY, NPS)
    assert found.parts == pytest.approx([100, 0, 0, 0])
    assert found.lo[0] > 0


def test_who_joined_and_who_was_asked_are_told_apart() -> None:
    """Ten say 0 both times; five promoters join, five promoters are newly heard."""
    same = [[0, 0, 0], [0, 10, 0], [0, 0, 0]]
    joined = panel_split(same, NOBODY, NOBODY, [5, 0, 0], NOBODY, NPS)
    heard = panel_split(same, NOBODY, NOBODY, NOBODY, [5, 0, 0], NPS)
    silent = panel_split(same, NOBODY, [5, 0, 0], NOBODY, NOBODY, NPS)
    assert joined.parts == pytest.approx([0, 0, 100 / 3, 0])
    assert heard.parts == pytest.approx([0, 0, 0, 100 / 3])
    assert silent.parts == pytest.approx([0, 0, 0, -100 / 3])


@settings(max_examples=30)
@given(st.lists(group, min_size=3, max_size=3), group, group, group, group)
def test_parts_sum_to_the_change(
    same: list[list[int]], left: list[int], silent: list[int], joined: list[int], heard: list[int]
) -> None:
    found = panel_split(same, left, silent, joined, heard, NPS)
    if np.sum(same) == 0:
        assert np.isnan(found.parts).all()
        return
    assert found.parts.sum() == pytest.approx(found.after - found.before, abs=1e-9)
    mirrored = panel_split(np.transpose(same), joined, heard, left, silent, NPS)
    assert mirrored.parts[0] == pytest.approx(-found.parts[0], abs=1e-9)
    assert mirrored.parts[1] == pytest.approx(-found.parts[2], abs=1e-9)
    assert mirrored.parts[3] == pytest.approx(-found.parts[3], abs=1e-9)


def test_intervals_cover_what_is_true() -> None:
    """A population of known groups, drawn 200 times: each interval covers it in 90-99 %."""
    random = np.random.default_rng(4)
    cells = np.concatenate(
        [[30, 6, 2, 8, 20, 6, 4, 8, 16], [5, 5, 20], [10, 10, 10], [15, 8, 4], [9, 9, 9]]
    ).astype(float)

    def split(counts: np.ndarray) -> PanelSplit:
        same, left, silent, joined, heard = np.split(counts, [9, 12, 15, 18])
        return panel_split(same.reshape(3, 3), left, silent, joined, heard, NPS)

    truth = split(cells).parts
    covered = np.zeros(4)
    for _ in range(200):
        found = split(random.multinomial(600, cells / cells.sum()))
        covered += (found.lo <= truth) & (truth <= found.hi)
    assert ((covered / 200 >= 0.90) & (covered / 200 <= 0.99)).all()


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(InvalidInput):
        panel_split(np.eye(2), NOBODY, NOBODY, NOBODY, NOBODY, NPS)


def test_people_of_accounts_that_agree_are_worth_fewer() -> None:
    """Sixty accounts of four who say the same: intervals cover as often as they should."""
    random = np.random.default_rng(12)
    chances = np.array([[0.3, 0.05, 0.05], [0.1, 0.15, 0.05], [0.1, 0.05, 0.15]])
    worth = np.array(NPS, dtype=float)
    truth = float((chances.sum(axis=0) - chances.sum(axis=1)) @ worth)
    covered, alone = 0, 0
    for _ in range(150):
        same = 4 * random.multinomial(60, chances.ravel()).reshape(3, 3)
        for independent in (0.25, 1.0):
            found = panel_split(same, NOBODY, NOBODY, NOBODY, NOBODY, NPS, independent=independent)
            is_in = bool(found.lo[0] <= truth <= found.hi[0])
            covered, alone = covered + is_in * (independent < 1), alone + is_in * (independent == 1)
    assert covered / 150 >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 150)
    assert alone / 150 < 0.8


@pytest.mark.parametrize("independent", [0.0, 1.5, float("nan")])
def test_people_are_worth_something_and_no_more_than_they_are(independent: float) -> None:
    with pytest.raises(InvalidInput, match="share of independent"):
        panel_split(np.eye(3), NOBODY, NOBODY, NOBODY, NOBODY, NPS, independent=independent)
