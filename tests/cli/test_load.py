"""The ``load`` command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxdata.cli import commands, main
from cxdata.model.errors import SourceError
from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import csv_template
from cxdata.publish import summaries
from cxdata.sources.store import Store

RECIPE = """
[load]
complete_through = 2026-02-01
[[table]]
name = "customer"
[table.columns]
customer_id = { from = "id" }
country = { from = "country" }
"""


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Record what is built instead of building it."""
    calls: list[Any] = []

    def build(source: Any, settings: Any, **_: Any) -> None:
        calls.append(source.version().number)

    monkeypatch.setattr(summaries, "build_summaries", build)
    return calls


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    commands()  # before a test replaces a function that another command imports
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    (tmp_path / "own.toml").write_text(RECIPE)
    people = "".join(f"{name},CH\n" for name in "abcdefghij")
    (tmp_path / "people.csv").write_text(f"id,country\n{people},FR\n")
    return tmp_path


def load(*args: str) -> int:
    return main(["load", *args, "--quiet"])


def test_prints_the_ledger_and_publishes_one_version(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load("people.csv", "--recipe", "own.toml", "--user", "ann", "--reason", "March") == 0
    said = capsys.readouterr()
    assert said.err == "cxdata load: 1 of 11 records set aside.\n"
    assert said.out.splitlines() == [
        "11 records = 10 loaded + 1 set aside",
        "  customer         10 rows  (besides 1 set aside)",
        "Set aside",
        "  1 record: id expects a value, and has for example nothing",
        "Published as version 1.",
    ]
    version = Store(place / "data").head()
    assert version is not None
    assert (version.user, version.reason) == ("ann", "March")
    assert version.source_file is not None
    assert version.source_file.name == "people.csv"
    assert built == [1]


def test_says_who_and_why_by_itself(place: Path, built: list[Any]) -> None:
    assert load("people.csv", "--recipe", "own.toml") == 0
    version = Store(place / "data").head()
    assert version is not None
    assert version.reason == "Loaded people.csv"
    assert version.user


def test_writes_plain_files_instead(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load("people.csv", "--recipe", "own.toml", "--out", "files") == 0
    assert "Written to files: customer.parquet, data_load.parquet." in capsys.readouterr().out
    assert pq.read_table(place / "files" / "customer.parquet").num_rows == 10
    assert not (place / "data").exists()
    assert built == []
    assert load("files") == 0
    version = Store(place / "data").head()
    assert version is not None
    assert version.row_counts == {"customer": 10, "data_load": 1}
    assert built == [1]


def test_a_snapshot_takes_another_as_of_date(place: Path, built: list[Any]) -> None:
    (place / "snap.toml").write_text(
        "[extract]\nas_of = 2026-01-01\n"
        + RECIPE.replace("2026-02-01", "2026-01-01").replace(
            'country = { from = "country" }', 'first_active_date = { months_before_as_of = "t" }'
        )
    )
    (place / "snap.csv").write_text("id,t\na,2\n")
    args = ("snap.csv", "--recipe", "snap.toml", "--as-of", "2025-06-01", "--out", "files")
    assert load(*args) == 0
    row = pq.read_table(place / "files" / "customer.parquet").to_pylist()[0]
    assert str(row["first_active_date"]) == "2025-04-01"
    promise = pq.read_table(place / "files" / "data_load.parquet").to_pylist()[0]
    assert str(promise["complete_through"]) == "2025-06-01"


def test_data_without_dated_events_are_published_without_summaries(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise SourceError("The data hold no dated event.")

    monkeypatch.setattr(summaries, "build_summaries", refuse)
    assert load("people.csv", "--recipe", "own.toml") == 0
    assert capsys.readouterr().out.endswith(
        "Published as version 1.\nThe summaries were not built: The data hold no dated event.\n"
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("gone.csv", "--recipe", "own.toml"), "There is no file gone.csv."),
        (("people.csv",), "No recipe knows the columns of people.csv (id, country). Name one, or"),
        (("people.csv", "--recipe", "own.toml", "--answer", "header"), "write it as header=false"),
        (("people.csv", "--recipe", "own.toml", "--personal", "id=eat"), "keep, hash, mask, drop"),
        (("people.csv", "--recipe", "cdnow"), "needs the column 'customer_id'"),
        (("people.csv", "--recipe", "cdnoww"), "Did you mean cdnow?"),
        (("people.csv", "--recipe", "own.toml", "--table", "custmer"), "Did you mean customer?"),
        (("data", "--recipe", "own.toml"), "A folder of Parquet needs no recipe"),
    ],
)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    place: Path,
    built: list[Any],
    capsys: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    said: str,
) -> None:
    (place / "data").mkdir()
    assert load(*args) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len([one for one in err.splitlines() if not one.startswith("  hint: ")]) == 1
    assert Store(place / "data").head() is None
    assert built == []


