"""The file of records set aside, safe to open in a spreadsheet and to bring again."""

from __future__ import annotations

import csv
import io

from cxdata.exports.csv_file import MARK
from cxdata.publish.room import Room


def csv_of_aside(room: Room, extract: str) -> bytes:
    """Return the records that an extract set aside, with what a spreadsheet would run disarmed."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerows(room.aside(extract, for_spreadsheet=True))
    return (MARK + out.getvalue()).encode("utf-8")
