"""Constraints of the database: their values, and what it says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...schema import (
    SQL,
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...sqltext import POSTGRESQL
from ..base.signatures import ItemSignature
from .catalogue import CatalogueRow
from .key_signatures import (
    MATCHES,
    action_text,
    comment_signature,
    foreign_key_signature,
    key_signature,
)
from .text import bare, in_parentheses, is_name, split, unquoted, with_lists

Read = tuple[Constraint, ItemSignature]


def read_constraint(
    row: CatalogueRow,
    columns: Mapping[int, str],
    indexes: Mapping[int, CatalogueRow],
    schemas: Mapping[str, str | None],
) -> Read:
    """Return a constraint and its words.

    Args:
        row: what the catalogue says of it.
        columns: the table's columns by their position.
        indexes: the table's indexes by oid, those that back constraints included.
        schemas: how a schema is called in values where its name is not.
    """
    shared: dict[str, Any] = {
        "name": row.name,
        "deferrable": True if row.deferrable else None,
        "initially": "DEFERRED" if row.deferred else None,
        "comment": row.description or None,
    }
    match row.kind:
        case "p" | "u":
            value, text = _key(row, columns, indexes[row.index_oid], shared)
        case "f":
            value, text = _foreign_key(row, columns, schemas, shared)
        case "c":
            value, text = _check(row, shared)
        case _:
            value = _exclude(row, shared)
            text = exclude_signature(row.definition, row.description)
    return value, ItemSignature(row.name, text)


def check_signature(expression: str, comment: str | None) -> str:
    """Return the words of a CHECK, from the database's text of its expression."""
    return f"CHECK {expression}{comment_signature(comment)}"


def exclude_signature(definition: str, comment: str | None) -> str:
    """Return the words of an EXCLUDE, from `pg_get_constraintdef`."""
    return definition + comment_signature(comment)


def _key(
    row: CatalogueRow, columns: Mapping[int, str], index: CatalogueRow, shared: dict[str, Any]
) -> tuple[Constraint, str]:
    names = [columns[int(position)] for position in index.columns.split()]
    options: dict[str, Any] = {}
    if names[index.keys :]:
        options["postgresql_include"] = tuple(names[index.keys :])
    if index.nulls_not_distinct:
        options["postgresql_nulls_not_distinct"] = True
    kind = PrimaryKeyConstraint if row.kind == "p" else UniqueConstraint
    value = kind(tuple(names[: index.keys]), dialect_options=options, **shared)
    return value, key_signature(value, comment=value.comment)


def _foreign_key(
    row: CatalogueRow,
    columns: Mapping[int, str],
    schemas: Mapping[str, str | None],
    shared: dict[str, Any],
) -> tuple[Constraint, str]:
    only = [POSTGRESQL.written_name(columns[position]) for position in row.set_columns or ()]
    referred: str | None = row.referred_schema
    value = ForeignKeyConstraint(
        tuple(columns[position] for position in row.columns),
        row.referred_table,
        tuple(row.referred_columns),
        on_delete=action_text(row.on_delete, only),
        on_update=action_text(row.on_update, ()),
        references_schema=schemas.get(row.referred_schema, None if row.visible else referred),
        match=MATCHES[row.match],
        dialect_options={} if row.validated else {"postgresql_not_valid": True},
        **shared,
    )
    return value, foreign_key_signature(value, referred)


def _check(row: CatalogueRow, shared: dict[str, Any]) -> tuple[Constraint, str]:
    options = {} if row.validated else {"postgresql_not_valid": True}
    expression = SQL(with_lists(bare(row.definition)))
    value = CheckConstraint(expression, dialect_options=options, **shared)
    return value, check_signature(row.definition, value.comment)


def _exclude(row: CatalogueRow, shared: dict[str, Any]) -> ExcludeConstraint:
    """Read `EXCLUDE USING method (element WITH operator, ...) WHERE (...)`."""
    method, _, rest = row.definition.removeprefix("EXCLUDE USING ").partition(" ")
    inside, rest = in_parentheses(rest)
    elements, ops = [], {}
    for part in split(inside):
        element, operator = split(part, " WITH ")
        column, _, operator_class = element.rpartition(" ")
        if is_name(column) and is_name(operator_class):
            ops[unquoted(column)] = operator_class
            element = column
        elements.append((unquoted(element) if is_name(element) else SQL(element), operator))
    predicate = rest.partition(" WHERE ")[2]
    where = in_parentheses(predicate)[0] if predicate else None
    return ExcludeConstraint(
        tuple(elements),
        using=method,
        where=SQL(bare(where)) if where else None,
        ops=ops,
        **shared,
    )
