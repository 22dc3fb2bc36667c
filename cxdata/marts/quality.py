"""What is wrong with rows that nobody checked when they came: plain folders and databases.

A store checks rows when they are published. Elsewhere the declared contract is measured at each
build: what would make figures wrong is left out and counted, or refused where nothing right is left
to say; what only weakens them is counted. Nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import FAR_DATE, byte_order, flag
from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED, PROVENANCE
from cxdata.model.tables.checks import EXCLUSIVE_ENDS, NO_OVERLAP, SIGNED, STARTS_AND_ENDS
from cxdata.sources.source import Turnover

Tables = Mapping[str, frozenset[str]]
Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Fault:
    """Rows of one table that break one rule; ``set_aside`` of them count nowhere."""

    table_name: str
    column_name: str
    rule: str
    row_count: int
    set_aside: int
    example: str | None


def refuse_double_keys(
    connection: sa.Connection, tables: Tables, changed: Mapping[str, Turnover] | None = None
) -> None:
    """Refuse a dimension in which a key stands twice: whatever names it would count twice.

    Where the rows are known that came since this was last asked, only their keys are.

    Raises:
        SourceError: names the table, how many, and one of them.
    """
    for name in tables:
        table = CURATED.tables[name]
        if table.info["kind"] != "dimension" or not _has_keys(table, tables[name]):
            continue
        if changed is None:
            found = connection.execute(_double_keys(table)).one()
        elif name in changed and (added := changed[name].added) is not None:
            found = connection.execute(_double_keys(table, added.subquery("added"))).one()
        else:
            continue
        if found.keys_twice:
            raise SourceError(
                f"The {name} table has {found.keys_twice:,} ids more than once, such as"
                f" {found.example!r}; give each {name.replace('_', ' ')} one row."
            )


def measure(connection: sa.Connection, tables: Tables) -> list[Fault]:
    """Measure the contract of every table that is there."""
    return [fault for name in sorted(tables) for fault in _of_table(connection, name, tables)]


def _of_table(connection: sa.Connection, name: str, tables: Tables) -> Iterator[Fault]:
    table, real = CURATED.tables[name], tables[name]
    is_fact = table.info["kind"] == "fact"
    if is_fact and _has_keys(table, real):
        found = connection.execute(_double_keys(table)).one()
        if found.keys_twice:
            kept = connection.scalar(_repeated(table)) or 0
            key = ", ".join(table.primary_key.columns.keys())
            rows = int(found.row_count)
            yield Fault(name, key, "key", rows, rows - kept, found.example)
    alone = list(_of_rows(connection, table, real, is_fact))
    yield from alone
    yield from _of_validities(connection, table, real, alone)
    for column in table.c:
        target, _, other = (column.info["refers"] or "").partition(".")
        if column.name in real and other in tables.get(target, frozenset()):
            count, example = connection.execute(_unknown(column, target, other)).one()
            if count:
                yield Fault(name, column.name, "refers", count, 0, example)


def _of_rows(
    connection: sa.Connection, table: sa.Table, real: frozenset[str], is_fact: bool
) -> Iterator[Fault]:
    """Rules that a row breaks by itself, all in one pass."""
    rules = _alone(table, real, dict(table.c.items()))
    if not rules:
        return
    sums = [
        value
        for column, _, broken in rules
        for value in (
            sa.func.coalesce(sa.func.sum(flag(broken)), 0),
            sa.func.min(sa.case((broken, byte_order(sa.cast(column, sa.String()))))),
        )
    ]
    numbered = [value.label(f"v{at}") for at, value in enumerate(sums)]
    values = tuple(connection.execute(sa.select(*numbered).select_from(table)).one())
    for at, (column, rule, _) in enumerate(rules):
        count, example = int(values[2 * at]), values[2 * at + 1]
        if count:
            is_dated = rule == "order" and table.name in NO_OVERLAP
            is_aside = rule in _ASIDE and (is_fact or is_dated)
            aside = count if is_aside else 0
            yield Fault(table.name, column.name, rule, count, aside, example)


_ASIDE = ("required", "range", "order", "sign")
"""Rules whose breach leaves no figure that a row could rightly be part of."""

_Rule = tuple[sa.Column[Any], str, sa.ColumnElement[bool]]


def _alone(table: sa.Table, real: frozenset[str], values: Mapping[str, Column]) -> list[_Rule]:
    """Column, rule and breach of all that a row can break by itself, by the values it has."""
    found = [
        (column, rule, broken)
        for column in table.c
        if column.name in real
        for rule, broken in _rules(column, values[column.name])
    ]
    start, end = STARTS_AND_ENDS.get(table.name, ("", ""))
    if {start, end} <= real:
        first, last = values[start], values[end]
        late = last <= first if table.name in EXCLUSIVE_ENDS else last < first
        found.append((table.c[end], "order", late))
    signed = SIGNED.get(table.name)
    if signed and {signed.amount, signed.kind} <= real:
        kind, amount = values[signed.kind], values[signed.amount]
        others = [one for one in table.c[signed.kind].info["allowed"] if one != signed.positive]
        wrong = sa.or_(
            sa.and_(kind == signed.positive, amount < 0), sa.and_(kind.in_(others), amount > 0)
        )
        found.append((table.c[signed.amount], "sign", wrong))
    return found


def _of_validities(
    connection: sa.Connection, table: sa.Table, real: frozenset[str], alone: list[Fault]
) -> Iterator[Fault]:
    """Rows that begin before one before them of the same owner has ended; the earlier one stays."""
    start, end = STARTS_AND_ENDS.get(table.name, ("", ""))
    if not {start, end, *NO_OVERLAP.get(table.name, ("",))} <= real:
        return
    marked = _marked(table, sound(table, real, alone))
    owner = byte_order(sa.cast(marked.c[NO_OVERLAP[table.name][0]], sa.String()))
    beside = sa.select(sa.func.count(), sa.func.min(owner)).where(marked.c[start] < marked.c.reach)
    count, example = connection.execute(beside).one()
    if count:
        yield Fault(table.name, start, "overlap", int(count), int(count), example)


def _marked(table: sa.Table, rows: sa.FromClause) -> sa.Subquery:
    """Dated rows with the day until which those before them of the same owner are in force."""
    start, end = STARTS_AND_ENDS[table.name]
    order = [rows.c[start], sa.func.coalesce(rows.c[end], FAR_DATE)]
    rest = [column.name for column in table.primary_key if column.name not in (start, end)]
    reach = sa.func.max(sa.func.coalesce(rows.c[end], FAR_DATE)).over(
        partition_by=[rows.c[name] for name in NO_OVERLAP[table.name]],
        order_by=[*order, *(rows.c[name] for name in rest)],
        rows=(None, -1),
    )
    return sa.select(*rows.c, reach.label("reach")).subquery("marked")


def _rules(declared: sa.Column[Any], value: Column) -> Iterator[tuple[str, sa.ColumnElement[bool]]]:
    """Each rule of a declared column, and whether a value breaks it."""
    info = declared.info
    if info["required"]:
        yield "required", value.is_(None)
    low, high = info["low"], info["high"]
    bounds = [value < low] if low is not None else []
    bounds += [value > high] if high is not None else []
    bounds += [value <= 0] if info["positive"] else []
    if bounds:
        yield "range", sa.or_(*bounds)
    if info["allowed"]:
        yield "allowed", value.not_in(info["allowed"])


def _has_keys(table: sa.Table, real: frozenset[str]) -> bool:
    """Whether rows have a key of the source; numbers given to lines tell nothing (9.10)."""
    return set(table.primary_key.columns.keys()) <= real


def _twice(table: sa.Table, among: sa.FromClause | None = None) -> sa.Select[Any]:
    keys = list(table.primary_key.columns)
    several = (
        sa.select(*keys, sa.func.count().label("times")).group_by(*keys).having(sa.func.count() > 1)
    )
    return (
        several if among is None else several.where(keys[0].in_(sa.select(among.c[keys[0].name])))
    )


def _double_keys(table: sa.Table, among: sa.FromClause | None = None) -> sa.Select[Any]:
    """Keys that stand several times; of those that begin as rows of ``among`` do, where given."""
    twice = _twice(table, among).subquery("twice")
    first = next(iter(twice.c))
    return sa.select(
        sa.func.count().label("keys_twice"),
        sa.func.coalesce(sa.func.sum(twice.c.times), 0).label("row_count"),
        sa.func.min(byte_order(sa.cast(first, sa.String()))).label("example"),
    )


def _contents(table: sa.Table) -> sa.Select[Any]:
    """Rows told apart by what they say, whenever they were loaded and from where."""
    said = [column for column in table.c if column.name not in PROVENANCE]
    latest = [sa.func.max(table.c[name]).label(name) for name in PROVENANCE if name in table.c]
    return sa.select(*said, *latest).group_by(*said)


def _repeated(table: sa.Table) -> sa.Select[Any]:
    """How many keys stand several times with one content: each counts once."""
    twice = _twice(table).subquery("twice")
    contents = _contents(table).subquery("content")
    keys = table.primary_key.columns.keys()
    same = sa.and_(*(contents.c[key] == twice.c[key] for key in keys))
    single = (
        sa.select(*(contents.c[key] for key in keys))
        .select_from(contents.join(twice, same))
        .group_by(*(contents.c[key] for key in keys))
        .having(sa.func.count() == 1)
        .subquery("single")
    )
    return sa.select(sa.func.count()).select_from(single)


def _unknown(column: sa.Column[Any], target: str, other: str) -> sa.Select[Any]:
    known = CURATED.tables[target].alias("known")
    rows = column.table.outerjoin(known, known.c[other] == column)
    return (
        sa.select(sa.func.count(), sa.func.min(byte_order(sa.cast(column, sa.String()))))
        .select_from(rows)
        .where(column.is_not(None), known.c[other].is_(None))
    )


def sound(table: sa.Table, real: frozenset[str], faults: list[Fault]) -> sa.FromClause:
    """The table without the rows that are set aside: a relation with the same columns."""
    mine = {fault.rule for fault in faults if fault.table_name == table.name and fault.set_aside}
    if not mine:
        return table
    rows, columns, broken = _once(table) if "key" in mine else (table, dict(table.c.items()), [])
    broken += [
        sa.func.coalesce(test, sa.false())
        for _, rule, test in _alone(table, real, columns)
        if rule in mine & set(_ASIDE)
    ]
    kept = sa.select(*columns.values()).select_from(rows)
    kept = kept.where(sa.not_(sa.or_(*broken))) if broken else kept
    if "overlap" not in mine:
        return kept.subquery(table.name)
    marked = _marked(table, kept.subquery("kept"))
    start, reach = marked.c[STARTS_AND_ENDS[table.name][0]], marked.c.reach
    alone = sa.or_(reach.is_(None), start >= reach)
    return sa.select(*(marked.c[name] for name in columns)).where(alone).subquery(table.name)


def _once(
    table: sa.Table,
) -> tuple[sa.FromClause, dict[str, Column], list[sa.ColumnElement[bool]]]:
    """Rows of one content once, their columns, and whether their key has several contents."""
    keys = table.primary_key.columns.keys()
    once = _contents(table).subquery("once")
    conflict = (
        sa.select(*(once.c[key] for key in keys))
        .group_by(*(once.c[key] for key in keys))
        .having(sa.func.count() > 1)
        .subquery("conflict")
    )
    same = sa.and_(*(conflict.c[key] == once.c[key] for key in keys))
    columns: dict[str, Column] = {column.name: once.c[column.name] for column in table.c}
    return once.outerjoin(conflict, same), columns, [conflict.c[keys[0]].is_not(None)]
