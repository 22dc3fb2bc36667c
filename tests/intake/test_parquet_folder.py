"""A folder of plain Parquet taken in under the checks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.intake.loaded import Loaded
from cxdata.intake.parquet_folder import load_folder
from cxdata.model.errors import IntakeError, SourceUnavailable, UnknownName
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import arrow_schema
from tests.intake.kit import NOON, assert_closes, faults, rows

DAY = date(2026, 1, 5)


def take(
    folder: Path, tables: dict[str, dict[str, list[Any]]], only: tuple[str, ...] = ()
) -> Loaded:
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return load_folder(folder, loaded_at=NOON, only=only)


def test_three_columns_suffice(tmp_path: Path) -> None:
    loaded = take(
        tmp_path,
        {
            "sales_transaction": {
                "transaction_id": ["a", "b"],
                "transaction_date": [DAY, DAY],
                "net_amount": [0.1, 12.5],
            }
        },
    )
    table = loaded.tables["sales_transaction"]
    assert table.schema == arrow_schema(curated("sales_transaction"))
    assert rows(loaded, "sales_transaction", "net_amount", "kind", "loaded_at") == [
        (Decimal("0.10"), "sale", NOON),
        (Decimal("12.50"), "sale", NOON),
    ]
    assert_closes(loaded)


def test_rows_that_break_a_rule_are_set_aside(tmp_path: Path) -> None:
    loaded = take(
        tmp_path,
        {
            "customer": {"customer_id": ["a", "b", "b", None], "country": ["CH", "DE", "FR", "IT"]},
            "sales_transaction": {
                "transaction_id": ["1", "2", "3"],
                "customer_id": ["a", "z", "a"],
                "transaction_date": [DAY, DAY, date(2030, 1, 1)],
                "net_amount": [1.0, 1.0, 1.005],
            },
        },
    )
    assert faults(loaded) == [
        (2, "customer.customer_id", "b", "key"),
        (3, "customer.customer_id", "b", "key"),
        (4, "customer.customer_id", None, "required"),
        (7, "sales_transaction.net_amount", "1.005", "type"),
        (7, "sales_transaction.transaction_date", "2030-01-01", "not_future"),
    ]
    assert loaded.notes == (
        "Rows of sales_transaction whose customer_id is not in customer (for example 'z'): 1.",
    )
    assert loaded.counts.records == 7
    assert_closes(loaded)


def test_what_is_given_stays(tmp_path: Path) -> None:
    earlier = datetime(2025, 1, 1, tzinfo=UTC)
    loaded = take(
        tmp_path,
        {
            "annotation": {
                "annotation_id": ["x", "y"],
                "event_date": [DAY, DAY],
                "label": ["Outage", "Release"],
                "loaded_at": [earlier, None],
                "source_system": ["ops", None],
            }
        },
    )
    assert rows(loaded, "annotation", "loaded_at", "source_system", "kind") == [
        (earlier, "ops", "other"),
        (NOON, None, "other"),
    ]


def test_several_files_of_one_table(tmp_path: Path) -> None:
    (tmp_path / "customer").mkdir()
    pq.write_table(pa.table({"customer_id": ["a"]}), tmp_path / "customer" / "1.parquet")
    more = pa.table({"customer_id": ["b"], "country": ["CH"]})
    pq.write_table(more, tmp_path / "customer" / "2.parquet")
    loaded = load_folder(tmp_path, loaded_at=NOON)
    assert rows(loaded, "customer", "customer_id", "country") == [("a", None), ("b", "CH")]


def test_what_the_product_does_not_know_refuses_the_folder(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="columns that table customer has not: shoe_size"):
        take(tmp_path, {"customer": {"customer_id": ["a"], "shoe_size": [42]}})
    with pytest.raises(IntakeError, match=r"Did you mean customer\.parquet"):
        take(tmp_path, {"customer": {"customer_id": ["a"]}, "custmer": {"customer_id": ["a"]}})


def test_a_required_column_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(
        IntakeError, match="Table customer cannot do without the column customer_id"
    ):
        take(tmp_path, {"customer": {"country": ["CH"]}})


def test_only_the_wanted_tables(tmp_path: Path) -> None:
    tables: dict[str, dict[str, list[Any]]] = {
        "customer": {"customer_id": ["a"]},
        "journey": {"journey_code": ["j"], "label": ["J"]},
    }
    assert set(take(tmp_path, tables, only=("journey",)).tables) == {"journey"}
    with pytest.raises(UnknownName, match="Did you mean journey"):
        take(tmp_path, tables, only=("journy",))


def test_folders_with_nothing_to_take(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="holds no Parquet file named as a table"):
        load_folder(tmp_path, loaded_at=NOON)
    with pytest.raises(SourceUnavailable):
        load_folder(tmp_path / "gone", loaded_at=NOON)
    with pytest.raises(IntakeError, match=r"No row fits.*customer\.customer_id expects a value"):
        take(tmp_path, {"customer": {"customer_id": pa.array([None], pa.string())}})
