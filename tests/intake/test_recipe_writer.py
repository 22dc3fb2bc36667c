"""Writing a recipe and reading it again gives an equal one, whatever it says."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.intake.recipe import (
    AcrossMap,
    Adaptation,
    ColumnMap,
    Condition,
    Factor,
    Layout,
    Recipe,
    Remark,
    Saved,
    TableMap,
)
from cxdata.intake.recipe_file import find_recipe, parse_recipe, shipped
from cxdata.intake.recipe_writer import write_recipe


@pytest.mark.parametrize("name", shipped())
def test_shipped_recipes_survive(name: str) -> None:
    recipe = find_recipe(name)
    assert parse_recipe(write_recipe(recipe), name) == recipe


words = st.text(min_size=1, max_size=8).filter(lambda one: one.isprintable() or one.strip())
awkward = st.sampled_from(
    ['a "b"', "back\\slash", "tab\there", "two\nlines", "é {x}", "\x7f", "a.b", "1"]
)
names = st.one_of(words, awkward)
fields = st.text(string.ascii_letters + " .-_'", min_size=1, max_size=6).filter(str.strip)
lists = st.lists(names, max_size=3, unique=True).map(tuple)
conditions = st.builds(
    Condition, source=names, values=lists, negated=st.booleans(), optional=st.booleans()
)
factors = st.one_of(
    st.builds(Factor, constant=st.floats(0.001, 1e9)),
    st.builds(Factor, source=names),
    st.builds(
        Factor,
        source=names,
        mapping=st.dictionaries(names, st.integers(1, 99), min_size=1, max_size=2).map(
            lambda one: tuple(one.items())
        ),
    ),
)


@st.composite
def amounts(draw: st.DrawFn, /, column: str = "net_amount", **way: Any) -> ColumnMap:
    """A number from the extract, with everything that may be said about reading it."""
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more = {"times": draw(factors), "divided_by": draw(st.none() | factors)}
    elif draw(st.booleans()):
        values = draw(st.dictionaries(names, st.integers(-9, 9), max_size=3))
        more = {"mapping": tuple(values.items()), "other": draw(st.none() | st.integers(0, 9))}
    return ColumnMap(
        column,
        formats=draw(lists),
        missing=draw(lists),
        snake=draw(st.booleans()),
        kind=draw(st.sampled_from([None, "NUM", "DURATION"])),
        **way,
        **more,
    )


@st.composite
def sales(draw: st.DrawFn) -> TableMap:
    """A table of sales, filled in every way there is."""
    identity = draw(
        st.one_of(
            st.builds(ColumnMap, st.just("transaction_id"), source=names, otherwise=lists),
            st.builds(ColumnMap, st.just("transaction_id"), record_number=names),
            st.builds(ColumnMap, st.just("transaction_id"), constant=names),
            st.builds(
                ColumnMap, st.just("transaction_id"), occurrence_of=lists.filter(len), by=names
            ),
            st.builds(
                ColumnMap,
                st.just("transaction_id"),
                template=fields.map(lambda one: f"x-{{{one}}}"),
            ),
        )
    )
    when = tuple(draw(st.lists(conditions, max_size=2)))
    dated = ColumnMap(
        "transaction_date", source=draw(names), when=when, formats=draw(lists), reduce="max"
    )
    latest = st.builds(ColumnMap, st.just("latest_by"), source=names, kind=st.just("TS"))
    amount = draw(amounts(source=draw(names)))
    kind = ColumnMap("order_id", source=draw(names), optional=True)
    return TableMap(
        "sales_transaction",
        columns=(identity, dated, amount, kind),
        where=tuple(draw(st.lists(conditions, max_size=2))),
        latest_by=draw(st.none() | latest),
        distinct=True,
        optional=draw(st.booleans()),
    )


@st.composite
def ratings(draw: st.DrawFn) -> TableMap:
    """Questions across the header."""
    return TableMap(
        "response_attribute",
        columns=(ColumnMap("response_id", source=draw(names)),),
        across=(
            AcrossMap(
                columns=draw(lists.filter(len)),
                apart=draw(lists),
                name="attribute_code",
                value=draw(amounts("score")),
                codes=tuple(draw(st.dictionaries(names, names, max_size=2)).items()),
                constants=(("scale_max", draw(st.integers(1, 10))),),
            ),
        ),
    )


def by_name(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(names, values, max_size=2).map(lambda one: tuple(one.items()))


layouts = st.builds(
    Layout,
    encoding=st.sampled_from(["", "utf-16", "windows-1252"]),
    delimiter=st.sampled_from(["", ";", "\t", "||", "\x01"]),
    quote=st.sampled_from(["", '"', "'"]),
    header=st.none() | st.integers(0, 3),
    skip=st.none() | st.integers(0, 9),
    sheet=st.sampled_from(["", "Sheet 1"]),
    decimal=st.sampled_from(["", ",", "."]),
    dates=lists,
    as_of=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 28)).filter(lambda d: d.day <= 28),
    missing=lists,
    missing_in=by_name(lists),
    personal=by_name(st.sampled_from(["keep", "hash", "mask", "drop"])),
    writing=by_name(by_name(st.one_of(names, lists, st.booleans(), st.integers(0, 9)))),
)
recipes = st.builds(
    Recipe,
    name=st.just("tiny"),
    label=st.text(max_size=8),
    about=st.text(max_size=8),
    source_system=names,
    layout=layouts,
    tables=st.tuples(sales(), ratings()) | st.tuples(ratings()),
    complete_through=st.none() | st.dates(),
    remarks=st.lists(st.builds(Remark, conditions, names), max_size=2).map(tuple),
    adapts=st.lists(st.builds(Adaptation, lists, names), max_size=2).map(tuple),
    stop_above=st.none() | st.floats(0.01, 1),
    mode=st.sampled_from(["", "append", "upsert"]),
    auto=st.booleans(),
    saved=st.none()
    | st.builds(
        Saved,
        version=st.integers(0, 99),
        by=names,
        at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        why=st.text(max_size=8),
        header=lists,
    ),
)


@given(recipes)
def test_every_recipe_survives(recipe: Recipe) -> None:
    text = write_recipe(recipe)
    assert parse_recipe(text, "tiny") == recipe, text


def test_what_is_written_is_for_people() -> None:
    recipe = Recipe(
        name="tiny",
        label="Orders",
        about="One line an order.",
        source_system="shop",
        layout=Layout(decimal=",", writing=(("Datum", (("date_order", "day first"),)),)),
        tables=(
            TableMap(
                "customer",
                columns=(
                    ColumnMap("customer_id", source="Kunde"),
                    ColumnMap("customer_type", constant="b2b"),
                ),
            ),
        ),
    )
    assert write_recipe(recipe) == (
        'label = "Orders"\nabout = "One line an order."\nsource_system = "shop"\n\n'
        '[extract]\ndecimal = ","\n\n'
        '[extract.writing]\nDatum = { date_order = "day first" }\n\n'
        '[[table]]\nname = "customer"\n[table.columns]\n'
        'customer_id = { from = "Kunde" }\ncustomer_type = "b2b"\n'
    )
