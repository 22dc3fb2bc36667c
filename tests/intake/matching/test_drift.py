"""The next extract: other order, renamed, new and lacking columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxdata.intake.matching.drift import adapted, drift
from cxdata.intake.matching.library import Library
from cxdata.intake.recipe import Recipe
from cxdata.intake.recipe_file import parse_recipe
from cxdata.intake.values import ColumnProfile, Writing
from cxdata.model.errors import IntakeError

NOW = datetime(2026, 10, 3, 9, tzinfo=UTC)
HEADER = ("customer_id", "order", "day", "total")


@pytest.fixture
def crm() -> Recipe:
    return parse_recipe(
        """
        [saved]
        version = 1
        by = "ana"
        at = 2026-10-03T09:00:00Z
        header = ["customer_id", "order", "day", "total"]
        [[table]]
        name = "sales_transaction"
        [table.columns]
        transaction_id = { from = "order" }
        customer_id = { from = "customer_id" }
        transaction_date = { from = "day" }
        net_amount = { from = "total" }
        """,
        "crm",
    )


def test_another_order_is_no_difference(crm: Recipe) -> None:
    found = drift(crm, ("total", "day", "order", "customer_id"))
    assert found.reordered
    assert (found.lacking, found.new, found.refused, found.questions) == ((), (), None, ())
    assert not drift(crm, HEADER).reordered


def test_a_lacking_column_is_one_sentence(crm: Recipe) -> None:
    found = drift(crm, ("customer_id", "order", "day"))
    assert found.refused == (
        "The extract lacks the column 'total', which the recipe crm needs; ask for it in the "
        "export, or say which column it is now."
    )
    with pytest.raises(IntakeError, match="lacks the column 'total'"):
        adapted(found, {})


def test_a_new_column_is_asked_about_and_the_answer_remembered(crm: Recipe) -> None:
    header = (*HEADER, "colour")
    (asked,) = drift(crm, header).questions
    assert (asked.key, asked.default) == ("new:colour", "ignore")
    assert [code for code, _ in asked.options] == ["ignore", "add"]
    now = adapted(drift(crm, header), {})
    assert drift(now, header).questions == ()
    with pytest.raises(IntakeError, match="match the extract to its tables again"):
        adapted(drift(crm, header), {"new:colour": "add"})


def test_a_renamed_column_is_suggested_confirmed_once_and_remembered(
    crm: Recipe, tmp_path: Path
) -> None:
    header = ("Cust ID", "order", "day", "total")
    found = drift(crm, header)
    (asked,) = found.questions
    assert (asked.key, asked.default) == ("renamed:customer_id", "Cust ID")
    assert "customer_id" in asked.evidence
    assert found.refused is None
    library = Library(tmp_path)
    library.save(adapted(found, {}), by="ana", at=NOW, why="renamed", header=header)
    again = library.recognise(header)
    assert again is not None
    assert drift(again, header).questions == ()
    # The old name still does: last month's extract may come again.
    assert drift(again, HEADER).lacking == ()


def test_a_renaming_may_be_denied(crm: Recipe) -> None:
    found = drift(crm, ("Cust ID", "order", "day", "total"))
    with pytest.raises(IntakeError, match="customer_id"):
        adapted(found, {"renamed:customer_id": ""})


def test_published_keys_are_evidence_for_a_renaming(crm: Recipe) -> None:
    header = ("fld_1", "order", "day", "total")
    assert drift(crm, header).refused is not None
    known = {"fld_1": {"customer.customer_id": 0.94}}
    (asked,) = drift(crm, header, (), known).questions
    assert asked.evidence.startswith("94 % of its values are published customer ids")


def test_values_that_do_not_fit_are_no_renaming(crm: Recipe) -> None:
    header = ("customer_id", "order", "day", "Amount")
    dates = [ColumnProfile("Amount", 3, Writing("date"), filled=9, examples=("2026-01-05",))]
    amounts = [ColumnProfile("Amount", 3, Writing("money"), filled=9, examples=("1.00",))]
    assert drift(crm, header, dates).renamed == ()
    assert [one.now for one in drift(crm, header, amounts).renamed] == ["Amount"]


def test_each_new_column_is_suggested_once(crm: Recipe) -> None:
    found = drift(crm, ("order", "Total amount", "customer"))
    assert {one.name: one.now for one in found.renamed} == {
        "customer_id": "customer",
        "total": "Total amount",
    }
    assert "'day'" in str(found.refused)
