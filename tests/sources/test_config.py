"""Settings: defaults, the file, the environment on top, and errors that name the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxdata.model.errors import ConfigError
from cxdata.sources.config import Settings, describe, load, settings_of

SECRET = "S3cretPw"


def test_defaults() -> None:
    settings = settings_of({}, {})
    assert settings == Settings()
    assert (settings.grace_days, settings.exposure_days, settings.repeat_days) == (7, 90, 7)
    assert (settings.k_min, settings.paused_counts_active, settings.lapse_days) == (5, True, None)
    assert (settings.time_zone, settings.currency, settings.place.kind) == ("UTC", None, "auto")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cxdata.toml"
    file.write_text(
        'data = "store"\ntime_zone = "Europe/Zurich"\ngrace_days = 14\n'
        'paused_counts_active = false\n[names]\ncustomer = "clients"\n',
        encoding="utf-8",
    )
    environ = {
        "CXDATA_CONFIG": str(file),
        "CXDATA_GRACE_DAYS": "3",
        "CXDATA_CURRENCY": "EUR",
        "CXDATA_SHARED": "/elsewhere",
        "PATH": "/bin",
    }
    settings = load(environ=environ)
    assert (settings.time_zone, settings.grace_days, settings.currency) == (
        "Europe/Zurich",
        3,
        "EUR",
    )
    assert settings.paused_counts_active is False
    assert settings.place.data == tmp_path / "store"
    assert settings.place.names == {"customer": "clients"}


def test_places_and_their_tables() -> None:
    content: dict[str, Any] = {
        "sources": {"crm": {"schema": "dwh"}, "old": {"source": "folder", "data": "old"}},
        "tables": {"customer": "crm", "interaction": "old"},
    }
    environ = {"CXDATA_SOURCES_CRM_SQL_URL": f"postgresql://cx:{SECRET}@db1/crm"}
    settings = settings_of(content, environ)
    crm = settings.places["crm"]
    assert (crm.kind, crm.schema) == ("sql", "dwh")
    assert crm.sql_url is not None
    assert crm.sql_url.url.password == SECRET
    assert settings.places["old"].data == Path("old")
    assert settings.tables == {"customer": "crm", "interaction": "old"}


def test_no_secret_is_ever_printed() -> None:
    url = f"postgresql://cx:{SECRET}@db1/crm?sslpassword={SECRET}"
    settings = settings_of({}, {"CXDATA_SQL_URL": url})
    assert settings.place.kind == "sql"
    shown = repr(settings) + str(settings.place) + str(describe(settings))
    assert SECRET not in shown
    assert "postgresql+psycopg://cx:***@db1/crm?sslpassword=***" in shown
    with pytest.raises(ConfigError, match="is not a database URL") as caught:
        settings_of({}, {"CXDATA_SQL_URL": f"not a url {SECRET}"})
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"grase_days": 1}, "no setting grase_days. Did you mean grace_days?"),
        ({"names": {"custommer": "x"}}, "no table names.custommer. Did you mean names.customer?"),
        ({"tables": {"custommer": "x"}}, "no table tables.custommer. Did you mean tables.customer"),
        ({"tables": {"customer": "crm"}}, "names the source 'crm', which has no section"),
        ({"sources": {"crm": {"sql_ulr": ""}}}, "no setting sources.crm.sql_ulr. Did you mean "),
        ({"sources": {"../crm": {}}}, "must be named by letters"),
        ({"sources": {"crm": "db"}}, "must be a section of its own"),
        ({"sources": "crm"}, r"\[sources\] must be a section"),
        ({"source": "excel"}, "source must be auto, store, folder, sql; not 'excel'"),
        ({"source": "sql"}, "there is no database URL. Set CXDATA_SQL_URL"),
        ({"sources": {"crm": {"source": "sql"}}}, "Set CXDATA_SOURCES_CRM_SQL_URL"),
        ({"time_zone": "Mars/Olympus"}, "IANA time zone such as Europe/Zurich, not 'Mars/Olympus'"),
        ({"time_zone": "../etc/passwd"}, "IANA time zone"),
        ({"currency": "Euro"}, "currency code such as EUR, not 'Euro'"),
        ({"fiscal_year_start": 13}, "fiscal_year_start must be a whole number from 1 to 12"),
        ({"k_min": 2}, "k_min must be a whole number from 3"),
        ({"grace_days": True}, "grace_days must be a whole number"),
        ({"grace_days": "seven"}, "grace_days must be a whole number"),
        ({"paused_counts_active": "maybe"}, "paused_counts_active must be true or false"),
        ({"data": 7}, "data must be text, not 7"),
    ],
)
def test_what_is_wrong_is_named_with_a_way_out(content: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        settings_of(content, {})


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(
        ConfigError, match=r"no variable CXDATA_TIMEZONE\. Did you mean CXDATA_TIME_"
    ):
        settings_of({}, {"CXDATA_TIMEZONE": "UTC"})


def test_a_file_that_is_missing_or_not_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no configuration file nowhere"):
        load(tmp_path / "nowhere.toml", {})
    broken = tmp_path / "broken.toml"
    broken.write_text("data = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load(broken, {})


def test_every_setting_can_be_set_by_the_environment() -> None:
    """No setting is forgotten: what is in the record is read from a variable."""
    environ = {
        "CXDATA_SOURCE": "store",
        "CXDATA_DATA": "/data",
        "CXDATA_SCHEMA": "dwh",
        "CXDATA_MARTS_SCHEMA": "m",
        "CXDATA_MARTS_FOLDER": "/m",
        "CXDATA_CACHE_FOLDER": "/c",
        "CXDATA_TIME_ZONE": "Asia/Kolkata",
        "CXDATA_CURRENCY": "CHF",
        "CXDATA_FISCAL_YEAR_START": "4",
        "CXDATA_GRACE_DAYS": "1",
        "CXDATA_PAUSED_COUNTS_ACTIVE": "no",
        "CXDATA_LAPSE_DAYS": "120",
        "CXDATA_K_MIN": "10",
        "CXDATA_EXPOSURE_DAYS": "30",
        "CXDATA_REPEAT_DAYS": "3",
        "CXDATA_JOURNAL": "postgresql://cx@db/journal",
        "CXDATA_MEMORY_LIMIT": "8GB",
        "CXDATA_STATEMENT_SECONDS": "60",
    }
    settings = settings_of({}, environ)
    unchanged = [
        name
        for name, default in vars(Settings()).items()
        if getattr(settings, name) == default and name not in ("places", "tables")
    ]
    assert unchanged == []
    assert settings.lapse_days == 120
