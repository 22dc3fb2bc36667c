"""A change taken apart as one plain record, for the command line and files."""

from __future__ import annotations

from typing import Any

from cxdata.analysis.items import Item
from cxdata.analysis.parts import Amount
from cxdata.analysis.why import Why
from cxdata.exports.records import Record


def why_record(found: Why, version: str) -> Record:
    """Return a change, its parts and its cells; an interval that there is not is null."""
    return {
        "metric": found.metric.name,
        "unit": found.metric.unit.value,
        "period": found.scope.period.key,
        "against": found.against.key,
        "by": list(found.by),
        "where": {scheme: list(codes) for scheme, codes in found.scope.where},
        "journeys": list(found.scope.journeys),
        "then": found.value0,
        "now": found.value1,
        "change": found.change,
        "n_then": found.n0,
        "n_now": found.n1,
        "parts": [
            {"part": part.name, "label": part.label, **_amount(part.amount)} for part in found.parts
        ],
        "cells": [_cell(item, found.by) for item in found.items],
        "looked_at": found.looked_at,
        "reversal": None
        if found.reversal is None
        else ("strong" if found.reversal.is_strong else "reversal"),
        "residual": found.residual,
        "version": version,
    }


def _amount(amount: Amount) -> dict[str, Any]:
    return {"amount": amount.value, "lo": amount.lo, "hi": amount.hi, "p": amount.p}


def _cell(item: Item, by: tuple[str, ...]) -> dict[str, Any]:
    return {
        "slice": dict(zip(by, item.codes, strict=True)),
        "label": item.label,
        **_amount(item.amount),
        "rate": _amount(item.rate),
        "mix": None if item.mix is None else _amount(item.mix),
        "volume": None if item.volume is None else _amount(item.volume),
        "then": item.value0,
        "now": item.value1,
        "share_then": item.share0,
        "share_now": item.share1,
        "stands_out": item.stands_out,
    }
