"""The fields of what people enter, by kind: asked for in one form, checked by one declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from cxdata.metrics import registry
from cxdata.model.metric import Unit
from cxdata.panels.choices import Choices
from cxdata.panels.unowned import shown_metrics

Content = Mapping[str, Any]
_EVERYTHING: Final = "Everything"
_KINDS: Final = {
    "price": "Price",
    "release": "Release",
    "outage": "Outage",
    "survey_change": "Change of a survey",
    "policy": "Policy",
    "holiday": "Holiday",
    "other": "Other",
}
_STATES: Final = {"planned": "Planned", "live": "Under way", "stopped": "Stopped", "done": "Done"}
_DESIGNS: Final = {
    "none": "None: its effect cannot be told apart",
    "control_group": "A control group",
    "randomised": "Drawn by lot",
    "staggered": "Place after place",
    "synthetic_control": "A synthetic control",
}


def annotation(choices: Choices, had: Content) -> dict[str, Any]:
    """Ask for an event."""
    return {
        "event_date": _day("When", had.get("event_date"), "when"),
        "label": _text("What happened", had.get("label"), "label", 200),
        "kind": _one("Kind", _KINDS, had.get("kind") or "other", "kind"),
        "affects": _one("What it concerns", _subjects(choices), had.get("affects") or "", "what")
        or None,
    }


def initiative(choices: Choices, had: Content) -> dict[str, Any]:
    """Ask for an initiative."""
    journeys = {"": "All journeys", **{c: n for n, c in choices.journey_names.items()}}
    row: dict[str, Any] = {
        "name": _text("Name", had.get("name"), "name", 200),
        "owner": _text("Who answers for it", had.get("owner"), "owner", 200),
        "hypothesis": _text("Expected effect", had.get("hypothesis"), "hypothesis", 500) or None,
        "primary_metric": _one(
            "Judged by", _metrics(), had.get("primary_metric") or "", "primary_metric"
        ),
        "journey_code": _one("Journey", journeys, had.get("journey_code") or "", "journey") or None,
        "start_date": _day("First day", had.get("start_date"), "start"),
        "end_date": _day("First day after it, if known", had.get("end_date"), "end"),
        "status": _one("State", _STATES, had.get("status") or "live", "status"),
        "design": _one("How its effect can be told", _DESIGNS, had.get("design") or "none", "how"),
    }
    money = choices.currency
    row["one_off_cost"] = _amount(f"Cost once, {money}", had.get("one_off_cost") or 0.0, "once")
    row["run_cost_per_month"] = _amount(
        f"Cost each month, {money}", had.get("run_cost_per_month") or 0.0, "monthly"
    )
    return row


def target(choices: Choices, had: Content) -> dict[str, Any]:
    """Ask for a goal; shares are asked for in per cent and kept as shares."""
    metric = _one("Figure", _metrics(), had.get("metric_id") or "", "metric")
    is_share = metric in registry() and registry()[metric].unit is Unit.SHARE
    scale = 100.0 if is_share else 1.0
    held = had.get("value")
    value = st.number_input(
        "Goal in %" if is_share else "Goal",
        value=None if held is None else float(held) * scale,
        key="entry-value",
        format="%.2f",
    )
    return {
        "metric_id": metric,
        "slice_key": "*",
        "kind": "target",
        "valid_from": _day("From", had.get("valid_from"), "from"),
        "value": None if value is None else value / scale,
        "owner": _text("Who answers for it", had.get("owner"), "owner", 200) or None,
    }


def owner(choices: Choices, had: Content) -> dict[str, Any]:
    """Ask who answers for a figure or a journey."""
    things = {f"metric:{name}": label for name, label in _metrics().items() if name}
    things |= {f"journey:{c}": f"Journey {n}" for n, c in choices.journey_names.items()}
    held = f"{had.get('kind')}:{had.get('code')}" if had else next(iter(things))
    kind, _, code = _one("What", things, held, "thing").partition(":")
    return {
        "kind": kind,
        "code": code,
        "owner": _text("Who answers for it", had.get("owner"), "owner", 200),
        "valid_from": _day("Since", had.get("valid_from"), "since"),
    }


FIELDS: Final[Mapping[str, Callable[[Choices, Content], dict[str, Any]]]] = {
    "annotation": annotation,
    "initiative": initiative,
    "target": target,
    "owner": owner,
}


def metric_label(name: str) -> str:
    """Return the name of a metric for a reader; of another thing, its own."""
    return registry()[name].label if name in registry() else name


def _metrics() -> dict[str, str]:
    return {name: metric_label(name) for name in shown_metrics()}


def _subjects(choices: Choices) -> dict[str, str]:
    journeys = {code: f"Journey {name}" for name, code in choices.journey_names.items()}
    return {"": _EVERYTHING, **_metrics(), **journeys}


def _text(label: str, held: object, key: str, longest: int) -> str:
    given = st.text_input(label, str(held or ""), key=f"entry-{key}", max_chars=longest)
    return " ".join((given or "").split())


def _day(label: str, held: object, key: str) -> date | None:
    start = held if isinstance(held, date) else None
    given = st.date_input(label, value=start, key=f"entry-{key}", format="YYYY-MM-DD")
    return given if isinstance(given, date) else None


def _one(label: str, names: Mapping[str, str], held: str, key: str) -> str:
    offered = list(names)
    start = offered.index(held) if held in names else 0
    chosen = st.selectbox(
        label, offered, index=start, format_func=lambda one: names[one], key=f"entry-{key}"
    )
    return chosen or ""


def _amount(label: str, held: float, key: str) -> float:
    given = st.number_input(label, min_value=0.0, value=float(held), key=f"entry-{key}")
    return float(given or 0.0)
