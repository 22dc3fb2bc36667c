"""What customers say, behind each figure of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from cxdata.model.metric import Unit
from cxdata.query.lists.listed import ROWS, Column, Columns, Field, Kind, Listed, Sum, stat


def _class(row: Columns) -> Column:
    score = row.score
    return sa.case((score >= 9, "Promoter"), (score >= 7, "Passive"), (score >= 0, "Detractor"))


def _answers(
    who: str, keep: Callable[[Columns], Column], equals: Mapping[str, Sum], *fields: Field
) -> Listed:
    return Listed(Kind.ANSWERS, who, fields, lambda out: -out[fields[0].name], equals, keep)


_SCORE = Field("score", "Score", Unit.COUNT, lambda row: row.score)
_CLASS = Field("standing", "Who", None, _class)
_WEIGHT = Field("weight", "Weight", Unit.RATE, lambda row: row.weight)
_TOP = Field("top", "Satisfied", Unit.COUNT, lambda row: row.is_top)


def _scored(kind: str) -> Callable[[Columns], Column]:
    return lambda row: sa.and_(row.survey_type == kind, row.score >= 0)


def _of_classes(prefix: str = "") -> Sum:
    names = ("promoters", "passives", "detractors")
    return lambda stats: sum(stats[f"{prefix}{name}"] for name in names)


LISTED: Mapping[str, Listed] = {
    "nps": _answers("answers", _scored("relationship"), {ROWS: _of_classes()}, _SCORE, _CLASS),
    "nps_after_journey": _answers(
        "answers", _scored("transactional"), {ROWS: _of_classes()}, _SCORE, _CLASS
    ),
    "nps_weighted": _answers(
        "answers",
        _scored("relationship"),
        {ROWS: stat("answers"), "weight": _of_classes("weight_")},
        _SCORE,
        _CLASS,
        _WEIGHT,
    ),
    "answers": _answers(
        "answers", lambda row: row.score >= 0, {ROWS: stat("answers")}, _SCORE, _CLASS
    ),
    "csat": _answers(
        "answers",
        lambda row: row.has_csat == 1,
        {ROWS: stat("answers"), "top": stat("top")},
        _TOP,
    ),
}
