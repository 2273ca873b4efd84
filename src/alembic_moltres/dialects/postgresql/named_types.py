"""Enum types and domains of the database and of the models, and temporary ones for probes.

For the probes, a type of the models that is missing or different in the database is created in
`pg_temp`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy.dialects.postgresql import CreateDomainType
from sqlalchemy.engine import Connection, Dialect

from ...datatypes import Argument, DataType
from ...types import moltres_type_to_sqlalchemy_type
from ..base.ddl import DDLWriter
from ..base.signatures import Text, UnconfirmedText
from .catalogue import CatalogueRow, query
from .do_block import literal
from .text import bare, in_parentheses, quoted
from .type_spellings import type_name

DEFINITION = """concat_ws(' ', CASE WHEN b.typtype = 'd' THEN quote_ident(b.typname)
     ELSE format_type(t.typbasetype, t.typtypmod) END,
   CASE WHEN t.typcollation <> b.typcollation THEN 'COLLATE ' || t.typcollation::regcollation END,
   'DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END,
   (SELECT CASE count(*) WHEN 1 THEN 'CHECK ' || min(k.text) WHEN 0 THEN NULL
           ELSE 'CHECK (' || string_agg(k.text, ' AND ' ORDER BY k.name) || ')' END
    FROM (SELECT pg_get_expr(conbin, 0) AS text, conname AS name FROM pg_constraint
          WHERE contypid = t.oid AND contype = 'c') k))"""
"""The normalised definition of a domain (pg_type t, on pg_type b), without its name."""

TYPES = """SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name,
   t.typtype::text AS kind, pg_type_is_visible(t.oid) AS visible,
   ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
         ORDER BY e.enumsortorder) AS labels,
   format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull AS not_null,
   {definition} AS definition, t.typdefault AS default,
   b.typtype::text IN ('e', 'd') AS on_named, b.oid AS base_oid,
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

ARRAYS = frozenset({"postgresql.ARRAY", "sql.ARRAY"})
ENUMS = frozenset({"postgresql.ENUM", "ENUM"})
DOMAIN = "postgresql.DOMAIN"

ByOid: TypeAlias = Mapping[int, "NamedType"]


@dataclass(frozen=True, slots=True)
class NamedType:
    """An enum type or domain of the database."""

    schema: str
    name: str
    visible: bool
    labels: tuple[str, ...] | None
    definition: str
    type_name: DataType

    @property
    def signature(self) -> str:
        """The signature of a column of this type."""
        if self.labels is None:
            return domain_signature(self.schema, self.name, self.definition)
        return enum_signature(self.schema, self.name, self.labels)


def enum_signature(schema: str | None, name: str, labels: Iterable[str]) -> str:
    """Return the signature of a column of an enum type, with its labels."""
    return f"enum {schema}.{name}{tuple(labels)!r}"


def domain_signature(schema: str | None, name: str, definition: str) -> str:
    """Return the signature of a column of a domain, with its normalised definition."""
    return f"domain {schema}.{name} {definition}"


def types_by_oid(connection: Connection, oids: Iterable[int]) -> dict[int, NamedType]:
    """Return the named types of those oids, and the base types of domains among them."""
    rows: dict[int, CatalogueRow] = {}
    wanted = list(set(oids))
    while wanted:
        which = "t.oid = ANY (CAST(:oids AS oid[]))"
        rows |= {
            row.oid: row
            for row in query(
                connection, TYPES.format(which=which, definition=DEFINITION), oids=wanted
            )
        }
        wanted = [
            row.base_oid for row in rows.values() if row.on_named and row.base_oid not in rows
        ]
    named: dict[int, NamedType] = {}
    for oid in rows:
        _define(oid, rows, named)
    return named


def types_by_name(connection: Connection, names: Iterable[str]) -> list[NamedType]:
    """Return every enum type and domain of those names, in any schema."""
    which = "t.typname = ANY (CAST(:names AS text[]))"
    rows = query(connection, TYPES.format(which=which, definition=DEFINITION), names=list(names))
    return list(types_by_oid(connection, [row.oid for row in rows]).values())


def _define(oid: int, rows: Mapping[int, CatalogueRow], named: dict[int, NamedType]) -> NamedType:
    """Build the value of a type, after that of its base type."""
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
        named[oid] = NamedType(
            row.schema,
            name=row.name,
            visible=row.visible,
            labels=labels,
            definition=row.definition,
            type_name=type_,
        )
    return named[oid]


def _domain(row: CatalogueRow) -> dict[str, Argument]:
    """Return the arguments of a domain except its name; several checks are joined by AND.

    A check has no name if the server generated it.
    """
    arguments: dict[str, Argument] = {}
    if row.collation is not None:
        arguments["collation"] = row.collation
    if row.default is not None:
        arguments["default"] = DataType("SQL", (row.default,))
    if row.not_null:
        arguments["not_null"] = True
    if row.checks:
        checks = [bare(in_parentheses(text[text.index("(") :])[0]) for text in row.checks]
        arguments["check"] = (
            checks[0] if len(checks) == 1 else " AND ".join(f"({c})" for c in checks)
        )
        if len(checks) == 1 and row.check_names[0] != f"{row.name}_check":
            arguments["constraint_name"] = row.check_names[0]
    return arguments


