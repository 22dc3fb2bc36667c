"""Pictures: the drawn rows are the table's rows, and what is hidden is in neither."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from cxdata.metrics import metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.panels import picture

FORM = Format("EUR")
RETENTION = metric("logo_retention")


def months(flags: list[str], name: str = "SMB") -> pd.DataFrame:
    starts = [date(2026, 1 + at, 1) for at in range(len(flags))]
    return pd.DataFrame(
        {
            "period_start": starts,
            "label": [f"{start:%b %Y}" for start in starts],
            "name": name,
            "estimate": [0.9 + at / 100 for at in range(len(flags))],
            "lo": 0.85,
            "hi": 0.99,
            "n": 100,
            "flag": flags,
        }
    )


def test_what_may_not_be_shown_is_in_no_part_of_a_picture() -> None:
    frame = months(["ok", "suppressed", "ok"])
    frame["estimate"] = [0.9, 0.123456, 0.92]
    found = picture.trend_picture(frame, RETENTION, "Title", FORM, "share in %")
    rows = [row for data in found.spec["datasets"].values() for row in data.to_pylist()]
    assert "0.123456" not in repr(rows) + found.table.to_csv() + found.caption.alt
    assert found.table["evidence"].tolist()[1] == "hidden: too few people"


def test_the_words_of_a_chart_stand_outside_its_specification() -> None:
    found = picture.trend_picture(months(["ok", "ok"]), RETENTION, "Title", FORM, "share in %")
    assert not {"title", "description"} & set(found.spec)
    assert found.caption.title == "Title"
    assert found.caption.subtitle == "Retention, share in %, with 95 % interval"
    assert found.caption.alt == "Title. From 90.0 % in Jan 2026 to 91.0 % in Feb 2026."


def test_lines_and_their_table_hold_finished_periods_only() -> None:
    frame = pd.concat([months(["ok", "ok", "partial"], name) for name in ("SMB", "Public")])
    found = picture.lines_picture(frame, RETENTION, "T", FORM, "share", ["SMB", "Public"])
    assert sorted(set(found.table["label"])) == ["Feb 2026", "Jan 2026"]
    assert found.panels == ()


def test_many_lines_become_panels_with_their_own_words() -> None:
    names = [f"Segment {at}" for at in range(6)]
    frame = pd.concat([months(["ok", "ok"], name) for name in names])
    found = picture.lines_picture(frame, RETENTION, "T", FORM, "share", names[::-1])
    assert [small.title for small in found.panels] == names[::-1]
    assert all(small.alt.startswith(small.title) for small in found.panels)


@pytest.mark.parametrize("count", [2, 6])
def test_who_is_in_no_segment_stands_in_the_table_alone(count: int) -> None:
    names = [f"Segment {at}" for at in range(count)]
    rest = months(["ok", "ok"], "Unknown").assign(estimate=0.01, lo=0.0, hi=0.5, is_rest=True)
    frame = pd.concat([*(months(["ok", "ok"], name).assign(is_rest=False) for name in names), rest])
    found = picture.lines_picture(frame, RETENTION, "T", FORM, "share", [*names, "Unknown"])
    assert "Unknown" in set(found.table["name"])
    assert found.caption.subtitle.endswith("finished periods; Unknown in the table only")
    specs = [found.spec, *(small.spec for small in found.panels)]
    drawn = [
        row for spec in specs for data in spec["datasets"].values() for row in data.to_pylist()
    ]
    assert {row["line"] for row in drawn} == set(names)
    assert min(row["lo"] for row in drawn) == 0.85
    alone = picture.lines_picture(rest, RETENTION, "T", FORM, "share", ["Unknown"])
    assert alone.spec


@pytest.mark.parametrize(
    ("flags", "why"), [([], "Nobody matches"), (["too_few", "too_few"], "too few people")]
)
def test_nothing_to_draw_says_why(flags: list[str], why: str) -> None:
    found = picture.trend_picture(months(flags), RETENTION, "Title", FORM, "share in %")
    assert why in found.empty
    assert found.spec == {}


@pytest.mark.parametrize(
    ("unit", "estimates", "shape"),
    [
        (Unit.SHARE, [0.90, 0.91], ".1%"),
        (Unit.SHARE, [0.2, 0.9], ".0%"),
        (Unit.MONEY, [20_000.0, 40_000.0], "~s"),
        (Unit.UNIT_MONEY, [20.0, 22.0], ",.1f"),
        (Unit.SHARE, [0.96, 0.96], ".1%"),
        (Unit.SHARE, [0.9601, 0.9604], ".3%"),
        (Unit.SHARE, [], ".0%"),
        (Unit.UNIT_MONEY, [2.11, 2.15], ",.2f"),
        (Unit.POINTS, [-20.0, 40.0], ",.0f"),
        (Unit.CUSTOMERS, [], ",d"),
    ],
)
def test_an_axis_is_as_exact_as_its_range_needs(
    unit: Unit, estimates: list[float], shape: str
) -> None:
    assert picture.number_format(unit, pd.Series(estimates, dtype=float)) == shape


def test_people_are_written_out_and_money_is_shortened() -> None:
    assert picture.say(FORM, 18_230, Unit.CUSTOMERS) == "18,230"
    assert picture.say(FORM, 1_312_000, Unit.MONEY) == "€1.31m"


@pytest.mark.parametrize(
    ("goal", "said", "is_drawn"),
    [
        (0.95, "dashed: goal 95.0 %", True),
        (0.20, "goal 20.0 %, below what is drawn", False),
        (1.40, "goal 140.0 %, above what is drawn", False),
    ],
)
def test_a_goal_far_from_all_figures_is_named_and_does_not_flatten_them(
    goal: float, said: str, is_drawn: bool
) -> None:
    frame = months(["ok", "ok"]).assign(goal=goal, goal_text=f"goal {goal * 100:.1f} %")
    found = picture.trend_picture(frame, RETENTION, "Title", FORM, "share in %")
    assert found.caption.subtitle.endswith(said)
    drawn = [row for data in found.spec["datasets"].values() for row in data.to_pylist()]
    assert [row.get("goal") for row in drawn] == ([goal] * 2 if is_drawn else [None] * 2)
    assert [column.label for column in found.columns][-2:] == ["Goal", "Evidence"]
    assert found.table["goal"].tolist() == [goal, goal]
