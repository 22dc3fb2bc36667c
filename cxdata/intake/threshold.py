"""When so much does not fit that the extract was most likely misread."""

from __future__ import annotations

from cxdata.intake.aside import Reason, counted
from cxdata.intake.loaded import Loaded, Unresolved
from cxdata.model.errors import IntakeError

STOP_ABOVE = 0.2
"""Share of the records that may break one rule, unless the recipe says otherwise."""

FEWEST = 20
"""So many records break a rule before their share means anything."""

NO_DATA = frozenset({"footer", "total", "question_text", "repeated_header", "comment"})
"""Rules for what is no record of data, so that it says nothing about how the file was read."""

_CAUSES = {
    "width": "the separator or the quotes are probably not the ones the file was read with",
    "quote": "the quotes are probably not the ones the file was read with",
    "byte": "the encoding is probably not the one the file was read with",
    "key": "the key is probably not that column alone",
    "map": "the recipe probably lacks values of that column",
    "required": "that column is probably the wrong one, or has its values elsewhere",
    "refers": "the rows it refers to are probably not loaded yet, or have other ids",
    "overlap": "the key or the dates are probably the wrong columns",
    "order": "the two dates are probably the wrong way round",
    "sign": "refunds probably have a sign or a kind of their own",
    "not_future": "day and month are probably the wrong way round, or it is a planned date",
}
_USUAL = "probably the wrong column or format"


def too_many(loaded: Loaded) -> str:
    """Return the sentence for a load of which too many records break one rule; "" if none does.

    The share is that of the recipe, or :data:`STOP_ABOVE`. Fewer than :data:`FEWEST` records never
    stop a load here.
    """
    share = STOP_ABOVE if loaded.stop_above is None else loaded.stop_above
    records = loaded.counts.records
    for reason in misfits(loaded):
        if reason.records >= FEWEST and reason.records > share * records:
            return sentence(reason, records)
    return ""


def too_many_unknown(loaded: Loaded) -> str:
    """Return the sentence for a load of which too many rows refer to nothing; "" if few do.

    Late rows may still come, so this stops a load by the same share as a broken rule, and whoever
    knows better may go on.
    """
    share = STOP_ABOVE if loaded.stop_above is None else loaded.stop_above
    for one in sorted(loaded.unresolved, key=lambda one: -one.rows):
        if one.rows >= FEWEST and one.rows > share * one.referring:
            return _unknown(one)
    return ""


def _unknown(one: Unresolved) -> str:
    shown = ", ".join(repr(each) for each in one.examples)
    return (
        f"{100 * one.rows / one.referring:.0f} % of the references do not resolve: "
        f"{one.rows:,} of {counted(one.referring, 'row')} of {one.table} have a {one.column} that "
        f"{one.target} does not have (for example {shown}); {_CAUSES['refers']}."
    )


def misfits(loaded: Loaded) -> tuple[Reason, ...]:
    """Return why records of data were set aside, the most frequent reason first."""
    return tuple(one for one in loaded.reasons() if one.rule not in NO_DATA)


def refuse_too_many(loaded: Loaded) -> None:
    """Refuse a load of which too many records break one rule, or refer to nothing.

    Raises:
        IntakeError: names the column, three values and the likely cause.
    """
    said = too_many(loaded) or too_many_unknown(loaded)
    if said:
        raise IntakeError(
            f"{said} Nothing was published.", hint="--accept-many publishes the rest."
        )


def sentence(reason: Reason, records: int) -> str:
    """Return which column fails, how often, three of its values, and the likely cause."""
    shown = ", ".join(repr(one) for one in reason.examples)
    examples = f" (for example {shown})" if shown else ""
    cause = _CAUSES.get(reason.rule, _USUAL)
    return (
        f"{100 * reason.records / records:.0f} % of the records do not fit: "
        f"{reason.column} expects {reason.expected}, and {counted(reason.records, 'record')} of "
        f"{records:,} {'has' if reason.records == 1 else 'have'} something else{examples}; {cause}."
    )