def named_type(type_name: str) -> DataType | None:
    """Return the enum or domain of a type, which may be an array of it; `None` for other types.

    >>> named_type("postgresql.ARRAY(ENUM('a',name='mood'))")
    DataType.parse("ENUM('a',name='mood')")
    """
    type_ = DataType.parse(type_name)
    while type_.name in ARRAYS and type_.args and isinstance(type_.args[0], DataType):
        type_ = type_.args[0]
    native = type_.name in ENUMS and type_.kwargs.get("native_enum", True)
    known = (native or type_.name == DOMAIN) and type_.kwargs.get("name")
    return type_ if known else None


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of the models.

    Attributes:
        schema: its schema.
        name: its name.
        twin: a temporary domain with its definition, for the probe; `None` if that is not compared.
        exists: whether the database has a domain of that name.
    """

    schema: str
    name: str
    twin: str | None = None
    exists: bool = False

    def signature(self, definition: str | None, array: str = "") -> Text:
        """Return the signature of a column; without a definition it matches by name."""
        if definition is not None or not self.exists:
            return domain_signature(self.schema, self.name, definition or "") + array
        return UnconfirmedText(domain_signature(self.schema, self.name, ""), _is_of_that_name)


def _is_of_that_name(name: str, current: str) -> bool:
    return current.startswith(name)


class DesiredTypes:
    """The named types of the models, and those of the same names in the database."""

    def __init__(
        self, existing: Iterable[NamedType], dialect: Dialect, default_schema: str | None
    ) -> None:
        self._existing = list(existing)
        self._dialect = dialect
        self._default_schema = default_schema
        self._spelt: dict[str, tuple[str, str | Domain]] = {}
        self._twins: dict[str, str] = {}
        self.statements: dict[str, None] = {}
        """The statements that create, in `pg_temp`, the types that the database does not have."""

    def ddl(self, type_: DataType) -> str:
        """Return the type's name in a probe."""
        return self._spell(type_)[0]

    def signature(self, type_: DataType) -> str | Domain:
        """Return the signature of a column of that type; of a domain, what is probed for it."""
        return self._spell(type_)[1]

    def _spell(self, type_: DataType) -> tuple[str, str | Domain]:
        spelling = self._spelt.get(type_.text)
        if spelling is None:
            spelling = self._spelt[type_.text] = self._resolve(type_)
        return spelling

    def _resolve(self, type_: DataType) -> tuple[str, str | Domain]:
        schema, name = type_.kwargs.get("schema"), str(type_.kwargs["name"])
        labels = tuple(map(str, type_.args)) if type_.name != DOMAIN else None
        kept = next(
            (
                each
                for each in self._existing
                if each.name == name and (each.visible if schema is None else each.schema == schema)
            ),
            None,
        )
        in_schema = str(schema or (kept.schema if kept else self._default_schema))
        exists = kept is not None and (kept.labels is None) == (labels is None)
        signature = (
            self._domain(type_, in_schema, name, exists=exists)
            if labels is None
            else enum_signature(in_schema, name, labels)
        )
        if kept is not None and kept.labels == labels:
            return f"{quoted(kept.schema)}.{quoted(name)}", signature
        self.statements[self._create(type_, name, labels)] = None
        return f"pg_temp.{quoted(name)}", signature

    def _domain(self, type_: DataType, schema: str, name: str, *, exists: bool) -> Domain:
        """Return a domain; an existing one gets a temporary twin, whose definition is read.

        Its definition is not compared if it is created elsewhere (`create_type=False`).
        """
        if not exists or not type_.kwargs.get("create_type", True):
            return Domain(schema, name, exists=exists)
        twin = f"moltres domain {len(self._twins)}"
        twin = self._twins.setdefault(type_.text, twin)
        self.statements[self._create(type_, twin, None)] = None
        return Domain(schema, name, f"pg_temp.{quoted(twin)}", exists=True)

    def _create(self, type_: DataType, name: str, labels: tuple[str, ...] | None) -> str:
        if labels is not None:
            listed = ", ".join(literal(label) for label in labels)
            return f"CREATE TYPE pg_temp.{quoted(name)} AS ENUM ({listed})"
        kwargs = {**type_.kwargs, "name": name, "schema": "pg_temp"}
        temporary = DataType(type_.name, type_.args, kwargs)
        domain: Any = moltres_type_to_sqlalchemy_type(temporary)
        return str(DDLWriter(self._dialect, name, None).write(CreateDomainType(domain)))


def desired_types(
    connection: Connection, type_names: Iterable[str], dialect: Dialect
) -> DesiredTypes:
    """Return the named types among `type_names`, with the database's types of the same names."""
    names = {str(type_.kwargs["name"]) for each in type_names if (type_ := named_type(each))}
    existing = types_by_name(connection, names) if names else []
    return DesiredTypes(existing, dialect, connection.dialect.default_schema_name)
