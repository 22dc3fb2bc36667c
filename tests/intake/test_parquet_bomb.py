"""Small files that would unfold into more rows than any table has are refused by their footer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.intake.parquet_folder import load_folder
from cxdata.model.errors import IntakeError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def equal_rows(path: Path, rows: int) -> None:
    """Write so many rows of one and the same customer."""
    part = 5_000_000
    same = pa.DictionaryArray.from_arrays(np.zeros(part, np.int8), pa.array(["c" * 200]))
    table = pa.table({"customer_id": same})  # one dictionary a row group
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(rows // part):
            writer.write_table(table, row_group_size=part)


def test_a_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    path = tmp_path / "customer.parquet"
    equal_rows(path, 30_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(
        IntakeError, match=r"customer.parquet claims 30,000,000 rows in [\d,]+ bytes"
    ):
        load_folder(tmp_path, loaded_at=NOON)


def test_many_rows_with_keys_of_their_own_are_none(tmp_path: Path) -> None:
    ids = pa.array([f"c{n}" for n in range(200_000)])
    pq.write_table(pa.table({"customer_id": ids}), tmp_path / "customer.parquet")
    assert load_folder(tmp_path, loaded_at=NOON).counts.loaded == 200_000


def test_what_is_no_parquet_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "customer.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(IntakeError, match="not a readable Parquet file"):
        load_folder(tmp_path, loaded_at=NOON)
