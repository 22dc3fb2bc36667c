"""The grid of journeys by segments: its finding, and who is in it."""

from __future__ import annotations

import pandas as pd
import pytest

from cxdata.analysis.breakdown import breakdown
from cxdata.metrics import metric
from cxdata.model.format import Format
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.grid import grid, grid_title
from cxdata.query.options import leaving

FORM = Format("EUR")


def cells(estimates: list[float], flags: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": "Join",
            "column": [f"S{at}" for at in range(len(estimates))],
            "estimate": estimates,
            "flag": flags or ["ok"] * len(estimates),
            "text": [f"{estimate * 100:.1f} %" for estimate in estimates],
        }
    )


@pytest.mark.parametrize(
    ("name", "frame", "words"),
    [
        ("logo_retention", cells([0.97, 0.939, 0.95]), "Lowest retention: S1 in Join, 93.9 %"),
        ("logo_churn", cells([0.97, 0.939, 0.95]), "Highest churn: S0 in Join, 97.0 %"),
        (
            "logo_retention",  # a wide margin is no finding
            cells([0.97, 0.939, 0.95], ["ok", "indicative", "ok"]),
            "Lowest retention, wide margins aside: S2 in Join, 95.0 %",
        ),
        (
            "logo_retention",  # and is not spoken of where it is not the lowest
            cells([0.97, 0.939, 0.95], ["indicative", "ok", "ok"]),
            "Lowest retention: S1 in Join, 93.9 %",
        ),
        (
            "logo_retention",  # nor is what lies far from all others
            cells([0.97, 0.96, 0.95, 0.98, 0.97, 0.077]),
            "Lowest retention: S2 in Join, 95.0 %",
        ),
        ("logo_retention", cells([0.97]), "Retention 97.0 %: S0 in Join"),
        ("logo_retention", cells([0.97, 0.9], ["ok", "too_few"]), ""),
        ("logo_retention", cells([0.97, 0.97]), ""),
        ("logo_retention", cells([0.97, 0.9], ["too_few", "too_few"]), ""),
        ("logo_retention", cells([]), ""),
    ],
)
def test_a_grid_names_its_worst_solid_cell(name: str, frame: pd.DataFrame, words: str) -> None:
    assert grid_title(metric(name), frame, FORM) == words


def test_the_grid_has_no_column_of_the_unknown_and_blames_no_exit(desk: Desk) -> None:
    gate, offered = desk.gate, desk.choices
    assert leaving(gate) == {"leave"}
    scope = Scope(offered.latest(Grain.MONTH))
    found = grid(desk, scope, "logo_retention", "segment", "retention", ())
    assert found.caption.title.startswith("Lowest retention")
    assert offered.labels.journey("leave") not in found.caption.title
    told = breakdown(gate, "logo_retention", scope, ("journey", "segment"))
    rows = {offered.labels.journey(code) for code in told["journey"]} - {"No journey"}
    assert set(found.table["row"]) == rows, "the way out has its row where anybody is on it"
    assert "Unknown" not in set(found.table["column"])
    has_wide = found.table["evidence"].str.contains("wide margin").any()
    assert ("wide margin are not named" in found.caption.subtitle) == has_wide
