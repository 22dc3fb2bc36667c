"""The gate: no second path to any row, and who asks sees their rows only (METRICS.md 8.1)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

import cxdata
from cxdata.access.policy import Policy
from cxdata.analysis.breakdown import breakdowns
from cxdata.analysis.bridge import bridges
from cxdata.analysis.cohorts import cohorts
from cxdata.analysis.figure import figures
from cxdata.analysis.survival import survival
from cxdata.metrics import registry
from cxdata.model.errors import NotAllowed, NotBuilt
from cxdata.model.period import Grain
from cxdata.model.summaries import CUSTOMER_FLOW, CUSTOMER_MONTH, PROFILE_MEMBER
from cxdata.model.tables import CURATED
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.lists.telling import Question
from cxdata.query.options import default_scope, options, periods
from cxdata.query.people import people
from cxdata.sources.address import Address
from cxdata.sources.sql import SqlSource
from tests.company import Company
from tests.postgres import marts_of

PACKAGE = Path(cxdata.__file__).parent

_WITHIN: ContextVar[bool] = ContextVar("within_gate", default=False)


@contextmanager
def watched(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bool]]]:
    """Record every statement that the gate's engine runs, and whether the gate asked for it."""
    ran: list[tuple[str, bool]] = []

    def marked(of_gate: Callable[..., Any]) -> Callable[..., Any]:
        def within(*given: Any) -> Any:
            token = _WITHIN.set(True)
            try:
                return of_gate(*given)
            finally:
                _WITHIN.reset(token)

        return within

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        ran.append((statement, _WITHIN.get()))

    # rows of summaries, and the catalogue's word on which summaries there are
    for name in ("_read", "_require_format", "_people"):
        monkeypatch.setattr(Gate, name, marked(getattr(Gate, name)))
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def ask_everything(gate: Gate) -> None:
    """All that pages and commands ask of the layers below."""
    scope = default_scope(gate)
    known = options(gate)
    narrow = scope.narrowed("segment", known.schemes["segment"][0]).on_journey(known.journeys[0])
    for one in (scope, narrow):
        figures(gate, list(registry()), one)
        breakdowns(gate, ["logo_retention", "nps", "contacts"], one, ("segment",))
        bridges(gate, one)
    evaluate(gate, list(registry().values()), scope, by=("segment", "journey"))
    cohorts(gate, scope.narrowed("region", known.schemes["region"][0]))
    survival(gate, scope.narrowed("region", known.schemes["region"][0]), "segment")
    periods(gate, Grain.QUARTER)
    for name in ("customers_lost", "revenue", "contacts", "average_order_value", "nps"):
        people(gate, Question(name, scope), "me")
    _ = (gate.tables, gate.lateness, gate.built, gate.key, gate.version)


