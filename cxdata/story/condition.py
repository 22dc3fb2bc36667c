"""The condition of the data in sentences: where they stop, what is late, what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from cxdata.model.period import add_months
from cxdata.query.condition import Matches, MonthRows
from cxdata.query.gate import TableFacts
from cxdata.statistics.completeness import LagDistribution

NAMES = {
    "subscription_period": "Contracts",
    "revenue_period": "Recurring revenue",
    "sales_transaction": "Sales",
    "interaction": "Contacts",
    "service_cost": "Service costs",
    "journey_instance": "Journeys",
    "journey_step_event": "Journey steps",
    "survey_invitation": "Survey invitations",
    "survey_response": "Survey answers",
    "closed_loop_case": "Follow-ups",
}
"""Tables of events as a reader calls them, in the order in which they matter."""

BEHIND_DAYS = 3
"""Days behind the others from which a table is said to be late."""

OLD_DAYS = 40
"""Days after which data are old even where they come once a month."""

THIN = 0.5
"""A month with less than this share of its neighbours' rows is said."""

_SAID = 3
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Finding:
    """One sentence about the data; ``is_bad`` where somebody should look into it."""

    text: str
    is_bad: bool = False


def findings(
    tables: Mapping[str, TableFacts],
    months: Mapping[str, Sequence[MonthRows]],
    lateness: Mapping[str, LagDistribution],
    matches: Mapping[str, Matches],
    *,
    today: date,
) -> tuple[Finding, ...]:
    """Return what there is to say, what somebody should look into first."""
    known = {name: tables[name] for name in NAMES if name in tables and tables[name].row_count}
    found = [
        *_stops(known, today),
        *_gaps(known, months),
        *_future(known),
        *_unmatched(matches),
        *_late(lateness),
    ]
    return tuple(sorted(found, key=lambda one: not one.is_bad))


def through(facts: TableFacts) -> date | None:
    """Return the day up to which a table is known to be complete."""
    return facts.complete_through or facts.last_date


def day(one: date) -> str:
    """Write a day for a reader.

    >>> day(date(2026, 10, 31))
    '31 October 2026'
    """
    return f"{one.day} {one:%B %Y}"


def _stops(known: Mapping[str, TableFacts], today: date) -> Iterable[Finding]:
    ends = {name: end for name, facts in known.items() if (end := through(facts))}
    if not ends:
        return
    newest = max(ends.values())
    age = (today - newest).days
    yield Finding(
        f"The data reach to {day(newest)}, {_days(age)} ago."
        if age > 0
        else f"The data reach to {day(newest)}.",
        age > OLD_DAYS,
    )
    behind = [(name, end) for name, end in ends.items() if (newest - end).days >= BEHIND_DAYS]
    for name, end in sorted(behind, key=lambda one: one[1]):
        lag = _days((newest - end).days)
        yield Finding(f"{NAMES[name]} stop on {day(end)}, {lag} before the others.", True)
    if not behind and len(ends) > 1:
        yield Finding("All tables reach to about the same day.")


def _gaps(
    known: Mapping[str, TableFacts], months: Mapping[str, Sequence[MonthRows]]
) -> Iterable[Finding]:
    for name, facts in known.items():
        end = through(facts)
        counted = {one.month: one.rows for one in months.get(name, ())}
        if not counted or end is None or name == "subscription_period":
            continue
        last = end.replace(day=1) if add_months(end.replace(day=1), 1) > end else end
        whole = [one for one in _span(min(counted), end) if one < last]
        empty = [one for one in whole if not counted.get(one)]
        if empty:
            yield Finding(f"{NAMES[name]} lack {_listed(empty)}: no row at all.", True)
        thin = [one for one in whole[1:] if counted.get(one) and _is_thin(one, counted)]
        if thin:
            yield Finding(
                f"{NAMES[name]} are thin in {_listed(thin)}: less than half of the months around.",
                True,
            )


def _span(first: date, last: date) -> list[date]:
    found = [first]
    while (after := add_months(found[-1], 1)) <= last:
        found.append(after)
    return found


def _is_thin(month: date, counted: Mapping[date, int]) -> bool:
    near = [
        counted.get(add_months(month, back), 0)
        for back in range(-_NEIGHBOURS, _NEIGHBOURS + 1)
        if back and add_months(month, back) in counted
    ]
    return len(near) >= _NEIGHBOURS and counted[month] < THIN * median(near)


def _future(known: Mapping[str, TableFacts]) -> Iterable[Finding]:
    for name, facts in known.items():
        if facts.future_dated and name != "subscription_period":
            yield Finding(
                f"{facts.future_dated:,} rows of {NAMES[name].lower()} lie in the future and are "
                "not believed.",
                True,
            )


def _unmatched(matches: Mapping[str, Matches]) -> Iterable[Finding]:
    partly = []
    for name, one in matches.items():
        if name not in NAMES or one.share is None:
            continue
        if one.unknown:
            yield Finding(
                f"{one.unknown:,} of {one.rows:,} {NAMES[name].lower()} name a customer who is not "
                "in the data.",
                True,
            )
        if one.named < one.rows:
            share = f"{one.named / one.rows:.1%}".replace("%", " %")
            partly.append(f"{share} of {NAMES[name].lower()}")
    if partly:
        yield Finding(f"A customer is named by {_joined(partly)}; the others count in totals only.")


def _late(lateness: Mapping[str, LagDistribution]) -> Iterable[Finding]:
    most = {name: one.quantile(0.95) for name, one in lateness.items() if name in NAMES and one.n}
    if not most:
        return
    usual = int(median(most.values()))
    slow = {name: late for name, late in most.items() if late > usual + 1}
    said = f"95 % of most events are here within {_days(max(usual, 1))}"
    but = [f"{NAMES[name].lower()} take {_days(late)}" for name, late in slow.items()]
    yield Finding(f"{said}; {_joined(but)}." if but else f"{said}.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


def _listed(months: Sequence[date]) -> str:
    said = [f"{one:%B %Y}" for one in months[:_SAID]]
    more = len(months) - _SAID
    return f"{', '.join(said)} and {more} more" if more > 0 else _joined(said)


def _joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
