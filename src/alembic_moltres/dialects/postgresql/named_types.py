"""Enum types and domains: what the database has under their names, and how they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.engine import Connection

from ...datatypes import Argument, DataType
from .catalogue import CatalogueRow, query
from .text import bare, in_parentheses
from .type_spellings import type_name

TYPES = """SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name,
   t.typtype::text AS kind, pg_type_is_visible(t.oid) AS visible,
   ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
         ORDER BY e.enumsortorder) AS labels,
   format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull AS not_null,
   t.typdefault AS default, b.typtype::text IN ('e', 'd') AS on_named, b.oid AS base_oid,
   CASE WHEN t.typcollation <> b.typcollation THEN
     (SELECT collname::text FROM pg_collation WHERE oid = t.typcollation) END AS collation,
   ARRAY(SELECT conname::text FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'
         ORDER BY conname) AS check_names,
   ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint
         WHERE contypid = t.oid AND contype = 'c' ORDER BY conname) AS checks
 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 LEFT JOIN pg_type b ON b.oid = t.typbasetype
 WHERE t.typtype IN ('e', 'd')
   AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND {which}"""

ByOid: TypeAlias = Mapping[int, "NamedType"]


@dataclass(frozen=True, slots=True)
class NamedType:
    """A type that has a definition of its own, as the database has it."""

    schema: str
    name: str
    visible: bool
    labels: tuple[str, ...] | None
    type_name: DataType

    @property
    def signature(self) -> str:
        """What a column's words say of it: an enum's labels too, whatever the search path."""
        return signature(self.schema, self.name, self.labels)


def signature(schema: str | None, name: str, labels: Iterable[str] | None) -> str:
    """Return the words of a column of a named type."""
    kind = "domain" if labels is None else "enum"
    return f"{kind} {schema}.{name}{'' if labels is None else tuple(labels)!r}"


def types_by_oid(connection: Connection, oids: Iterable[int]) -> dict[int, NamedType]:
    """Return the named types of those oids, and those that domains among them are made of."""
    found: dict[int, CatalogueRow] = {}
    wanted = list(set(oids))
    while wanted:
        which = "t.oid = ANY (CAST(:oids AS oid[]))"
        found |= {row.oid: row for row in query(connection, TYPES.format(which=which), oids=wanted)}
        wanted = [
            row.base_oid for row in found.values() if row.on_named and row.base_oid not in found
        ]
    named: dict[int, NamedType] = {}
    for oid in found:
        _define(oid, found, named)
    return named


def types_by_name(connection: Connection, names: Iterable[str]) -> list[NamedType]:
    """Return every enum type and domain of those names, in whatever schema."""
    which = "t.typname = ANY (CAST(:names AS text[]))"
    rows = query(connection, TYPES.format(which=which), names=list(names))
    return list(types_by_oid(connection, [row.oid for row in rows]).values())


def _define(oid: int, rows: Mapping[int, CatalogueRow], named: dict[int, NamedType]) -> NamedType:
    """Make the value of a type, after that of the one that it is made of."""
    if oid not in named:
        row = rows[oid]
        labels = tuple(row.labels) if row.kind == "e" else None
        called: dict[str, Argument] = {"name": row.name}
        if not row.visible:
            called["schema"] = row.schema
        if labels is not None:
            type_ = DataType("postgresql.ENUM", labels, called)
        else:
            base = (
                _define(row.base_oid, rows, named).type_name
                if row.on_named
                else type_name(row.base)
            )
            type_ = DataType("postgresql.DOMAIN", (base,), {**called, **_domain(row)})
        named[oid] = NamedType(row.schema, row.name, row.visible, labels, type_)
    return named[oid]


def _domain(row: CatalogueRow) -> dict[str, Argument]:
    """Return what a domain says besides its name; several checks are one, joined by AND."""
    said: dict[str, Argument] = {}
    if row.collation is not None:
        said["collation"] = row.collation
    if row.default is not None:
        said["default"] = DataType("SQL", (row.default,))
    if row.not_null:
        said["not_null"] = True
    if row.checks:
        checks = [bare(in_parentheses(text[text.index("(") :])[0]) for text in row.checks]
        said["check"] = checks[0] if len(checks) == 1 else " AND ".join(f"({c})" for c in checks)
        if len(checks) == 1:
            said["constraint_name"] = row.check_names[0]
    return said
