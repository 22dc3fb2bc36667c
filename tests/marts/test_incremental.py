"""What is built month by month equals what is built at once, table by table (8.1.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxdata.marts.rules import Rules
from cxdata.model.tables import CURATED
from cxdata.sources.parquet_io import arrow_schema
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.company import (
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
)
from tests.marts.summaries import contents, differences

Tables = Mapping[str, Sequence[Mapping[str, Any]]]

NOV, DEC, JAN, FEB, MAR = (
    date(2025, 11, 1),
    date(2025, 12, 1),
    *(date(2026, m, 1) for m in (1, 2, 3)),
)


def base() -> dict[str, list[dict[str, Any]]]:
    """Everything as known on 31 January."""
    return {
        "customer": [
            {"customer_id": name} for name in ("a", "b", "c", "d", "e", "f", "g_old", "g")
        ],
        "customer_segment": [
            member("a", "small", NOV),
            member("b", "large", NOV),
            member("c", "small", NOV),
            member("e", "large", date(2025, 11, 10)),
        ],
        "journey": list(journeys("onboard", "complain")),
        "subscription_period": [
            *(term("a", NOV), term("b", NOV, date(2026, 1, 28)), term("c", DEC)),
            *(term("g_old", NOV, date(2026, 1, 10)), term("g", JAN)),
            term("c", date(2026, 2, 10), date(2026, 2, 20), "3.00"),
        ],
        "revenue_period": [
            *(paid("a", month, "10.00") for month in (NOV, DEC, JAN)),
            *(paid("b", month, "20.00") for month in (NOV, DEC, JAN)),
            *(paid("c", month, "5.00") for month in (DEC, JAN)),
            *(paid("f", month, "2.00") for month in (NOV, JAN)),
        ],
        "sales_transaction": [
            *(sale("d", date(2025, 11, 20), "7.00"), sale("d", date(2025, 12, 18), "8.00")),
            *(sale("e", date(2026, 1, 9), "3.50", order_id="o1") for _ in range(2)),
        ],
        "interaction": [
            contact("a", date(2025, 12, 3), handle_seconds=60, journey_code="complain"),
            contact("b", date(2026, 1, 29), handle_seconds=120),
            contact(None, date(2026, 1, 30)),
            contact("stranger", date(2025, 12, 30)),
        ],
        "interaction_reason": [],
        "unit_cost": [
            {"channel_code": "phone", "valid_from": NOV, "cost_per_contact": Decimal("2.0000")}
        ],
        "journey_instance": [walk("a", "complain", date(2025, 12, 3)), walk("c", "onboard", DEC)],
        "survey_response": [
            answer("a", date(2025, 12, 9), 2, person_id=None),
            *(answer("b", date(2026, 1, 9), 9 - at, person_id=f"p{at}") for at in range(3)),
            answer("f", date(2025, 12, 11), 8, person_id="q"),
        ],
        "survey_invitation": [
            {"customer_id": "a", "sent_date": date(2025, 12, 8), "status": "responded"}
        ],
        "service_cost": [{"customer_id": "a", "cost_date": date(2025, 12, 9), "amount": "4.00"}],
    }


def customers(**more: dict[str, Any]) -> list[dict[str, Any]]:
    """The customers, some of them with more attributes."""
    named = [row["customer_id"] for row in base()["customer"]]
    columns = {column: None for row in more.values() for column in row}
    return [{"customer_id": name, **columns, **more.get(name, {})} for name in named]


def february() -> dict[str, list[dict[str, Any]]]:
    """A month more."""
    return {
        "customer": [{"customer_id": "h"}],
        "customer_segment": [member("h", "large", date(2026, 2, 9))],
        "subscription_period": [term("h", date(2026, 2, 9), subscription_id="h1")],
        "revenue_period": [paid("a", FEB, "11.00"), paid("c", FEB, "5.00"), paid("h", FEB, "4.00")],
        "sales_transaction": [sale("e", date(2026, 2, 9), "1.00", transaction_id="x1")],
        "interaction": [contact("b", date(2026, 2, 3), interaction_id="x1", handle_seconds=30)],
        "journey_instance": [walk("h", "onboard", date(2026, 2, 9), journey_instance_id="x1")],
        "survey_response": [answer("a", date(2026, 2, 9), 10, response_id="x1")],
    }


CHANGES: dict[str, Callable[[], tuple[Tables, Tables]]] = {
    # what is appended, and what replaces a table
    "a month more": lambda: (february(), {}),
    "late facts": lambda: (
        {
            "interaction": [
                contact("c", date(2025, 12, 5), interaction_id="y1", handle_seconds=600)
            ],
            "sales_transaction": [sale("f", date(2025, 12, 30), "2.00", transaction_id="y1")],
            "survey_response": [answer("a", date(2025, 12, 20), 9, response_id="y1")],
            "revenue_period": [paid("f", DEC, "3.00")],
        },
        {},
    ),
    "a contract that bridges the end of the month before": lambda: (
        {"subscription_period": [term("b", date(2026, 2, 2), subscription_id="b2")]},
        {},
    ),
    "a first contract of who only bought": lambda: (
        {"subscription_period": [term("d", date(2026, 2, 2), subscription_id="d2")]},
        {},
    ),
    "a segment corrected from the first of a month on": lambda: (
        {"customer_segment": [member("f", "small", FEB)]},
        {},
    ),
    "a segment corrected in the past": lambda: (
        {"customer_segment": [member("d", "large", date(2025, 12, 15), JAN)]},
        {},
    ),
    "another slicing attribute": lambda: (
        {"customer_segment": [member("a", "north", DEC, scheme="region")]},
        {},
    ),
    "a new journey": lambda: (
        {
            "journey": [{"journey_code": "buy", "label": "Buy", "sort": -1}],
            "journey_instance": [walk("a", "buy", date(2025, 11, 9), journey_instance_id="y1")],
        },
        {},
    ),
    "customers merged": lambda: (
        {},
        {
            "customer": [
                *({"customer_id": name, "merged_into_id": None} for name in "abcdefg"),
                {"customer_id": "g_old", "merged_into_id": "g"},
            ]
        },
    ),
    "an earlier first day": lambda: (
        {},
        {
            "customer": [
                *(
                    {"customer_id": n, "first_active_date": None}
                    for n in ("b", "d", "e", "f", "g", "g_old")
                ),
                {"customer_id": "a", "first_active_date": None},
                {"customer_id": "c", "first_active_date": date(2024, 5, 1)},
            ]
        },
    ),
    "a customer whose facts came before": lambda: (
        {
            "customer": [{"customer_id": "stranger"}],
            "interaction": [contact("b", date(2026, 2, 3), interaction_id="y1")],
        },
        {},
    ),
    "who was only heard becomes a customer of long standing": lambda: (
        {
            "subscription_period": [term("f", date(2026, 2, 5), subscription_id="f1")],
            "customer_segment": [member("f", "large", FEB)],
        },
        {"customer": [*customers(f={"first_active_date": date(2025, 11, 20)})]},
    ),
    "rows deleted from the past": lambda: (
        {},
        {
            "revenue_period": [
                row
                for row in base()["revenue_period"]
                if (row["customer_id"], row["period_month"]) != ("a", NOV)
            ],
            "sales_transaction": base()["sales_transaction"][1:],
            "survey_response": base()["survey_response"][:2],
        },
    ),
    "a customer deleted": lambda: ({}, {"customer": customers()[1:]}),
    "a customer said to buy without a contract": lambda: (
        {},
        {"customer": customers(a={"relationship_type": "non_contractual"})},
    ),
    "a subscription opened again": lambda: (
        {},
        {
            "subscription_period": [
                *base()["subscription_period"][:1],
                term("b", NOV),
                term("c", DEC),
            ]
        },
    ),
    "a contract that ended, then went on": lambda: (
        {
            "subscription_period": [
                term("b", date(2026, 2, 20), date(2026, 2, 25), subscription_id="b2"),
                term("b", date(2026, 2, 27), subscription_id="b3"),
            ]
        },
        {},
    ),
    "history of contracts corrected": lambda: (
        {},
        {
            "subscription_period": [
                *(term("a", NOV, amount="12.00"), term("b", NOV, date(2026, 1, 15))),
                *(term("c", date(2025, 12, 4)), term("g", date(2026, 1, 20))),
            ]
        },
    ),
    "an end that was known before it came": lambda: (
        {"interaction": [contact("a", date(2026, 2, 3), interaction_id="y1")]},
        {},
    ),
    "segments replaced by the same, and one more": lambda: (
        {},
        {"customer_segment": [*base()["customer_segment"], member("d", "small", FEB)]},
    ),
    "a second currency": lambda: (
        {"revenue_period": [paid("a", FEB, "9.00", currency="USD")]},
        {},
    ),
    "an answer that takes the place of one this year": lambda: (
        {
            "survey_response": [
                answer("b", date(2026, 2, 9), 1, person_id="p0", response_id="y1"),
                answer("a", date(2026, 2, 3), 10, person_id=None, response_id="y2"),
            ]
        },
        {},
    ),
    "a new price of a contact": lambda: (
        {},
        {
            "unit_cost": [
                {"channel_code": "phone", "valid_from": NOV, "cost_per_contact": Decimal("3.0000")}
            ]
        },
    ),
}


def arrow(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows in the declared types."""
    schema = arrow_schema(CURATED.tables[name], {column for row in rows for column in row})
    exact = [
        {
            key: Decimal(v)
            if isinstance(v, str) and pa.types.is_decimal(schema.field(key).type)
            else v
            for key, v in row.items()
        }
        for row in rows
    ]
    return pa.Table.from_pylist(exact, schema)


