"""A load is stopped where one rule fails for too many, with the likely cause."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from cxdata.intake.threshold import FEWEST, refuse_too_many, too_many
from cxdata.model.errors import IntakeError
from tests.intake.kit import load

RECIPE = """
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { from = "id" }
    transaction_date = { from = "day" }
    net_amount = { from = "sum" }
"""


def extract(good: int, bad: int, wrong: str = "soon {0}") -> str:
    """Return sales of which some have a day that is none."""
    lines = [f"g{number},2026-01-31,5" for number in range(good)]
    lines += [f"b{number},{wrong.format(number % 5 + 1)},5" for number in range(bad)]
    return "id,day,sum\n" + "".join(f"{line}\n" for line in lines)


def test_the_sentence_names_column_examples_and_cause(tmp_path: Path) -> None:
    loaded = load(tmp_path, extract(60, 40), RECIPE)
    with pytest.raises(IntakeError) as caught:
        refuse_too_many(loaded)
    assert str(caught.value) == (
        "40 % of the records do not fit: day expects a date written as %Y-%m-%d, and 40 records "
        "of 100 have something else (for example 'soon 1', 'soon 2', 'soon 3'); probably "
        "the wrong column or format. Nothing was published."
    )
    assert caught.value.hint == "--accept-many publishes the rest."


@pytest.mark.parametrize(
    ("good", "bad", "share", "stops"),
    [
        (80, 20, None, False),
        (79, 21, None, True),
        (1, FEWEST - 1, None, False),
        (1, FEWEST, None, True),
        (79, 21, 0.5, False),
        (95, 25, 0.1, True),
        (1, 30, 1.0, False),
    ],
)
def test_the_share_is_the_recipe_s_or_a_fifth(
    tmp_path: Path, good: int, bad: int, share: float | None, stops: bool
) -> None:
    recipe = RECIPE if share is None else f"[load]\nstop_above = {share}\n{dedent(RECIPE)}"
    assert bool(too_many(load(tmp_path, extract(good, bad), recipe))) is stops


def test_two_rules_that_fail_for_some_do_not_add_up(tmp_path: Path) -> None:
    lines = extract(70, 15) + "".join(f"n{number},2026-01-31,x\n" for number in range(15))
    assert too_many(load(tmp_path, lines, RECIPE)) == ""


def test_the_cause_fits_the_rule(tmp_path: Path) -> None:
    loaded = load(tmp_path, extract(60, 40, "2026-04-0{0}"), RECIPE)
    assert "day and month are probably the wrong way round" in too_many(loaded)
