"""What kind of file this is, from its first bytes: text, a container of text, or something else."""

from __future__ import annotations

import json
import re

from cxdata.intake.reading.result import Question, Refused

GZIP, ZIP, OLE, TEXT = "gzip", "zip", "ole", "text"

_CONTAINERS = ((b"\x1f\x8b", GZIP), (b"PK\x03\x04", ZIP), (b"PK\x05\x06", ZIP))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PAR1", "a Parquet file; load the folder it lies in, without a recipe"),
    (b"%PDF", "a PDF; ask for the rows as CSV"),
    (b"{\\rtf", "an RTF document; ask for the rows as CSV"),
    (b"SQLite format 3\x00", "an SQLite database; export the table as CSV"),
    (b"ARROW1", "an Arrow (Feather) file; export the table as CSV"),
    (b"ORC", "an ORC file; export the table as CSV"),
    (b"Obj\x01", "an Avro file; export the table as CSV"),
    (b"BZh", "a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file (xz); unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd); unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z); unpack it first"),
    (b"Rar!\x1a\x07", "a compressed file (rar); unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_EBCDIC_ENDS = (b"\x25", b"\x15")
"""Line feed and next line there: percent sign and a control character elsewhere."""
_BINARY_WORDS = (b"ORC", b"BZh")
"""Beginnings that could also be those of a text: they count with unprintable bytes behind them."""
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b", re.I)
_XML = re.compile(rb"\s*<\?xml\b")
_JSON = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{]|\]|$))')
_CONTROL = bytes(set(range(32)) - {1, 2, 9, 10, 11, 12, 13, 20, 26, 27, 28, 29, 30, 31})
"""Control characters that texts do not hold; those that serve as separators are left out."""


def kind(start: bytes) -> str:
    """Return what a file is by its first bytes: gzip, zip, ole or text.

    Raises:
        Refused: it is nothing that holds rows of text.
    """
    for magic, name in _CONTAINERS:
        if start.startswith(magic):
            return name
    if start.startswith(_OLE):
        return OLE
    for magic, said in _OTHERS:
        if start.startswith(magic) and (magic not in _BINARY_WORDS or _unprintable(start)):
            raise Refused(f"This is not a table of text but {said}.")
    return TEXT


def refuse_ebcdic(start: bytes) -> None:
    """Refuse text of a mainframe, in which letters and line ends have bytes of their own.

    Raises:
        Refused: holds the code pages that would make it readable.
    """
    if b"\n" in start or not any(end in start for end in _EBCDIC_ENDS) or start.isascii():
        return
    text = start.decode("cp500")
    if sum("\x20" <= sign <= "\x7e" or sign in "\n\r\t\x85" for sign in text) < 0.95 * len(text):
        return
    question = Question(
        "encoding",
        "Is the text EBCDIC, as mainframes write it?",
        "cp500",
        (("cp500", "international"), ("cp037", "United States"), ("cp273", "Germany, Austria")),
        f"It begins: {text[:60]!r}",
    )
    raise Refused(
        "This is EBCDIC text, as mainframes write it. Choose its code page (cp500, cp037), or ask "
        f"for the rows as UTF-8. It begins: {text[:60]!r}",
        question,
    )


def refuse_markup(start: str) -> None:
    """Refuse HTML, XML and JSON by the first characters of a text.

    Raises:
        Refused: it is one of them.
    """
    raw = start.encode("utf-8", "surrogatepass")
    if _HTML.match(raw):
        raise Refused(
            "This is an HTML page, not a table of text, whatever its name says; open it in a "
            "spreadsheet and save it as CSV or .xlsx."
        )
    if _XML.match(raw):
        raise Refused("This is an XML file, not a table of text; export the rows as CSV.")
    if _JSON.match(start) and _is_json(start):
        raise Refused(
            "This is JSON, not a table of text; export the rows as CSV, with a header line."
        )


def refuse_binary(start: bytes) -> None:
    """Refuse bytes that are no text in any encoding that is read.

    Raises:
        Refused: more than a few are control characters that texts do not hold.
    """
    if _unprintable(start):
        raise Refused("This is a binary file, not a table of text; export the rows as CSV.")


def _unprintable(start: bytes) -> bool:
    controls = len(start) - len(start.translate(None, _CONTROL))
    return controls > 3 and controls > len(start) // 30


def _is_json(start: str) -> bool:
    line = start.strip().split("\n", 1)[0].strip()
    try:
        return isinstance(json.loads(line), dict | list)
    except ValueError:
        # A document over many lines: its first line alone is no JSON, but its brackets show.
        return line in ("{", "[", "[{") or bool(re.match(r'[\[{]+\s*"[^"]*"\s*:', line))