def publish(store: Store, more: Tables, instead: Tables, through: date) -> None:
    """Publish rows; the promise of completeness is replaced each time."""
    with store.begin("ann", "rows") as draft:
        known = {name for name in complete({**base(), **more}, through) if name != "data_load"}
        promise = complete({name: [] for name in known}, through)["data_load"]
        draft.replace("data_load", arrow("data_load", promise))
        for name, rows in complete(more, None).items():
            if rows and name != "data_load" and name in more:
                draft.append(name, arrow(name, rows))
        for name, others in instead.items():
            draft.replace(name, arrow(name, others))
        draft.commit()


RULES = Rules(lapse_days=40, exposure_days=60, currency="EUR")


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as of 31 January, built."""
    folder = tmp_path_factory.mktemp("january")
    publish(Store(folder), base(), {}, date(2026, 1, 31))
    opened(StoreSource(Store(folder)), RULES, through=date(2026, 1, 31))
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_an_increment_equals_a_build_of_everything(
    january: Path, tmp_path: Path, change: str, copied: Callable[[Path, Path], Path]
) -> None:
    more, instead = CHANGES[change]()
    through = date(2026, 2, 28)
    twice = copied(january, tmp_path / "twice")
    publish(Store(twice), more, instead, through)
    step = opened(StoreSource(Store(twice)), RULES, through=through)
    once = copied(twice, tmp_path / "once")
    for file in (once / "marts").rglob("*.duckdb"):
        file.unlink()
    whole = opened(StoreSource(Store(once)), RULES, through=through)
    assert whole.built is not None
    assert whole.built.is_full
    assert differences(contents(step), contents(whole)) == {}


@pytest.mark.parametrize(
    "change",
    [
        *("a month more", "a contract that ended, then went on", "a second currency"),
        *("an end that was known before it came", "segments replaced by the same, and one more"),
    ],
)
def test_it_is_told_whether_everything_was_built(
    january: Path, tmp_path: Path, change: str, copied: Callable[[Path, Path], Path]
) -> None:
    folder = copied(january, tmp_path / "store")
    publish(Store(folder), *CHANGES[change](), date(2026, 2, 28))
    built = opened(StoreSource(Store(folder)), RULES, through=date(2026, 2, 28)).built
    assert built is not None
    assert built.is_full == (change == "a second currency")


def test_an_increment_builds_only_the_months_that_changed(
    january: Path, tmp_path: Path, copied: Callable[[Path, Path], Path]
) -> None:
    folder = copied(january, tmp_path / "store")
    publish(Store(folder), february(), {}, date(2026, 2, 28))
    built = opened(StoreSource(Store(folder)), RULES, through=date(2026, 2, 28)).built
    assert built is not None
    assert not built.is_full
    assert built.first_month == FEB


def test_a_month_a_statement_gives_what_all_at_once_gives(
    january: Path,
    tmp_path: Path,
    copied: Callable[[Path, Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = copied(january, tmp_path / "store")
    at_once = contents(opened(StoreSource(Store(folder)), RULES, through=date(2026, 1, 31)))
    for file in (folder / "marts").rglob("*.duckdb"):
        file.unlink()
    monkeypatch.setattr("cxdata.marts.build.MONTHS_A_BATCH", 1)
    monkeypatch.setattr("cxdata.marts.build.ROWS_A_BATCH", 0)
    by_month = opened(StoreSource(Store(folder)), RULES, through=date(2026, 1, 31))
    assert by_month.built is not None
    assert differences(contents(by_month), at_once) == {}


def test_other_rules_build_everything_anew(
    january: Path, tmp_path: Path, copied: Callable[[Path, Path], Path]
) -> None:
    folder = copied(january, tmp_path / "store")
    other = Rules(lapse_days=40, exposure_days=30, currency="EUR")
    built = opened(StoreSource(Store(folder)), other, through=date(2026, 1, 31)).built
    assert built is not None
    assert built.why == "the rules changed"


def test_the_same_version_by_the_same_rules_is_not_built_twice(january: Path) -> None:
    again = opened(StoreSource(Store(january)), RULES, through=date(2026, 1, 31))
    assert again.built is None


def test_w_estimated_later_reaches_back(tmp_path: Path) -> None:
    """Too few purchases say nothing about W at first; once they do, older months follow."""
    rows = [sale(f"c{at}", date(2025, 6, 1 + at % 28), transaction_id=f"a{at}") for at in range(3)]
    store = Store(tmp_path / "store")
    with store.begin("ann", "few") as draft:
        draft.append("sales_transaction", arrow("sales_transaction", rows))
        draft.append(
            "customer", arrow("customer", [{"customer_id": f"c{at}"} for at in range(200)])
        )
        draft.commit()
    first = opened(StoreSource(store), Rules())
    assert first.gate.built.lapse_days == 180
    many = [
        sale(f"c{at}", date(2025, 6, 2 + (at * 7) % 25), transaction_id=f"b{at}-{step}")
        | {"transaction_date": date(2025, 6 + step, 2 + (at * 7) % 25)}
        for at in range(3, 200)
        for step in range(6)
    ]
    with store.begin("ann", "many") as draft:
        draft.append("sales_transaction", arrow("sales_transaction", many))
        draft.commit()
    step = opened(StoreSource(store), Rules())
    assert step.gate.built.lapse_days != 180
    once = Store(tmp_path / "once")
    with once.begin("ann", "all") as draft:
        draft.append("sales_transaction", arrow("sales_transaction", rows + many))
        draft.append(
            "customer", arrow("customer", [{"customer_id": f"c{at}"} for at in range(200)])
        )
        draft.commit()
    whole = opened(StoreSource(once), Rules())
    assert differences(contents(step), contents(whole)) == {}
