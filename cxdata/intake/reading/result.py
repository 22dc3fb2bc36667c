"""What reading an extract decided, what it asks and what it set aside. Frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dialect:
    """How the text of a file is written. Every field is changed by the choice of its name.

    ``container`` is ``""``, ``gzip``, ``zip`` or ``xlsx``, and ``member`` the file of the zip or
    the sheet of the workbook. ``encoding`` is the name people know. An empty ``delimiter`` means
    one column, an empty ``quote``, ``escape`` or ``comment`` that there is none; an escape that
    equals the quote means that quotes are doubled. ``newline`` is ``LF``, ``CRLF``, ``CR``,
    ``CRCRLF`` or ``mixed``. ``header`` counts the rows of names, ``skip`` the lines before them.
    """

    container: str = ""
    member: str = ""
    encoding: str = "UTF-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    newline: str = "LF"
    header: int = 1
    skip: int = 0
    comment: str = ""


@dataclass(frozen=True)
class SetAside:
    """A record that was not accepted: where it stands, its text as in the file, and why.

    ``record`` counts data records from 1, ``line`` the lines of the file from 1 (the header
    included). ``rule`` is the reason as a word: width, quote, byte, nul, total, footer,
    repeated_header, second_table, question_text, cut, delimiter, comment.
    """

    record: int
    line: int
    raw: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Question:
    """Something that is the reader's to decide. ``key`` is the choice that answers it.

    ``options`` are values of that choice with their words, ``default`` is the value that was
    taken meanwhile and ``evidence`` is why.
    """

    key: str
    asks: str
    default: Any
    options: tuple[tuple[Any, str], ...]
    evidence: str
