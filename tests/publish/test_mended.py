"""Records that were set aside are mended, brought again, and the counts add up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cxdata.model.errors import IntakeError, StoreError
from cxdata.publish import aside
from cxdata.publish.going_back import GoingBack
from cxdata.publish.mended import BatchLedger, batch_ledger
from cxdata.publish.preparing import prepare
from cxdata.sources.store import Store
from tests.publish.kit import NOON, PEOPLE, SALES, bring, put, ready, rehearsed, rows

MIXED = (
    "id,who,day,sum\n1,a,2026-01-05,10.00\n2,b,someday,20.00\n"
    "3,c,2026-01-31,5.00\n4,=d(),2026-01-07,?\n"
)
YES = ("set_aside",)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def handed_out(store: Store, batch: str, path: Path, **how: bool) -> list[dict[str, str]]:
    aside.write(store, batch, path, **how)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def brought_back(lines: list[dict[str, str]], delimiter: str = ",") -> str:
    head = delimiter.join(lines[0])
    return "\n".join([head, *(delimiter.join(line.values()) for line in lines)]) + "\n"


def mend(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**lines[0], "day": "2026-01-20"}, *lines[1:]]


def batch_of(store: Store, number: int = 1) -> str:
    return str(store.read_version(number).checks["staged"])


def test_what_is_set_aside_can_be_had_while_it_waits_and_once_it_is_published(
    store: Store, tmp_path: Path
) -> None:
    item = ready(store, MIXED)
    lines = handed_out(store, item.id, tmp_path / "waiting.csv")
    assert [(line["id"], line["day"], line["_record"], line["_column"]) for line in lines] == [
        ("2", "someday", "2", "day"),
        ("4", "2026-01-07", "4", "sum"),
    ]
    assert {line["_batch"] for line in lines} == {item.id}
    put(store, MIXED, accept=YES)
    again = handed_out(store, batch_of(store), tmp_path / "published.csv")
    assert [line["sum"] for line in again] == ["20.00", "?"]


def test_formulas_are_harmless_in_spreadsheets_alone(store: Store, tmp_path: Path) -> None:
    item = ready(store, MIXED)
    plain = handed_out(store, item.id, tmp_path / "plain.csv")
    sheet = handed_out(store, item.id, tmp_path / "sheet.csv", for_spreadsheet=True)
    assert (plain[1]["who"], sheet[1]["who"]) == ("=d()", "'=d()")
    assert sheet[0]["sum"] == "20.00"


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("for_spreadsheet", [True, False])
def test_only_those_records_are_added_and_the_counts_add_up(
    store: Store, tmp_path: Path, for_spreadsheet: bool, delimiter: str
) -> None:
    put(store, MIXED, accept=YES, name="first.csv")
    batch = batch_of(store)
    assert batch_ledger(store, batch) == BatchLedger(4, 2)
    lines = handed_out(store, batch, tmp_path / "aside.csv", for_spreadsheet=for_spreadsheet)
    lines[0]["day"], lines[1]["sum"] = "2026-01-20", "7.00"
    version = put(store, brought_back(lines, delimiter), name="mended.csv").version
    assert version.checks["batch"] == batch
    assert rows(store, "sales_transaction", "transaction_id", "customer_id") == [
        *(("1", "a"), ("2", "b"), ("3", "c"), ("4", "=d()"))
    ]
    ledger = batch_ledger(store, batch)
    assert ledger == BatchLedger(4, 4)
    assert ledger.set_aside == 0


def test_records_mended_in_two_goes(store: Store, tmp_path: Path) -> None:
    put(store, MIXED, accept=YES)
    batch = batch_of(store)
    lines = handed_out(store, batch, tmp_path / "aside.csv")
    lines[0]["day"] = "2026-01-20"
    put(store, brought_back(lines), accept=YES)
    assert batch_ledger(store, batch) == BatchLedger(4, 3)
    rest = handed_out(store, batch_of(store, 2), tmp_path / "rest.csv")
    assert [line["id"] for line in rest] == ["4"]
    rest[0]["sum"] = "7.00"
    put(store, brought_back(rest))
    assert batch_ledger(store, batch) == BatchLedger(4, 4)


def test_a_record_that_was_never_split_waits_until_its_cells_are_filled(
    store: Store, tmp_path: Path
) -> None:
    short = "id,who,day,sum\n1,a,2026-01-05,10.00\n2,b,2026-01-06\n3,c,someday,5.00\n"
    put(store, short, accept=YES)
    batch = batch_of(store)
    lines = handed_out(store, batch, tmp_path / "aside.csv")
    assert [(line["id"], line["_raw"]) for line in lines] == [("", "2,b,2026-01-06"), ("3", "")]
    quoted = [{**line, "_raw": f'"{line["_raw"]}"'} for line in lines]
    quoted = [{**line, "_expected": f'"{line["_expected"]}"'} for line in quoted]
    half = [quoted[0], {**quoted[1], "day": "2026-01-31"}]
    item = ready(store, brought_back(half))
    assert item.prepared is not None
    assert item.prepared.notes[0] == "1 record not mended yet: still set aside as before."
    put(store, brought_back(half))
    assert batch_ledger(store, batch) == BatchLedger(3, 2)
    with pytest.raises(IntakeError, match="None of these records is mended yet"):
        rehearsed(store, brought_back(quoted[:1]))
    filled = {**quoted[0], "id": "2", "who": "b", "day": "2026-01-06", "sum": "8.00"}
    put(store, brought_back([filled]))
    assert batch_ledger(store, batch) == BatchLedger(3, 3)


def test_what_is_mended_in_part_is_not_taken_for_misread(store: Store, tmp_path: Path) -> None:
    put(store, MIXED, accept=YES)
    lines = handed_out(store, batch_of(store), tmp_path / "aside.csv")
    item = ready(store, brought_back(mend(lines)))
    assert item.prepared is not None
    assert (item.prepared.records, item.prepared.set_aside, item.prepared.misread) == (2, 1, "")


def test_the_recipe_is_that_of_the_extract(store: Store, tmp_path: Path) -> None:
    saved = store.path / "recipes" / "shop"
    saved.mkdir(parents=True)
    (saved / "1.toml").write_text(SALES)
    put(store, MIXED, accept=YES)
    lines = handed_out(store, batch_of(store), tmp_path / "aside.csv")
    item = prepare(store, bring(store, brought_back(mend(lines))), now=NOON)
    assert item.prepared is not None
    assert item.prepared.recipe == "shop"


def test_other_records_are_refused(store: Store, tmp_path: Path) -> None:
    put(store, MIXED, accept=YES)
    lines = handed_out(store, batch_of(store), tmp_path / "aside.csv")
    for wrong, said in (
        ([*lines, lines[0]], "Record 2 is not one of those"),
        ([{**lines[0], "_record": "3"}], "Record 3 is not one of those"),
        ([lines[0], {**lines[1], "_batch": "0" * 32}], "records of more than one extract"),
        ([{**lines[0], "_batch": "0" * 32}], "is not known here"),
    ):
        with pytest.raises(IntakeError, match=said):
            rehearsed(store, brought_back(wrong))


def test_rows_known_by_record_numbers_cannot_come_alone(store: Store, tmp_path: Path) -> None:
    numbered = SALES.replace(
        'transaction_id = { from = "id" }', 'transaction_id = { record_number = "t" }'
    )
    numbered = numbered.replace("[load]", '[extract]\nignore = ["id"]\n[load]')
    put(store, MIXED, how=numbered, accept=YES)
    lines = handed_out(store, batch_of(store), tmp_path / "aside.csv")
    with pytest.raises(IntakeError, match="only by the number of their record"):
        ready(store, brought_back(lines), how=numbered)


def test_an_extract_without_faults_has_nothing_to_hand_out(store: Store, tmp_path: Path) -> None:
    item = ready(store, "who,country\na,CH\n", how=PEOPLE)
    with pytest.raises(StoreError, match="No records are kept"):
        aside.write(store, item.id, tmp_path / "none.csv")


def test_a_mended_file_of_undone_records(store: Store, tmp_path: Path) -> None:
    put(store, MIXED, accept=YES)
    batch = batch_of(store)
    lines = handed_out(store, batch, tmp_path / "aside.csv")
    lines[0]["day"] = "2026-01-20"
    put(store, brought_back(lines), accept=YES)
    GoingBack(store, "ann", "wrong", NOON).undo()
    assert batch_ledger(store, batch) == BatchLedger(4, 2)
