from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from cxdata.analysis.figure import figure
from cxdata.metrics import metric, registry
from cxdata.panels.choices import Desk
from cxdata.panels.definition import definition, digest, parts_of, version_of
from cxdata.query.options import default_scope
from cxdata.sources.folder import FolderSource


@pytest.mark.parametrize("name", registry())
def test_every_figure_says_what_it_is(name: str, desk: Desk) -> None:
    found = definition(desk, default_scope(desk.gate), name)
    told = dict(found.rows)
    assert found.sentence == metric(name).definition
    assert told["Formula"] == metric(name).formula
    assert told["Left out"].startswith("test accounts")
    assert told["Version"]
    assert bool(found.sql) == ("Missing" not in told)
    assert all(sql.startswith("SELECT ") for sql in found.sql)


def test_the_sql_as_told_reads_the_figure_itself(desk: Desk, company: Path) -> None:
    scope = default_scope(desk.gate)
    code = desk.choices.schemes["segment"][0]
    (sql,) = definition(desk, scope.narrowed("segment", code), "logo_retention").sql
    assert f"'{scope.period.start.isoformat()}'" in sql
    assert f"'{code}'" in sql
    with FolderSource(company).engine.connect() as connection:
        period, kept, start = connection.execute(sa.text(sql)).one()
    read = figure(desk.gate, "logo_retention", scope.narrowed("segment", code)).cell
    assert period == scope.period.start
    assert (kept / start, start) == (read.estimate, read.n)


def test_who_answers_for_it_and_what_is_aimed_at(desk: Desk) -> None:
    told = dict(definition(desk, default_scope(desk.gate), "logo_retention").rows)
    assert told["Owner"] == "Marta Silva"
    assert told["Goal"] == "98.3 %"
    assert (told["Numerator"], told["Denominator"]) == ("retained", "start")


def test_a_formula_without_a_line_has_no_denominator() -> None:
    assert parts_of(metric("customers_net")) == ("", "")
    assert parts_of(metric("average_order_value")) == ("(sales - refunds)", "number of orders")


def test_another_definition_is_another_version() -> None:
    versions = {version_of(one) for one in registry().values()}
    assert len(versions) == len(registry())
    assert len({digest(one) for one in registry().values()}) == len(registry())
