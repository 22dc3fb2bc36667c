"""Rows as charts draw them: what may not be shown is not in them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from cxdata.model.evidence import Flag
from cxdata.model.summaries import NO_JOURNEY, UNIDENTIFIED, UNKNOWN

REST: Final = (UNKNOWN, UNIDENTIFIED, NO_JOURNEY)
"""Codes that stand for no segment and for no journey."""

IS_REST: Final = "is_rest"
"""Column that marks the rows of such codes."""

IS_ASIDE: Final = "is_aside"
"""Column that marks rows that are shown and set no scale: the rest, and what is no comparison."""


def shows(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows have a figure that may be shown."""
    allowed = [Flag(flag).shows for flag in frame["flag"]]
    return pd.Series(allowed, index=frame.index, dtype=bool) & frame["estimate"].notna()


def numbers(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a column as numbers, empty where the figure may not be shown or is not there."""
    if column not in frame:
        return pd.Series(float("nan"), index=frame.index, dtype=float)
    return pd.to_numeric(frame[column], errors="coerce").astype(float).where(shows(frame))


def evidence(frame: pd.DataFrame) -> pd.Series[str]:
    """Return in words how far each figure can be trusted."""
    return pd.Series([Flag(flag).words for flag in frame["flag"]], index=frame.index, dtype=str)


def words(frame: pd.DataFrame) -> pd.Series[str]:
    """Return each figure in words; why there is none where it may not be shown."""
    return frame["text"].astype(str).where(shows(frame), evidence(frame))


def known(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows stand for a member with a name, and not for the rest.

    The rest is no finding: it is small and swings widely, and nobody can act on "unknown".
    """
    if IS_REST not in frame:
        return pd.Series(True, index=frame.index)
    return ~frame[IS_REST].astype(bool)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the rows of the rest, unless no others have a figure."""
    kept = frame.loc[known(frame)]
    return kept if kept["estimate"].notna().any() or frame["estimate"].isna().all() else frame
