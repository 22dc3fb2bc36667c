"""Dimensions and small tables: what does not depend on any customer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.company import (
    CHANNELS,
    CURRENCY,
    JOURNEYS,
    MARGINAL,
    PLANS,
    REASONS,
    REGIONS,
    SEGMENTS,
)
from cxdata.demo.lateness import loaded
from cxdata.demo.timeline import number
from cxdata.demo.world import Batches, World

_JOURNEY_CODES = [journey.code for journey in JOURNEYS]
_RATES_RISE = 1.03  # a year


def reference_batches(world: World) -> Batches:
    """Yield the dimensions."""
    yield "segment", _segments()
    yield "journey", _journeys()
    yield "journey_step", _steps()
    yield "touchpoint", _touchpoints()
    yield "channel", _channels()
    yield "interaction_reason", _reasons()
    yield "unit_cost", _unit_costs(world)
    yield "annotation", _annotations(world)
    yield "owner", _owners(world)
    yield "target", _targets(world)


def _segments() -> pa.RecordBatch:
    schemes: dict[str, list[tuple[str, str]]] = {
        "segment": [(s.code, s.label) for s in SEGMENTS],
        "region": [(r.code, r.label) for r in REGIONS],
        "plan": [(p.code, p.label) for p in PLANS],
    }
    rows = [
        (scheme, code, label, place)
        for scheme, items in schemes.items()
        for place, (code, label) in enumerate(items, start=1)
    ]
    scheme, code, label, sort = zip(*rows, strict=True)
    return c.batch(
        "segment",
        scheme=pa.array(scheme),
        segment_code=pa.array(code),
        label=pa.array(label),
        sort=c.ints(np.array(sort)),
    )


def _journeys() -> pa.RecordBatch:
    return c.batch(
        "journey",
        journey_code=pa.array(_JOURNEY_CODES),
        label=pa.array([j.label for j in JOURNEYS]),
        sort=c.ints(np.arange(1, len(JOURNEYS) + 1)),
        stage=pa.array([j.stage for j in JOURNEYS]),
    )


def _steps() -> pa.RecordBatch:
    rows = [
        (journey.code, code, place, label)
        for journey in JOURNEYS
        for place, (code, label) in enumerate(journey.steps, start=1)
    ]
    journey, step, place, label = zip(*rows, strict=True)
    return c.batch(
        "journey_step",
        journey_code=pa.array(journey),
        step_code=pa.array(step),
        step_no=c.ints(np.array(place)),
        label=pa.array(label),
    )


_TOUCHPOINTS = (
    ("web_offers", "Offers on the web", 0, 5),
    ("app_checkout", "Checkout in the app", 1, 6),
    ("welcome_mail", "Welcome mail", 2, 2),
    ("parcel_tracking", "Parcel tracking", 3, 5),
    ("care_call", "Call with customer care", 4, 0),
    ("care_chat", "Chat with customer care", 4, 1),
    ("bill_mail", "Bill by mail", 5, 2),
    ("plan_page", "Plan page", 6, 5),
    ("cancel_page", "Cancel page", 7, 5),
)


def _touchpoints() -> pa.RecordBatch:
    code, label, journey, channel = zip(*_TOUCHPOINTS, strict=True)
    return c.batch(
        "touchpoint",
        touchpoint_code=pa.array(code),
        label=pa.array(label),
        journey_code=c.codes(np.array(journey), _JOURNEY_CODES),
        channel_code=c.codes(np.array(channel), [x.code for x in CHANNELS]),
    )


def _channels() -> pa.RecordBatch:
    return c.batch(
        "channel",
        channel_code=pa.array([x.code for x in CHANNELS]),
        label=pa.array([x.label for x in CHANNELS]),
        assist=pa.array([x.assist for x in CHANNELS]),
        medium=pa.array([x.medium for x in CHANNELS]),
    )


def _reasons() -> pa.RecordBatch:
    return c.batch(
        "interaction_reason",
        reason_code=pa.array([r.code for r in REASONS]),
        label=pa.array([r.label for r in REASONS]),
        reason_group=pa.array([r.group for r in REASONS]),
        demand_type=pa.array([r.demand for r in REASONS]),
        journey_code=c.codes(np.array([r.journey for r in REASONS]), _JOURNEY_CODES),
    )


def _unit_costs(world: World) -> pa.RecordBatch:
    """Return the rate card: new rates each January, fully loaded and marginal."""
    years = range(world.time.first.year, world.time.end.year + 1)
    rows = [
        (channel, year, basis, share * _RATES_RISE**place)
        for channel in CHANNELS
        for basis, share in (("fully_loaded", 1.0), ("marginal", MARGINAL))
        for place, year in enumerate(years)
    ]
    channel, year, basis, share = zip(*rows, strict=True)
    contact = np.array([x.per_contact for x in channel]) * share
    minute = np.array([x.per_minute for x in channel]) * share
    last = np.array(year) == years[-1]
    return c.batch(
        "unit_cost",
        channel_code=pa.array([x.code for x in channel]),
        valid_from=c.days(np.array([number(date(y, 1, 1)) for y in year])),
        valid_to=c.days(np.array([number(date(y + 1, 1, 1)) for y in year]), last),
        cost_per_contact=c.decimals(np.round(contact * 10_000).astype(np.int64), 4),
        cost_per_minute=c.decimals(np.round(minute * 10_000).astype(np.int64), 4),
        currency=c.constant(CURRENCY, len(rows)),
        basis=pa.array(basis),
    )


def _annotations(world: World) -> pa.RecordBatch:
    truths = world.truths
    rows = (
        (truths.price_rise, "Membership prices rise by about 5 %", "price", "revenue"),
        (truths.bot.since, "Chat bot goes live", "release", "contacts"),
        (
            truths.onboarding.since,
            "New identity check when getting started",
            "policy",
            "onboarding",
        ),
        (
            truths.mix.campaign_since,
            "Campaign for young adults with a partner",
            "other",
            "customers",
        ),
        (
            truths.mix.since,
            "Young adults are asked every month, in the app",
            "survey_change",
            "nps",
        ),
        (truths.mix.since, "New parcel service in all regions", "release", "order_delivery"),
        (
            truths.payments.month,
            "Payments in Spain and Portugal move to another provider",
            "outage",
            "retention",
        ),
    )
    day, label, kind, affects = zip(*rows, strict=True)
    days = np.array([number(d) for d in day])
    return c.batch(
        "annotation",
        annotation_id=c.ids("A", np.arange(1, len(rows) + 1), width=3),
        event_date=c.days(days),
        label=pa.array(label),
        kind=pa.array(kind),
        affects=pa.array(affects),
        source_system=c.constant("programme", len(rows)),
        loaded_at=c.instants(loaded(days, 0)),
    )


_OWNERS = (
    ("metric", "logo_retention", "Marta Silva"),
    ("metric", "revenue_per_customer", "Jonas Weber"),
    ("metric", "cost_per_customer", "Ines Duarte"),
    ("metric", "contact_rate", "Ines Duarte"),
    ("metric", "nps", "Aoife Byrne"),
    ("journey", "onboarding", "Lars Holm"),
    ("journey", "order_delivery", "Ines Duarte"),
    ("journey", "get_help", "Aoife Byrne"),
    ("journey", "billing", "Jonas Weber"),
    ("segment", "young_adults", "Tom Becker"),
    ("segment", "professionals", "Lars Holm"),
)


def _owners(world: World) -> pa.RecordBatch:
    kind, code, owner = zip(*_OWNERS, strict=True)
    return c.batch(
        "owner",
        kind=pa.array(kind),
        code=pa.array(code),
        valid_from=c.days(np.full(len(_OWNERS), world.time.starts[0])),
        owner=pa.array(owner),
    )


_TARGETS = (
    ("logo_retention", "*", 0.983, "Marta Silva"),
    ("revenue_per_customer", "*", 54.0, "Jonas Weber"),
    ("cost_per_customer", "*", 3.4, "Ines Duarte"),
    ("contact_rate", "*", 0.42, "Ines Duarte"),
    ("nps", "*", 40.0, "Aoife Byrne"),
)


def _targets(world: World) -> pa.RecordBatch:
    metric, slice_key, value, owner = zip(*_TARGETS, strict=True)
    count = len(_TARGETS)
    return c.batch(
        "target",
        metric_id=pa.array(metric),
        slice_key=pa.array(slice_key),
        kind=c.constant("target", count),
        valid_from=c.days(np.full(count, number(date(world.time.end.year, 1, 1)))),
        value=c.nums(np.array(value)),
        owner=pa.array(owner),
    )
