"""Whatever table is written in whatever dialect is read back equal, text for text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.reading.kit import reading, rows

_SIGNS = st.sampled_from([*"abcXYZ 019.,;|\t'-/@#\n\"éßж€", "\r\n", "''", '""', "\\"])
_TEXTS = st.lists(_SIGNS, max_size=8).map("".join)
_DELIMITERS = st.sampled_from([",", ";", "\t", "|", "^", "\x01"])


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Return tables with an id and a number, and texts of all sorts between."""
    width = draw(st.integers(1, 4))
    count = draw(st.integers(2, 12))
    return [
        (str(n), *(draw(_TEXTS) for _ in range(width)), f"{n * 7 % 13}.5")
        for n in range(1, count + 1)
    ]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), _DELIMITERS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_round_trip(
    tmp_path: Path,
    table: list[tuple[str, ...]],
    delimiter: str,
    end: str,
    all_quoted: bool,
    marked: bool,
) -> None:
    target = io.StringIO()
    writer = csv.writer(
        target,
        delimiter=delimiter,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL,
    )
    header = ("id", *(f"text {n}" for n in range(1, len(table[0]) - 1)), "number")
    writer.writerow(header)
    writer.writerows(table)
    raw = target.getvalue().encode("utf-8-sig" if marked else "utf-8")
    found = reading(tmp_path, raw, values=False)
    assert found.dialect.delimiter == delimiter
    assert found.header == header
    assert rows(found) == table
    assert not found.set_aside
    stated = reading(tmp_path, raw, values=False, delimiter=delimiter, quote='"', header=1)
    assert rows(stated) == table
