"""The memory of meetings: the figures a decision was made in front of, and what they did since.

Figures are frozen as the records of the command line, so anybody can ask for them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cxdata.exports.records import Record, records
from cxdata.metrics import registry
from cxdata.model.errors import CxError
from cxdata.model.evidence import number
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.story import Decision, View
from cxdata.panels import pages
from cxdata.panels.address import asked
from cxdata.panels.choices import Desk
from cxdata.panels.picture import say
from cxdata.panels.since import Course, course

_WHEN = frozenset({"period", "grain", "vs"})


@dataclass(frozen=True)
class Memory:
    """One decision with what its figures did since; ``seen`` are these figures as they were then.

    ``waits`` says why there is nothing to tell yet, "" where there is.
    """

    decision: Decision
    seen: tuple[str, ...]
    courses: tuple[Course, ...]
    waits: str = ""


def frozen(desk: Desk, view: View) -> tuple[Record, ...]:
    """Return the figures of a view as records, to be kept with a decision."""
    page = pages.page_of(view.page)
    wanted = asked(view.address, desk.choices)
    found: list[Record] = []
    for name in pages.metrics_of(view.panel) or (*page.headline, page.otherwise):
        try:
            found += records(desk.gate, name, wanted.scope) if name in registry() else []
        except CxError:
            continue  # a figure that these data do not have is none that anybody saw
    return tuple(found)


def recalled(desk: Desk, decision: Decision) -> Memory:
    """Say what the figures of a decision were, and what they did since."""
    seen = tuple(_seen(one, desk.choices.format) for one in decision.figures)
    found = tuple(filter(None, (_course(desk, decision, one) for one in decision.figures)))
    waits = "" if found or not seen else "No finished period since then yet."
    return Memory(decision, tuple(filter(None, seen)), found, waits)


def _seen(record: Mapping[str, Any], form: Format) -> str:
    """Write a frozen figure; one that this product no longer knows keeps its name."""
    metric = registry().get(str(record.get("metric")))
    estimate = number(record.get("estimate"))
    if metric is None or estimate is None:
        return ""
    lo, hi = number(record.get("lo")), number(record.get("hi"))
    half = (hi - lo) / 2 if lo is not None and hi is not None else None
    margin = f" {form.margin(half, metric.unit)}" if half is not None else ""
    period = str(record.get("period") or "")
    when = f" in {Period.parse(period).label}" if period else ""
    return f"{metric.label} {say(form, estimate, metric.unit)}{margin}{when}"


def _course(desk: Desk, decision: Decision, record: Mapping[str, Any]) -> Course | None:
    if not record.get("period"):
        return None
    start = desk.gate.fiscal_start
    then = Period.parse(str(record["period"]), start)
    scope = asked(_without_when(decision.view.address), desk.choices).scope
    newest = desk.choices.latest(then.grain)
    return course(desk, str(record.get("metric")), scope.at(newest), then)


def _without_when(address: str) -> str:
    """Return the address of the same customers and journeys in the newest period."""
    kept = [pair for pair in parse_qsl(address) if pair[0] not in _WHEN]
    return urlencode(kept)
