"""What is wrong with the data is said in sentences, to whoever may see all rows."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cxdata.access.policy import Policy
from cxdata.cli.build import run
from cxdata.query.gate import Gate
from cxdata.query.quality import left_out, weak
from tests.company import Company, company, contact, sale, write

JAN = date(2026, 1, 5)


def faulty() -> dict[str, Any]:
    """A line twice, two lines of one key, a negative time, and a name of nobody."""
    return {
        "customer": [{"customer_id": "a"}],
        "sales_transaction": [
            *(sale("a", JAN, "10.00", transaction_id="t1") for _ in range(2)),
            *(sale("a", JAN, amount, transaction_id="t2") for amount in ("1.00", "2.00")),
        ],
        "interaction": [contact("a", JAN, handle_seconds=-1), contact("ghost", JAN)],
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return company(tmp_path_factory.mktemp("faulty"), faulty())


def test_what_is_left_out_is_said_first(found: Company) -> None:
    assert left_out(found.gate) == (
        "4 rows of sales_transaction share their transaction_id with another row, such as 't1':"
        " 3 are left out, so that none counts twice.",
        "1 rows of interaction have a handle_seconds out of range, such as '-1':"
        " they are left out.",
    )
    assert weak(found.gate) == (
        "1 rows of interaction name a customer_id that is not in the data, such as 'ghost':"
        " they are counted.",
    )


def test_examples_are_not_for_who_sees_some_rows_only(found: Company) -> None:
    limited = Gate(found.source, Policy("some", rows=(("segment", ("small",)),)))
    assert left_out(limited) == weak(limited) == ()


def test_a_build_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "rows", {k: _numbered(k, rows) for k, rows in faulty().items()})
    monkeypatch.delenv("CXDATA_DATA", raising=False)
    run(
        argparse.Namespace(
            source=str(folder), full=True, estimate_lapse=False, quiet=True, version=None
        )
    )
    said = capsys.readouterr().err
    assert "Note: 4 rows of sales_transaction share their transaction_id" in said
    assert "Note: 1 rows of interaction name a customer_id" in said


def _numbered(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    key = "interaction_id" if name == "interaction" else ""
    return [({key: f"i{at}"} if key else {}) | row for at, row in enumerate(rows)]
