"""One pass over all bytes of a text: is it UTF-8, how do its lines end, what is odd in it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

from cxdata.intake.reading.data import CHUNK, Data

_TWICE = (b"\xc3\x83\xc2", b"\xc3\x83\xc6\x92", b"\xc3\xa2\xe2\x82\xac", b"\xc3\x90\xc2")
"""UTF-8 of what appears when UTF-8 was read as Windows-1252 and written again: Ã., â€, Ð."""
_REPLACED = "\ufffd".encode()


@dataclass
class Survey:
    """What all bytes say. ``lf`` counts line feeds, ``cr`` carriage returns, and so on."""

    size: int = 0
    ascii: bool = True
    utf8: bool = True
    lf: int = 0
    cr: int = 0
    crlf: int = 0
    crcrlf: int = 0
    nul: int = 0
    twice: int = 0
    replaced: int = 0

    @property
    def lines(self) -> int:
        """Return the number of line ends, of whatever kind."""
        return self.lf + self.lone_cr

    @property
    def lone_cr(self) -> int:
        """Return the number of carriage returns that belong to no line feed."""
        return self.cr - self.crlf - self.crcrlf


def survey(data: Data, hasher: Any = None, start: int = 0) -> Survey:
    """Look at every byte once; ``hasher`` is updated with what is seen."""
    found = Survey(size=data.size - start)
    decoder = codecs.getincrementaldecoder("utf-8")()
    kept = b""
    for position in range(start, data.size, CHUNK):
        chunk = data.view[position : position + CHUNK]
        if hasher is not None:
            hasher.update(chunk)
        _look(found, kept + chunk, len(kept))
        _decode(found, decoder, chunk)
        kept = chunk[-2:]
        data.forget(position, position + CHUNK)
    if found.utf8:
        _decode(found, decoder, b"", final=True)
    return found


def _look(found: Survey, chunk: bytes, before: int) -> None:
    """Count in a chunk that begins with ``before`` bytes of the one before."""
    new = chunk[before:] if before else chunk
    found.lf += new.count(b"\n")
    if b"\r" in chunk:
        found.cr += new.count(b"\r")
        found.crlf += chunk.count(b"\r\n") - chunk[:before].count(b"\r\n")
        found.crcrlf += chunk.count(b"\r\r\n") - chunk[:before].count(b"\r\r\n")
    if b"\0" in new:
        found.nul += new.count(b"\0")


def _decode(found: Survey, decoder: Any, chunk: bytes, final: bool = False) -> None:
    if not chunk.isascii():
        found.ascii = False
    elif found.ascii:
        return
    found.twice += sum(chunk.count(one) for one in _TWICE)
    found.replaced += chunk.count(_REPLACED)
    if not found.utf8:
        return
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        found.utf8 = False
