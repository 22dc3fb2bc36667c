"""All summaries of a build as comparable text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cxdata.model.summaries import MARTS
from tests.company import Company

NUMBERED = {"customer_key", "profile_id", "profile_end_id"}
"""Numbers given at a build: two builds may number otherwise, so names stand for them."""

NOT_COMPARED = {"build", "fingerprint", "segment_profile", "customer_index", "profile_member"}


def contents(found: Company) -> dict[str, list[str]]:
    """Every summary as sorted text, with customers and profiles by their names."""
    with found.source.pinned().engine.connect() as connection:
        index, member_of = MARTS.tables["customer_index"], MARTS.tables["profile_member"]
        names: dict[int, str] = {}
        for row in connection.execute(sa.select(index)):
            if row.customer_key is not None:
                names[row.customer_key] = min(row.customer_id, names.get(row.customer_key, "~"))
        codes: dict[int, str] = {}
        for row in connection.execute(sa.select(member_of).order_by(member_of.c.scheme)):
            member = f"{row.scheme}={row.segment_code};"
            codes[row.profile_id] = codes.get(row.profile_id, "") + member
        bits = connection.execute(sa.select(MARTS.tables["journey_bit"]))
        order = {row.bit: row.journey_code for row in bits}
        kept = {}
        for name, table in MARTS.tables.items():
            if name not in NOT_COMPARED:
                rows = connection.execute(sa.select(table)).mappings()
                kept[name] = sorted(
                    repr({key: _named(key, value, names, codes) for key, value in row.items()})
                    for row in rows
                )
        kept["journey_bit"] = sorted(order.values())
    return {name: [_journeys(row, order) for row in rows] for name, rows in kept.items()}


def _named(key: str, value: Any, names: Mapping[int, str], codes: Mapping[int, str]) -> Any:
    if key == "customer_key":
        return names[value]
    if key in NUMBERED:
        return codes.get(value, value)
    return f"{value:.12g}" if isinstance(value, float) else value


def _journeys(row: str, order: Mapping[int, str]) -> str:
    """Spell out a journey set: the bits of two builds may be given in another order."""
    head, mark, tail = row.partition("'journey_set': ")
    if not mark:
        return row
    number, comma, rest = tail.partition(",")
    met = sorted(order[bit] for bit in range(62) if int(number) >> bit & 1)
    return f"{head}{mark}{met}{comma}{rest}"


def differences(
    one: dict[str, list[str]], other: dict[str, list[str]]
) -> dict[str, tuple[list[str], list[str]]]:
    """Rows that only one of two builds has, by summary."""
    return {
        name: (sorted(set(one[name]) - set(other[name])), sorted(set(other[name]) - set(one[name])))
        for name in one
        if one[name] != other[name]
    }
