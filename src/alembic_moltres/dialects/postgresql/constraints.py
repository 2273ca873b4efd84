"""Constraints of the database with their signatures.

The functions for signatures are used for the models' constraints, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from ...schema.base import EMPTY
from ...sqltext import POSTGRESQL
from ..base.signatures import ItemSignature, ReflectedItem
from .catalogue import CatalogueRow
from .text import bare, in_parentheses, is_name, split, unquoted, with_lists

ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
"""pg_constraint.confdeltype; NO ACTION is the default."""

MATCHES = {"s": None, "f": "FULL", "p": "PARTIAL"}


def read_constraint(
    row: CatalogueRow,
    columns: Mapping[int, str],
    indexes: Mapping[int, CatalogueRow],
    schemas: Mapping[str, str | None],
) -> ReflectedItem[Constraint]:
    """Return a constraint and its signature.

    Args:
        row: of the catalogue.
        columns: the table's columns by their position.
        indexes: the table's indexes by oid, those that back constraints included.
        schemas: the names of schemas in values, if they differ.
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
            text = row.definition
    signature = ItemSignature(row.name, text, options=comment_signature(value.comment))
    return ReflectedItem(value, signature, row.inherited, row.local)


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
    return value, key_signature(value)


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
    return value, check_signature(row.definition)


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


def key_signature(key: PrimaryKeyConstraint | UniqueConstraint) -> str:
    """Return the signature of a primary key or a unique constraint.

    >>> key_signature(UniqueConstraint(("a",), deferrable=True))
    "UNIQUE ('a',) DEFERRABLE"
    """
    kind = "PRIMARY KEY" if isinstance(key, PrimaryKeyConstraint) else "UNIQUE"
    parts = [kind, repr(tuple(map(str, key.columns)))]
    if key.dialect_options:
        if include := key.dialect_options.get("postgresql_include"):
            parts.append(f"INCLUDE {tuple(map(str, include))!r}")
        if key.dialect_options.get("postgresql_nulls_not_distinct"):
            parts.append("NULLS NOT DISTINCT")
    return " ".join(parts) + deferral_signature(key.deferrable, key.initially)


def foreign_key_signature(key: ForeignKeyConstraint, schema: str | None) -> str:
    """Return the signature of a foreign key.

    Args:
        key: its value.
        schema: the referred table's schema, as the database has it.
    """
    parts = [
        f"FOREIGN KEY {tuple(map(str, key.columns))!r}",
        f"REFERENCES {schema}.{key.references_table}",
        repr(tuple(map(str, key.references_columns))),
    ]
    if key.match is not None and key.match.upper() != "SIMPLE":
        parts.append(f"MATCH {key.match.upper()}")
    for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
        if (rule := _action(action)) is not None:
            parts.append(f"ON {event} {rule}")
    return " ".join(parts) + deferral_signature(key.deferrable, key.initially)


def deferral_signature(deferrable: bool | None, initially: str | None) -> str:
    """Return the signature of a constraint's deferral; INITIALLY DEFERRED implies DEFERRABLE.

    >>> deferral_signature(None, "deferred"), deferral_signature(False, "IMMEDIATE")
    (' DEFERRABLE INITIALLY DEFERRED', '')
    """
    deferred = initially is not None and initially.upper() == "DEFERRED"
    if deferred:
        return " DEFERRABLE INITIALLY DEFERRED"
    return " DEFERRABLE" if deferrable else ""


def comment_signature(comment: str | None) -> Mapping[str, str]:
    """Return the signature of a comment of a constraint or an index; a model need not state it."""
    return {"comment": comment} if comment else EMPTY


def action_text(action: str, columns: Iterable[str]) -> str | None:
    """Return the action of a foreign key as SQLAlchemy takes it, from the catalogue's letter."""
    rule = ACTIONS[action]
    return f"{rule} ({', '.join(columns)})" if rule and columns else rule


def _action(action: str | None) -> str | None:
    if action is None:
        return None
    verb, _, columns = action.partition("(")
    verb = " ".join(verb.upper().split())
    if verb == "NO ACTION":
        return None
    if not columns:
        return verb
    listed = split(columns.strip().removesuffix(")"), ",")
    return f"{verb} {[_folded(name.strip()) for name in listed]!r}"


def _folded(name: str) -> str:
    return unquoted(name) if name.startswith('"') else name.lower()


def check_signature(expression: str) -> str:
    """Return the signature of a CHECK, from the database's text of its expression."""
    return f"CHECK {with_lists(expression)}"
