"""The targets of foreign keys: their names, and stubs for tables that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from .. import sqla_compat
from ..errors import FreezeError, ThawError
from ..messages import did_you_mean
from ..schema import ForeignKeyConstraint, TableSchema
from ..schema.names import qualified_name
from .ddl_if import thaw_condition
from .dialect_options import thaw_shared
from .names import attach, freeze_name, thaw_name

STUB = "alembic_moltres.stub"
"""Marks a stub table in `Table.info`; the value is the foreign keys that refer to it."""


def freeze_target(element: sa.ForeignKey, where: str) -> tuple[str | None, str, str]:
    """Return schema, table and column that a foreign key refers to, all by name.

    Raises:
        FreezeError: the table has no such column.
    """
    try:
        column = element.column
    except exc.NoReferencedTableError:
        schema, table, name = sqla_compat.referred_names(element)
        return schema, table, str(element.parent.key if name is None else name)
    except exc.NoReferencedColumnError as err:
        raise _no_such_column(element, where) from err
    referred: Any = column.table
    schema = None if referred.schema is None else freeze_name(referred.schema)
    return schema, freeze_name(referred.name), freeze_name(column.name)


def _no_such_column(element: sa.ForeignKey, where: str) -> FreezeError:
    schema, table, name = sqla_compat.referred_names(element)
    key = qualified_name(table, schema)
    known = element.parent.table.metadata.tables[key].columns.keys()
    hint = did_you_mean(str(name), known) or "; correct the name"
    return FreezeError(
        f"a foreign key refers to {element.target_fullname!r}, which has no such column "
        f"(at {where}.{element.parent.name}){hint}",
        element,
    )


def thaw_foreign_key(key: ForeignKeyConstraint, table: sa.Table) -> None:
    """Attach a foreign key to `table`, and make or extend the stub that it needs.

    The stub keeps the key, so that `replace_stub` finds it.
    """
    target = _target(key, table.metadata)
    if target is None:
        schema = key.references_schema
        target = sa.Table(
            thaw_name(key.references_table),
            table.metadata,
            schema=sa.BLANK_SCHEMA if schema is None else thaw_name(schema),
            info={STUB: []},
        )
    referrers = target.info.get(STUB)
    if referrers is not None:
        for own, name in zip(key.columns, key.references_columns, strict=True):
            if name not in target.c:
                own_type = _column(table, own).type
                target.append_column(sa.Column(thaw_name(name), own_type))
    made = sa.ForeignKeyConstraint(
        key.columns,
        [_column(target, name) for name in key.references_columns],
        ondelete=key.on_delete,
        onupdate=key.on_update,
        match=key.match,
        use_alter=key.use_alter,
        **thaw_shared(key),
    )
    if referrers is not None:
        referrers.append(made)
    if key.ddl_if:
        thaw_condition(made, key.ddl_if)
    attach(made, table)


def replace_stub(stub: sa.Table, table: sa.Table) -> None:
    """Point the foreign keys that refer to a stub at the table that replaces it."""
    for key in stub.info[STUB]:
        for element in key.elements:
            sqla_compat.refer_to(element, _column(table, element.column.name))


def check_references(schema: TableSchema, metadata: sa.MetaData) -> None:
    """Check that the referred tables, if they exist, have the columns.

    Raises:
        ThawError: a column is missing.
    """
    for key in schema.constraints:
        if not isinstance(key, ForeignKeyConstraint):
            continue
        target = _target(key, metadata)  # at most a stub has this name
        if target is None or STUB in target.info:
            continue
        for name in key.references_columns:
            if not _named(target.c, name):
                known = [column.name for column in target.c]
                raise missing_column(name, target.fullname, known, schema)


def missing_column(name: str, table: str, known: Iterable[str], schema: TableSchema) -> ThawError:
    """Return the error for a foreign key to a column that its table does not have."""
    return ThawError(
        f"a foreign key refers to the column {name!r} of {table!r}, which has no such column"
        f"{did_you_mean(name, known)}",
        schema,
    )


def _target(key: ForeignKeyConstraint, metadata: sa.MetaData) -> sa.Table | None:
    return metadata.tables.get(qualified_name(key.references_table, key.references_schema))


def _column(table: sa.Table, name: str) -> sa.Column[Any]:
    """Return the column of that name, which may have another key."""
    column = table.c.get(name)
    if column is None or column.name != name:
        (column,) = _named(table.c, name)
    return column


def _named(columns: Any, name: str) -> list[sa.Column[Any]]:
    return [column for column in columns if column.name == name]
