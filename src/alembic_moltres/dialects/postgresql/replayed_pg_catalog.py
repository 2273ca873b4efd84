"""The rows of PostgreSQL's `pg_catalog` for a state, as far as scripts query them.

Object identifiers are our own numbers, consistent across these tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...schema import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...sqltext import POSTGRESQL, tokens
from ..base.replay_queries import CatalogueTables, ReplayedCatalogue

OID = "moltres_oid"
"""The function that returns the identifier of a table; SQL of nobody calls it."""

COLUMNS = {
    "pg_catalog.pg_namespace": ("oid", "nspname"),
    "pg_catalog.pg_class": ("oid", "relname", "relkind", "relnamespace"),
    "pg_catalog.pg_index": (
        "indexrelid",
        "indrelid",
        "indisunique",
        "indisprimary",
        "indisvalid",
        "indisready",
    ),
    "pg_catalog.pg_constraint": ("conname", "conrelid", "connamespace", "contype", "convalidated"),
    "pg_catalog.pg_indexes": ("schemaname", "tablename", "indexname"),
    "pg_catalog.pg_tables": ("schemaname", "tablename"),
    "pg_catalog.pg_type": ("oid", "typname", "typnamespace", "typtype"),
    "pg_catalog.pg_enum": ("enumtypid", "enumlabel", "enumsortorder"),
}
"""The columns of each table that have known values (PostgreSQL manual, chapter 54)."""

CONSTRAINTS = {
    PrimaryKeyConstraint: "p",
    UniqueConstraint: "u",
    ForeignKeyConstraint: "f",
    CheckConstraint: "c",
}
"""`contype` of each kind of constraint."""


def catalogue_tables(database: ReplayedCatalogue) -> CatalogueTables:
    """Return the tables of `pg_catalog` for a state."""
    found = _PgCatalog(database)
    functions = {OID: found.number, "TO_REGCLASS": found.existing}
    return CatalogueTables(COLUMNS, found.rows, functions)


class _PgCatalog:
    """Collects the rows of all tables of `COLUMNS` in `rows`."""

    def __init__(self, database: ReplayedCatalogue) -> None:
        self.rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
        self._database = database
        self._numbers = count(16_384)  # the first that a server gives to an object of a user
        self._schemas: dict[str | None, int] = {}
        for table in database.all_tables.values():
            self._add_table(table)
        for (schema, name), type_ in database.types.items():
            number = next(self._numbers)
            kind = "d" if type_.name.endswith("DOMAIN") else "e"
            self._add("pg_type", number, name, self._schema(schema), kind)
            if kind == "e":
                for at, label in enumerate(type_.args, 1):
                    self._add("pg_enum", number, label, at)
        for schema, name in database.sequence_keys:
            self._add("pg_class", next(self._numbers), name, "S", self._schema(schema))

    def number(self, name: str) -> int | None:
        """Return the identifier of a table, a sequence or an index by its name in SQL text."""
        parts = [each for each in tokens(name, POSTGRESQL) if each.is_name]
        *schemas, own = [e.value.lower() if e.kind == "word" else e.value for e in parts] or [""]
        schema = schemas[-1] if schemas else self._database.default_schema
        wanted = self._schemas.get(schema)
        for number, found, _, namespace in self.rows["pg_catalog.pg_class"]:
            if (found, namespace) == (own, wanted):
                return int(str(number))
        return None

    def existing(self, name: str) -> str | None:
        """Return the name of a table, a sequence or an index that exists; `None` for another."""
        return None if self.number(name) is None else name

    def _add(self, name: str, *row: object) -> None:
        self.rows[f"pg_catalog.{name}"].append(row)

    def _schema(self, name: str | None) -> int:
        shown = name or self._database.default_schema
        if shown not in self._schemas:
            self._schemas[shown] = next(self._numbers)
            self._add("pg_namespace", self._schemas[shown], shown)
        return self._schemas[shown]

    def _add_table(self, table: TableSchema) -> None:
        schema, number = self._schema(table.schema), next(self._numbers)
        shown = table.schema or self._database.default_schema
        self._add("pg_tables", shown, str(table.name))
        self._add("pg_class", number, str(table.name), "r", schema)
        for each in table.constraints:
            name = self._database.name_of(table, each)
            kind = CONSTRAINTS.get(type(each), "x")
            self._add("pg_constraint", name, number, schema, kind, 1)
        for name, unique, primary in self._indexes(table):
            index = next(self._numbers)
            self._add("pg_indexes", shown, str(table.name), name)
            self._add("pg_class", index, name, "i", schema)
            self._add("pg_index", index, number, unique, primary, 1, 1)

    def _indexes(self, table: TableSchema) -> Iterator[tuple[str | None, int, int]]:
        """Yield the name of each index, also of keys, and whether it is unique and primary."""
        for item in (*table.indexes, *table.constraints):
            name = self._database.name_of(table, item)
            if isinstance(item, Index):
                yield name, int(item.unique), 0
            elif isinstance(item, PrimaryKeyConstraint | UniqueConstraint):
                yield name, 1, int(isinstance(item, PrimaryKeyConstraint))
