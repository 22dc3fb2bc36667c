"""The contract across rows: keys, repeats, validities, references; order; and what is held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxdata.intake.aside import LEDGER_COLUMNS, SetAside, neutral
from cxdata.intake.loaded import Loaded, Unresolved
from cxdata.intake.recipe_file import parse_recipe
from cxdata.intake.terms import ASIDE, UNKNOWN
from cxdata.intake.workspace import working
from cxdata.model.errors import IntakeError
from tests.intake.kit import assert_closes, faults, load, load_extract, rows

SALES = """
[[table]]
name = "sales_transaction"
[table.columns]
transaction_id = { from = "id" }
customer_id = { from = "who" }
transaction_date = { from = "day" }
net_amount = { from = "sum" }
"""
BOTH = (
    SALES
    + """
[[table]]
name = "customer"
distinct = true
[table.columns]
customer_id = { from = "who" }
country = { from = "land" }
first_active_date = { from = "day", reduce = "min" }
"""
)


def test_a_key_claimed_twice_takes_its_records_out_of_every_table(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "id,who,day,sum,land\n"
        "1,a,2026-01-01,5,CH\n"
        "2,b,2026-01-01,5,CH\n"
        "2,c,2026-01-02,6,CH\n"
        "3,a,2026-01-03,7,CH\n",
        BOTH,
    )
    assert rows(loaded, "sales_transaction", "transaction_id") == [("1",), ("3",)]
    assert rows(loaded, "customer", "customer_id") == [("a",)]
    assert faults(loaded) == [(2, "id", "2", "key"), (3, "id", "2", "key")]
    assert_closes(loaded)


def test_a_customer_with_two_countries_is_set_aside_with_all_its_records(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "id,who,day,sum,land\n"
        "1,a,2026-01-01,5,CH\n"
        "2,a,2026-01-02,5,DE\n"
        "3,b,2026-01-03,5,DE\n"
        "4,a,2026-01-04,5,CH\n",
        BOTH,
    )
    assert {fault[0] for fault in faults(loaded)} == {1, 2, 4}
    assert rows(loaded, "sales_transaction", "transaction_id") == [("3",)]
    assert_closes(loaded)


def test_one_fault_in_a_record_is_enough_and_all_its_faults_are_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,who,day,sum\n1,a,2026-02-30,x\n2,a,2026-02-03,1\n", SALES)
    assert faults(loaded) == [(1, "day", "2026-02-30", "type"), (1, "sum", "x", "type")]
    assert loaded.counts.set_aside == 1
    assert [one.records for one in loaded.reasons()] == [1, 1]


def test_a_value_with_two_readings_of_which_one_fails_is_said_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,who,day,sum,land\n1,a,soon,5,CH\n2,a,2026-02-03,5,CH\n", BOTH)
    assert faults(loaded) == [(1, "day", "soon", "type")]


TERMS = """
[[table]]
name = "subscription_period"
[table.columns]
subscription_id = { from = "id" }
customer_id = { from = "id" }
start_date = { from = "from" }
end_date = { from = "to" }
"""


def test_the_year_9999_as_an_end_means_that_there_is_none(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,from,to\na,2025-01-01,9999-12-31\nb,2025-01-01,31.12.9999\n", TERMS)
    assert rows(loaded, "subscription_period", "end_date") == [(None,), (None,)]
    assert loaded.notes == ("Records whose to lies in the year 9999, taken as still in force: 2.",)
    assert_closes(loaded)


def test_the_year_9999_as_a_start_does_not_fit(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,from,to\na,9999-12-31,\nb,2025-01-01,\n", TERMS)
    assert faults(loaded) == [(1, "from", "9999-12-31", "type")]


def test_days_that_stand_for_an_unknown_one_are_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,from,to\na,1900-01-01,\nb,1970-01-01,\nc,1900-01-01,\n", TERMS)
    assert loaded.notes == (
        "Rows of subscription_period whose start_date is 1900-01-01, which often stands for an "
        "unknown day: 2.",
        "Rows of subscription_period whose start_date is 1970-01-01, which often stands for an "
        "unknown day: 1.",
    )


# -- references ------------------------------------------------------------------------------------


def with_published(tmp_path: Path, customers: list[str] | None, **terms: Any) -> Loaded:
    """Load three sales beside customers that are published already."""
    published = {}
    if customers is not None:
        path = tmp_path / "published.parquet"
        pq.write_table(pa.table({"customer_id": customers}), path)
        published = {"customer": [path]}
    extract = tmp_path / "sales.csv"
    extract.write_text(
        "id,who,day,sum\n1,a,2026-01-01,1\n2,b,2026-01-01,1\n3,,2026-01-01,1\n", "utf-8"
    )
    return load_extract(extract, parse_recipe(SALES, "sales"), published=published, **terms)


def test_what_refers_to_nothing_is_kept_and_told_or_set_aside(tmp_path: Path) -> None:
    kept = with_published(tmp_path, ["a"])
    assert kept.unresolved == (
        Unresolved("sales_transaction", "customer_id", "customer", 1, 2, ("b",)),
    )
    assert rows(kept, "sales_transaction", "transaction_id") == [("1",), ("2",), ("3",)]
    aside = with_published(tmp_path, ["a"], answers={UNKNOWN: ASIDE})
    assert faults(aside) == [(2, "who", "b", "refers")]
    assert aside.unresolved == ()
    assert rows(aside, "sales_transaction", "transaction_id") == [("1",), ("3",)]
    assert_closes(aside)


def test_references_are_resolved_in_what_is_published(tmp_path: Path) -> None:
    assert with_published(tmp_path, ["a", "b"]).notes == ()
    assert with_published(tmp_path, ["a"]).notes == (
        "Rows of sales_transaction whose customer_id is not in customer (for example 'b'): 1.",
    )


def test_references_to_a_table_that_is_nowhere_are_not_judged(tmp_path: Path) -> None:
    assert with_published(tmp_path, None).notes == ()


# -- order, files, memory --------------------------------------------------------------------------


def test_rows_stay_in_the_order_of_the_extract(tmp_path: Path) -> None:
    """With many records out, the engine joins in several threads, and order is easily lost."""
    lines = "".join(
        f"t{number:06},c,{'2026-01-01' if number % 3 else 'x'},1\n" for number in range(150_000)
    )
    loaded = load(tmp_path, "id,who,day,sum\n" + lines, SALES)
    found = loaded.tables["sales_transaction"].read().column("transaction_id").to_pylist()
    assert found == sorted(found)
    assert len(found) == 100_000
    assert loaded.set_aside.records == 50_000
    assert len(loaded.set_aside.first) == 100
    assert loaded.reasons()[0].examples == ("x",)


def test_many_faults_are_not_held_in_memory(tmp_path: Path) -> None:
    lines = "".join(f"t{number},c,x,y\n" for number in range(5_000))
    loaded = load(tmp_path, "id,who,day,sum\ngood,c,2026-01-01,1\n" + lines, SALES)
    aside = loaded.set_aside
    assert (aside.records, aside.faults, len(aside.first)) == (5_000, 10_000, 100)
    assert sum(batch.num_rows for batch in aside.to_batches()) == aside.faults
    assert not any(isinstance(held, pa.Table) for held in vars(loaded).values())
    assert not any(isinstance(held, pa.Table) for held in loaded.tables.values())


def test_rows_can_be_read_again_and_outlive_the_load(tmp_path: Path) -> None:
    rows_of = load(tmp_path, "id,who,day,sum\n1,a,2026-01-01,1\n", SALES).tables[
        "sales_transaction"
    ]
    assert [batch.num_rows for batch in rows_of] == [1]
    assert [batch.num_rows for batch in rows_of] == [1]
    folder = rows_of.path.parent
    assert folder.is_dir()
    del rows_of
    assert not folder.exists()


def test_a_table_without_rows_is_one_empty_batch(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "id,who,day,sum\n1,a,2026-01-01,1\n",
        SALES.replace(
            'name = "sales_transaction"',
            'name = "sales_transaction"\nwhere = [{ column = "sum", is = ["none"] }]',
        ),
    )
    (batch,) = loaded.tables["sales_transaction"]
    assert batch.num_rows == 0
    assert loaded.counts.of("sales_transaction").filtered == 1
    assert_closes(loaded)


def test_a_stated_workspace_keeps_the_tables_and_nothing_else(tmp_path: Path) -> None:
    extract = tmp_path / "sales.csv"
    extract.write_text("id,who,day,sum\n1,a,2026-01-01,1\n", "utf-8")
    place = tmp_path / "place"
    recipe = parse_recipe(SALES, "sales")
    loaded = load_extract(extract, recipe, workspace=place)
    del loaded
    assert [path.name for path in place.iterdir()] == ["sales_transaction.parquet"]


def test_a_disk_that_is_full_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"could not write where it works"), working() as place:
        place.write(tmp_path / "nowhere" / "x.parquet", "SELECT 1 AS a")


# -- the file of records set aside -----------------------------------------------------------------


def aside_lines(aside: SetAside, path: Path, *, for_spreadsheet: bool = False) -> list[str]:
    aside.write_csv(path, for_spreadsheet=for_spreadsheet)
    return path.read_text("utf-8").splitlines()


def test_the_file_holds_the_original_text_and_why(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        'id,who,day,sum\n1,=a,2026-02-30,"1,x"\n2,b,2026-02-03,1\n3,c,2026-02-03\n',
        SALES,
    )
    lines = aside_lines(loaded.set_aside, tmp_path / "aside.csv")
    assert lines[0] == ",".join(f'"{n}"' for n in ("id", "who", "day", "sum", *LEDGER_COLUMNS))
    assert lines[1].startswith('"1","=a","2026-02-30","1,x",1,')
    assert '"day; sum","type; type"' in lines[1]
    assert lines[2].startswith(",,,,3,")
    assert lines[2].endswith('"3,c,2026-02-03"')
    assert len(lines) == 3
    safe = aside_lines(loaded.set_aside, tmp_path / "aside.csv", for_spreadsheet=True)
    assert safe[1].startswith('"1","\'=a"')


def test_nothing_set_aside_is_a_file_with_a_header_alone(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,who,day,sum\n1,a,2026-01-01,1\n", SALES)
    assert len(aside_lines(loaded.set_aside, tmp_path / "aside.csv")) == 1


@given(st.text(max_size=12))
def test_neutral_text_starts_no_formula_and_loses_nothing(text: str) -> None:
    (found,) = neutral(pa.array([text], pa.string())).to_pylist()
    assert found in (text, f"'{text}")
    assert not found.startswith(("=", "@", "\t", "\r"))


# -- the ledger closes -----------------------------------------------------------------------------

KEY = st.sampled_from(["1", "2", "3", "", "a" * 65])
RECORD = st.tuples(
    KEY,
    st.sampled_from(["a", "b", ""]),
    st.sampled_from(["2026-01-01", "2026-01-02", "2030-01-01", "never", ""]),
    st.sampled_from(["1", "2.50", "-3", "1.0055", ""]),
    st.sampled_from(["CH", "DE"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORD, max_size=10))
def test_every_record_and_every_candidate_row_is_accounted_for(
    tmp_path: Path, records: list[tuple[str, ...]]
) -> None:
    good = ("good", "z", "2026-01-01", "1", "CH")
    text = "id,who,day,sum,land\n" + "".join(f"{','.join(one)}\n" for one in [good, *records])
    loaded = load(tmp_path, text, BOTH)
    assert loaded.counts.records == len(records) + 1
    assert_closes(loaded)
    keys = [key for (key,) in rows(loaded, "sales_transaction", "transaction_id")]
    assert len(set(keys)) == len(keys)
    out = {fault[0] for fault in faults(loaded)}
    kept = {one[0] for number, one in enumerate([good, *records], 1) if number not in out}
    assert set(keys) == kept
