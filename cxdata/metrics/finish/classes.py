"""Promoters, passives and detractors of one kind of survey; kinds are never pooled (2.8)."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from cxdata.model.metric import Stat, total_where
from cxdata.model.summaries import ANSWER_PAIR, RESPONSE_SUMMARY

SurveyType = Literal["relationship", "transactional"]

_TABLE = RESPONSE_SUMMARY.c
_PAIR = ANSWER_PAIR.c
_BOUNDS = {"promoters": (9, 10), "passives": (7, 8), "detractors": (0, 6)}


def classes(survey_type: SurveyType, measure: str = "answers", prefix: str = "") -> dict[str, Stat]:
    """Sum answers, or weights, by class of score."""
    return {
        f"{prefix}{name}": total_where(
            sa.and_(_TABLE.survey_type == survey_type, _TABLE.score.between(low, high)),
            _TABLE[measure],
        )
        for name, (low, high) in _BOUNDS.items()
    }


def scored(survey_type: SurveyType, measure: str) -> Stat:
    """Sum a measure over the answers that have a score."""
    return total_where(
        sa.and_(_TABLE.survey_type == survey_type, _TABLE.score >= 0), _TABLE[measure]
    )


def pairs(survey_type: SurveyType) -> dict[str, Stat]:
    """Sums over pairs of answers of one account, 0 where each answered once."""
    names = ("beyond_first", "pairs", "pairs_score", "pairs_product")
    return {name: total_where(_PAIR.survey_type == survey_type, _PAIR[name]) for name in names}
