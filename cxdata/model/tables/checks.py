"""What every row of a curated table must satisfy, read from the declaration (METRICS.md 1.5).

The checks of an upload, the constraints of the DDL and the lines of the data dictionary are all
this one list, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

KINDS_OF_VALUE: dict[str, str] = {
    "ID": "an id of at most 64 characters",
    "CODE": "a code of at most 64 characters",
    "TEXT": "text",
    "DATE": "a date",
    "TS": "an instant (date and time)",
    "MONEY": "an amount with at most 2 decimals",
    "UCOST": "an amount with at most 4 decimals",
    "NUM": "a number",
    "INT": "a whole number",
    "BOOL": "yes or no",
    "CCY": "a three-letter currency code (ISO 4217)",
}

STARTS_AND_ENDS: dict[str, tuple[str, str]] = {
    "subscription_period": ("start_date", "end_date"),
    "customer_segment": ("valid_from", "valid_to"),
    "customer_unit": ("valid_from", "valid_to"),
    "unit_cost": ("valid_from", "valid_to"),
    "interaction": ("started_at", "ended_at"),
    "journey_instance": ("started_at", "ended_at"),
    "journey_step_event": ("entered_at", "exited_at"),
    "initiative": ("start_date", "end_date"),
    "closed_loop_case": ("opened_date", "closed_date"),
}
"""Columns of which the second is not before the first; an exclusive end date is after it."""

NO_OVERLAP: dict[str, tuple[str, ...]] = {
    "subscription_period": ("subscription_id",),
    "customer_segment": ("customer_id", "scheme"),
    "customer_unit": ("customer_id", "unit_type"),
    "unit_cost": ("channel_code", "basis"),
}
"""Dated tables whose validities must not overlap for the same values of these columns."""

EXCLUSIVE_ENDS = frozenset({*NO_OVERLAP, "initiative"})
"""Tables whose end is the first day no longer in force, so that it lies after the start."""


@dataclass(frozen=True)
class Signed:
    """An amount whose sign goes with its kind.

    ``positive`` is the kind that is never negative; all others are never positive. ``negative`` is
    the one that a negative amount is of where nothing says its kind.
    """

    amount: str
    kind: str
    positive: str
    negative: str


SIGNED: dict[str, Signed] = {
    "sales_transaction": Signed("net_amount", "kind", "sale", "refund"),
}
"""Tables with such an amount."""


@dataclass(frozen=True)
class Check:
    """One rule on one column (``a, b`` names several): its name and what it expects, in words."""

    column: str
    rule: str
    expected: str


def checks(table: sa.Table) -> tuple[Check, ...]:
    """Return what each row of the table must satisfy, column by column, then for the whole row."""
    found: list[Check] = []
    for column in table.columns:
        found += _of_column(column)
    return (*found, *_of_row(table))


def _of_column(column: sa.Column) -> list[Check]:
    info, name = column.info, column.name
    found = [Check(name, "type", KINDS_OF_VALUE[info["logical"]])]
    if not column.nullable:
        found.append(Check(name, "required", "a value"))
    if info["allowed"]:
        found.append(Check(name, "allowed", f"one of {', '.join(info['allowed'])}"))
    if span := span_in_words(column):
        found.append(Check(name, "range", span))
    if info["refers"]:
        found.append(Check(name, "refers", f"a value of {info['refers']}"))
    return found


def span_in_words(column: sa.Column) -> str:
    """Return the numeric range of a column in words, or nothing where there is none.

    >>> from cxdata.model.tables import curated
    >>> span_in_words(curated("survey_response").c.nps_score)
    '0 to 10'
    """
    low, high = column.info["low"], column.info["high"]
    if column.info["positive"]:
        return "more than 0" if high is None else f"more than 0, at most {high}"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return "" if high is None else f"at most {high}"


def _of_row(table: sa.Table) -> list[Check]:
    name = table.name
    found = [
        Check(", ".join(table.primary_key.columns.keys()), "key", "no other row with this key")
    ]
    if name in STARTS_AND_ENDS:
        start, end = STARTS_AND_ENDS[name]
        later = "after" if name in EXCLUSIVE_ENDS else "not before"
        found.append(Check(end, "order", f"{later} {start}"))
    if name in NO_OVERLAP:
        found.append(
            Check(
                STARTS_AND_ENDS[name][0],
                "overlap",
                f"no two validities at once for one {' and '.join(NO_OVERLAP[name])}",
            )
        )
    if name in SIGNED:
        rule = SIGNED[name]
        expected = f"0 or more for a {rule.positive}, 0 or less for any other {rule.kind}"
        found.append(Check(rule.amount, "sign", expected))
    dated = table.info["event_date"]
    if dated and name != "initiative":
        found.append(Check(dated, "not_future", "not after the day of loading"))
    return found
