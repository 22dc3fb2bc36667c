"""What reading an extract decided, what it set aside and why it refused. Frozen records."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.intake.question import Question
from cxdata.model.errors import IntakeError

__all__ = ["Dialect", "Question", "Refused", "SetAside"]


class Refused(IntakeError):
    """The whole file cannot be read; the message is the sentence that says why.

    ``questions`` are the choices that would make it readable.
    """

    def __init__(self, message: str, *questions: Question) -> None:
        super().__init__(message)
        self.questions = questions


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
