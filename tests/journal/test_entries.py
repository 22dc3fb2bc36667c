from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cxdata.journal.database import Journal
from cxdata.journal.entries import entries, remove_entry, write_entry
from cxdata.model.errors import JournalError

OUTAGE = {"event_date": date(2026, 9, 12), "label": "App down for six hours", "kind": "outage"}


def test_an_annotation_is_added_changed_and_removed(journal: Journal) -> None:
    entry_id = write_entry(journal, "annotation", OUTAGE, "ann")
    (entry,) = entries(journal, "annotation")
    assert entry.content == {**OUTAGE, "annotation_id": entry_id}
    assert entry.changed_by == "ann"
    write_entry(journal, "annotation", {**OUTAGE, "label": "App down"}, "bob", entry_id)
    (entry,) = entries(journal, "annotation")
    assert (entry.content["label"], entry.changed_by) == ("App down", "bob")
    remove_entry(journal, "annotation", entry_id, "bob")
    assert entries(journal, "annotation") == ()


def test_a_goal_has_the_columns_of_its_table(journal: Journal) -> None:
    goal = {
        "metric_id": "nps",
        "valid_from": date(2027, 1, 1),
        "value": 40,
        "owner": "Dana",
        "slice_key": "*",
        "kind": "target",
    }
    write_entry(journal, "target", goal, "ann")
    assert entries(journal, "target")[0].content == goal


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("customer", {}, "Nothing can be added to customer"),
        ("annotation", {**OUTAGE, "colour": "red"}, "no column colour"),
        ("annotation", {**OUTAGE, "label": ""}, "label of annotation is needed"),
        ("annotation", {**OUTAGE, "kind": "party"}, "must be one of price"),
        ("annotation", {**OUTAGE, "event_date": "12.9."}, "cannot be '12.9.'"),
        (
            "target",
            {"metric_id": "nps", "valid_from": date(2026, 1, 1), "value": True},
            "cannot be",
        ),
    ],
)
def test_what_the_declaration_does_not_allow_is_refused(
    journal: Journal, kind: str, content: dict[str, Any], says: str
) -> None:
    with pytest.raises(JournalError, match=says):
        write_entry(journal, kind, content, "ann")


def test_an_initiative_does_not_end_before_it_starts(journal: Journal) -> None:
    initiative = {
        "name": "Shorter onboarding",
        "owner": "Dana",
        "start_date": date(2026, 5, 1),
        "end_date": date(2026, 4, 1),
        "primary_metric": "logo_retention",
    }
    with pytest.raises(JournalError, match="lies before"):
        write_entry(journal, "initiative", initiative, "ann")
