"""The last step: what publishing would change, before anybody else sees it; and the publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from cxdata.intake.aside import counted
from cxdata.publish.difference import Difference
from cxdata.publish.history import Entry
from cxdata.publish.mode import Mode
from cxdata.publish.refusals import Obstacle
from cxdata.publish.rehearsal import Rehearsal
from cxdata.ui.intake.moves import before_and_after, money
from cxdata.ui.intake.problems import ledger
from cxdata.ui.intake.steps import CHECK, PUBLISH, Extract, go
from cxdata.ui.intake.watching import forgive, start
from cxdata.ui.intake.who import ask_who
from cxdata.ui.intake.words import spoken, words
from cxdata.ui.text import plain

MODES: Final = {
    Mode.APPEND: "Add what is new",
    Mode.UPSERT: "Add what is new, update what changed",
    Mode.REPLACE_PERIOD: "Put it in place of the same period",
    Mode.REPLACE_TABLE: "Put it in place of the whole tables",
}
_LONGEST: Final = 200


def rehearsed(extract: Extract) -> None:
    """Show what would change, what stands in the way, and let it be published."""
    found = extract.rehearsal
    assert found is not None
    since = extract.room.since(found)
    mode, days = _how(extract, found)
    if mode is not found.mode or days != (extract.plan.first, extract.plan.last):
        if st.button("Rehearse it like this", type="primary", icon=":material/refresh:"):
            _again(extract, mode, days)
        return
    _rows(extract, found)
    if found.unsummed:
        st.info(plain(_unsummed(found.unsummed)), icon=":material/monitoring:")
    else:
        before_and_after(found.headlines, found.moves, money(extract.room))
    told = extract.item.prepared.notes if extract.item.prepared else ()
    for note in found.notes:
        if note not in told:
            st.caption(plain(spoken(note)))
    if since:
        _overtaken(extract, since)
        return
    accepted = _obstacles(extract, found)
    if accepted is not None:
        _publish(extract, found, accepted)


# -- how -------------------------------------------------------------------------------------------


def _how(extract: Extract, found: Rehearsal) -> tuple[Mode, tuple[date | None, date | None]]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.selectbox(
            "How the rows meet those that are published",
            list(MODES),
            index=list(MODES).index(found.mode),
            format_func=MODES.__getitem__,
            key=f"{extract.name}-mode",
            width=380,
        )
        first, last = extract.plan.first, extract.plan.last
        if mode is Mode.REPLACE_PERIOD:
            first, last = _period(extract, first, last)
    return mode, (first, last)


def _period(
    extract: Extract, first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    """Ask for the days to replace; those of the extract unless others are stated."""
    tables = extract.item.prepared.tables if extract.item.prepared else ()
    lows = [one.low for one in tables if one.low is not None]
    highs = [one.high for one in tables if one.high is not None]
    if not lows or not highs:
        return first, last
    own = (min(lows), max(highs))
    chosen = st.date_input(
        "Period", value=(first or own[0], last or own[1]), key=f"{extract.name}-days", width=260
    )
    if len(chosen) != 2 or (first is None and chosen == own):
        return first, last
    return chosen[0], chosen[1]


def _again(extract: Extract, mode: Mode, days: tuple[date | None, date | None]) -> None:
    extract.room.decide(
        extract.item, replace(extract.plan, mode=mode.value, first=days[0], last=days[1])
    )
    forgive(extract.name)
    st.query_params["step"] = PUBLISH
    start(extract.name, "advance", extract.item.id, "rehearse")


# -- what ------------------------------------------------------------------------------------------


def _rows(extract: Extract, found: Rehearsal) -> None:
    """Say table by table what becomes of the rows that are published."""
    prepared = extract.item.prepared
    with st.container(border=True, gap="xsmall"):
        st.markdown("**The rows, before and after**")
        if prepared is not None:
            st.caption(plain(ledger(prepared)))
        for one in found.differences:
            _difference(one)


def _difference(one: Difference) -> None:
    days = f", in {one.days}" if one.days else ""
    said = f"{words(one.table)}: {one.before:,} rows published now, {one.after:,} after{days}"
    st.markdown(f"**{plain(replace(one, aside=0).words)}** :gray[{plain(said)}]")
    if one.columns:
        with st.expander(f"What changed in {counted(one.changed, 'row')}"):
            st.dataframe(
                pd.DataFrame(
                    [
                        {
                            "Column": words(column.column),
                            "Rows": column.rows,
                            "Example": example.key,
                            "Before": example.before,
                            "After": example.after,
                        }
                        for column in one.columns
                        for example in column.examples[:1]
                    ]
                ),
                hide_index=True,
                placeholder="–",
                alt=f"Columns of {words(one.table)} that change, each with an example",
            )


def _unsummed(why: str) -> str:
    if "no dated event" in why:
        return (
            "There are no figures to compare yet: these data hold no dated event, such as a sale, "
            "a contract, a contact or an answer."
        )
    return f"The figures could not be compared: {why}"


# -- what stands in the way ------------------------------------------------------------------------


def _overtaken(extract: Extract, since: Sequence[Entry]) -> None:
    """Say who published meanwhile and what that changed; the choice is explicit."""
    with st.container(border=True, key="overtaken"):
        st.markdown(":material/group: **Somebody published since this was rehearsed**")
        for one in since:
            st.markdown(
                plain(
                    f"{one.user} published version {one.number} on {one.at:%d %B %Y, %H:%M} UTC "
                    f"({one.reason}). {_changed(one)}"
                )
            )
        st.caption("Nothing of yours was published. What is shown above no longer holds exactly.")
        with st.container(horizontal=True):
            if st.button("Rehearse mine on top of theirs", type="primary"):
                _again(extract, extract.plan.mode_for(extract.item), _days(extract))
            if st.button("Discard mine", type="tertiary"):
                extract.room.discard(extract.item)
                st.query_params.clear()
                st.rerun()


def _days(extract: Extract) -> tuple[date | None, date | None]:
    return extract.plan.first, extract.plan.last


def _changed(one: Entry) -> str:
    said = [
        f"{words(table)}: "
        + ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
        for table, counts in one.changes.items()
        if any(counts.values())
    ]
    return f"It changed {'; '.join(said)}." if said else f"It was: {one.step.value}."


def _obstacles(extract: Extract, found: Rehearsal) -> list[str] | None:
    """Say what stands in the way; return what the publisher overrules, None where it may not go."""
    accepted: list[str] = []
    may_go = True
    for one in found.obstacles:
        st.warning(
            plain(spoken(_said(one, found))), title=_TITLES.get(one.key), icon=":material/error:"
        )
        if one.key == "changed":
            if st.button("Update the rows that changed", type="primary"):
                _again(extract, Mode.UPSERT, (None, None))
        elif one.key == "set_aside" and st.button("See which, and why"):
            go(CHECK)
        if not one.may_insist:
            may_go = False
        elif st.checkbox(_INSIST[one.key], key=f"{extract.name}-{one.key}"):
            accepted.append(one.key)
        else:
            may_go = False
    if not found.is_news:
        st.info(
            "Every row of this extract is published already, so there is nothing to publish.",
            icon=":material/done_all:",
        )
        return None
    return accepted if may_go else None


_TITLES: Final = {
    "empty": "It gives no row",
    "set_aside": "This looks misread",
    "same_bytes": "This very file is published already",
    "unknown": "Many rows name somebody who is not known",
    "overlap": "Two validities at once",
    "changed": "Some rows are published with other values",
    "numbered": "These rows have no key of their own",
    "histories": "A snapshot and dated rows cannot stand together",
}
_INSIST: Final = {
    "set_aside": "I have looked: publish the records that fit",
    "same_bytes": "I know: publish it all the same",
    "unknown": "They will come later: publish all the same",
}


def _said(one: Obstacle, found: Rehearsal) -> str:
    """Say an obstacle for a page: without what only the command line can do."""
    if one.key == "changed":
        changed = [difference for difference in found.differences if difference.columns]
        said = [
            f"{counted(of.changed, 'row')} of {words(of.table)} (for example "
            f"{of.columns[0].examples[0].key!r}: {words(of.columns[0].column)} is "
            f"{of.columns[0].examples[0].before!r} and would be "
            f"{of.columns[0].examples[0].after!r})"
            for of in changed
        ]
        return f"The same key has other values in {'; '.join(said)}."
    if one.key == "numbered":
        return (
            "They are known only by their place in the file, so a further extract cannot be added "
            "to them. Name a column that is the key, or put this extract in place of the whole "
            "tables."
        )
    return one.sentence.partition(" Nothing was published")[0]


# -- publishing ------------------------------------------------------------------------------------


def _publish(extract: Extract, found: Rehearsal, accepted: Sequence[str]) -> None:
    with st.container(border=True, key="publish"):
        st.markdown("**Show it to everybody**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            user = ask_who()
            reason = st.text_input(
                "Why",
                value=f"Loaded {extract.item.name}"[:_LONGEST],
                max_chars=_LONGEST,
                key=f"{extract.name}-reason",
                width=420,
                help="It stands in the history.",
            )
        if st.button("Publish", type="primary", disabled=not user, icon=":material/publish:"):
            forgive(extract.name)
            start(
                extract.name,
                *("advance", extract.item.id, "publish", f"--user={user}"),
                f"--reason={(reason or '').strip() or f'Loaded {extract.item.name}'}",
                *(f"--accept={key}" for key in accepted),
            )
        st.caption(
            "Give your name first." if not user else "It becomes one version, which can be undone."
        )
