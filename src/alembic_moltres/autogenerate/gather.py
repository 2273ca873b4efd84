"""Both sides of the comparison: the tables of the models and of the database."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import NoReferencedColumnError, NoReferencedTableError

from ..convert import dialects_for, schema_to_table
from ..convert.dialects import writing
from ..convert.tables import freeze_table
from ..dialects.base.reflection import Key, reflect_database, table_keys
from ..dialects.base.registry import impl_of
from ..dialects.base.signatures import ReflectedTable
from ..errors import FreezeError, OptionError
from ..messages import did_you_mean
from ..options import moltres_options
from ..schema import ColumnDef, ForeignKeyConstraint, TableSchema
from ..schema.dialects import DIALECT_CLASSES

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class TableFreezer:
    """Freezes the models' tables: for the connected dialect, or for all dialects of a script.

    Args:
        dialect: the connected one.
        databases: the names of the others; default: all that SQLAlchemy ships.
    """

    def __init__(self, dialect: Dialect, databases: Collection[str] | None = None) -> None:
        self._dialect, self._databases = dialect, databases
        self._across = impl_of(dialect).features.keys_across_schemas

    @cached_property
    def _connected(self) -> tuple[Dialect, ...]:
        return (writing(self._dialect),)

    @cached_property
    def _all(self) -> tuple[Dialect, ...]:
        return dialects_for((self._dialect,), self._databases)

    def connected(self, table: sa.Table) -> TableSchema | None:
        """Return a table frozen for the connected dialect; `None` if that loses a part of it."""
        with suppress(FreezeError):
            return freeze_table(table, self._connected)
        return None

    def every(self, table: sa.Table) -> TableSchema:
        """Return a table frozen for every dialect of the chosen databases."""
        frozen = freeze_table(table, self._all)
        if self._databases is None:
            return frozen
        unused = DIALECT_CLASSES.keys() - {*self._databases, self._dialect.name}
        return replace(frozen, columns=tuple(_without_variants(c, unused) for c in frozen.columns))

    def comparable(self, frozen: TableSchema) -> TableSchema:
        """Return a table of the models in the form that is compared with the database's."""
        default = self._dialect.default_schema_name
        written = frozen if self._across else _without_keys_between(frozen, default)
        return without_schema(written, default)


class DesiredTable(Protocol):
    """A desired table, as SQLAlchemy's `Table` and as values.

    The comparison uses the value for the connected dialect; a script has the value for every
    dialect.
    """

    @property
    def freezer(self) -> TableFreezer:
        """The freezer of its table."""

    @property
    def live(self) -> sa.Table:
        """The SQLAlchemy table, for filters and other packages' comparators."""

    @property
    def frozen(self) -> TableSchema:
        """The value, for every dialect."""

    @property
    def written(self) -> TableSchema:
        """The value, without the schema if it is the default one."""

    @property
    def compared(self) -> TableSchema:
        """The value, for the connected dialect alone."""


@dataclass(frozen=True)
class ModelTable:
    """A table of the models."""

    live: sa.Table
    freezer: TableFreezer

    @cached_property
    def frozen(self) -> TableSchema:
        """The value, for every dialect."""
        return self.freezer.every(self.live)

    @cached_property
    def written(self) -> TableSchema:
        """The value, without the schema if it is the default one."""
        return self.freezer.comparable(self.frozen)

    @cached_property
    def compared(self) -> TableSchema:
        """The value, for the connected dialect alone.

        It is `written` if only another dialect can express a part, such as its own expression.
        """
        connected = self.freezer.connected(self.live)
        return self.written if connected is None else self.freezer.comparable(connected)


@dataclass(frozen=True)
class HistoryTable:
    """A table that the scripts make: already a value; its SQLAlchemy table is made on first use."""

    frozen: TableSchema
    freezer: TableFreezer

    @cached_property
    def live(self) -> sa.Table:
        """The SQLAlchemy table, for filters and other packages' comparators."""
        return schema_to_table(self.frozen, sa.MetaData())

    @cached_property
    def written(self) -> TableSchema:
        """The value, without the schema if it is the default one."""
        return self.freezer.comparable(self.frozen)

    @property
    def compared(self) -> TableSchema:
        """The same value: parts for other dialects are kept."""
        return self.written


@dataclass(frozen=True)
class CurrentTable:
    """A current table of the database; its SQLAlchemy table is made on first use."""

    reflected: ReflectedTable

    @cached_property
    def live(self) -> sa.Table:
        """The SQLAlchemy table, for filters and other packages' comparators."""
        return schema_to_table(self.reflected.table, sa.MetaData())


def _without_variants(column: ColumnDef, unused: Container[str]) -> ColumnDef:
    """Return a column without type variants for other databases."""
    kept = {name: text for name, text in column.type_variants.items() if name not in unused}
    return column if len(kept) == len(column.type_variants) else replace(column, type_variants=kept)