def test_places_that_are_only_read_are_refused(
    place: Path,
    built: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert load("people.csv", "--recipe", "own.toml", "--out", "data") == 0
    assert load("people.csv", "--recipe", "own.toml") == 2
    assert "The source is the plain folder 'data'" in capsys.readouterr().err
    monkeypatch.setenv("CXDATA_SQL_URL", "postgresql://u:secret@nowhere/db")
    assert load("people.csv", "--recipe", "own.toml") == 2
    err = capsys.readouterr().err
    assert "The source is a SQL database, which the product only reads." in err
    assert "secret" not in err


def test_many_reasons_are_cut_with_their_number(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    columns = "".join(
        f'[[table]]\nname = "{table}"\n[table.columns]\n{key} = {{ from = "c{n}" }}\n{more}'
        for n, (table, key, more) in enumerate(
            [
                ("customer", "customer_id", ""),
                ("journey", "journey_code", 'label = { from = "l0" }\n'),
                ("channel", "channel_code", 'label = { from = "l1" }\n'),
                ("touchpoint", "touchpoint_code", 'label = { from = "l2" }\n'),
                ("segment", "segment_code", 'scheme = { from = "l3" }\nlabel = { from = "l4" }\n'),
                ("person", "person_id", 'customer_id = { from = "l5" }\n'),
            ]
        )
    )
    (place / "wide.toml").write_text('[extract]\nignore = ["note"]\n' + columns)
    header = [*(f"c{n}" for n in range(6)), *(f"l{n}" for n in range(6))]
    header.append("note")
    cells = [",".join(header), ",".join("x" for _ in header), "," * (len(header) - 1) + "x"]
    (place / "wide.csv").write_text("\n".join(cells))
    assert load("wide.csv", "--recipe", "wide.toml", "--accept-set-aside") == 0
    out = capsys.readouterr().out
    assert out.count(" expects a value") == 10
    assert "  and 2 more reasons\n" in out


def test_a_load_that_mostly_does_not_fit_needs_a_yes(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "people.csv").write_text("id,country\na,CH\n,FR\nb,DE\n,IT\n")
    assert load("people.csv", "--recipe", "own.toml", "--replace") == 2
    assert load("people.csv", "--recipe", "own.toml", "--out", "files") == 2
    assert capsys.readouterr().err.splitlines() == 2 * [
        "cxdata load: 2 of 4 records would be set aside (2 records: id expects a value, and has "
        "for example nothing): probably the wrong column or format. Nothing was published.",
        "  hint: --accept-set-aside publishes the rest.",
    ]
    assert Store(place / "data").head() is None
    assert not (place / "files").exists()
    assert load("people.csv", "--recipe", "own.toml", "--accept-set-aside") == 0
    said = capsys.readouterr()
    assert "Published as version 1." in said.out
    assert said.err == "cxdata load: 2 of 4 records set aside.\n"


@pytest.mark.parametrize("more", [(), ("--replace",), ("--accept-set-aside",)])
def test_a_file_without_a_record_publishes_nothing(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert load("people.csv", "--recipe", "own.toml") == 0
    (place / "people.csv").write_text("id,country\n")
    capsys.readouterr()
    assert load("people.csv", "--recipe", "own.toml", *more) == 2
    assert capsys.readouterr().err == (
        "cxdata load: people.csv has a header and no record: there is nothing to load.\n"
    )
    version = Store(place / "data").head()
    assert version is not None
    assert (version.number, version.row_counts["customer"]) == (1, 10)


def test_the_same_extract_twice_is_no_fault(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load("people.csv", "--recipe", "own.toml") == 0
    capsys.readouterr()
    assert load("people.csv", "--recipe", "own.toml") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Rows of customer that were published before, unchanged: 10.",
        "Every row is already published: nothing to do.",
    ]
    version = Store(place / "data").head()
    assert version is not None
    assert version.number == 1


SHOP = """
[load]
complete_through = 2026-01-31
[[table]]
name = "customer"
distinct = true
[table.columns]
customer_id = { from = "who" }
[[table]]
name = "sales_transaction"
[table.columns]
transaction_id = { record_number = "t-" }
customer_id = { from = "who" }
transaction_date = { from = "day" }
net_amount = { from = "sum" }
currency = "EUR"
"""


def test_an_extract_of_three_columns_becomes_summaries(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "shop.toml").write_text(SHOP)
    (place / "shop.csv").write_text("who,day,sum\na,2025-11-03,5\nb,2025-12-04,7\na,2026-01-09,1\n")
    assert load("shop.csv", "--recipe", "shop.toml") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Published as version 1.",
        "Summaries built for 3 months.",
    ]


def test_an_extract_with_the_columns_of_a_template_needs_no_recipe(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    header = csv_template(curated("segment")).strip()
    (place / "segments.csv").write_text(f"{header}\nplan,basic,Basic,1,\nplan,plus,Plus,2,\n")
    assert load("segments.csv") == 0
    assert "segment" in capsys.readouterr().out
    version = Store(place / "data").head()
    assert version is not None
    assert version.row_counts == {"segment": 2}


def test_personal_data_are_asked_about_and_treated_as_answered(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    people = "".join(f"{name}.{name}@example.org,CH\n" for name in "abcdefghij")
    (place / "people.csv").write_text(f"id,country\n{people}")
    assert load("people.csv", "--recipe", "own.toml") == 2
    assert "--personal id=keep|hash|mask|drop" in capsys.readouterr().err
    assert not (place / "data" / "manifests").exists()
    args = ("people.csv", "--recipe", "own.toml", "--out", "files", "--personal")
    assert load(*args, "id=hash") == 0
    hashed = pq.read_table(place / "files" / "customer.parquet").column("customer_id").to_pylist()
    assert len(set(hashed)) == 10
    assert all(len(one) == 32 and "@" not in one for one in hashed)
    assert load(*args, "id=keep", "--replace") == 0
    kept = pq.read_table(place / "files" / "customer.parquet").column("customer_id").to_pylist()
    assert kept[0] == "a.a@example.org"


def test_too_many_faults_of_one_kind_stop_the_load_unless_accepted(
    place: Path, built: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    people = "".join(f"p{number},CH\n" for number in range(70)) + ",FR\n" * 30
    (place / "people.csv").write_text(f"id,country\n{people}")
    assert load("people.csv", "--recipe", "own.toml") == 2
    assert "30 % of the records do not fit: id expects a value" in capsys.readouterr().err
    assert load("people.csv", "--recipe", "own.toml", "--accept-many") == 0


CALLS = """
[load]
complete_through = 2026-12-31
[[table]]
name = "interaction"
[table.columns]
interaction_id = { from = "id" }
started_at = { from = "at" }
interaction_date = { from = "at" }
channel_code = "phone"
"""

INSTANTS = {
    # instant: day in UTC, in New York (clocks change on 8 March and 1 November), in Kolkata
    "2026-03-01T02:30:00Z": ("2026-03-01", "2026-02-28", "2026-03-01"),
    "2026-03-08T06:59:00Z": ("2026-03-08", "2026-03-08", "2026-03-08"),
    "2026-03-09T03:59:00Z": ("2026-03-09", "2026-03-08", "2026-03-09"),
    "2026-11-01T05:30:00Z": ("2026-11-01", "2026-11-01", "2026-11-01"),
    "2026-11-02T04:59:00Z": ("2026-11-02", "2026-11-01", "2026-11-02"),
    "2026-03-31T19:00:00Z": ("2026-03-31", "2026-03-31", "2026-04-01"),
}


@pytest.mark.parametrize("server", ["America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("at", range(3), ids=["UTC", "America/New_York", "Asia/Kolkata"])
def test_an_instant_becomes_a_date_in_the_configured_zone_wherever_the_server_stands(
    place: Path,
    built: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at: int,
    server: str,
) -> None:
    zone = ("UTC", "America/New_York", "Asia/Kolkata")[at]
    monkeypatch.setenv("CXDATA_TIME_ZONE", zone)
    monkeypatch.setenv("TZ", server)
    (place / "calls.toml").write_text(CALLS)
    lines = "".join(f"c{nth},{instant}\n" for nth, instant in enumerate(INSTANTS))
    (place / "calls.csv").write_text(f"id,at\n{lines}")
    assert load("calls.csv", "--recipe", "calls.toml") == 0
    version = Store(place / "data").head()
    assert version is not None
    files = Store(place / "data").paths(version, "interaction")
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    rows.sort(key=lambda row: row["interaction_id"])
    assert [str(row["interaction_date"]) for row in rows] == [
        days[at] for days in INSTANTS.values()
    ]
    stored = [row["started_at"].strftime("%Y-%m-%dT%H:%M:%SZ") for row in rows]
    assert stored == list(INSTANTS), "instants are kept in UTC"
    assert (f"Dates are those of {zone}" in capsys.readouterr().out) == (zone != "UTC")