def test_every_statement_goes_through_the_gate(
    embedded: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(embedded.source)
    with watched(gate, monkeypatch) as ran:
        ask_everything(gate)
    assert len(ran) > 20
    assert [statement for statement, inside in ran if not inside] == []


def test_the_watch_itself_sees_a_second_path(
    embedded: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(embedded.gate, monkeypatch) as ran, embedded.source.engine.connect() as past:
        past.execute(sa.select(sa.literal(1)))
    assert [inside for _, inside in ran] == [False]


def files(*layers: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed modules of some layers, and of the pages."""
    roots = [PACKAGE / layer for layer in layers] + [PACKAGE.parent / "pages"]
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Modules that a module imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


ENGINES = ("sqlalchemy", "duckdb", "psycopg", "pyarrow.parquet", "sqlite3")


def test_nobody_above_the_gate_can_reach_an_engine() -> None:
    for path, tree in files("analysis", "story", "charts", "exports", "ui"):
        used = imports(tree)
        assert not {name for name in used if name.startswith(ENGINES)}, path
        assert not {name for name in used if name.startswith("cxdata.sources")}, path
        touched = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in ("engine", "_source", "_read", "execute", "exec_driver_sql", "connect")
        }
        assert not touched, path


def test_only_the_gate_connects_within_its_layer() -> None:
    connecting = {
        path.name
        for path, tree in files("query")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("connect", "begin", "execute")
    }
    assert connecting == {"gate.py"}


# ---- who asks ------------------------------------------------------------------------------------

OF_SLICES = [
    metric
    for metric in registry().values()
    if all(stat.segments == "sliced" for stat in metric.stats.values())
]
"""Metrics without a share in what is everybody's: that, a limited viewer cannot be told."""


@pytest.fixture(scope="module")
def limited(embedded: Company) -> Gate:
    known = options(embedded.gate).schemes["segment"]
    rows = (("segment", tuple(known[:2])),)
    return Gate(embedded.source, Policy("limited", rows))


@pytest.mark.parametrize("by", [(), ("segment",), ("region",), ("journey",)], ids="-".join)
def test_a_policy_on_rows_is_the_same_as_rows_that_are_not_there(
    embedded: Company, limited: Gate, by: tuple[str, ...]
) -> None:
    """Each metric in every month: limited by policy, or asked of those segments by everyone."""
    scope = default_scope(embedded.gate)
    chosen = type(scope)(scope.period, scope.compare, (), limited.policy.rows)
    everyone = evaluate(embedded.gate, OF_SLICES, chosen, by=by)
    only = evaluate(limited, OF_SLICES, scope, by=by)
    assert everyone.keys() == only.keys()
    for name, figures_of in everyone.items():
        pd.testing.assert_frame_equal(figures_of.frame, only[name].frame)
        assert figures_of.exact == only[name].exact, name


def test_options_bridges_and_lives_are_limited_too(embedded: Company, limited: Gate) -> None:
    mine = set(limited.policy.rows[0][1])
    assert set(options(limited).schemes["segment"]) == mine
    scope = default_scope(embedded.gate)
    chosen = type(scope)(scope.period, scope.compare, (), limited.policy.rows)
    for ours, theirs in zip(bridges(limited, scope), bridges(embedded.gate, chosen), strict=True):
        assert ours.lines["amount"].tolist() == theirs.lines["amount"].tolist()
    for asked in (cohorts, survival):
        pd.testing.assert_frame_equal(asked(limited, scope), asked(embedded.gate, chosen))


@pytest.mark.parametrize(
    "query",
    [
        sa.select(CUSTOMER_MONTH.c.revenue),
        sa.select(CURATED.tables["survey_response"].c.verbatim),
        sa.select(sa.select(sa.func.sum(CUSTOMER_FLOW.c.revenue_end)).scalar_subquery()),
        sa.select(
            sa.select(sa.func.sum(CUSTOMER_FLOW.c.revenue_end).label("total")).subquery().c.total
        ),
    ],
    ids=["customers", "words", "a scalar", "a subquery"],
)
def test_what_cannot_be_limited_is_refused(limited: Gate, query: sa.Select[Any]) -> None:
    if "customer_month" in str(query):
        assert len(limited.read(query)) < len(Gate(limited._source).read(query))
    else:
        with pytest.raises(NotAllowed, match="cannot be limited"):
            limited.read(query)


@pytest.mark.parametrize("name", ["customer", "interaction", "survey_response"])
def test_rows_of_people_have_one_door_whoever_asks(embedded: Company, name: str) -> None:
    with pytest.raises(NotAllowed, match=f"Rows of {name} are those of single people"):
        embedded.gate.read(sa.select(CURATED.tables[name]))
    with pytest.raises(NotAllowed, match="single people"):
        embedded.gate.written(sa.select(sa.func.count()).select_from(CURATED.tables[name]))


def test_only_lists_of_people_use_that_door() -> None:
    asking = {
        path.name
        for path, tree in files("analysis", "story", "charts", "exports", "ui", "query", "panels")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "people"
        if isinstance(node.value, ast.Attribute | ast.Name)
        if "gate" in ast.unparse(node.value)
    }
    assert asking == {"people.py"}


def test_who_asks_is_part_of_the_key(embedded: Company, limited: Gate) -> None:
    assert embedded.gate.key[:2] == limited.key[:2]
    assert embedded.gate.key[2] != limited.key[2]
    assert Policy("a", k_min=5).key != Policy("a", k_min=6).key


@pytest.mark.postgres
@pytest.mark.parametrize("has_other_tables", [False, True])
def test_a_database_without_summaries_says_how_to_build_them(
    demo_folder: Path,
    postgres_url: str,
    postgres_load: Callable[[Path], str],
    has_other_tables: bool,
) -> None:
    schema = postgres_load(demo_folder)
    source = SqlSource(
        Address.parse(postgres_url, "url"), schema=schema, marts_schema=marts_of(schema)
    )
    if has_other_tables:
        with source.writing_engine().begin() as connection:
            connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{marts_of(schema)}"')
            connection.exec_driver_sql(f'CREATE TABLE "{marts_of(schema)}".other (n INT)')
    gate = Gate(source)
    asked: list[Callable[[], Any]] = [
        lambda: gate.built,
        lambda: gate.tables,
        lambda: gate.lateness,
        lambda: gate.read(sa.select(CUSTOMER_FLOW)),
    ]
    for ask in asked:
        with pytest.raises(NotBuilt, match="have not been built"):
            ask()
    source.close()


def test_a_gate_stays_at_its_version(embedded: Company) -> None:
    assert embedded.gate.version.id == embedded.source.version().id
    assert embedded.gate.built.version_id == embedded.gate.version.id
    assert embedded.gate.built.complete_through == date(2026, 10, 20)
    assert not embedded.gate.read(sa.select(PROFILE_MEMBER)).empty
