"""The way of an extract as the pages go it: looked at, confirmed, checked, published."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from cxdata.intake.terms import ASIDE, UNKNOWN
from cxdata.model.errors import ConfigError, IntakeError, StoreError
from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import csv_template
from cxdata.publish.confirming import DRIFTED, name_for
from cxdata.publish.looking import SAVED, TEMPLATE, look_of
from cxdata.publish.place import ReadOnly
from cxdata.publish.plan import Plan
from cxdata.publish.room import Room
from cxdata.publish.staged import Staged, Status
from cxdata.sources.config import Place, Settings
from tests.publish.kit import NOON, later

TILL = [
    "Beleg;Kunde;Datum;Betrag",
    *(f"B{at};K{at % 9};{1 + at % 28:02d}.{1 + at % 3:02d}.2025;{at},50" for at in range(60)),
    "B99;K1;kaputt;12,00",
    "Summe;;;1.800,00",
]
ANSWERS = {
    "table": "sales_transaction",
    "column:Beleg:is": "transaction_id",
    "column:Kunde:is": "customer_id",
    "column:Datum:is": "transaction_date",
    "column:Betrag:is": "net_amount",
    "customers": True,
}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(Settings(place=Place(kind="store", data=tmp_path / "data")))


def brought(room: Room, lines: list[str] | None = None, name: str = "till 2026-03.csv") -> Staged:
    raw = "\r\n".join(lines or TILL).encode("cp1252")
    return room.receive(io.BytesIO(raw), name=name, user="ann", now=NOON)


def confirmed(room: Room, item: Staged) -> None:
    look = room.look(item, now=NOON)
    plan = replace(room.plan_of(item), answers=ANSWERS)
    room.confirm(item, look, plan, name="till", user="ann", now=NOON)


def test_a_look_says_all_and_is_kept(room: Room) -> None:
    item = brought(room)
    look = room.look(item, now=NOON)
    assert look_of(room.store, item) == look
    assert (look.records, look.set_aside, dict(look.aside_rules)) == (62, 1, {"total": 1})
    assert (look.dialect.delimiter, look.header[0]) == (";", "Beleg")
    assert [one.line for one in look.rows if one.place == "first"] == list(range(2, 22))
    assert {one.place for one in look.rows} == {"first", "middle", "last"}
    assert look.rows[-1].cells == ("B99", "K1", "kaputt", "12,00")
    assert "sales_transaction" in [one.table for one in look.tables]


def test_what_was_decided_survives_and_another_look_follows_it(room: Room) -> None:
    item = brought(room)
    room.look(item, now=NOON)
    room.decide(item, Plan(choices={"delimiter": "|"}))
    again = Room(room.settings)
    assert again.plan_of(item).choices == {"delimiter": "|"}
    assert again.look(item, now=NOON).dialect.delimiter == "|"


def test_confirmed_once_the_next_extract_needs_no_answer(room: Room) -> None:
    item = brought(room)
    confirmed(room, item)
    found = room.check(item, now=NOON)
    assert found.of("sales_transaction").words == "60 new, 1 aside"
    assert found.of("customer").new == 9
    made = room.publish(room.find(item.id) or item, user="ann", reason="March", now=NOON)
    entry = room.became(item.id[:12])
    assert entry is not None
    assert (entry.number, entry.user, entry.reason) == (made.version.number, "ann", "March")
    assert entry.recipe == "till"
    assert room.find(item.id) is None
    april = brought(room, [line.replace(".2025", ".2026") for line in TILL], "till 2026-04.csv")
    look = room.look(april, now=later(days=30))
    assert look.known is not None
    assert (look.known.kind, look.known.name) == (SAVED, "till")
    recipe = room.recipe_for(look, room.plan_of(april), "other")
    assert recipe is not None
    assert recipe.name == "till"
    assert room.open_questions(recipe, look) == ()


def test_a_headline_before_and_after_is_kept_with_the_version(room: Room, summed: None) -> None:
    item = brought(room)
    confirmed(room, item)
    found = room.check(item, now=NOON)
    assert found.headlines
    room.publish(room.find(item.id) or item, user="ann", reason="March", now=NOON)
    entry = room.became(item.id)
    assert entry is not None
    assert entry.headlines == found.headlines


def test_answers_that_are_no_recipe_say_what_lacks(room: Room) -> None:
    item = brought(room)
    look = room.look(item, now=NOON)
    answers = {**ANSWERS, "column:Betrag:is": ""}
    with pytest.raises(IntakeError, match="cannot do without net_amount"):
        room.recipe_for(look, Plan(answers=answers), "till")


def test_going_on_from_a_question_with_its_likely_answer_gives_it(room: Room) -> None:
    lines = [f"{line};{('Anaïs', 'Søren', 'Žofie')[at % 3]}" for at, line in enumerate(TILL)]
    lines[0] = f"{TILL[0]};Name"
    item = brought(room, lines)
    look = room.look(item, now=NOON)
    guessed = look.likely["encoding"]
    plan = replace(room.plan_of(item), answers=ANSWERS)
    decided = room.confirm(item, look, plan, name="till", user="ann", now=NOON)
    assert decided.choices["encoding"] == guessed
    assert room.check(item, now=NOON).of("sales_transaction").new == 60
    assert room.recipes.find("till").layout.encoding == guessed
    april = brought(room, lines, "april.csv")
    assert "encoding" not in room.look(april, now=NOON).likely


def test_rows_of_unknown_customers_are_set_aside_where_that_was_decided(room: Room) -> None:
    item = brought(room)
    confirmed(room, item)
    room.check(item, now=NOON)
    room.publish(room.find(item.id) or item, user="ann", reason="March", now=NOON)
    others = [f"N{line.replace('K8', 'K9')};x" for line in TILL]
    item = brought(room, [f"{TILL[0]};Filiale", *others[1:]])
    look = room.look(item, now=NOON)
    plan = Plan(answers={**ANSWERS, "customers": False, DRIFTED: False})
    plan = room.confirm(item, look, plan, name="branch", user="ann", now=NOON)
    assert room.check(item, now=NOON).of("sales_transaction").new == 60
    kept = room.find(item.id)
    assert kept is not None
    assert kept.prepared is not None
    assert [one.rows for one in kept.prepared.unresolved] == [6]
    room.decide(item, replace(plan, answers={**plan.answers, UNKNOWN: ASIDE}))
    assert room.check(item, now=NOON).of("sales_transaction").new == 54
    item = room.find(item.id) or item
    room.publish(item, user="ann", reason="Branch", accept=["set_aside"], now=NOON)
    lines = [";".join(row) for row in room.aside(item.id)]
    at = next(at for at, line in enumerate(lines) if ";K9;" in line)
    lines[at] = lines[at].replace(";K9;", ";K1;", 1)
    again = brought(room, lines, "mended.csv")
    room.look(again, now=NOON)
    assert room.check(again, now=NOON).of("sales_transaction").new == 1  # the others still wait


def test_a_template_is_known_and_saves_no_recipe(room: Room) -> None:
    header = csv_template(curated("channel")).strip()
    line = ",".join("phone" if name.endswith("code") else "" for name in header.split(","))
    item = brought(room, [header, line.replace("phone,", "phone,Phone", 1)])
    look = room.look(item, now=NOON)
    assert look.known is not None
    assert look.known.kind == TEMPLATE
    room.confirm(item, look, room.plan_of(item), name="x", user="ann", now=NOON)
    assert room.recipes.names() == ()


def test_looking_again_takes_what_was_prepared_away(room: Room) -> None:
    item = brought(room)
    confirmed(room, item)
    room.check(item, now=NOON)
    assert room.rehearsal_of(room.find(item.id) or item) is not None
    room.look(item, now=NOON)
    again = room.find(item.id)
    assert again is not None
    assert (again.status, room.rehearsal_of(again)) == (Status.RECEIVED, None)


def test_what_cannot_be_read_is_refused_in_words(room: Room) -> None:
    item = room.receive(
        io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 900), name="p.csv", user="a", now=NOON
    )
    look = room.look(item, now=NOON)
    assert look.refused
    assert look.rows == ()


def test_others_who_publish_meanwhile_are_named(room: Room) -> None:
    mine, theirs = brought(room), brought(room, [*TILL[:20]], "theirs.csv")
    for item in (mine, theirs):
        confirmed(room, item)
        room.check(item, now=NOON)
    found = room.rehearsal_of(room.find(mine.id) or mine)
    assert found is not None
    assert room.since(found) == ()
    room.publish(room.find(theirs.id) or theirs, user="bob", reason="Theirs", now=NOON)
    (since,) = room.since(found)
    assert (since.user, since.reason) == ("bob", "Theirs")
    assert since.changes["sales_transaction"]["new"] == 19


def test_only_the_invented_company_can_be_taken_away_at_once(room: Room) -> None:
    with pytest.raises(StoreError, match="invented"):
        room.clear(user="ann", now=NOON)
    item = brought(room)
    confirmed(room, item)
    room.check(item, now=NOON)
    room.publish(room.find(item.id) or item, user="demo", reason="Demo", now=NOON)
    assert room.is_invented
    room.clear(user="ann", now=NOON)
    assert (room.is_empty, room.is_invented) == (True, False)
    assert room.ways().back == 1


def test_a_plain_folder_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(ReadOnly, match="only reads"):
        Room(Settings(place=Place(kind="folder", data=tmp_path)))
    assert issubclass(ReadOnly, ConfigError)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("CRM Export 2026-01.csv", "crm-export"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\Sales.xlsx", "sales"),
        ("2026.csv", "extract"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_recipe_is_named_after_the_file(file: str, name: str) -> None:
    assert name_for(Staged("0" * 32, file, "ann", NOON, NOON)) == name
