"""What stands behind a click: sentences first, then the pictures that bear them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from cxdata.charts import bars
from cxdata.charts.theme import Caption
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.panels import picture
from cxdata.panels.picture import Column, Picture


@dataclass(frozen=True)
class Depth:
    """A part of a page that is read when somebody asks for it."""

    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()


def dots(
    records: Sequence[dict[str, Any]],
    caption: Caption,
    columns: Sequence[Column],
    form: Format,
    unit: Unit,
    *,
    overall: float | None = None,
    name: str,
) -> Picture:
    """Picture figures as dots with their intervals, in the order in which they are given.

    records: ``name``, ``estimate``, ``lo``, ``hi`` and ``text`` each, and what the columns hold.
    """
    frame = pd.DataFrame(records).assign(flag=Flag.OK.value)
    frame = frame.assign(
        **{part: pd.to_numeric(frame[part]).astype(float) for part in ("estimate", "lo", "hi")}
    )
    ends = pd.concat([frame["estimate"], frame["lo"], frame["hi"]])
    chart = bars.bars(
        frame,
        caption,
        by="name",
        number_format=picture.number_format(unit, ends),
        sign=picture.sign(form, unit),
        order=[str(one) for one in frame["name"]],
        overall=overall,
    )
    return replace(picture.picture(chart, caption, frame, columns), name=name)
