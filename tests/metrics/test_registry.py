"""Every metric file holds one whole definition, and its SQL is written down for each engine."""

from __future__ import annotations

import os
import pkgutil
import re
from datetime import date
from pathlib import Path

import duckdb_sqlalchemy
import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

import cxdata.metrics as metrics
from cxdata.metrics import metric, registry
from cxdata.model.errors import UnknownName
from cxdata.model.evidence import Flag
from cxdata.model.metric import Additive, Better, Metric, Unit
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import MARTS
from cxdata.model.tables import CURATED
from cxdata.query.statement import readings, select

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
ENGINES: dict[str, Dialect] = {
    "DuckDB": duckdb_sqlalchemy.Dialect(),
    "PostgreSQL": sa.make_url("postgresql+psycopg://").get_dialect()(),
}
SCOPE = Scope(
    Period.parse("2026-03"), journeys=("onboarding",), where=(("segment", ("families", "seniors")),)
)
BY = ("segment", "journey")

every = pytest.mark.parametrize("name", registry())


def test_a_file_is_a_metric_of_its_name() -> None:
    files = {info.name for info in pkgutil.iter_modules(metrics.__path__) if not info.ispkg}
    assert files == set(registry())
    assert list(registry()) == sorted(registry())


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(UnknownName, match="logo_retention"):
        metric("logo_retentoin")


@every
def test_it_says_what_it_is(name: str) -> None:
    one = registry()[name]
    module = pkgutil.resolve_name(f"cxdata.metrics.{name}")
    assert module.__doc__
    assert module.__doc__.strip().endswith(".")
    for words in (one.label, one.question, one.definition, one.formula, one.source):
        assert words.strip() == words != ""
    assert one.question.endswith("?")
    assert one.definition.endswith(".")
    assert re.search(r"METRICS\.md \d", one.source)
    assert isinstance(one.unit, Unit)
    assert isinstance(one.better, Better)
    assert isinstance(one.additive, Additive)


def test_labels_tell_metrics_apart() -> None:
    labels = [one.label for one in registry().values()]
    assert len(labels) == len(set(labels))


@every
def test_what_it_needs_exists(name: str) -> None:
    one = registry()[name]
    assert one.needs
    assert all(table in CURATED.tables for choice in one.needs for table in choice)
    for column in one.columns:
        table, field = column.split(".")
        assert field in CURATED.tables[table].c


@every
def test_each_statistic_reads_one_summary(name: str) -> None:
    for stat in registry()[name].stats.values():
        assert stat.mart.name in MARTS.tables
        assert stat.months in (None, 1, 3, 12)
        assert stat.profile == "start" or "profile_end_id" in stat.mart.c


@every
def test_nothing_in_is_no_data_out(name: str) -> None:
    """An empty cell divides by nothing and warns of nothing; a ratio of nothing is no figure."""
    one = registry()[name]
    cells = {stat: np.zeros(2) for stat in one.stats}
    done = one.finish(cells)
    assert done.estimate.shape == done.n.shape == done.lo.shape == done.hi.shape == done.flag.shape
    if one.unit in (Unit.SHARE, Unit.RATE, Unit.UNIT_MONEY, Unit.POINTS):
        assert np.isnan(done.estimate).all()
        assert set(done.flag) == {Flag.NO_DATA}
    assert done.method
    if one.difference is not None:
        assert one.difference(cells, cells).basis


@every
def test_only_sums_are_additive(name: str) -> None:
    one = registry()[name]
    if one.unit in (Unit.SHARE, Unit.RATE, Unit.UNIT_MONEY, Unit.POINTS):
        assert one.additive is Additive.NO


def sql(one: Metric) -> str:
    """The statements of a metric in one scope, by segment and journey, on each engine."""
    parts = [f"-- {one.label}: {one.definition}"]
    for reading, stats in readings([one]).items():
        statement = select(reading, stats, SCOPE, BY, (date(2026, 3, 1), date(2026, 4, 1)))
        for engine, dialect in ENGINES.items():
            compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            text = "\n".join(line.rstrip() for line in str(compiled).splitlines())
            parts.append(f"-- {reading.mart} on {engine}\n{text};")
    return "\n\n".join(parts) + "\n"


@every
def test_its_sql_is_as_written_down(name: str) -> None:
    """UPDATE_SNAPSHOTS=1 writes it down anew; read the difference before committing it."""
    file, found = SNAPSHOTS / f"{name}.sql", sql(registry()[name])
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == found


def test_no_snapshot_is_left_of_a_metric_that_is_gone() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.sql")} == set(registry())


def test_statements_are_expressions_that_every_dialect_compiles() -> None:
    """No text in SQL but the names of columns: a literal fragment would be one engine's own."""
    for one in registry().values():
        for stats in readings([one]).values():
            for stat in stats.values():
                texts = [
                    piece
                    for piece in sa.sql.visitors.iterate(stat.expression)
                    if isinstance(piece, sa.TextClause)
                ]
                assert not texts, one.name
