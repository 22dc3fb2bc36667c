"""The rules of the marts follow the settings; a build that fails says why."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.cli import main
from cxdata.marts.rules import Rules
from cxdata.publish.summaries import rules_of
from cxdata.sources.config import Settings


def test_defaults_agree() -> None:
    assert rules_of(Settings()) == Rules()


def test_every_setting_arrives() -> None:
    settings = Settings(
        currency="CHF",
        grace_days=3,
        lapse_days=120,
        exposure_days=60,
        repeat_days=5,
        paused_counts_active=False,
        fiscal_year_start=4,
    )
    assert rules_of(settings) == Rules(
        currency="CHF",
        grace_days=3,
        lapse_days=120,
        exposure_days=60,
        repeat_days=5,
        paused_is_active=False,
        fiscal_start=4,
    )


@pytest.mark.parametrize("amount", [math.nan, math.inf, 1e17])
def test_what_is_no_amount_is_a_sentence_and_no_stack_trace(
    amount: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"transaction_id": "t", "transaction_date": date(2026, 1, 5), "net_amount": amount}
    rows = pa.Table.from_pylist([{**row, "customer_id": "c"}])
    pq.write_table(rows, tmp_path / "sales_transaction.parquet")
    pq.write_table(pa.table({"customer_id": ["c"]}), tmp_path / "customer.parquet")
    assert main(["build", "--source", str(tmp_path), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert "does not fit the declared type of its column" in said
    sentence, hint = said.splitlines()
    assert sentence.startswith("cxdata build: A value of the data folder does not fit")
    assert hint.strip().startswith("hint: ")