def chosen_databases(autogen_context: AutogenContext) -> tuple[str, ...] | None:
    """Return the databases that the scripts support; `None` for all.

    Raises:
        OptionError: a name is not a database that SQLAlchemy ships.
    """
    chosen = moltres_options(autogen_context.opts).get("databases")
    if chosen is None:
        return None
    names = tuple(chosen) if isinstance(chosen, Iterable) and not isinstance(chosen, str) else ()
    known = {*DIALECT_CLASSES, autogen_context.dialect.name}
    unknown = next((name for name in names if name not in known), None)
    if not names or unknown is not None:
        hint = did_you_mean(str(unknown), known) if names else ""
        raise OptionError(
            f"context.configure(moltres={{'databases': {chosen!r}}}) has no known database"
            f"{hint or f'; pass a list with some of {sorted(known)}'}",
            chosen,
        )
    return names


def gather_models(autogen_context: AutogenContext) -> dict[Key, DesiredTable]:
    """Return the tables of the models by schema and name, without Alembic's version table.

    Raises:
        FreezeError: a table cannot be frozen, or refers to a missing table.
    """
    freezer = TableFreezer(autogen_context.dialect, chosen_databases(autogen_context))
    models: dict[Key, DesiredTable] = {}
    for table in autogen_context.table_key_to_table.values():
        if not _is_version_table(autogen_context, table.schema, table.name):
            _check_references(table)
            model = ModelTable(table, freezer)
            models[model.compared.schema, str(model.compared.name)] = model
    return models


def gather_state(
    autogen_context: AutogenContext, tables: Iterable[TableSchema]
) -> dict[Key, DesiredTable]:
    """Return the tables of a state by schema and name, without Alembic's version table."""
    freezer = TableFreezer(autogen_context.dialect, chosen_databases(autogen_context))
    models: dict[Key, DesiredTable] = {}
    for table in tables:
        if not _is_version_table(autogen_context, table.schema, str(table.name)):
            each = HistoryTable(table, freezer)
            models[each.written.schema, str(each.written.name)] = each
    return models


def _without_keys_between(table: TableSchema, default: str | None) -> TableSchema:
    """Return the table without keys to a table that spells the same schema differently.

    SQLAlchemy writes no such key here: it treats "main" and no schema as two files. A database
    without a default schema has no second spelling.
    """
    if default is None:
        return table
    kept = tuple(
        item
        for item in table.constraints
        if not isinstance(item, ForeignKeyConstraint)
        or {item.references_schema, table.schema} != {None, default}
    )
    return table if len(kept) == len(table.constraints) else replace(table, constraints=kept)


def _check_references(table: sa.Table) -> None:
    for key in table.foreign_keys:
        try:
            key.column  # noqa: B018 - resolved on first access
        except NoReferencedTableError as err:
            hint = did_you_mean(err.table_name, table.metadata.tables)
            remedy = f"{hint} If not," if hint else "; correct the name, or"
            raise FreezeError(
                f"a foreign key refers to the table {err.table_name!r}, which the models do not "
                f"have (at {table.fullname}.{key.parent.name}){remedy} import the module that "
                "defines it in env.py",
                table,
            ) from err
        except NoReferencedColumnError:
            continue  # freezer reports it


def gather_database(
    autogen_context: AutogenContext,
    schemas: Iterable[str | None],
    models: Mapping[Key, DesiredTable],
) -> dict[Key, CurrentTable]:
    """Return the tables of the database that the environment's name filter includes.

    The server's own schemas are left out where the models have no table there: Alembic's inspector
    lists them with the others.
    """
    connection: Connection = autogen_context.connection  # type: ignore[assignment]
    of_server = impl_of(connection.dialect).features.server_schemas
    unused = of_server.difference(schema for schema, _ in models)
    schemas = [each for each in schemas if each not in unused]
    existing = table_keys(connection, schemas)
    others = {key for key in models if key[0] in schemas}.difference(existing)  # such as partitions
    wanted = {key for key in existing if is_included(autogen_context, *key)} | others
    return {
        key: CurrentTable(each)
        for key, each in reflect_database(connection, wanted).items()
        if key not in others or is_included(autogen_context, *key)
    }


def is_included(autogen_context: AutogenContext, schema: str | None, name: str) -> bool:
    """Tell whether the name filter includes a table; Alembic's version table is never included."""
    return not _is_version_table(autogen_context, schema, name) and (
        autogen_context.run_name_filters(name, "table", {"schema_name": schema})
    )


def without_schema(table: TableSchema, default: str | None) -> TableSchema:
    """Return the table without its schema if that is `default`.

    >>> without_schema(TableSchema("users", [], schema="public"), "public")
    TableSchema('users', [])
    """
    if default is None:
        return table
    keys = [
        replace(item, references_schema=None)
        if isinstance(item, ForeignKeyConstraint) and item.references_schema == default
        else item
        for item in table.constraints
    ]
    needed = tuple(
        each[1] if not isinstance(each, str) and each[0] == default else each
        for each in table.depends_on
    )
    schema = None if table.schema == default else table.schema
    if (schema, tuple(keys), needed) == (table.schema, table.constraints, table.depends_on):
        return table
    return replace(table, schema=schema, constraints=tuple(keys), depends_on=needed)


def _is_version_table(autogen_context: AutogenContext, schema: str | None, name: str) -> bool:
    context = autogen_context.migration_context
    return (schema, name) == (context.version_table_schema, context.version_table)
