"""A recipe fitted to one extract: names found in its header, patterns made into columns.

What comes out speaks of the columns as the extract names them and of nothing that it lacks, so
that carrying a recipe out needs no pattern, no other name and no column that may be absent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from string import Formatter

from cxdata.intake.months import month_named
from cxdata.intake.recipe import (
    MONTHS,
    AcrossMap,
    ColumnMap,
    Condition,
    Factor,
    Layout,
    Recipe,
    Remark,
    TableMap,
)
from cxdata.model.errors import IntakeError

Rename = Callable[[str], str]


def fitted(recipe: Recipe, header: tuple[str, ...]) -> Recipe:
    """Return the recipe for an extract with these columns.

    Other names (``[extract.names]``) and differences of case and blanks are resolved; optional
    columns, conditions and tables that the extract lacks are left out; columns across become rows.
    What is lacking and not optional stays, for the check of the header to name.
    """
    found = found_names(recipe, header)
    recipe = _renamed(recipe, lambda name: found.get(name, name))
    there = frozenset(header)
    tables = tuple(
        fit for one in recipe.tables if (fit := _fitted_table(recipe, one, header)) is not None
    )
    if not tables:
        raise IntakeError(
            f"The extract has no column for any table of the recipe {recipe.name}; its columns "
            f"are {', '.join(header[:8])}{' ...' if len(header) > 8 else ''}."
        )
    remarks = tuple(
        one for one in recipe.remarks if not one.where.optional or one.where.source in there
    )
    return replace(recipe, tables=tables, remarks=remarks)


def found_names(recipe: Recipe, header: Iterable[str]) -> dict[str, str]:
    """Return the extract's name of each column that the recipe calls otherwise.

    An exact name wins, then another name as stated, then one that differs in case, width or
    blanks alone, if only one does.
    """
    header = tuple(header)
    others = dict(recipe.layout.names)
    folds: dict[str, list[str]] = {}
    for name in header:
        folds.setdefault(fold(name), []).append(name)
    found = {}
    for name in _named(recipe):
        if name in header:
            continue
        stated = (name, *others.get(name, ()))
        exact = [other for other in stated if other in header]
        near = [folds[fold(other)] for other in stated if fold(other) in folds]
        if exact:
            found[name] = exact[0]
        elif near and len(near[0]) == 1:
            found[name] = near[0][0]
    return found


def fold(name: str) -> str:
    """Return a name without differences of case, width and blanks.

    >>> fold(" Order\\u00a0 DATE ")
    'order date'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name fits one of the patterns, among which may be :data:`MONTHS`."""
    return any(
        month_named(name) is not None if pattern == MONTHS else fnmatchcase(name, pattern)
        for pattern in patterns
    )


def _named(recipe: Recipe) -> tuple[str, ...]:
    """Return every column the recipe names, absent or not, in its order."""
    layout = recipe.layout
    by_column = (*(name for name, _ in layout.names), *(name for name, _ in layout.writing))
    return tuple(dict.fromkeys([*recipe.reads, *by_column]))


def _fitted_table(recipe: Recipe, table: TableMap, header: tuple[str, ...]) -> TableMap | None:
    """Return the table without what the extract lacks, or None where it is left out."""
    if table.rows:
        return table
    there = frozenset(header)
    where = tuple(one for one in table.where if not one.optional or one.source in there)
    columns = tuple(_present(table.columns, there))
    wide = [group for one in table.across for group in _groups(one, header)]
    long = tuple(tuple(_present(group, there)) for group in (*table.long, *wide))
    long = tuple(group for group in long if not table.optional or _has(group, there))
    fit = replace(table, columns=columns, long=long, across=(), where=where)
    lacks_rows = bool(table.across or table.long) and not long
    if table.optional and (lacks_rows or not all(name in there for name in fit.reads)):
        return None
    if lacks_rows:
        patterns = ", ".join(pattern for one in table.across for pattern in one.columns)
        raise IntakeError(
            f"The recipe {recipe.name} fills {table.table} from columns named {patterns}, and the "
            "extract has none; correct the pattern, or say optional = true in the table."
        )
    return fit


def _present(maps: Iterable[ColumnMap], there: frozenset[str]) -> Iterable[ColumnMap]:
    """Yield the maps without the optional columns that the extract lacks."""
    for one in maps:
        kept = replace(one, when=tuple(c for c in one.when if not c.optional or c.source in there))
        known = [name for name in (one.source, *one.otherwise) if name in there]
        if one.otherwise and known:
            kept = replace(kept, source=known[0], otherwise=tuple(known[1:]))
        if not one.optional or _has((kept,), there):
            yield kept


def _has(maps: Iterable[ColumnMap], there: frozenset[str]) -> bool:
    return all(name in there for one in maps for name in one.reads)


def _groups(across: AcrossMap, header: tuple[str, ...]) -> list[tuple[ColumnMap, ...]]:
    """Return a group of column maps for each column that the patterns name."""
    stated = tuple(ColumnMap(name, constant=value) for name, value in across.constants)
    codes = dict(across.codes)
    groups, seen = [], dict[str | date, str]()
    for name in header:
        if not matches(name, across.columns) or matches(name, across.apart):
            continue
        code = month_named(name) if MONTHS in across.columns else codes.get(name) or snake(name)
        if not code:
            raise IntakeError(f"The column {name!r} gives no code; name one under codes.")
        if seen.setdefault(code, name) != name:
            raise IntakeError(
                f"The columns {seen[code]!r} and {name!r} both become {code}; tell them apart "
                "under codes, or leave one out with except."
            )
        value = replace(across.value, source=name)
        groups.append((ColumnMap(across.name, constant=code), value, *stated))
    return groups


def snake(name: str) -> str:
    """Return a name as a code of at most 64 characters.

    >>> snake("Q2 - Ease of use (1-5)")
    'q2_ease_of_use_1_5'
    """
    plain = "".join(one if one.isalnum() else " " for one in name.lower())
    return "_".join(plain.split())[:64].rstrip("_")


def _renamed(recipe: Recipe, called: Rename) -> Recipe:
    """Return the recipe with every column named as the extract names it."""
    remarks = (Remark(_renamed_condition(one.where, called), one.says) for one in recipe.remarks)
    return replace(
        recipe,
        layout=_renamed_layout(recipe.layout, called),
        tables=tuple(_renamed_table(one, called) for one in recipe.tables),
        remarks=tuple(remarks),
    )


def _renamed_layout(layout: Layout, called: Rename) -> Layout:
    return replace(
        layout,
        names=(),
        writing=tuple((called(name), answers) for name, answers in layout.writing),
        missing_in=tuple((called(name), codes) for name, codes in layout.missing_in),
        personal=tuple((called(name), treatment) for name, treatment in layout.personal),
    )


def _renamed_table(table: TableMap, called: Rename) -> TableMap:
    latest = table.latest_by
    return replace(
        table,
        columns=tuple(_renamed_column(one, called) for one in table.columns),
        long=tuple(tuple(_renamed_column(one, called) for one in group) for group in table.long),
        where=tuple(_renamed_condition(one, called) for one in table.where),
        latest_by=None if latest is None else _renamed_column(latest, called),
    )


def _renamed_column(one: ColumnMap, called: Rename) -> ColumnMap:
    return replace(
        one,
        source=None if one.source is None else called(one.source),
        otherwise=tuple(called(name) for name in one.otherwise),
        template=None if one.template is None else _renamed_template(one.template, called),
        months_before=None if one.months_before is None else called(one.months_before),
        occurrence_of=tuple(called(name) for name in one.occurrence_of),
        by=None if one.by is None else called(one.by),
        times=_renamed_factor(one.times, called),
        divided_by=_renamed_factor(one.divided_by, called),
        when=tuple(_renamed_condition(condition, called) for condition in one.when),
    )


def _renamed_factor(one: Factor | None, called: Rename) -> Factor | None:
    if one is None or one.source is None:
        return one
    return replace(one, source=called(one.source))


def _renamed_condition(one: Condition, called: Rename) -> Condition:
    return replace(one, source=called(one.source))


def _renamed_template(template: str, called: Rename) -> str:
    pieces = []
    for before, name, _, _ in Formatter().parse(template):
        pieces.append(before.replace("{", "{{").replace("}", "}}"))
        pieces += [f"{{{called(name)}}}"] if name else []
    return "".join(pieces)
