"""Workbooks: a sheet as records of text, with dates and numbers as the sheet has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cxdata.intake.question import Question
from cxdata.intake.reading.result import Refused
from cxdata.intake.reading.sheet_errors import error_cells
from cxdata.intake.reading.split import Record

_EXACT = 1 << 53
"""Whole numbers below this are exact in a workbook."""


class Book:
    """One sheet of a workbook. Formulas give the value that was saved with them."""

    def __init__(self, path: Path, chosen: str | None) -> None:
        # The reader is heavy to import and most extracts are text.
        import python_calamine

        try:
            self._book = python_calamine.CalamineWorkbook.from_path(str(path))
        except (python_calamine.CalamineError, OSError) as error:
            raise Refused(
                f"The workbook cannot be opened ({_said(error)}): it may be damaged or protected "
                "by a password; save it anew as .xlsx."
            ) from error
        self._path = path
        self._fault: type[Exception] = python_calamine.CalamineError
        self.sheets = self._sheets()
        self.sheet, self.question = self._pick(chosen)

    def records(self) -> Iterator[Record]:
        """Yield the rows of the sheet that hold anything, from its first row on."""
        errors = error_cells(self._path, self.sheet)
        broken = {line for line, _ in errors}
        for line, row in enumerate(self._rows(self.sheet), start=1):
            cells = [shown(value) for value in row]
            if line - 1 in broken:
                cells = [errors.get((line - 1, at), cell) for at, cell in enumerate(cells)]
            record = Record(line, line, line + 1, cells=cells)
            record.line = line
            yield record

    def _sheets(self) -> list[str]:
        hidden = [
            one.name for one in self._book.sheets_metadata if "Visible" not in str(one.visible)
        ]
        names = [name for name in self._book.sheet_names if name not in hidden]
        names = names or list(self._book.sheet_names)
        return [name for name in names if next(self._rows(name), None) is not None]

    def _pick(self, chosen: str | None) -> tuple[str, Question | None]:
        names = list(self._book.sheet_names)
        if chosen is not None:
            if chosen not in names:
                raise Refused(f"The workbook has no sheet {chosen!r}; its sheets are {names}.")
            return chosen, None
        if not self.sheets:
            raise Refused("The workbook is empty: no sheet of it holds anything.")
        if len(self.sheets) == 1:
            return self.sheets[0], None
        question = Question(
            "sheet",
            "Which sheet of the workbook is to be read?",
            self.sheets[0],
            tuple((name, name) for name in self.sheets),
            f"The workbook holds {len(self.sheets)} sheets.",
        )
        return self.sheets[0], question

    def _rows(self, name: str) -> Iterator[list[Any]]:
        try:
            sheet = self._book.get_sheet_by_name(name)
            yield from sheet.to_python(skip_empty_area=False) if sheet.height else ()
        except self._fault as error:
            raise Refused(
                f"The sheet {name!r} cannot be read ({_said(error)}); save the workbook anew."
            ) from error


def shown(value: Any) -> str:
    """Return a value of a sheet as text.

    >>> [shown(one) for one in (1234.0, 0.1, True, datetime(2024, 1, 31), None)]
    ['1234', '0.1', 'TRUE', '2024-01-31', '']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        whole = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if whole else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def _said(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
