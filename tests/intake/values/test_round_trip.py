"""Amounts and dates written in the forms of any locale are read back equal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.values.kit import see

AMOUNTS = st.decimals(
    min_value=Decimal("-99999999999.99"), max_value=Decimal("99999999999.99"), places=2
)
MARKS = st.sampled_from(
    [
        (".", ""),
        (".", ","),
        (".", "'"),
        (".", " "),
        (".", "\u00a0"),
        (",", ""),
        (",", "."),
        (",", "\u202f"),
        (",", "’"),
        (",", " "),
    ]
)
NEGATIVES = st.sampled_from(["-{}", "−{}", "({})", "{}-"])
CURRENCIES = st.sampled_from(["{}", "€{}", "{} €", "EUR {}", "US$ {}", "{} zł", "CHF {}", "{}kr"])
DATES = st.dates(date(1970, 1, 1), date(2067, 12, 31))
NAMED = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
]


def grouped(amount: Decimal, decimal: str, thousands: str) -> str:
    text = f"{abs(amount):,.2f}".replace(",", "\x00").replace(".", decimal)
    return text.replace("\x00", thousands)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(AMOUNTS, NEGATIVES), min_size=1, max_size=8),
    MARKS,
    CURRENCIES,
    st.sampled_from([1, None]),
)
def test_amounts(
    amounts: list[tuple[Decimal, str]], marks: tuple[str, str], currency: str, sample: int | None
) -> None:
    written = []
    for amount, negative in amounts:
        text = currency.format(grouped(amount, *marks))
        written.append(negative.format(text) if amount < 0 else text)
    seen = see({"amount": written}, sample=sample)
    assert seen.outcome == "accept", seen.report
    assert seen.typed["amount"] == [amount for amount, _ in amounts]


@settings(max_examples=25, deadline=None)
@given(st.lists(DATES, min_size=1, max_size=8), st.sampled_from(FORMS), st.sampled_from([1, None]))
def test_dates(days: list[date], form: str, sample: int | None) -> None:
    written = [day.strftime(form) for day in days]
    order = "month" if form.startswith("%m") else "day"
    seen = see({"date": written}, {"date_order": order}, sample=sample)
    assert seen.outcome == "accept", seen.report
    assert [_day(one) for one in seen.typed["date"]] == days


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(DATES, st.sampled_from(sorted(NAMED))), min_size=1, max_size=8),
    st.sampled_from(
        ["{d} {m} {y}", "{d}. {m} {y}", "{m} {d}, {y}", "{d} de {m} de {y}", "{d}-{m}-{y}"]
    ),
    st.booleans(),
)
def test_dates_with_names_of_months(days: list[tuple[date, str]], form: str, capital: bool) -> None:
    written = []
    for day, language in days:
        name = NAMED[language].split()[day.month - 1]
        text = form.format(d=day.day, m=name, y=day.year)
        written.append(text.upper() if capital else text)
    seen = see({"date": written})
    assert seen.outcome == "accept", seen.report
    assert seen.typed["date"] == [day for day, _ in days]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(
            lambda moment: moment.replace(microsecond=0)
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata"]),
)
def test_local_times_become_instants_of_their_zone(moments: list[datetime], zone: str) -> None:
    place = ZoneInfo(zone)
    local = [one.replace(tzinfo=UTC).astimezone(place) for one in moments]
    sure = [one for one in local if _unambiguous(one)]
    written = [one.strftime("%Y-%m-%d %H:%M:%S") for one in sure] or ["2024-01-01 00:00:00"]
    seen = see({"at": written}, {"zone": zone})
    assert seen.outcome == "accept", seen.report
    if sure:
        assert seen.typed["at"] == sure


def _unambiguous(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset()


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def test_the_hour_that_a_clock_shows_twice_is_noted_and_the_skipped_one_is_not_taken() -> None:
    seen = see(
        {"at": ["2024-10-27 02:30:00", "2024-03-31 02:30:00", "2024-07-01 12:00:00"]},
        {"zone": "Europe/Berlin"},
    )
    first = datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert seen.typed["at"] == [first, datetime(2024, 7, 1, 10, tzinfo=UTC)]
    assert seen.outcome == "reject"
    assert "shows twice" in seen.report
    assert "skips" in seen.report
    assert first - timedelta(hours=1) != first
