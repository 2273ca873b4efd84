"""Both sides of the comparison: the tables of the models, and those of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import NoReferencedColumnError, NoReferencedTableError

from ..convert import dialects_for, schema_to_table
from ..convert.tables import freeze_table
from ..dialects.base.reflection import Key, reflect_database
from ..dialects.base.registry import impl_of
from ..dialects.base.signatures import ReflectedTable
from ..errors import FreezeError, did_you_mean
from ..schema import ForeignKeyConstraint, TableSchema

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class Modelled:
    """A table of the models: live, its value, and the value that is compared.

    `compared` has no schema where the model names the default one.
    """

    live: sa.Table
    frozen: TableSchema
    compared: TableSchema


@dataclass(frozen=True)
class Existing:
    """A table of the database, and a live `Table` that is made on first use."""

    reflected: ReflectedTable

    @cached_property
    def live(self) -> sa.Table:
        """The live `Table` that filters and other packages' comparators get."""
        return schema_to_table(self.reflected.table, sa.MetaData())


def gather_models(autogen_context: AutogenContext) -> dict[Key, Modelled]:
    """Return the tables of the models by schema and name, Alembic's own table left out.

    Raises:
        FreezeError: a table cannot be frozen, or refers to a missing table.
    """
    default = autogen_context.dialect.default_schema_name
    across = impl_of(autogen_context.dialect).features.keys_across_schemas
    dialects = dialects_for((autogen_context.dialect,))
    found = {}
    for table in autogen_context.table_key_to_table.values():
        if not _is_version_table(autogen_context, table.schema, table.name):
            _check_references(table)
            frozen = freeze_table(table, dialects)
            written = frozen if across else _without_keys_between(frozen, default)
            compared = without_schema(written, default)
            found[compared.schema, str(compared.name)] = Modelled(table, frozen, compared)
    return found


def _without_keys_between(table: TableSchema, default: str | None) -> TableSchema:
    """Return the table without keys between it and one that names the same schema otherwise.

    SQLAlchemy writes none on such a database: it takes "main" and no schema for two files.
    """
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
            continue  # freezing reports which


def gather_database(
    autogen_context: AutogenContext, schemas: Iterable[str | None], models: Mapping[Key, Modelled]
) -> dict[Key, Existing]:
    """Return the tables of the database that the environment's name filter lets through."""
    connection: Connection = autogen_context.connection  # type: ignore[assignment]

    def include(schema: str | None, name: str) -> bool:
        return not _is_version_table(
            autogen_context, schema, name
        ) and autogen_context.run_name_filters(name, "table", {"schema_name": schema})

    found = reflect_database(connection, schemas=schemas, include=include, modelled=tuple(models))
    return {key: Existing(reflected) for key, reflected in found.items()}


def without_schema(table: TableSchema, default: str | None) -> TableSchema:
    """Return the table as it is named when `default` is the schema that needs no naming.

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
    schema = None if table.schema == default else table.schema
    if schema == table.schema and tuple(keys) == table.constraints:
        return table
    return replace(table, schema=schema, constraints=tuple(keys))


def _is_version_table(autogen_context: AutogenContext, schema: str | None, name: str) -> bool:
    context = autogen_context.migration_context
    return (schema, name) == (context.version_table_schema, context.version_table)
