"""What the tests of reading share: bytes of a file in, what was read out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxdata.intake import Reading, read

HEADER = ("id", "name", "amount")
ROWS = (("1", "Ann", "2.5"), ("2", "Bob", "3"), ("3", "Cid", "4.75"))


def text(
    rows: Sequence[Sequence[str]] = ROWS,
    delimiter: str = ",",
    end: str = "\n",
    header: Sequence[str] = HEADER,
) -> str:
    """Return a plain table as text."""
    return "".join(delimiter.join(row) + end for row in (header, *rows))


def reading(folder: Path, content: bytes, name: str = "extract.csv", **choices: Any) -> Reading:
    path = folder / name
    path.write_bytes(content)
    return read(path, **choices)


def rows(found: Reading) -> list[tuple[str, ...]]:
    return [tuple(row) for row in found.rows()]


def report(found: Reading) -> str:
    """Return everything that is said about a file, in one text."""
    said: list[object] = [found.refused or "", *found.notes, found.dialect]
    said += [f"{one.rule} {one.reason} {one.raw}" for one in found.set_aside]
    said += [f"{one.asks} {one.evidence}" for one in found.questions]
    said += [
        f"{one.name} {fault.line} {fault.value} {fault.why}"
        for one in found.profile
        for fault in one.faults
    ]
    return "\n".join(map(str, said))


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a small .xlsx: texts, numbers, ``("date", serial)`` and ``("formula", f, value)``."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/'
        f'2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}">{links}'
        f'<Relationship Id="rId99" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for number, content in enumerate(sheets.values(), start=1):
        body = "".join(
            f'<row r="{line}">'
            f"{''.join(_cell(value, line, place) for place, value in enumerate(row))}</row>"
            for line, row in enumerate(content, start=1)
            if row
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
    return zipped({name: part.encode() for name, part in parts.items()})


def _cell(value: Any, line: int, place: int) -> str:
    at = f'r="{chr(65 + place)}{line}"'
    if value is None:
        return ""
    if isinstance(value, tuple) and value[0] == "date":
        return f'<c {at} s="1"><v>{value[1]}</v></c>'
    if isinstance(value, tuple) and value[0] == "formula":
        return f"<c {at}><f>{value[1]}</f><v>{value[2]}</v></c>"
    if isinstance(value, tuple) and value[0] == "error":
        return f'<c {at} t="e"><v>{value[1]}</v></c>'
    if isinstance(value, bool):
        return f'<c {at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c {at}><v>{value}</v></c>"
    shown = json.dumps(value)[1:-1] if "\n" in value else value
    return f'<c {at} t="inlineStr"><is><t xml:space="preserve">{_escaped(shown)}</t></is></c>'


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
