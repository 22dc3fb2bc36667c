"""Readers who wait for the first build: one process, whose end each of them sees."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxdata.ui import preparing
from cxdata.ui.work import ROOT, Progress, Work, environment


def waiting() -> None:
    from cxdata.ui import preparing

    preparing.prepare()


class Desk(Work):
    """Work that starts no process, and counts how often one would have been started."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: list[tuple[str, ...]] = []

    def start(self, name: str, command: Sequence[str]) -> Progress:
        self.starts.append(tuple(command))
        return self.say(name, Progress("Customers", 0.4))

    def say(self, name: str, now: Progress) -> Progress:
        self._now[name] = now
        return now


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    found = Desk()
    monkeypatch.setattr(preparing, "WORK", found)
    return found


def test_a_reader_sees_how_far_the_work_is_and_a_second_starts_none(desk: Desk) -> None:
    for _ in range(2):
        at = AppTest.from_function(waiting).run()
        assert not at.exception
        assert at.title[0].value == "Getting the data ready"
    assert desk.starts == [("prepare",)]


def test_who_looks_after_the_end_starts_nothing_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reader to see the end forgets the work; the next look of another must not."""
    reruns: list[int] = []

    class Rerun(Exception):
        pass

    def rerun() -> None:
        reruns.append(1)
        raise Rerun

    monkeypatch.setattr("streamlit.rerun", rerun)
    with pytest.raises(Rerun):
        preparing._watch.__wrapped__()  # type: ignore[attr-defined]
    assert (desk.starts, reruns) == ([], [1])


def test_a_failure_is_said_with_a_way_on_and_starts_nothing_by_itself(desk: Desk) -> None:
    desk.say("prepare", Progress(is_done=True, fault="The folder *data* cannot be written."))
    at = AppTest.from_function(waiting).run()
    assert not at.exception
    assert "cannot be written" in at.warning[0].value
    assert "*data*" not in at.warning[0].value
    assert at.button[0].label == "Try again"
    assert desk.starts == []


def test_the_process_reads_the_settings_of_the_server(tmp_path: Path) -> None:
    """It runs where the server runs, so that both mean the same ``cxdata.toml`` and folder."""
    (tmp_path / "cxdata.toml").write_text('data = "elsewhere"\n')
    found = {k: v for k, v in environment().items() if k != "CXDATA_DATA"}
    ran = subprocess.run(
        [sys.executable, "-c", "from cxdata.sources.config import load; print(load().place.data)"],
        cwd=tmp_path,
        env=found,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(ran.stdout.strip()).parts[-1] == "elsewhere"
    assert str(ROOT) in found["PYTHONPATH"].split(os.pathsep)
