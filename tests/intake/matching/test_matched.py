"""A read extract matched with its own values, saved recipes and published keys."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from cxdata.intake import read
from cxdata.intake.matching import Library, as_recipe
from cxdata.intake.matching.matched import match
from cxdata.model.errors import IntakeError

NOW = datetime(2026, 10, 3, 9, tzinfo=UTC)


def written(path: Path, header: str, customers: range) -> Path:
    lines = [f"r{n},cust-{n % 40:03},2026-01-{n % 28 + 1:02},{n}.50" for n in customers]
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def test_values_and_published_keys_are_evidence(tmp_path: Path) -> None:
    published = tmp_path / "customer.parquet"
    duckdb.sql("SELECT format('cust-{:03d}', range) AS customer_id FROM range(30)").write_parquet(
        str(published)
    )
    path = written(tmp_path / "x.csv", "Receipt no,fld_17,Zeitraum,Sum", range(200))
    with read(path) as reading:
        found = match(reading, Library(tmp_path / "recipes"), {"customer": [published]})
    best = found.suggestion.best
    assert best is not None
    known = {one.column: (one.target, one.reason) for one in best.columns}
    assert best.table == "sales_transaction"
    assert known["fld_17"] == ("customer_id", "75 % of its values are published customer ids")
    assert known["Zeitraum"][0] == "transaction_date"
    # Customers are published, so they are not asked about.
    assert "customers" not in [one.key for one in found.suggestion.questions]


def test_a_nearly_known_extract_is_told_by_its_drift(tmp_path: Path) -> None:
    library = Library(tmp_path / "recipes")
    header = "Receipt no,Client No.,Order date,Net sales"
    path = written(tmp_path / "january.csv", header, range(50))
    with read(path) as reading:
        first = match(reading, library)
        recipe = as_recipe(first.suggestion, name="shop")
        library.save(recipe, by="ana", at=NOW, why="", header=reading.header)
        again = match(reading, library)
    assert first.drift is None
    assert again.suggestion.recipe is not None
    assert again.suggestion.recipe.name == "shop"
    renamed = header.replace("Net sales", "Net amount")
    with read(written(tmp_path / "february.csv", renamed, range(50))) as reading:
        drifted = match(reading, library)
    assert drifted.drift is not None
    assert [(one.name, one.now) for one in drifted.drift.renamed] == [("Net sales", "Net amount")]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    with read(path) as reading, pytest.raises(IntakeError, match="empty"):
        match(reading, Library(tmp_path))
