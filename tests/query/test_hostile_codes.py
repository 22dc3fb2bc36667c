"""Codes are values and never statements: whatever stands in the data can be asked for, and only it.

The codes are made anew in each run from what breaks statements, patterns, paths and addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.sources.address import Address
from cxdata.sources.folder import FolderSource
from cxdata.sources.sql import SqlSource
from tests.company import Company, complete, opened, sale, write
from tests.postgres import load_folder

NASTY = (
    "'; DROP TABLE customer; --", "' OR '1'='1", '"; SELECT 1; --', "a' UNION SELECT NULL --",
    "100%", "%", "_", "\\", "\\'", "$1", ":code", "?", "{0}", "%(code)s", "%s", "a=b", "a,b", "a&b",
    "../../etc/passwd", "C:\\x", "<script>alert(1)</script>", "Ünïcode", "名前", "\u202eabc", "😀",
    " lead", "trail ", "NULL", "null", "None", "NaN", "1e309", "0", "-1", "true", "/*", "*/", "#",
)  # fmt: skip
"""Codes of one attribute."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderSource]:
    """Two customers a code, and a sale for each."""
    names = [(f"c{at}", code) for at, code in enumerate([*NASTY, *NASTY])]
    tables = {
        "sales_transaction": [
            sale(name, date(2026, 3, 1 + at % 27), "10.00") for at, (name, _) in enumerate(names)
        ],
        "segment": [
            {"scheme": "region", "segment_code": code, "label": code, "sort": at}
            for at, code in enumerate(NASTY)
        ],
        "customer_segment": [
            {
                "customer_id": name,
                "scheme": "region",
                "segment_code": code,
                "valid_from": date(2025, 1, 1),
            }
            for name, code in names
        ],
    }
    where = write(tmp_path_factory.mktemp("nasty") / "d", complete(tables, date(2026, 3, 31)))
    source = FolderSource(where)
    yield source
    source.close()


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def nasty(request: pytest.FixtureRequest, folder: FolderSource) -> Iterator[Company]:
    """The same company on both engines."""
    if request.param == "duckdb":
        yield opened(folder, through=date(2026, 3, 31))
        return
    url = request.getfixturevalue("postgres_url")
    load_folder(folder.path, url, "nasty")
    source = SqlSource(Address.parse(url, "url"), schema="nasty", marts_schema="nasty_marts")
    yield opened(source, through=date(2026, 3, 31))
    source.close()


@pytest.mark.parametrize("code", NASTY)
def test_a_code_selects_its_own_customers_and_nobody_else(nasty: Company, code: str) -> None:
    assert nasty.value("revenue", "2026-03", where=(("region", (code,)),)) == 20.0


def test_every_code_is_a_slice_of_its_own(nasty: Company) -> None:
    found = nasty.slices("revenue", "2026-03", "region")
    assert {code: found[code] for code in NASTY} == dict.fromkeys(NASTY, 20.0)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.text(max_size=40) | st.sampled_from(NASTY).map(lambda code: f"{code}'--"))
def test_what_is_no_code_is_refused_by_name_before_it_reaches_a_statement(
    nasty: Company, asked: str
) -> None:
    if asked in NASTY:
        return
    for how in (
        {"where": (("region", (asked,)),)},
        {"where": ((asked, ("x",)),)},
        {"journeys": (asked,)},
    ):
        with pytest.raises(CxError):
            nasty.figures("revenue", "2026-03", **how)
    assert nasty.value("revenue", "2026-03") == 20.0 * len(NASTY)
