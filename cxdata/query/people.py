"""The customers or answers behind a figure, through the gate's own door for rows of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope, NotAllowed
from cxdata.model.evidence import Flag
from cxdata.model.masking import masked
from cxdata.model.metric import Metric
from cxdata.model.summaries import PROFILE_MEMBER
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Asking, Gate
from cxdata.query.lists import LISTED
from cxdata.query.lists.listed import Listed
from cxdata.query.lists.telling import WORDS, Question, Telling

MOST: Final = 100_000
"""Rows that a file holds at most."""

WORDS_FROM: Final = 10
"""People behind a figure from which their own words may be shown (METRICS.md C11)."""


@dataclass(frozen=True)
class People:
    """The first rows, how many there are in all, and what each column sums to over all of them.

    ``frame``: ``name`` (customer; None where an event names none), ``since`` or ``day``, the
    columns of ``listed``, ``money`` and ``words`` for answers, ``profile``.
    """

    listed: Listed
    frame: pd.DataFrame
    count: int
    sums: Mapping[str, Any]
    has_words: bool = False


def people(gate: Gate, question: Question, who: str) -> People:
    """Read the customers or answers behind a figure; who asks is kept first.

    Raises:
        MissingTables: the data lack what the figure needs.
        BadScope: the figure has no list, or not by journey.
        NotAllowed: so few people answered that a list would tell who said what.
        JournalError: who asks could not be kept.
    """
    metric = metric_of(question.metric)
    gate.require(metric)
    listed = LISTED.get(metric.name)
    if listed is None:
        raise BadScope(f"{metric.label} has no list of customers or answers behind it.")
    n = _n(gate, metric, question)
    scope = question.narrowed
    if scope.journeys and not metric.has_journey:
        raise BadScope(f"{metric.label} cannot be told by journey: {metric.definition}")
    telling = Telling(gate, listed, question, n >= WORDS_FROM)
    found = gate.people(telling.rows, telling.told, _asking(gate, question, who), listed.profile)
    return _people(gate, telling, found)


def _n(gate: Gate, metric: Metric, question: Question) -> float:
    """Return how many people answered; a figure that hides them has no list either."""
    by = tuple(dimension for dimension, _ in question.part)
    scope = question.scope
    found = evaluate(gate, [metric], scope, by=by, at=[scope.period])[metric.name]
    codes = tuple(code for _, code in question.part)
    for row in range(len(found.frame)):
        record = found.record(row)
        if tuple(record[name] for name in by) != codes:
            continue
        cell = found.cell(row)
        if metric.is_survey and cell.flag is Flag.SUPPRESSED:
            raise NotAllowed(
                f"{metric.label} of so few people is hidden, and so is what each of them said."
                " Choose more customers or a longer period."
            )
        return float(record["n"])
    return 0.0


def _asking(gate: Gate, question: Question, who: str) -> Asking:
    scope = question.narrowed
    about = {
        "period": scope.period.key,
        "where": {scheme: list(codes) for scheme, codes in scope.where},
        "journeys": list(scope.journeys),
        "most": question.most,
        "version": gate.version.id,
        "policy": gate.policy.name,
    }
    return Asking(who, question.metric, about)


def _people(gate: Gate, telling: Telling, found: pd.DataFrame) -> People:
    listed = telling.listed
    count = int(found["count_all"].iloc[0]) if len(found) else 0
    sums = {
        name.removeprefix("sum_"): found[name].iloc[0] or 0
        for name in found.columns
        if name.startswith("sum_")
    }
    frame = found.loc[
        :, [name for name in found.columns if not name.startswith(("sum_", "count_"))]
    ]
    frame = frame.head(min(count, telling.question.most))
    if telling.has_words:
        said = [None if words is None else masked(str(words)) for words in frame[WORDS]]
        frame = frame.assign(words=pd.Series(said, frame.index, dtype=object))
    return People(listed, frame.reset_index(drop=True), count, sums, telling.has_words)


def segments_of(gate: Gate, profiles: list[int]) -> dict[int, dict[str, str]]:
    """Return the segment codes of profiles, by attribute."""
    c = PROFILE_MEMBER.c
    query = sa.select(c.profile_id, c.scheme, c.segment_code).where(c.profile_id.in_(set(profiles)))
    found: dict[int, dict[str, str]] = {}
    for row in gate.read(query).to_dict("records"):
        found.setdefault(int(row["profile_id"]), {})[str(row["scheme"])] = str(row["segment_code"])
    return found
