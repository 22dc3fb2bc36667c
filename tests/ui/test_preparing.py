"""Readers who wait for the first build: one process, whose end each of them sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxdata.ui import preparing
from cxdata.ui.preparing import Progress


def waiting() -> None:
    from cxdata.ui import preparing

    preparing.prepare()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the process would have been started."""
    starts: list[int] = []

    def start() -> Progress:
        if preparing._WORK.now is None:
            starts.append(1)
            preparing._WORK.now = Progress("Customers", 0.4)
        return preparing._WORK.now

    monkeypatch.setattr(preparing._WORK, "start", start)
    monkeypatch.setattr(preparing._WORK, "now", None)
    return starts


def test_a_reader_sees_how_far_the_work_is(started: list[int]) -> None:
    at = AppTest.from_function(waiting).run()
    assert not at.exception
    assert at.title[0].value == "Getting the data ready"
    assert started == [1]


def test_who_looks_after_the_end_starts_nothing_anew(
    started: list[int], monkeypatch: pytest.MonkeyPatch
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
    assert (started, reruns) == ([], [1])


def test_a_failure_is_said_with_a_way_on(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Progress(is_done=True, fault="The folder *data* cannot be written.")
    monkeypatch.setattr(preparing._WORK, "now", failed)
    at = AppTest.from_function(waiting).run()
    assert not at.exception
    assert "cannot be written" in at.warning[0].value
    assert "*data*" not in at.warning[0].value
    assert at.button[0].label == "Try again"


def test_the_process_reads_the_settings_of_the_server(tmp_path: Path) -> None:
    """It runs where the server runs, so that both mean the same ``cxdata.toml`` and folder."""
    (tmp_path / "cxdata.toml").write_text('data = "elsewhere"\n')
    environment = {k: v for k, v in preparing._environment().items() if k != "CXDATA_DATA"}
    ran = subprocess.run(
        [sys.executable, "-c", "from cxdata.sources.config import load; print(load().place.data)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(ran.stdout.strip()).parts[-1] == "elsewhere"
    assert str(preparing._ROOT) in environment["PYTHONPATH"].split(os.pathsep)
