"""Who contacted us, behind each figure of contacts and their cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from cxdata.model.metric import Unit
from cxdata.query.lists.listed import Column, Columns, Field, Kind, Listed, Sum, less, stat


def _contacts(
    who: str, parts: Mapping[str, tuple[str, Callable[[Columns], Column], Sum]]
) -> Listed:
    """Customers by their contacts; those with none of the first part are left out."""
    fields = [Field(name, label, Unit.COUNT, of) for name, (label, of, _) in parts.items()]
    leading = fields[0].name
    cost = Field("cost", "Cost of contacts", Unit.MONEY, lambda row: sa.func.coalesce(row.cost, 0))
    return Listed(
        Kind.CALLS,
        who,
        (*fields, cost),
        lambda out: out[leading],
        {name: equals for name, (_, _, equals) in parts.items()},
        having=lambda out: out[leading] > 0,
    )


def _one(_: Columns) -> Column:
    return sa.literal_column("1", sa.Integer())


def _cost_of(who: str, cost: str, more: Mapping[str, Any] | None = None) -> Listed:
    return Listed(
        Kind.CALLS,
        who,
        (
            Field("contacts", "Contacts", Unit.COUNT, _one),
            Field("costed", "With a cost", Unit.COUNT, lambda row: 1 - row.is_uncosted),
            Field(
                "cost", "Cost of contacts", Unit.MONEY, lambda row: sa.func.coalesce(row.cost, 0)
            ),
        ),
        lambda out: out.cost,
        {"cost": stat(cost), **(more or {})},
    )


LISTED: Mapping[str, Listed] = {
    "contacts": _contacts(
        "customers who contacted us", {"contacts": ("Contacts", _one, stat("contacts"))}
    ),
    "abandoned_share": _contacts(
        "customers who gave up",
        {"abandoned": ("Given up", lambda row: row.is_abandoned, stat("part"))},
    ),
    "failure_demand": _contacts(
        "customers who had to call because something went wrong",
        {
            "failure": (
                "Avoidable contacts",
                lambda row: sa.case((row.demand_type == "failure", row.is_inbound), else_=0),
                stat("failure"),
            )
        },
    ),
    "first_contact_resolution": _contacts(
        "customers whom one contact did not help",
        {
            "unsolved": (
                "Not solved at first",
                lambda row: row.is_episode - row.is_resolved,
                less("whole", "part"),
            )
        },
    ),
    "repeat_contact_rate": _contacts(
        "customers who had to call again",
        {"repeats": ("Repeat contacts", lambda row: row.is_repeat, stat("part"))},
    ),
    "within_target_share": _contacts(
        "customers who waited too long",
        {
            "late": (
                "Beyond target",
                lambda row: row.target_known - row.target_met,
                less("whole", "part"),
            )
        },
    ),
    "cost_per_contact": _cost_of("customers who contacted us", "cost", {"costed": stat("costed")}),
    "cost_per_customer": _cost_of("customers who contacted us", "contact_cost"),
    "cost_to_serve": _cost_of("customers who contacted us", "contact_cost"),
}
