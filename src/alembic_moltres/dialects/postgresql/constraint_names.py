"""The names of constraints: generated ones, and those that a block renames.

PostgreSQL generates the name of an unnamed constraint (`ChooseConstraintName`, `makeObjectName` in
its sources). A constraint that a block drops and adds again under another name is renamed, since
PostgreSQL refuses to drop a key that a foreign key refers to, and would rebuild its index.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from ...diff import AlterTable
from ...schema import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...sqltext import POSTGRESQL, columns, tokens

LABELS = {UniqueConstraint: "key", ForeignKeyConstraint: "fkey", ExcludeConstraint: "excl"}
"""The suffixes of generated names of constraints over columns."""

GENERATED = re.compile(r"_(pkey|key|fkey|excl|check)\d*$")
"""The suffixes of generated names in any version; the columns before them depend on the version."""

LIMIT = 63
"""The maximal length of a name in bytes (NAMEDATALEN - 1)."""


def default_constraint_name(
    table: str, kind: type[Constraint], columns: Sequence[str]
) -> str | None:
    """Return the name of a nameless constraint; `None` for a CHECK.

    A CHECK's name depends on the columns in its expression, which its text does not show.

    >>> default_constraint_name("orders", PrimaryKeyConstraint, ["id"])
    'orders_pkey'
    """
    if kind is PrimaryKeyConstraint:
        return default_name(table, "", "pkey")
    label = LABELS.get(kind)
    return None if label is None else default_name(table, "_".join(columns), label)


def default_name(table: str, columns: str, label: str) -> str:
    """Return the name that PostgreSQL generates for a constraint or a sequence.

    Table and columns are truncated, the longer one first, to fit the limit in bytes.

    >>> default_name("orders", "user_id", "fkey"), default_name("orders", "", "pkey")
    ('orders_user_id_fkey', 'orders_pkey')
    """
    first, second = table.encode(), columns.encode()
    room = LIMIT - len(label) - 1 - bool(second)
    length1, length2 = len(first), len(second)
    while length1 + length2 > room:
        if length1 > length2:
            length1 -= 1
        else:
            length2 -= 1
    cut = (first[:length1].decode(errors="ignore"), second[:length2].decode(errors="ignore"))
    return "_".join((*(part for part in cut if part), label))


def generated_name(table: TableSchema, constraint: Constraint, taken: Collection[str]) -> str:
    """Return the name that the server generates for a constraint.

    Args:
        table: the table of the constraint.
        constraint: one without a name.
        taken: the names of constraints and tables that exist in the schema.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> orders = TableSchema("orders", [column("user_id", "INTEGER")])
    >>> generated_name(orders, foreign_key("user_id", "users", "id"), {"orders_user_id_fkey"})
    'orders_user_id_fkey1'
    """
    between, label = _parts(table, constraint)
    first = default_name(table.name, between, label)
    if first not in taken:
        return first
    later = (default_name(table.name, between, f"{label}{n}") for n in count(1))
    return next(name for name in later if name not in taken)


def _parts(table: TableSchema, constraint: Constraint) -> tuple[str, str]:
    match constraint:
        case PrimaryKeyConstraint():
            return "", "pkey"
        case CheckConstraint():
            columns_of_expression = columns(constraint.expression.text, POSTGRESQL)
            names = {
                each.value.lower() if each.kind == "word" else each.value
                for each in columns_of_expression
            }
            used = [each.name for each in table.columns if each.name in names]
            return used[0] if len(used) == 1 else "", "check"
        case ExcludeConstraint():
            parts = [
                each if isinstance(each, str) else _expression_name(each.text)
                for each, _ in constraint.elements
            ]
            return "_".join(parts), LABELS[ExcludeConstraint]
        case _:
            return "_".join(constraint.columns), LABELS[type(constraint)]


def _expression_name(text: str) -> str:
    """Return PostgreSQL's name for an expression: that of its function (`FigureIndexColname`).

    >>> _expression_name("int4range(a, (b))"), _expression_name("lower(a) || f(b)")
    ('int4range', 'expr')
    """
    stream = list(tokens(text, POSTGRESQL))
    opened = 0
    for number, token in enumerate(stream):
        opened += (token.upper == "(") - (token.upper == ")")
        if number and not opened and number < len(stream) - 1:
            return "expr"
    is_call = len(stream) > 2 and stream[0].kind in {"word", "quoted"} and stream[1].upper == "("
    if not is_call or stream[0].upper == "CAST":
        return "expr"
    return stream[0].value.lower() if stream[0].kind == "word" else stream[0].value


def renamed_constraints(change: AlterTable) -> dict[Constraint, Constraint]:
    """Return the dropped constraint of each one that is added again under another name.

    Constraints on columns that are renamed or dropped in between are left out: they differ
    afterwards.

    >>> from alembic_moltres.diff import AddConstraint, DropConstraint
    >>> from alembic_moltres.schema import unique
    >>> old, new = unique("a", name="old"), unique("a", name="new")
    >>> change = AlterTable("t", None, (DropConstraint(old), AddConstraint(new)))
    >>> renamed_constraints(change) == {new: old}
    True
    """
    dropped, added = change.dropped_constraints, change.added_constraints
    if not dropped or not added:
        return {}
    names = {each.name for each in dropped}
    renames = change.renamed_columns.items()
    moved = {name for pair in renames for name in pair}
    moved |= {column.name for column in change.dropped_columns}
    renamed: dict[Constraint, Constraint] = {}
    for new in added:
        columns = moved if isinstance(new, CheckConstraint) else new.columns  # may name any of them
        if new.name is None or new.name in names or moved.intersection(columns):
            continue
        alike = (old for old in dropped if replace(old, name=new.name) == new)
        former = next((old for old in alike if old not in renamed.values()), None)
        if former is not None:
            renamed[new] = former
    return renamed
