"""Personal data: noticed where it is, not where it is not, and treated as chosen."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.intake.values.identifiers import masked, spans
from cxdata.intake.values.personal import Treatment, hashed, local_key, treat, treatment
from cxdata.model.errors import IntakeError
from tests.intake.values.kit import see

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("email", ["ann@example.com", "bob@example.org", ""], "email"),
        ("login", ["ann@example.com", "bob@exämple.org"], "email"),
        ("phone", ["+49 30 1234567", "030 1234567"], "phone"),
        ("Mobile", ["07700900123", "07700900124"], "phone"),
        ("contact", ["+44 20 7946 0958", "+44 20 7946 0959"], "phone"),
        ("card", ["4111111111111111", "5500 0000 0000 0004"], "card"),
        ("reference", ["4111 1111 1111 1111", "5500 0000 0000 0004"], "card"),
        ("account", ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"], "iban"),
        ("SSN", ["078-05-1120", "219-09-9999"], "national_id"),
        ("personnummer", ["811218-9876"], "national_id"),
        ("Last Name", ["Ito", "Berg"], "name"),
        ("street", ["1 High St", "2 High St"], "address"),
        ("date_of_birth", ["1980-01-31", "1990-12-01"], "birth_date"),
        ("comment", ["fine", "write to ann@example.com please"], "text"),
        ("comment", ["fine", "call me on 07700 900 123"], "text"),
        ("comment", ["my card 4111 1111 1111 1111 was charged twice", "ok"], "text"),
        ("comment", ["pay DE89 3704 0044 0532 0130 00 please"], "text"),
    ],
)
def test_personal_data_is_noticed(name: str, values: list[str], kind: str) -> None:
    seen = see({name: values})
    assert seen.columns[name].personal == kind
    assert "personal data" in seen.report
    assert seen.outcome == "accept"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("order_no", ["4500012345", "4500012346"]),
        ("order_id", ["123-456-7890", "123-456-7891"]),
        ("id", [f"{number:016d}" for number in range(4000000000000000, 4000000000000020)]),
        ("tracking", ["1Z999AA10123456784", "00340434161094021501"]),
        ("date", ["2024-01-31", "31.01.2024", "31/01/2024"]),
        ("at", ["2024-01-31T10:00:00Z", "20240131T100000Z"]),
        ("amount", ["1.234.567,89", "12.345.678,90"]),
        ("ean", ["4006381333931", "4006381333932"]),
        ("product name", ["Widget", "Gadget"]),
        ("name", ["Null", "Basic", "Premium"]),
        ("ip_address", ["10.0.0.1", "192.168.100.200"]),
        ("comment", ["order 4500012345 came on 2024-01-31 at 10:30", "paid 1.234.567,89 EUR"]),
        ("comment", ["ticket no. 123-456-7890", "see 31/01/2024 10:30", "@support was great"]),
        ("comment", ["version 10.12.2024.1 build 20240131093000", "rated 10/10 by 1,000,000"]),
        ("comment", ["invoice 0049-2024-000123", "part 0815-4711", "size 10-12-14-16"]),
        ("handle", ["@ann", "@bob"]),
    ],
)
def test_numbers_ids_and_dates_raise_no_alarm(name: str, values: list[str]) -> None:
    assert see({name: values}).columns[name].personal == ""


def test_a_datum_behind_many_order_numbers_is_found() -> None:
    values = [f"order {4500000000 + number}" for number in range(300)] + ["ask ann@example.com"]
    column = see({"comment": values}, sample=5).columns["comment"]
    assert column.personal_kinds == ("email",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.com, +44 20 7946 0958", "[e-mail], [phone]"),
        ("Card 4111-1111-1111-1111.", "Card [card]."),
        ("GB29 NWBK 6016 1331 9268 19 AND MORE", "[iban] AND MORE"),
        ("06 12 34 56 78 ou (030) 123 4567", "[phone] ou [phone]"),
        ("call 2125550100 now", "call [phone] now"),
        ("Order 4111111111111112 of 31.01.2024", "Order 4111111111111112 of 31.01.2024"),
    ],
)
def test_free_text_is_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


@given(st.text(alphabet=st.characters(exclude_categories=("Nd", "Cs"), exclude_characters="@")))
def test_text_without_digits_and_at_signs_is_unchanged(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more_and_spans_are_apart(text: str) -> None:
    found = spans(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    once = masked(text)
    assert masked(once) == once


def batch(**columns: list[str | None]) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(v, pa.string()) for name, v in columns.items()})


def test_each_treatment_changes_its_column_alone() -> None:
    source = batch(
        _record=["1", "2", "3"],
        c0=["ann", " ann ", "N/A"],
        c1=["ann@example.com", "", None],
        c2=["x", "y", "z"],
        c3=["call +44 20 7946 0958", "fine", ""],
    )
    chosen = {
        "c0": Treatment.HASH,
        "c1": Treatment.HASH,
        "c2": Treatment.DROP,
        "c3": Treatment.MASK,
    }
    (done,) = treat([source], chosen, lambda: KEY, {"c0": ["N/A"]})
    assert done.column("c0").to_pylist() == [hashed("ann", KEY), hashed("ann", KEY), "N/A"]
    assert done.column("c1").to_pylist() == [hashed("ann@example.com", KEY), "", None]
    assert done.column("c2").to_pylist() == [None, None, None]
    assert done.column("c3").to_pylist() == ["call [phone]", "fine", ""]
    assert done.column("_record").equals(source.column("_record"))


def test_keeping_needs_no_key_and_unknown_names_are_refused() -> None:
    def no_key() -> bytes:
        raise AssertionError("nothing is hashed")

    source = batch(c0=["ann"])
    (done,) = treat([source], {"c0": Treatment.KEEP}, no_key)
    assert done.equals(source)
    with pytest.raises(IntakeError, match="c9"):
        list(treat([source], {"c9": Treatment.DROP}, no_key))
    with pytest.raises(IntakeError, match="keep, hash, mask, drop"):
        treatment("blur")


def test_a_hash_is_hmac_sha256_and_depends_on_the_key() -> None:
    # RFC 4231, test case 2, its first 128 bits.
    assert hashed("what do ya want for nothing?", b"Jefe") == "5bdcc146bf60754e6a042426089575c7"
    assert hashed("ann", KEY) != hashed("ann", b"x" * 32)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: local_key(tmp_path / "data"), range(16)))
    assert len(keys) == 1
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["identity.key"]
    if os.name == "posix":
        mode = stat.S_IMODE((tmp_path / "data" / "identity.key").stat().st_mode)
        assert mode == 0o600


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "identity.key").write_text("short")
    with pytest.raises(IntakeError, match="damaged"):
        local_key(tmp_path)
