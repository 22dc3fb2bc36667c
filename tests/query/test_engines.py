"""The same numbers on DuckDB and PostgreSQL: the same decimals, doubles within 1e-12 (8.1.9)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from cxdata.analysis.bridge import bridges
from cxdata.marts.rules import Rules
from cxdata.metrics import registry
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import MARTS
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.options import default_scope, options, periods
from cxdata.query.statement import EVERY
from cxdata.sources.address import Address
from cxdata.sources.config import settings_of
from cxdata.sources.folder import FolderSource
from cxdata.sources.mixed import MixedSource
from cxdata.sources.opening import open_source
from cxdata.sources.sql import SqlSource
from cxdata.sources.store import Store
from tests.company import (
    Company,
    answer,
    complete,
    contact,
    journeys,
    member,
    opened,
    paid,
    sale,
    term,
    walk,
    write,
)
from tests.postgres import load_folder

pytestmark = pytest.mark.postgres

SLICES = (
    *((), ("segment",), ("region",), (EVERY,)),
    *(("journey",), ("segment", "journey"), ("journey", "plan")),
)


def everything(found: Company, grain: Grain, by: tuple[str, ...]) -> dict[str, Figures]:
    """Every metric in every period."""
    last = periods(found.gate, grain)[-1]
    return evaluate(found.gate, list(registry().values()), Scope(last), by=by)


def assert_same(one: Figures, other: Figures) -> None:
    """Exact sums are equal, doubles and finished figures to 1e-12 relative, words as they are."""
    assert one.frame.columns.tolist() == other.frame.columns.tolist()
    words = [name for name in one.frame.columns if name not in ("estimate", "n", "lo", "hi")]
    pd.testing.assert_frame_equal(one.frame[words], other.frame[words])
    for name in ("estimate", "n", "lo", "hi"):
        close(one.frame[name], other.frame[name], name)
    for name, values in one.exact.items():
        for mine, theirs in zip(values, other.exact[name], strict=True):
            if isinstance(mine, float) or isinstance(theirs, float):
                assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-300), name
            else:
                assert Decimal(mine) == Decimal(theirs), name


def close(one: Any, other: Any, name: str) -> None:
    """Doubles of two engines may differ in the order of their additions only."""
    a, b = (np.asarray(values, dtype=float) for values in (one, other))
    scale = np.nanmax(np.abs(a), initial=0.0)
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12 * scale, err_msg=name)


@pytest.mark.parametrize("by", SLICES, ids="-".join)
@pytest.mark.parametrize("grain", list(Grain))
def test_every_metric_is_the_same(
    embedded: Company, database: Company, grain: Grain, by: tuple[str, ...]
) -> None:
    ours, theirs = (everything(found, grain, by) for found in (embedded, database))
    assert ours.keys() == theirs.keys() == registry().keys()
    for name, figures in ours.items():
        assert_same(figures, theirs[name])


def test_the_demo_gives_every_metric_something_to_say(embedded: Company) -> None:
    """Else two engines could agree on nothing; fifteen months have no two years to grow by."""
    scope = default_scope(embedded.gate)
    found = evaluate(embedded.gate, list(registry().values()), scope, at=[scope.period])
    silent = {name for name, figures in found.items() if figures.frame["estimate"].isna().all()}
    assert silent <= {"lost_share", "earned_growth", "earned_growth_most"}


def test_options_and_bridges_are_the_same(embedded: Company, database: Company) -> None:
    ours, theirs = (options(found.gate) for found in (embedded, database))
    assert ours == theirs
    scope = default_scope(embedded.gate)
    for narrowed in (scope, scope.narrowed("segment", ours.schemes["segment"][0])):
        for mine, other in zip(
            bridges(embedded.gate, narrowed), bridges(database.gate, narrowed), strict=True
        ):
            assert mine.lines["amount"].tolist() == other.lines["amount"].tolist()
            assert mine.check == other.check == 0


@pytest.mark.parametrize(
    "name",
    [
        *("tenure_risk", "cohort_summary", "event_lag", "table_health", "spend_histogram"),
        *("data_quality", "answer_panel", "table_month", "day_event"),
    ],
)
def test_summaries_without_a_metric_are_the_same(
    embedded: Company, database: Company, name: str
) -> None:
    """Profiles are numbered by their codes in one order, so they can be compared as they are."""
    assert totals(embedded, name) == totals(database, name)


def totals(found: Company, name: str) -> list[tuple[Any, ...]]:
    """Rows of a summary, money and counts as decimals; profiles summed away."""
    table = MARTS.tables[name]
    keys = [key for key in table.info["keys"] if key != "profile_id"]
    rest = [column for column in table.c if column.name not in table.info["keys"]]
    sums = [
        sa.func.max(sa.cast(column, sa.String()))
        if isinstance(column.type, sa.Date | sa.Boolean | sa.String)
        else sa.func.sum(column)
        for column in rest
    ]
    query = sa.select(*(table.c[key] for key in keys), *sums).group_by(*(table.c[k] for k in keys))
    with found.source.pinned().engine.connect() as connection:
        rows = connection.execute(query).all()
    return sorted(
        tuple(Decimal(v) if isinstance(v, int | Decimal) else v for v in row) for row in rows
    )


# ---- rows that engines like to see differently ---------------------------------------------------

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


TOLD_APART = ("same1", "same2", "x1", "x2")
TWICE = ("same", "same", "x", "x")
"""Keys of four lines: as a database with its keys takes them, and as one without them may hold."""


def awkward(keys: tuple[str, ...] = TWICE) -> dict[str, list[dict[str, Any]]]:
    """Ties, capitals, missing instants, thirds of cents, far dates, empty columns, keys twice."""
    amounts = ["0.10", "0.05", "0.15", "-0.05", "33.33", "1234.55", "0.35", "7.77"]
    who = [f"{'aAbB'[at % 4]}{at}" for at in range(len(amounts))]
    return {
        "customer_segment": [
            *(
                member(name, code, date(1900, 1, 1))
                for name, code in zip(who, "éeEzéeEz", strict=True)
            ),
            member(who[0], "later", date(9999, 1, 1)),
        ][:-1],
        "journey": list(journeys("Ä", "a")),
        "subscription_period": [
            *(term(name, date(1900, 1, 1), date(9999, 12, 31)) for name in who[:3]),
            *(term(name, JAN, None, "12.35", currency="USD") for name in who[3:]),
        ],
        "revenue_period": [
            paid(name, month, amount, currency=currency)
            for name, amount in zip(who, amounts, strict=True)
            for month in (JAN, FEB)
            for currency in (("USD",) if month == JAN else ("CHF",))
        ],
        "fx_rate": [
            {"from_ccy": ccy, "to_ccy": "EUR", "rate_date": day, "rate": rate}
            for ccy, day, rate in (
                *(("USD", date(2025, 1, 1), 0.9235), ("USD", date(2026, 1, 15), 0.923500001)),
                *(("CHF", date(2025, 1, 1), 1.0500000001), ("CHF", FEB, 1.05)),
            )
        ],
        "sales_transaction": [
            sale(
                name,
                date(2026, 1, 9),
                amount,
                currency="USD",
                kind="sale" if amount[0] != "-" else "refund",
            )
            for name, amount in zip(who, amounts, strict=True)
        ]
        + [
            sale(who[0], date(2026, 1, 9), amount, transaction_id=key)
            for key, amount in zip(keys, ("1.00", "1.00", "1.00", "2.00"), strict=True)
        ],
        "interaction": [
            contact(who[0], date(2026, 1, 9), handle_seconds=second, reason_code=None)
            for second in (7, 8, 100, None)
        ]
        + [contact("nobody", date(2026, 1, 9), "chat"), contact(None, date(2026, 2, 9), "chat")],
        "unit_cost": [
            {
                "channel_code": "phone",
                "valid_from": JAN,
                "cost_per_minute": "0.3333",
                "cost_per_contact": "0.0001",
                "currency": "USD",
            }
        ],
        "journey_instance": [
            walk(who[0], "Ä", date(2026, 1, 2)),
            walk(who[1], "a", date(2026, 1, 2)),
        ],
        "survey_response": [
            answer(who[0], date(2026, 1, 5), 9, response_id="B1"),
            answer(who[0], date(2026, 1, 5), 0, response_id="a1"),
            answer(who[1], date(2026, 1, 5), 9, response_id="c1"),
            answer(
                who[1],
                date(2026, 1, 5),
                0,
                response_id="c2",
                responded_at=datetime(2026, 1, 5, 1, tzinfo=UTC),
            ),
            answer(None, date(2026, 1, 5), None, response_id="d1", csat_score=4.0),
        ],
    }


@contextmanager
def elsewhere(url: str) -> Iterator[None]:
    """Put the database server's own clock on the other side of the date line."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    database = engine.url.database
    with engine.connect() as connection:
        connection.execute(
            sa.text(f"ALTER DATABASE \"{database}\" SET timezone TO 'Pacific/Kiritimati'")
        )
        try:
            yield
        finally:
            connection.execute(sa.text(f'ALTER DATABASE "{database}" RESET timezone'))


