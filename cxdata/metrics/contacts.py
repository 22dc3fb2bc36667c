"""Contacts of a period."""

from __future__ import annotations

from cxdata.metrics.finish.census import count
from cxdata.model.metric import Additive, Better, Metric, Unit, total
from cxdata.model.summaries import INTERACTION_SUMMARY

METRIC = Metric(
    name="contacts",
    label="Contacts",
    question="How often do customers need us?",
    unit=Unit.COUNT,
    better=Better.NEUTRAL,
    definition="Contacts on any channel, unidentified and abandoned ones included.",
    formula="count of contacts",
    needs=(("interaction",),),
    stats={"contacts": total(INTERACTION_SUMMARY.c.contacts)},
    finish=count("contacts"),
    additive=Additive.YES,
    per_day=True,
    source="METRICS.md 2.7",
)
