"""Long work: one process a name, what it said last, and an end that a reader can understand."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from cxdata.ui.work import Progress, Work


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command of the product that does what a test writes into it."""
    script = tmp_path / "command"
    monkeypatch.setattr(sys, "executable", str(script))
    return script


def ended(process: Path, *lines: str) -> Progress:
    process.write_text("\n".join(("#!/bin/sh", *lines)))
    process.chmod(0o755)
    work = Work()
    work.start("it", ["anything"])
    until = time.monotonic() + 30
    while time.monotonic() < until:
        now = work.progress("it")
        if now and now.is_done:
            return now
        time.sleep(0.02)
    raise AssertionError("the work never ended")


def test_it_says_how_far_it_is(process: Path) -> None:
    now = ended(process, "echo ' 40% Customers' >&2", "exit 0")
    assert (now.what, now.share, now.fault) == ("Customers", 0.4, "")


def test_a_known_fault_is_its_sentence_without_what_to_type(process: Path) -> None:
    said = "echo 'cxdata prepare: The folder cannot be written.' >&2"
    now = ended(process, said, "echo '  hint: chmod u+w data' >&2", "exit 2")
    assert now.fault == "The folder cannot be written."


@pytest.mark.parametrize("code", [1, 137])
def test_a_crash_shows_no_reader_what_only_its_maker_understands(process: Path, code: int) -> None:
    now = ended(process, 'echo "NameError: name" >&2', f"exit {code}")
    assert now.fault == "The work stopped without a word. Nothing was lost; start it again."


def test_what_is_under_way_is_not_started_twice(process: Path, tmp_path: Path) -> None:
    process.write_text(f"#!/bin/sh\necho x >> {tmp_path}/starts\nsleep 1\n")
    process.chmod(0o755)
    work = Work()
    for _ in range(3):
        work.start("it", [])
    while not (now := work.progress("it")) or not now.is_done:
        time.sleep(0.02)
    assert (tmp_path / "starts").read_text() == "x\n"