def without_keys(url: str) -> None:
    """Let lines of one key into the database's table."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    table = "awkward.sales_transaction"
    with engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT sales_transaction_pkey"))
        for key in TOLD_APART:
            connection.execute(
                sa.text(f"UPDATE {table} SET transaction_id = :now WHERE transaction_id = :then"),
                {"now": key[:-1], "then": key},
            )


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Company, Company]]:
    folder = write(
        tmp_path_factory.mktemp("awkward") / "rows", complete(awkward(), date(2026, 2, 28))
    )
    loaded = tmp_path_factory.mktemp("loaded") / "rows"
    load_folder(
        write(loaded, complete(awkward(TOLD_APART), date(2026, 2, 28))), postgres_url, "awkward"
    )
    without_keys(postgres_url)
    rules = Rules(currency="EUR", lapse_days=28)
    sources = (
        FolderSource(folder),
        SqlSource(
            Address.parse(postgres_url, "url"), schema="awkward", marts_schema="awkward_marts"
        ),
    )
    with elsewhere(postgres_url):
        ours, theirs = (opened(source, rules, through=date(2026, 2, 28)) for source in sources)
    yield ours, theirs
    for source in sources:
        source.close()


@pytest.mark.parametrize("by", [(), ("segment",), ("journey",)], ids="-".join)
def test_awkward_rows_are_the_same(pair: tuple[Company, Company], by: tuple[str, ...]) -> None:
    ours, theirs = (everything(found, Grain.MONTH, by) for found in pair)
    assert ours.keys() == theirs.keys()
    for name, figures in ours.items():
        assert_same(figures, theirs[name])


def test_faults_of_awkward_rows_are_the_same(pair: tuple[Company, Company]) -> None:
    ours, theirs = (totals(found, "data_quality") for found in pair)
    assert ours == theirs
    assert ("sales_transaction", "key") in {(row[0], row[2]) for row in ours}


def test_a_movement_of_awkward_amounts_closes(pair: tuple[Company, Company]) -> None:
    for period in ("2026-02", "2026-Q1"):
        movements = [bridges(found.gate, Scope(Period.parse(period)))[1] for found in pair]
        amounts = [dict(zip(m.lines["line"], m.lines["amount"], strict=True)) for m in movements]
        assert amounts[0] == amounts[1]
        assert [m.check for m in movements] == [0, 0]


# ---- tables in two places ------------------------------------------------------------------------


def test_revenue_in_a_database_and_the_rest_in_a_store(
    embedded: Company, demo_folder: Path, database: Company, postgres_url: str, tmp_path: Path
) -> None:
    """The mix is built where the rest lies, and gives the same figures."""
    rest = tmp_path / "rest"
    shutil.copytree(demo_folder, rest, ignore=shutil.ignore_patterns(".cxdata", "revenue_period"))
    store = Store(tmp_path / "store")
    with store.begin("ann", "all but revenue") as draft:
        for folder in sorted(path for path in rest.iterdir() if path.is_dir()):
            for file in sorted(folder.glob("*.parquet")):
                draft.append(folder.name, file)
        draft.commit()
    settings = settings_of(
        {
            "data": "store",
            "sources": {"billing": {"sql_url": postgres_url, "schema": "demo"}},
            "tables": {"revenue_period": "billing"},
        },
        {},
        tmp_path,
    )
    source = open_source(settings)
    assert isinstance(source, MixedSource)
    mixed = opened(source, through=date(2026, 10, 20))
    for by in ((), ("segment",)):
        ours, theirs = (everything(found, Grain.QUARTER, by) for found in (embedded, mixed))
        for name, figures in ours.items():
            assert_same(figures, theirs[name])
    source.close()
