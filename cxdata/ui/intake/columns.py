"""The second step: which table it is, which column is what, and what only a person knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import streamlit as st

from cxdata.intake.matching.drafting import ATTRIBUTE, SEGMENT
from cxdata.intake.matching.scoring import GIVEN_BY
from cxdata.intake.matching.suggest import constant_question, customers_question
from cxdata.intake.matching.suggestion import ColumnSuggestion, TableSuggestion
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import CxError
from cxdata.model.tables import curated, required
from cxdata.publish.confirming import DRIFTED, name_for
from cxdata.publish.looking import Look
from cxdata.publish.plan import Plan
from cxdata.ui.intake.asking import ask
from cxdata.ui.intake.confirmed import CHECK_IT, check_it
from cxdata.ui.intake.steps import Extract
from cxdata.ui.intake.understood import known_words
from cxdata.ui.intake.words import spoken, words
from cxdata.ui.text import plain

_PAGE: Final = 30
_NAME: Final = "name"
_LEFT_OUT: Final = "leave it out"
_ROLES: Final = {
    "": _LEFT_OUT,
    SEGMENT: "slice customers by it: the latest counts",
    ATTRIBUTE: "a rating in the answer",
}


def columns(extract: Extract) -> None:
    """Let a person confirm what the columns are, and answer what the values leave open."""
    look = extract.seen
    answers = dict(extract.plan.answers)
    if look.known is not None:
        st.markdown(f":material/bookmark_added: {plain(known_words(look))}")
        faults: list[str] = []
    elif look.drifted is not None and _is_the_same(extract, answers):
        faults = _drift(extract, answers)
    elif look.tables:
        faults = _matched(extract, answers)
    else:
        st.warning(
            "No table fits these columns. Look at the data dictionary for what the product reads, "
            "or write a recipe for this kind of extract.",
            title="Not known",
            icon=":material/help:",
        )
        return
    plan = replace(extract.plan, answers=answers)
    recipe, why = _recipe(extract, plan, faults)
    plan = _values(extract, recipe, plan)
    if plan != extract.plan:
        extract.room.decide(extract.item, plan)
    _on(extract, plan, recipe, why)


# -- known, or nearly ------------------------------------------------------------------------------


def _is_the_same(extract: Extract, answers: dict[str, Any]) -> bool:
    found = extract.seen.drifted
    assert found is not None
    answers[DRIFTED] = st.radio(
        plain(f"These are nearly the columns of {found.name!r}. Is it the same kind of extract?"),
        [True, False],
        index=0 if answers.get(DRIFTED, True) else 1,
        format_func=lambda one: "yes, with other columns" if one else "no, match it anew",
        key=f"{extract.name}-drifted",
    )
    return bool(answers[DRIFTED])


def _drift(extract: Extract, answers: dict[str, Any]) -> list[str]:
    found = extract.seen.drifted
    assert found is not None
    drift = found.drift(extract.room.recipes)
    for one in drift.questions:
        answers[one.key] = ask(one, answers, extract.name)
    explained = {one.name for one in drift.renamed}
    lost = [name for name in drift.lacking if name not in explained]
    taken = {str(answers.get(f"renamed:{one.name}")) for one in drift.renamed}
    free = [name for name in extract.seen.header if name in drift.new and name not in taken]
    for name in lost:
        options = ["", *free]
        now = str(answers.get(f"renamed:{name}", ""))
        answers[f"renamed:{name}"] = st.selectbox(
            plain(f"{name!r} is gone, and the recipe needs it. Which column is it now?"),
            options,
            index=options.index(now) if now in options else 0,
            format_func=lambda one: one or "none: it is not in this extract",
            key=f"{extract.name}-renamed-{name}",
        )
    return []


# -- matched anew ----------------------------------------------------------------------------------


def _matched(extract: Extract, answers: dict[str, Any]) -> list[str]:
    look = extract.seen
    table = _table(extract, answers)
    declared = curated(table.table)
    roles = {
        one.column: str(answers.get(f"column:{one.column}:is", one.target)) for one in table.columns
    }
    known = {"", SEGMENT, ATTRIBUTE, *declared.c.keys()}
    roles = {name: role if role in known else "" for name, role in roles.items()}
    examples = {one.name: one.examples for one in look.columns}
    pages = -(-len(table.columns) // _PAGE)
    shown = st.pagination(pages, key=f"{extract.name}-page") if pages > 1 else 1
    with st.container(border=True, gap="small"):
        st.markdown("**Which column is what**")
        for one in table.columns[(shown - 1) * _PAGE : shown * _PAGE]:
            roles[one.column] = _column(extract, table.table, one, roles, examples)
    answers |= {f"column:{name}:is": role for name, role in roles.items()}
    faults = _doubled(roles, declared.c.keys())
    _lacking(extract, table.table, roles, answers)
    return faults


def _table(extract: Extract, answers: dict[str, Any]) -> TableSuggestion:
    tables = {one.table: one for one in extract.seen.tables}
    best = str(answers.get("table", next(iter(tables))))
    best = best if best in tables else next(iter(tables))
    chosen = st.radio(
        "What is one record of this extract?",
        list(tables),
        index=list(tables).index(best),
        format_func=lambda one: plain(_of_table(one)),
        captions=[plain(one.reason[:1].upper() + one.reason[1:]) for one in tables.values()],
        key=f"{extract.name}-table",
    )
    if chosen != answers.get("table", best):
        for key in [key for key in answers if key.endswith(":is") or key.startswith("constant:")]:
            del answers[key]
    answers["table"] = chosen
    return tables[answers["table"]]


def _of_table(name: str) -> str:
    grain = str(curated(name).info["grain"]).rstrip(".")
    return f"{words(name)}: {grain[:1].lower()}{grain[1:]}"


def _column(
    extract: Extract,
    table: str,
    one: ColumnSuggestion,
    roles: Mapping[str, str],
    examples: Mapping[str, tuple[str, ...]],
) -> str:
    declared = curated(table)
    likely = [target for target in (one.target, *(other.target for other in one.others)) if target]
    more = [SEGMENT, *([ATTRIBUTE] if table == "survey_response" else [])]
    options = list(dict.fromkeys(["", *likely, *declared.c.keys(), *more]))
    needed = required(declared)
    left, middle, right = st.columns([4, 4, 5], vertical_alignment="center", gap="small")
    with left, st.container(gap=None):
        st.markdown(f"**{plain(one.column)}**")
        st.caption(plain(", ".join(text[:30] for text in examples.get(one.column, ())[:3])) or "–")
    now = roles[one.column]
    with middle:
        chosen = st.selectbox(
            plain(one.column),
            options,
            index=options.index(now) if now in options else 0,
            format_func=lambda name: (
                _ROLES.get(name, words(name)) + (" (needed)" if name in needed else "")
            ),
            label_visibility="collapsed",
            key=f"{extract.name}-{table}-{one.column}",
        )
    with right:
        st.caption(plain(_why(table, one, chosen or "")))
    return chosen or ""


def _why(table: str, one: ColumnSuggestion, role: str) -> str:
    """Say what a role is, and why it was suggested."""
    if role in _ROLES:
        return "" if role else "Not loaded; it stays in the archived file."
    doc = str(curated(table).c[role].info["doc"])
    reasons = {other.target: other.reason for other in one.others} | {one.target: one.reason}
    reason = reasons.get(role, "")
    return f"{doc} Suggested: {reason}." if reason else doc


def _doubled(roles: Mapping[str, str], targets: Any) -> list[str]:
    holders: dict[str, list[str]] = {}
    for name, role in roles.items():
        if role in targets:
            holders.setdefault(role, []).append(repr(name))
    return [
        f"{' and '.join(names)} cannot all be {words(role)}: choose one."
        for role, names in holders.items()
        if len(names) > 1
    ]


def _lacking(
    extract: Extract, table: str, roles: Mapping[str, str], answers: dict[str, Any]
) -> None:
    """Ask for what the table cannot do without and no column gives."""
    given = {role: name for name, role in roles.items() if role}
    for name in required(curated(table)):
        if name in given or GIVEN_BY.get((table, name)) in given:
            answers.pop(f"constant:{name}", None)
            continue
        question = constant_question(table, name)
        if len(question.options) > 1:
            answers[question.key] = ask(question, answers, extract.name)
        else:
            answers[question.key] = st.text_input(
                plain(f"No column is {words(name)}. What holds for all records?"),
                value=str(answers.get(question.key, "")),
                help=plain(question.evidence),
                key=f"{extract.name}-{question.key}",
                width=320,
            )
    if table != "customer" and "customer_id" in given:
        question = customers_question(given["customer_id"])
        asked = {one.key for one in extract.seen.asked}
        there = not extract.room.has_customers
        answers.setdefault("customers", "customers" in asked or there)
        answers["customers"] = st.checkbox(
            "Customers that are not known yet become customers, each once",
            value=bool(answers["customers"]),
            key=f"{extract.name}-customers",
            help="Otherwise their rows stay and count in totals until the customers are brought.",
        )
    else:
        answers.pop("customers", None)


# -- what the values leave open, and on ------------------------------------------------------------


def _recipe(extract: Extract, plan: Plan, faults: list[str]) -> tuple[Recipe | None, str]:
    """Return the recipe so far, or why it is none yet."""
    if faults:
        return None, " ".join(faults)
    try:
        return extract.room.recipe_for(extract.seen, plan, _name(extract)), ""
    except CxError as error:
        return None, spoken(str(error))


def _name(extract: Extract) -> str:
    return str(st.session_state.get(f"{extract.name}-{_NAME}") or name_for(extract.item))


def _values(extract: Extract, recipe: Recipe | None, plan: Plan) -> Plan:
    answers, as_of = dict(plan.answers), plan.as_of
    asked = extract.room.open_questions(recipe, extract.seen)
    stated = recipe.layout.as_of if recipe is not None else None
    if not asked and stated is None:
        return plan
    with st.container(border=True):
        st.markdown("**What only you can say**")
        for one in asked:
            answers[one.key] = ask(one, answers, extract.name)
        if stated is not None:
            day = st.date_input(
                "Of which day is this snapshot?",
                value=date.fromisoformat(as_of) if as_of else stated,
                key=f"{extract.name}-as-of",
                width=220,
            )
            as_of = day.isoformat()
    return replace(plan, answers=answers, as_of=as_of)


def _on(extract: Extract, plan: Plan, recipe: Recipe | None, why: str) -> None:
    look = extract.seen
    if why:
        st.info(plain(why), icon=":material/info:")
    name = ""
    if _is_new(look, plan) and not why:
        name = st.text_input(
            "Remember this kind of extract as",
            value=name_for(extract.item),
            max_chars=64,
            key=f"{extract.name}-{_NAME}",
            width=320,
            help="Next month's extract with these columns needs no questions.",
        )
    elif recipe is not None:
        name = recipe.name
    if st.button(CHECK_IT, type="primary", disabled=bool(why)):
        check_it(extract, plan, name)


def _is_new(look: Look, plan: Plan) -> bool:
    if look.known is not None:
        return False
    return look.drifted is None or not plan.answers.get(DRIFTED, True)
