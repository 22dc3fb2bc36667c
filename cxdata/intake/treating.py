"""Personal data treated before anything else looks at an extract's text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq

from cxdata.intake.values.personal import Treatment, local_key, treat
from cxdata.intake.values.sql import literal
from cxdata.intake.workspace import Workspace
from cxdata.model.errors import IntakeError

_ROWS = 50_000


def treated(
    workspace: Workspace,
    relation: str,
    treatments: Mapping[int, Treatment],
    key_folder: Path | None,
    missing: Mapping[int, tuple[str, ...]],
) -> str:
    """Return the relation of an extract's text with columns (by place) treated, in its order.

    ``missing`` are the words that stand for nothing in a column, which stay. Identifiers are
    hashed with the key of ``key_folder``, the folder of the data. Where there is nothing to treat
    it is the relation as it stands.
    """
    chosen = {f"c{place}": way for place, way in treatments.items() if way is not Treatment.KEEP}
    if not chosen:
        return relation

    def key() -> bytes:
        if key_folder is None:
            raise IntakeError("Identifiers can be hashed only with the key of a data folder.")
        return local_key(key_folder)

    words = {f"c{place}": missing.get(place, ()) for place in treatments}
    path = workspace.scratch("treated.parquet")
    reader = workspace.run(f"SELECT * FROM {relation}").to_arrow_reader(_ROWS)
    with pq.ParquetWriter(path, reader.schema, compression="lz4") as writer:
        for batch in treat(reader, chosen, key, words):
            writer.write_batch(batch.cast(reader.schema))
    workspace.run(f"CREATE VIEW treated AS FROM read_parquet({literal(str(path))})")
    return "treated"
