"""In which encoding a text is, decided by evidence; and the text made UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import IO

from cxdata.intake.reading.data import CHUNK, Data
from cxdata.intake.reading.escaped import CODECS as ESCAPED
from cxdata.intake.reading.escaped import by_escapes
from cxdata.intake.reading.result import Question, Refused
from cxdata.intake.reading.scripts import CODECS, LATIN_1252, Judged, judge, words
from cxdata.intake.reading.survey import Survey
from cxdata.model.errors import IntakeError

UTF8 = "UTF-8"

_MARKS = (
    (codecs.BOM_UTF8, UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "UTF-32LE", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "UTF-32BE", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "UTF-16LE", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16BE", "utf-16-be"),
)
"""Marks at the start of a text; that of UTF-32 begins with that of UTF-16, so it comes first."""
_WIDE = {"UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be"} | {
    name: codec for _, name, codec in _MARKS if name.startswith("UTF-32")
}
_NAMED = CODECS | ESCAPED | _WIDE
"""The codec of every name that is shown, but those of marks."""
_NOT_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")

_LINES = 50_000
_SAMPLE = 64 << 10
_OFFERED = 5
_JUDGED = 16 << 10
"""Bytes of lines beyond ASCII that a code page is judged by."""
_SURE = 0.85
_LEAD = 2.5
"""So much likelier (12 times, in nats) than the next is an encoding that nobody is asked about."""
_LONG, _RARE = 1_000, 0.001
"""In a file of so many lines, a share of lines below this is damage and no code page."""

_BROKEN = "\udcff"


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    """Stand in for bytes that are no text: written out again as a byte that is no UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        return _BROKEN, error.end
    raise error


codecs.register_error("cxdata-broken", _mark_broken)


@dataclass(frozen=True)
class Encoding:
    """A decision: the shown name, the codec, the bytes of a mark at the start, what to ask."""

    name: str
    codec: str
    mark: int = 0
    question: Question | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_utf8(self) -> bool:
        """Return whether the text can be read as it is."""
        return self.codec == "utf-8"


def stated(name: str, data: Data) -> Encoding:
    """Return the encoding that was chosen by name, as shown or as Python knows it.

    Raises:
        IntakeError: there is no encoding of that name.
    """
    folded = name.casefold()
    known = {one.casefold(): (one, codec) for one, codec in _NAMED.items()}
    if folded in known:
        shown, codec = known[folded]
    else:
        try:
            codec = codecs.lookup(name).name
            b"".decode(codec)
        except LookupError as error:
            raise IntakeError(f"There is no text encoding named {name!r}.") from error
        shown = {"utf-8": UTF8, "utf-8-sig": UTF8, "ascii": UTF8}.get(codec, name)
        codec = "utf-8" if shown == UTF8 else codec
        shown = next((one for one, other in _NAMED.items() if other == codec), shown)
    start = data.view[:4]
    if codec in ("utf-16", "utf-32"):
        marked = by_mark(data)
        return marked if marked is not None else Encoding(shown, f"{codec}-le")
    mark = next(
        (len(one) for one, _, other in _MARKS if other == codec and start.startswith(one)), 0
    )
    return Encoding(shown, codec, mark)


def by_mark(data: Data) -> Encoding | None:
    """Return the encoding that a byte order mark, or zeros in every other place, tell."""
    start = data.view[:4096]
    for mark, name, codec in _MARKS:
        if start.startswith(mark):
            return Encoding(name, codec, len(mark))
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half >= 2 and max(even, odd) > 0.3 * half and min(even, odd) < 0.1 * half + 1:
        name = "UTF-16LE" if odd > even else "UTF-16BE"
        return Encoding(name, _WIDE[name])
    return None


def by_evidence(data: Data, seen: Survey) -> Encoding:
    """Return the encoding of a text without a mark."""
    if seen.utf8:
        escaped = by_escapes(data.view[:_SAMPLE]) if seen.ascii else None
        if escaped is not None:
            return Encoding(escaped.default, escaped.codec, question=escaped.question)
        return Encoding(UTF8, "utf-8", notes=_oddities(seen))
    lines = _lines_beyond_ascii(data)
    broken = [line for line in lines if not _is_utf8(line)]
    if len(broken) == 1 and _is_cut(data, broken[0]):
        return Encoding(UTF8, "utf-8", notes=_oddities(seen))
    whole = len(lines) - len(broken)
    rare = seen.lines >= _LONG and len(broken) <= _RARE * seen.lines
    legacy = judge(_sample(broken))
    mostly = whole >= 0.5 * len(lines)
    some = whole >= 0.05 * len(lines) and not _chinese(lines, legacy[0])
    if rare or mostly or some:
        return Encoding(UTF8, "utf-8", notes=(_broken(legacy[0]), *_oddities(seen)))
    return _legacy(judge(_sample(lines)))


