from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from cxdata.analysis.restatement import Cause
from cxdata.cli import main
from cxdata.exports.manifest import FILE, seal
from cxdata.exports.pack import pack
from cxdata.exports.verify import Standing, verify
from cxdata.exports.write import files_of, put
from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story, View
from cxdata.panels.choices import Desk
from tests.exports.conftest import CLOCK, Made
from tests.panels.conftest import desk_of
from tests.ui.conftest import customers, sales, written


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(made.folder, folder)
    return folder


def test_an_untouched_pack_agrees_number_for_number(made: Made, desk: Desk) -> None:
    found = verify(made.folder, desk)
    assert found.standing is Standing.AGREES, found.tampering
    assert found.files == 5
    assert found.numbers > 300


def edited_deck(path: Path) -> None:
    """Move one figure of one chart, as a hand in PowerPoint would."""
    shown = Presentation(str(path))
    charts = [s.chart for one in shown.slides for s in one.shapes if getattr(s, "has_chart", False)]
    value = next(
        one
        for one in charts[1]._chartSpace.iter()
        if one.tag.endswith("}v")
        and one.getparent().tag.endswith("}pt")
        and one.text.replace(".", "").isdigit()
    )
    value.text = "12345.0"
    shown.save(str(path))


def edited_table(path: Path) -> None:
    shown = Presentation(str(path))
    table = next(
        s.table for one in shown.slides for s in one.shapes if getattr(s, "has_table", False)
    )
    table.cell(0, 1).text = "99,999"
    shown.save(str(path))


def replaced(before: bytes, after: bytes) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        content = path.read_bytes()
        assert before in content
        path.write_bytes(content.replace(before, after, 1))

    return edit


def one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("form", "edit", "said"),
    [
        ("pptx", edited_deck, "12345"),
        ("pptx", edited_table, "99,999"),
        ("csv", replaced(b",Figure,", b",Figure,9"), "line"),
        ("html", replaced(b" customers won", b"9 customers won"), "customers won"),
        ("pdf", one_byte, "not the file that was made"),
        ("xlsx", one_byte, ""),
    ],
)
def test_a_changed_number_is_found_in_every_file(
    made: Made, desk: Desk, copy: Path, form: str, edit: Callable[[Path], None], said: str
) -> None:
    edit(copy / made.path(form).name)
    found = verify(copy, desk)
    assert found.standing is Standing.TAMPERED
    assert {one.file for one in found.changes} == {made.path(form).name}
    assert any(said in f"{one.where} {one.found}" for one in found.changes)


def changed_manifest(copy: Path, *, sealed: bool) -> None:
    content: dict[str, Any] = json.loads((copy / FILE).read_text())
    content["views"][0]["figures"]["rows"][0][1] += 1
    if sealed:
        content["seal"] = seal(content)
    (copy / FILE).write_text(json.dumps(content))


def test_a_manifest_that_was_changed_breaks_its_seal(desk: Desk, copy: Path) -> None:
    changed_manifest(copy, sealed=False)
    assert "seal" in " ".join(verify(copy, desk).tampering)


def test_a_manifest_that_was_sealed_anew_still_differs_from_the_data(
    desk: Desk, copy: Path
) -> None:
    changed_manifest(copy, sealed=True)
    found = verify(copy, desk)
    assert found.standing is Standing.TAMPERED
    assert "view 1: At the start, Figure" in " ".join(found.tampering)


def test_a_file_that_is_gone_is_said(made: Made, desk: Desk, copy: Path) -> None:
    (copy / made.path("pdf").name).unlink()
    assert [one.where for one in verify(copy, desk).changes] == ["the file is not there"]


def test_a_folder_without_a_manifest_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CxError, match=r"no manifest\.json"):
        verify(tmp_path, desk)


def test_data_that_moved_on_are_a_drift_with_its_reason(tmp_path: Path) -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "customer": customers(30),
        "sales_transaction": sales(30),
    }
    folder = tmp_path / "data"
    desk = desk_of(written(folder, tables))
    story = Story("Spend", (Slide(View("spend", panel="trend-revenue_per_customer")),))
    put(tmp_path / "pack", files_of(pack(desk, story, CLOCK), ("csv",)))
    tables["sales_transaction"][0]["net_amount"] += 300.0
    later = desk_of(written(folder, tables))
    found = verify(tmp_path / "pack", later, lambda *_: frozenset({Cause.CORRECTION}))
    assert found.standing is Standing.DRIFTED
    assert found.drifts[0].causes == (Cause.CORRECTION,)
    assert "Sep 2026" in found.drifts[0].what
    unknown = verify(tmp_path / "pack", later)
    assert unknown.drifts[0].causes == (Cause.UNKNOWN,)


def test_the_command_says_it_and_ends_with_its_code(
    made: Made, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["--source", str(made.company)]
    assert main(["verify", str(copy), *source]) == 0
    assert "Agrees: " in capsys.readouterr().out
    edited_table(copy / made.path("pptx").name)
    assert main(["verify", str(copy), *source]) == 3
    assert "is 99,999" in capsys.readouterr().out
    assert main(["verify", str(copy), *source, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["standing"] == "tampered"


def test_a_deck_that_cannot_be_read_any_more_is_said(made: Made, desk: Desk, copy: Path) -> None:
    (copy / made.path("pptx").name).write_bytes(io.BytesIO(b"gone").getvalue())
    assert verify(copy, desk).changes[0].where == "it cannot be read any more"
