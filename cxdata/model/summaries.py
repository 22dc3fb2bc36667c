"""The marts: what is built from the curated tables when data are published.

Names and columns of the customer-grain marts and of the small additive summaries, declared once as
SQLAlchemy tables; ``cxdata.marts`` builds them, ``cxdata.metrics`` reads them. Slicing attributes
are data, so every summary carries ``profile_id``, one combination of segment codes over all
schemes (Kimball's mini-dimension), and never a column a scheme.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa

MARTS = sa.MetaData()

UNKNOWN = "(unknown)"
"""Segment code of a customer who is in no segment of a scheme on a date."""

UNIDENTIFIED = "(unidentified)"
"""Segment code of an event that names no customer."""

UNIDENTIFIED_PROFILE = -1
"""Profile of such events: they cost money and belong to no customer."""

NO_JOURNEY = "(none)"
"""Journey code of an event that belongs to no journey."""

_COUNT = sa.BigInteger()
_MONEY = sa.Numeric(18, 2)
_COST = sa.Numeric(18, 4)
# Sums of one cell, not of a company: 18 digits hold them, and DuckDB reads 64 bits many times as
# fast as 128. A sum that does not fit is refused when it is built, never cut.
_CODE = sa.String(64)


def _mart(name: str, grain: str, keys: list[sa.Column[Any]], *measures: sa.Column[Any]) -> sa.Table:
    return sa.Table(
        name, MARTS, *keys, *measures, info={"grain": grain, "keys": [key.name for key in keys]}
    )


def _counts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _COUNT) for name in names]


def _flags(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.SmallInteger()) for name in names]


def _sums(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Double()) for name in names]


def _money(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _MONEY) for name in names]


def _cost(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _COST) for name in names]


def _profile() -> sa.Column[Any]:
    return sa.Column("profile_id", sa.Integer())


def _span_keys() -> list[sa.Column[Any]]:
    return [sa.Column("period_start", sa.Date()), sa.Column("months", sa.Integer())]


# ---- dimensions of the marts ---------------------------------------------------------------

CUSTOMER_INDEX = _mart(
    "customer_index",
    "one row a customer id; merged ids point to the survivor; test accounts are left out",
    [sa.Column("customer_id", sa.String(64))],
    sa.Column("customer_key", sa.Integer()),
    sa.Column("is_contractual", sa.Boolean()),
)

SEGMENT_PROFILE = _mart(
    "segment_profile",
    "one row a combination of segment codes over all schemes",
    [_profile()],
    sa.Column("profile_key", sa.Text()),
)

PROFILE_MEMBER = _mart(
    "profile_member",
    "one row a profile and scheme",
    [_profile(), sa.Column("scheme", _CODE)],
    sa.Column("segment_code", _CODE),
)

JOURNEY_BIT = _mart(
    "journey_bit",
    "one row a journey: its bit in journey_set",
    [sa.Column("journey_code", _CODE)],
    sa.Column("bit", sa.Integer()),
    sa.Column("mask", sa.BigInteger()),
)

TABLE_HEALTH = _mart(
    "table_health",
    "one row a curated table that is there",
    [sa.Column("table_name", _CODE)],
    *_counts("row_count"),
    sa.Column("first_date", sa.Date()),
    sa.Column("last_date", sa.Date()),
    sa.Column("complete_through", sa.Date()),
    sa.Column("is_assumed", sa.Boolean()),
    sa.Column("is_snapshot", sa.Boolean()),
    *_counts("future_dated"),
)

DATA_QUALITY = _mart(
    "data_quality",
    "one row a table, column and rule of its contract that rows break",
    [
        sa.Column("table_name", _CODE),
        sa.Column("column_name", sa.Text()),
        sa.Column("rule", _CODE),
    ],
    *_counts("row_count", "set_aside"),
    sa.Column("example", sa.Text()),
)

# ---- customer grain -------------------------------------------------------------------------

ACTIVITY_SPAN = _mart(
    "activity_span",
    "one row an uninterrupted time as a customer; gaps up to the grace days are bridged",
    [sa.Column("customer_key", sa.Integer()), sa.Column("start_date", sa.Date())],
    sa.Column("end_date", sa.Date()),
    sa.Column("end_reason", _CODE),
)

PROFILE_SPAN = _mart(
    "profile_span",
    "one row a customer and unchanged profile",
    [sa.Column("customer_key", sa.Integer()), sa.Column("valid_from", sa.Date())],
    sa.Column("valid_to", sa.Date()),
    _profile(),
)

CUSTOMER_LIFE = _mart(
    "customer_life",
    "one row a customer: firsts that decide new, won back and cohort",
    [sa.Column("customer_key", sa.Integer())],
    sa.Column("first_active_date", sa.Date()),
    sa.Column("first_exit_date", sa.Date()),
    sa.Column("first_exit_reason", _CODE),
    sa.Column("first_revenue_month", sa.Date()),
    sa.Column("last_recurring", sa.Numeric(18, 2)),
    _profile(),
)

CUSTOMER_MONTH = _mart(
    "customer_month",
    "one row a customer and month in which the customer was active or anything happened",
    [sa.Column("customer_key", sa.Integer()), sa.Column("month", sa.Date())],
    _profile(),
    sa.Column("profile_end_id", sa.Integer()),
    sa.Column("journey_set", sa.BigInteger()),
    sa.Column("score_class", sa.Integer()),
    *_flags("is_start", "is_end", "is_new", "is_reactivated", "is_joined_and_left", "active_days"),
    *(sa.Column(name, sa.Numeric(18, 2)) for name in ("recurring_before", "recurring", "revenue")),
    *(sa.Column(name, sa.Integer()) for name in ("orders", "contacts")),
    sa.Column("cost", sa.Numeric(18, 4)),
)

CURRENCY_MONTH = _mart(
    "currency_month",
    "one row a customer, month and currency of recurring revenue; only where there are several",
    [
        sa.Column("customer_key", sa.Integer()),
        sa.Column("month", sa.Date()),
        sa.Column("currency", sa.String(3)),
    ],
    sa.Column("amount", sa.Numeric(18, 2)),
)

# ---- summaries --------------------------------------------------------------------------------

CUSTOMER_FLOW = _mart(
    "customer_flow",
    "period (1, 3 or 12 months) x profile at start x profile at end x journey set",
    [
        *_span_keys(),
        _profile(),
        sa.Column("profile_end_id", sa.Integer()),
        sa.Column("journey_set", sa.BigInteger()),
    ],
    *_counts("customers_start", "customers_end", "customers_new", "customers_reactivated"),
    *_counts("customers_lost", "lost_voluntary", "lost_involuntary"),
    *_counts("customers_retained", "joined_and_left"),
    *_money("revenue_start", "revenue_end", "revenue_base", "revenue_kept"),
    *_money("revenue_new", "revenue_reactivation", "revenue_expansion"),
    *_money("revenue_contraction", "revenue_churn", "revenue_lost"),
    *_money("revenue_adjustment", "revenue_fx"),
    *_counts("base_customers"),
    *_money("base_largest"),
)

CUSTOMER_TOTAL = _mart(
    "customer_total",
    "period (1, 3 or 12 months) x profile x journey set: sums over customers",
    [*_span_keys(), _profile(), sa.Column("journey_set", sa.BigInteger())],
    *_counts("customers", "active", "customer_days", "spenders", "negative_contribution"),
    *_money("recurring", "revenue"),
    *_counts("orders", "contacts"),
    *_cost("cost"),
    *_sums("exposure", "exposure_sq", "revenue_sq", "revenue_exposure"),
    *_sums("contacts_sq", "contacts_exposure", "cost_sq", "cost_exposure", "contribution_sq"),
)

SPEND_HISTOGRAM = _mart(
    "spend_histogram",
    "period x profile x journey ('*' is all customers) x measure x log-spaced bin",
    [
        *_span_keys(),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("measure", _CODE),
        sa.Column("bin", sa.Integer()),
    ],
    *_counts("customers"),
    sa.Column("total", _COST),
)

EARNED_SUMMARY = _mart(
    "earned_summary",
    "twelve months x profile, at their start or as a new customer came: revenue of all, of those"
    " who already paid in the twelve months before, and of new ones by where they came from",
    [*_span_keys(), _profile()],
    *_counts("customers"),
    *_money("opening", "same", "earned", "bought", "unknown"),
)

SALES_SUMMARY = _mart(
    "sales_summary",
    "month x profile at the order's first line x journey",
    [sa.Column("month", sa.Date()), _profile(), sa.Column("journey_code", _CODE)],
    *_counts("orders"),
    *_money("amount"),
)

RENEWAL_SUMMARY = _mart(
    "renewal_summary",
    "month x profile on the day that a contract ran out",
    [sa.Column("month", sa.Date()), _profile()],
    *_counts("due", "renewed"),
)

INTERACTION_SUMMARY = _mart(
    "interaction_summary",
    "month x profile at the event x journey x channel x demand",
    [
        sa.Column("month", sa.Date()),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("channel_code", _CODE),
        sa.Column("demand_type", _CODE),
    ],
    *_counts("contacts", "inbound", "identified", "abandoned", "uncosted", "imputed"),
    *_cost("cost", "cost_marginal"),
    *_counts("repeats", "episodes", "episodes_resolved", "target_known", "target_met"),
    *_counts("handled", "handle_seconds"),
)

MONTHS_OF_DAYS = 26
"""Months of which single days are kept: the year under way and the one before it, whatever month
the year starts in."""

DAY_EVENT = _mart(
    "day_event",
    "day x profile at the event x journey, of the last 26 months: what adds up by days, so that a"
    " period under way can be compared with as many days of an earlier one",
    [sa.Column("day", sa.Date()), _profile(), sa.Column("journey_code", _CODE)],
    *_counts("contacts", "inbound", "identified", "abandoned", "uncosted", "imputed"),
    *_cost("cost", "cost_marginal"),
    *_counts("repeats", "target_known", "target_met", "handled", "handle_seconds"),
    *_counts("orders"),
    *_money("amount"),
)

DAY_FLOW = _mart(
    "day_flow",
    "period of the last 26 months x day of it x profile at its start x journey set: who came and"
    " left against the period's start, signed, so that days add up to the flow up to any of them",
    [
        *_span_keys(),
        sa.Column("day", sa.Date()),
        _profile(),
        sa.Column("journey_set", sa.BigInteger()),
    ],
    *_counts("customers_start", "customers_end", "customers_new", "customers_reactivated"),
    *_counts("customers_lost", "lost_voluntary", "lost_involuntary", "customers_retained"),
)

SERVICE_COST_SUMMARY = _mart(
    "service_cost_summary",
    "month x profile at the event x journey x kind of cost x allocation",
    [
        sa.Column("month", sa.Date()),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("cost_type", _CODE),
        sa.Column("allocation", _CODE),
    ],
    *_counts("items"),
    *_cost("cost"),
)

RESPONSE_SUMMARY = _mart(
    "response_summary",
    "period (1, 3 or 12 months) x profile at the answer x journey x kind of survey x score:"
    " the latest answer of a person to a survey in the period",
    [
        *_span_keys(),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("survey_type", _CODE),
        sa.Column("score", sa.Integer()),
    ],
    *_counts("answers"),
    *_sums("weight", "weight_sq"),
    *_counts("csat_answers", "csat_top"),
)

ANSWER_PAIR = _mart(
    "answer_pair",
    "period x profile x journey ('*' is all together) x kind of survey: sums over pairs of answers"
    " of one account, for intervals that let them agree; no row where each account answered once",
    [
        *_span_keys(),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("survey_type", _CODE),
    ],
    *_sums("beyond_first", "pairs", "pairs_score", "pairs_product"),
    *_sums("csat_beyond_first", "csat_pairs", "csat_pairs_top", "csat_pairs_product"),
)

DAY_ANSWER = _mart(
    "day_answer",
    "period of the last 26 months x day of it x profile at the answer x journey x kind of survey x"
    " score: answers less those that a later one of the person takes the place of",
    [
        *_span_keys(),
        sa.Column("day", sa.Date()),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("survey_type", _CODE),
        sa.Column("score", sa.Integer()),
    ],
    *_counts("answers"),
    *_sums("weight", "weight_sq"),
    *_counts("csat_answers", "csat_top"),
)

DAY_PAIR = _mart(
    "day_pair",
    "period of the last 26 months x day of it x profile x journey ('*' is all together) x kind of"
    " survey: by how much the sums over pairs of answers of one account change",
    [
        *_span_keys(),
        sa.Column("day", sa.Date()),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("survey_type", _CODE),
    ],
    *_sums("beyond_first", "pairs", "pairs_score", "pairs_product"),
    *_sums("csat_beyond_first", "csat_pairs", "csat_pairs_top", "csat_pairs_product"),
)

NO_ANSWER = "(none)"
"""Class of who did not answer."""

ANSWER_PANEL = _mart(
    "answer_panel",
    "period x the months back to the one compared with x profile at the later answer, else the"
    " earlier x kind of survey x measure (nps, csat) x standing (same; left, silent: earlier only;"
    " joined, heard: later only) x class of both answers",
    [
        *_span_keys(),
        sa.Column("lag_months", sa.Integer()),
        _profile(),
        *(sa.Column(name, _CODE) for name in ("survey_type", "measure", "standing")),
        *(sa.Column(name, _CODE) for name in ("class_before", "class_after")),
    ],
    *_counts("people"),
)

ACCOUNT_SCORE = _mart(
    "account_score",
    "period x profile at its start: what accounts say of the relationship, each the mean of its"
    " answers' +1, 0, -1, alike and weighted by the period's revenue",
    [*_span_keys(), _profile()],
    *_counts("accounts", "active"),
    *_money("revenue"),
    *_sums("score", "score_sq", "weight", "weight_sq", "weight_score"),
    *_sums("weight_sq_score", "weight_score_sq"),
)

INVITATION_SUMMARY = _mart(
    "invitation_summary",
    "month x profile when sent x journey x kind of survey",
    [
        sa.Column("month", sa.Date()),
        _profile(),
        sa.Column("journey_code", _CODE),
        sa.Column("survey_type", _CODE),
    ],
    *_counts("invited", "delivered", "responded"),
)

TENURE_RISK = _mart(
    "tenure_risk",
    "profile at first activity x age at entry into the data x age at exit x reason",
    [
        _profile(),
        sa.Column("entry_age", sa.Integer()),
        sa.Column("exit_age", sa.Integer()),
        sa.Column("cause", _CODE),
    ],
    *_counts("customers"),
    *_money("recurring"),
)

COHORT_SUMMARY = _mart(
    "cohort_summary",
    "month of first activity x age in months x profile at first activity",
    [sa.Column("cohort_month", sa.Date()), sa.Column("age", sa.Integer()), _profile()],
    *_counts("customers", "customers_active", "customers_kept", "customers_bought"),
    *_money("revenue"),
)

BUILD = _mart(
    "build",
    "one row: which data the marts were built from, and by which rules",
    [sa.Column("version_id", sa.String(64))],
    sa.Column("format", _CODE),
    sa.Column("built_at", sa.DateTime(timezone=True)),
    sa.Column("rules", sa.Text()),
    sa.Column("first_month", sa.Date()),
    sa.Column("last_month", sa.Date()),
    sa.Column("history_start", sa.Date()),
    sa.Column("complete_through", sa.Date()),
    sa.Column("activity_through", sa.Date()),
    sa.Column("lapse_days", sa.Integer()),
    sa.Column("lapse_return_share", sa.Double()),
    sa.Column("currency", sa.String(3)),
)

FINGERPRINT = _mart(
    "fingerprint",
    "one row a checksum: what the marts were built from",
    [sa.Column("name", _CODE)],
    sa.Column("checksum", sa.Text()),
)

EVENT_LAG = _mart(
    "event_lag",
    "table x days between event and load, over the last mature days",
    [sa.Column("table_name", _CODE), sa.Column("lag_days", sa.Integer())],
    *_counts("events"),
)

TABLE_MONTH = _mart(
    "table_month",
    "dated curated table x month of the event: rows, those that name a customer, and a known one",
    [sa.Column("table_name", _CODE), sa.Column("month", sa.Date())],
    *_counts("row_count", "named", "known"),
)

EVERYONE = "*"
"""Journey code of "all customers" in the histogram."""

EXPOSURE = "exposure"
OWN = "own"

JOURNEY_ROLE = {
    "customer_flow": EXPOSURE,
    "customer_total": EXPOSURE,
    "spend_histogram": OWN,
    "sales_summary": OWN,
    "interaction_summary": OWN,
    "day_event": OWN,
    "service_cost_summary": OWN,
    "response_summary": OWN,
    "invitation_summary": OWN,
    "answer_pair": OWN,
    "day_flow": EXPOSURE,
    "day_answer": OWN,
    "day_pair": OWN,
}
"""How a summary is cut by journey: customers exposed to it (sets overlap), or its own events."""


WITH_EVERYONE = frozenset({"answer_pair", "day_pair"})
"""Summaries whose journeys do not add up to all: those have rows of their own, ``EVERYONE``."""

METHOD = 7
"""Raised whenever the same rows would be summed otherwise: older summaries are then built anew."""


def marts_format() -> str:
    """Return a key that differs where the marts' names, columns, types or method do.

    Summaries of another format were built by another version of the product and are built anew.
    """
    declared = [
        (name, [(column.name, str(column.type)) for column in table.columns])
        for name, table in sorted(MARTS.tables.items())
    ]
    return hashlib.sha256(repr((METHOD, declared)).encode()).hexdigest()[:16]