def transcode(data: Data, encoding: Encoding, target: IO[bytes]) -> None:
    """Write the text as UTF-8; bytes that are no text stay bytes that are no UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("cxdata-broken")
    for position in range(encoding.mark, data.size, CHUNK):
        chunk = data.view[position : min(position + CHUNK, data.size)]
        text = decoder.decode(chunk, position + CHUNK >= data.size)
        target.write(text.encode("utf-8", "surrogateescape"))
        data.forget(position, position + CHUNK)


def _oddities(seen: Survey) -> tuple[str, ...]:
    notes = []
    if seen.twice:
        notes.append(
            f"{seen.twice:,} places look encoded twice by the sender (such as é for é): they were "
            "kept as they stand; ask for a clean extract."
        )
    if seen.replaced:
        notes.append(
            f"{seen.replaced:,} characters were already lost before this file was written (they "
            "stand as \ufffd): they were kept as they stand."
        )
    return tuple(notes)


def _lines_beyond_ascii(data: Data) -> list[bytes]:
    lines: list[bytes] = []
    for match in _NOT_ASCII.finditer(data.view):
        lines.append(match.group()[:2_000])
        if len(lines) == _LINES:
            break
    return lines


def _sample(lines: list[bytes]) -> bytes:
    """Return lines from all over, no more than can be judged quickly."""
    step = max(1, sum(map(len, lines)) // _JUDGED)
    return b"\n".join(lines[::step])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(data: Data, line: bytes) -> bool:
    """Return whether a line is the last one and ends within a character."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        ends = data.view[data.size - len(line) : data.size] == line
        return ends and error.reason == "unexpected end of data"
    return False


def _chinese(lines: list[bytes], best: Judged) -> bool:
    """Return whether all lines read well in an encoding of two bytes a character."""
    if best.name not in ("GB18030", "Big5", "Shift-JIS", "EUC-JP", "EUC-KR"):
        return False
    everything = next(one for one in judge(_sample(lines)) if one.name == best.name)
    return everything.score > _SURE


def _broken(best: Judged) -> str:
    return (
        "The text is UTF-8, yet some records hold bytes that are not: these records were set "
        f"aside. If all of it is {best.name}, have it read as {best.name}."
    )


def _legacy(found: list[Judged]) -> Encoding:
    """Return the likeliest code page; the everyday one needs no question where it is clear."""
    best = found[0]
    shown = f" (it reads: {best.shown})" if best.shown else ""
    note = f"The text is {best.name}, by its letters{shown}."
    is_clear = len(found) == 1 or best.weight - found[1].weight >= _LEAD
    if best.name == LATIN_1252 and best.score >= _SURE and is_clear:
        return Encoding(best.name, "cp1252", notes=(note,))
    options = tuple((one.name, f"{one.name}: {one.shown}") for one in found[:_OFFERED])
    question = Question(
        "encoding",
        f"Is the text {best.name}? It reads: {best.shown or 'no words'}.",
        best.name,
        options,
        "The file is not UTF-8 and carries no mark, so its code page was judged by how often its "
        "letters stand in the languages it could be in.",
    )
    return Encoding(best.name, CODECS[best.name], question=question, notes=(note,))


def refuse_undecodable(data: Data, encoding: Encoding) -> None:
    """Refuse a text whose start does not read at all in its encoding.

    Raises:
        Refused: a tenth of the first characters are broken.
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)("cxdata-broken")
    text = decoder.decode(data.view[encoding.mark : encoding.mark + _SAMPLE])
    if text.count(_BROKEN) > max(3, len(text) // 10):
        raise Refused(
            f"The file is not {encoding.name} text: most of it does not read. Say which encoding "
            f"it is in. (It begins: {words(text) or text[:40]!r})",
            _which(data),
        )


def _which(data: Data) -> Question:
    """Ask for the encoding of a text that does not read in the one that was stated or seen."""
    found = judge(_sample(bytes(data.view[:_SAMPLE]).splitlines()))[:_OFFERED]
    return Question(
        "encoding",
        "Which encoding is the text in?",
        found[0].name,
        tuple((one.name, f"{one.name}: {one.shown}") for one in found),
        "These read best of all that are known.",
    )
