from __future__ import annotations

from collections.abc import Sequence

from cxdata.query.memory import Memory


def test_only_what_is_not_remembered_is_looked_for() -> None:
    asked: list[list[str]] = []

    def find(names: Sequence[str]) -> dict[str, str]:
        asked.append(list(names))
        return {name: name.upper() for name in names if name != "nothing"}

    memory = Memory()
    assert memory.recall({"a": 1, "b": 2}, find) == {"a": "A", "b": "B"}
    assert memory.recall({"b": 2, "c": 3, "nothing": 4}, find) == {"b": "B", "c": "C"}
    assert asked == [["a", "b"], ["c", "nothing"]]


def test_the_same_name_under_another_key_is_another_answer() -> None:
    memory = Memory()
    assert memory.recall({"a": "everyone"}, lambda _: {"a": 1}) == {"a": 1}
    assert memory.recall({"a": "families"}, lambda _: {"a": 2}) == {"a": 2}
    assert memory.recall({"a": "everyone"}, lambda _: {}) == {"a": 1}


def test_the_oldest_answers_are_forgotten() -> None:
    memory = Memory(most=2)
    for key in (1, 2, 3):
        memory.recall({key: key}, lambda keys: {one: -one for one in keys})
    assert memory.recall({1: 1}, lambda _: {}) == {}
    assert memory.recall({3: 3}, lambda _: {}) == {3: -3}
