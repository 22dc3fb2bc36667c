"""The house itself: what keeps pages thin, layers honest, dependencies pinned and files clean."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.absence import unavailable

ROOT = Path(__file__).resolve().parent.parent
PAGE_LINES = 40
NOT_IN_PAGES = {"pandas", "numpy", "sqlalchemy", "duckdb", "pyarrow", "altair"}
# The clock is read by whoever faces a person; everything below is told what day it is. What must
# stamp an instant takes a `clock`, whose default may be a function of this name and nothing else.
CLOCK_DEFAULT = "_utc_now"
CLOCK_READERS = ("cxdata/ui/", "cxdata/cli/")
CLOCKS = {"today", "now", "utcnow", "current_date", "current_timestamp", "localtimestamp"}


# --- the files -----------------------------------------------------------------------------------


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that is committed or could be."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        unavailable("The project's file list comes from git: run the tests in a git checkout.")
    paths = (ROOT / name for name in listing.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def below(*folders: str) -> list[Path]:
    """The Python files in these folders, or these files themselves, named from the root."""
    chosen = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and any(name == f or name.startswith(f) for f in folders):
            chosen.append(path)
    return chosen


def label(path: Path) -> str:
    """A file's name from the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text."""
    for path in files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def calls(paths: list[Path], guilty: Callable[[ast.Call], bool]) -> list[str]:
    """`file:line` of every call that a predicate finds guilty."""
    return [
        f"{label(path)}:{node.lineno}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and guilty(node)
    ]


def imports(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def code_lines(path: Path) -> int:
    """How many lines of a file carry code: no blank lines, comments or docstring."""
    body = tree(path).body
    if ast.get_docstring(tree(path)) is not None:
        body = body[1:]
    return len({line for node in body for line in range(node.lineno, (node.end_lineno or 0) + 1)})


# --- pages ---------------------------------------------------------------------------------------


def test_no_page_lies_directly_in_pages() -> None:
    """Streamlit would run such a file without `app.py`: no filters, no check of who is asking."""
    assert [label(path) for path in below("pages/") if path.parent == ROOT / "pages"] == []


def test_pages_are_short_and_only_compose() -> None:
    for path in below("pages/"):
        assert ast.get_docstring(tree(path)), f"{label(path)} does not say the question it answers"
        assert code_lines(path) <= PAGE_LINES, f"{label(path)}: a verb is missing"
        assert not imports(path) & NOT_IN_PAGES, f"{label(path)} does the work of a lower layer"
        assert "session_state" not in path.read_text(encoding="utf-8"), label(path)
        assert "unsafe_allow_html" not in path.read_text(encoding="utf-8"), label(path)


def test_streamlit_is_imported_by_the_frame_the_pages_and_ui_alone() -> None:
    paths = [path for path in below("cxdata/") if not label(path).startswith("cxdata/ui/")]
    assert [label(path) for path in paths if "streamlit" in imports(path)] == []


def shows_a_trace(call: ast.Call) -> bool:
    """Whether a call is `st.exception(...)`."""
    return ast.unparse(call.func) == "st.exception"


def test_no_stack_trace_reaches_a_reader() -> None:
    assert calls(below("app.py", "pages/", "cxdata/"), shows_a_trace) == []


# --- the package ---------------------------------------------------------------------------------


def test_every_package_says_what_it_holds() -> None:
    folders = {path.parent for path in below("cxdata/")}
    for folder in folders:
        door = folder / "__init__.py"
        assert door.is_file(), f"{label(folder)} has no __init__.py"
        assert ast.get_docstring(tree(door)), f"{label(door)} has no docstring"


def reads_the_clock(call: ast.Call) -> bool:
    """Whether a call asks what day or time it is, in Python or in SQL."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS


def clock_defaults(path: Path) -> set[str]:
    """`file:line` of each call that makes the default of a `clock` parameter."""
    return {
        f"{label(path)}:{node.body[-1].lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name == CLOCK_DEFAULT
        if ast.unparse(node.body[-1]) == "return datetime.now(UTC)"
    }


def test_nothing_below_ui_and_cli_reads_the_clock() -> None:
    paths = [path for path in below("cxdata/") if not label(path).startswith(CLOCK_READERS)]
    allowed = {place for path in paths for place in clock_defaults(path)}
    assert set(calls(paths, reads_the_clock)) - allowed == set()


@pytest.mark.parametrize(
    ("code", "guilty"),
    [
        ("date.today()", reads_the_clock),
        ("datetime.datetime.now(UTC)", reads_the_clock),
        ("func.current_date()", reads_the_clock),
        ("st.exception(fault)", shows_a_trace),
    ],
)
def test_a_broken_rule_is_seen(code: str, guilty: Callable[[ast.Call], bool]) -> None:
    (call,) = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    assert guilty(call)
    assert not guilty(ast.Call(ast.Name("logged_exception"), [], []))


# --- words ---------------------------------------------------------------------------------------


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    assert [label(path) for path, text in texts() if later.search(text)] == []


def test_no_file_names_a_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/")
    found = [
        f"{label(path)}: {match.group()}"
        for path, text in texts()
        if (match := machine.search(text))
    ]
    assert found == []


# --- dependencies --------------------------------------------------------------------------------


def requirements(name: str) -> dict[str, Requirement]:
    """The requirements that one file states itself, by canonical package name."""
    stated: dict[str, Requirement] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words and not words.startswith("-r "):
            requirement = Requirement(words)
            stated[canonicalize_name(requirement.name)] = requirement
    return stated


def pin(requirement: Requirement) -> str:
    """The one version that a line of the lock allows."""
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", f"{requirement} is not a pin"
    return specifier.version


def test_installed_versions_are_the_locks() -> None:
    for name, requirement in requirements("requirements.lock").items():
        if requirement.marker is None or requirement.marker.evaluate():
            installed = importlib.metadata.version(name)
            assert installed == pin(requirement), (
                f"{name}: run `make test`, which installs the lock"
            )


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_pins_every_requirement_within_its_range(name: str) -> None:
    lock = requirements("requirements.lock")
    for package, requirement in requirements(name).items():
        assert package in lock, f"{package} is not in requirements.lock: run `make lock`"
        assert requirement.specifier.contains(pin(lock[package])), f"{package}: run `make lock`"


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*-", lock, re.MULTILINE)


def test_installed_packages_agree_with_each_other() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize(
    ("folders", "stated_in"),
    [
        (("app.py", "pages/", "cxdata/"), ["requirements.txt"]),
        (("tests/", "benchmarks/"), ["requirements.txt", "requirements-dev.txt"]),
    ],
)
def test_every_import_is_a_stated_requirement(
    folders: tuple[str, ...], stated_in: list[str]
) -> None:
    stated = {package for name in stated_in for package in requirements(name)}
    own = sys.stdlib_module_names | {"cxdata", "tests", "benchmarks", "__future__"}
    distributions = importlib.metadata.packages_distributions()
    for path in below(*folders):
        for module in imports(path) - own:
            owners = {canonicalize_name(owner) for owner in distributions.get(module, [module])}
            assert owners & stated, f"{label(path)} imports {module}, which {stated_in} do not name"


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
