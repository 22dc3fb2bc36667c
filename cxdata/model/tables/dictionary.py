"""The curated tables put into words and into SQL: data dictionary, DDL and CSV templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

from cxdata.model.tables import CURATED
from cxdata.model.tables.checks import SIGNED, STARTS_AND_ENDS, checks, span_in_words

Dialect = Literal["postgresql", "duckdb"]


@dataclass(frozen=True)
class Entry:
    """One column of the data dictionary."""

    table: str
    column: str
    type: str
    key: bool
    required: bool
    default: str
    rules: str
    doc: str


def dictionary(table: sa.Table) -> tuple[Entry, ...]:
    """Return the data dictionary of one table, in the order of its columns."""
    spoken: dict[str, list[str]] = {}
    for check in checks(table):
        if check.rule not in ("type", "required", "key"):
            spoken.setdefault(check.column, []).append(check.expected)
    return tuple(
        Entry(
            table=table.name,
            column=column.name,
            type=column.info["logical"],
            key=bool(column.primary_key),
            required=column.info["required"],
            default=_shown(column.info["default"]) if "default" in column.info else "",
            rules="; ".join(spoken.get(column.name, ())),
            doc=column.info["doc"],
        )
        for column in table.columns
    )


def described(table: sa.Table) -> dict[str, Any]:
    """Return everything declared about a table as plain values, ready for JSON."""
    columns = [asdict(entry) for entry in dictionary(table)]
    for column in columns:
        del column["table"]
    return {
        "table": table.name,
        "kind": table.info["kind"],
        "grain": table.info["grain"],
        "event_date": table.info["event_date"],
        "columns": columns,
    }


def csv_template(table: sa.Table) -> str:
    """Return the header line of an extract that fits the table as it is.

    >>> from cxdata.model.tables import curated
    >>> csv_template(curated("segment"))
    'scheme,segment_code,label,sort,parent_code\\n'
    """
    given_by_the_load = {"source_system", "loaded_at"} if table.info["kind"] == "fact" else set()
    names = [column.name for column in table.columns if column.name not in given_by_the_load]
    return ",".join(names) + "\n"


def ddl(tables: Iterable[sa.Table], dialect: Dialect = "postgresql") -> str:
    """Return SQL that creates the tables, with their constraints, defaults and comments.

    Columns that point to another table get no foreign key: a company may have interactions and
    no customers yet, and the product works with what is there.
    """
    speaks = _dialect(dialect)
    statements: list[sa.schema.ExecutableDDLElement] = []
    for table in tables:
        constrained = _constrained(table)
        statements.append(CreateTable(constrained))
        statements.append(SetTableComment(constrained))
        statements += [SetColumnComment(column) for column in constrained.columns]
    return "\n\n".join(f"{_tidy(str(one.compile(dialect=speaks)))};" for one in statements) + "\n"


def everything() -> tuple[sa.Table, ...]:
    """Return all curated tables: dimensions, facts, administration."""
    order = ("dimension", "fact", "administration")
    return tuple(sorted(CURATED.tables.values(), key=lambda table: order.index(table.info["kind"])))


def _dialect(name: Dialect) -> sa.engine.Dialect:
    if name == "postgresql":
        return cast(sa.engine.Dialect, postgresql.dialect())  # type: ignore[no-untyped-call]
    import duckdb_sqlalchemy

    return cast(sa.engine.Dialect, duckdb_sqlalchemy.Dialect())


def _constrained(table: sa.Table) -> sa.Table:
    """Copy a declared table with what its ``info`` says as SQL constraints, defaults, comments."""
    columns = [
        sa.Column(
            column.name,
            column.type,
            primary_key=bool(column.primary_key),
            nullable=column.nullable,
            autoincrement=False,
            server_default=_server_default(column),
            comment=column.info["doc"],
        )
        for column in table.columns
    ]
    limits = [sa.CheckConstraint(text) for text in _limits(table)]
    return sa.Table(table.name, sa.MetaData(), *columns, *limits, comment=str(table.info["grain"]))


def _server_default(column: sa.Column[Any]) -> Any:
    if "default" not in column.info:
        return None
    default = column.info["default"]
    if isinstance(default, str):
        return default
    return sa.text(_shown(default))


def _limits(table: sa.Table) -> list[str]:
    found = []
    for column in table.columns:
        allowed, name = column.info["allowed"], column.name
        if allowed:
            found.append(f"{name} IN ({', '.join(repr(code) for code in allowed)})")
        if span_in_words(column):
            found.append(" AND ".join(_bounds(column)))
    for check in checks(table):
        if check.rule == "order":
            start, end = STARTS_AND_ENDS[table.name]
            found.append(f"{end} {'>' if check.expected.startswith('after') else '>='} {start}")
        if check.rule == "sign":
            rule = SIGNED[table.name]
            found.append(
                f"CASE WHEN {rule.kind} = '{rule.positive}' THEN {rule.amount} >= 0"
                f" ELSE {rule.amount} <= 0 END"
            )
    return found


def _bounds(column: sa.Column[Any]) -> list[str]:
    info, name = column.info, column.name
    bounds = [f"{name} > 0"] if info["positive"] else []
    if info["low"] is not None:
        bounds.append(f"{name} >= {info['low']}")
    if info["high"] is not None:
        bounds.append(f"{name} <= {info['high']}")
    return bounds


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tidy(sql: str) -> str:
    return "\n".join(line.rstrip().replace("\t", "  ") for line in sql.strip().splitlines())
