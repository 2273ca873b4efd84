"""The effect on the catalogue of the statements that Alembic builds to alter a table.

Importing this module registers them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.ddl import base as alembic_ddl
from alembic.ddl.mysql import MySQLAlterDefault, MySQLChangeColumn
from alembic.ddl.postgresql import PostgresqlColumnType

from .. import diff as changes
from ..convert.columns import freeze_column
from ..convert.defaults import freeze_default
from ..convert.generated import freeze_computed, freeze_identity
from ..dialects.base.impl import DialectImpl
from ..diff.autoincrement import autoincrement_column
from ..diff.changes.base import table_key
from ..errors import HistoryError
from .catalogue.database import MissingError
from .catalogue.owned_sequences import drop_identity, mark_autoincrement, own_serial
from .statements import StatementContext, carry_out, without_sequence


def refuse_unknown(statement: Any, sql: str, impl: DialectImpl) -> None:
    """Refuse an ALTER COLUMN that the database does not have.

    Raises:
        OperationalError: as the database does.
    """
    if not isinstance(statement, alembic_ddl.AlterColumn) or impl.features.alters_columns:
        return
    if not isinstance(statement, alembic_ddl.ColumnName):
        err = HistoryError(f"{impl.dialect.name} has no ALTER COLUMN", statement)
        raise sa.exc.OperationalError(sql, None, err)


@carry_out.register
def _(statement: alembic_ddl.RenameTable, context: StatementContext) -> bool:
    table = context.catalogue.table(statement.table_name, statement.schema)
    context.catalogue.rename_table(table, str(statement.new_table_name))
    return True


@carry_out.register
def _(statement: alembic_ddl.AddColumn, context: StatementContext) -> bool:
    if statement.inline_primary_key or statement.inline_references:
        return False  # its text has the constraint
    place = (statement.table_name, statement.schema)
    table = context.catalogue.table(*place)
    column = statement.column
    exists = context.catalogue.has_column(table, str(column.name))
    if exists and statement.if_not_exists:
        return True
    if exists:
        raise MissingError(f"the column {column.name!r} already exists in {table.key!r}", table)
    frozen = freeze_column(column, context.dialects, str(table.key))
    if not context.dialect.inline_comments:
        frozen = replace(frozen, comment=None)
    frozen = without_sequence(context.catalogue.known(frozen), context)
    frozen, checks = context.catalogue.without_checks(frozen)
    context.catalogue.add_column(table, frozen)
    for check in checks:
        context.catalogue.add_constraint(context.catalogue.table(*place), check)
    alone = column.table.autoincrement_column is column  # SERIAL, without a key
    if alone and frozen.identity is None:
        own_serial(context.catalogue, *place, str(column.name))
    return True


@carry_out.register
def _(statement: alembic_ddl.DropColumn, context: StatementContext) -> bool:
    table = context.catalogue.table(statement.table_name, statement.schema)
    name = str(statement.column.name)
    if statement.if_exists and not context.catalogue.has_column(table, name):
        return True
    context.catalogue.drop_column(table, name)
    return True


@carry_out.register
def _(statement: alembic_ddl.ColumnName, context: StatementContext) -> bool:
    table = context.catalogue.table(statement.table_name, statement.schema)
    context.catalogue.rename_column(table, str(statement.column_name), str(statement.newname))
    return True


@carry_out.register
def _(statement: alembic_ddl.ColumnNullable, context: StatementContext) -> bool:
    return _set_column(statement, context, nullable=bool(statement.nullable))


@carry_out.register
def _(statement: alembic_ddl.ColumnComment, context: StatementContext) -> bool:
    return _set_column(statement, context, comment=statement.comment)


@carry_out.register(alembic_ddl.ColumnDefault)
@carry_out.register(MySQLAlterDefault)
def _(statement: Any, context: StatementContext) -> bool:
    default = statement.default
    given = None if default is False else default
    made: Any = sa.Column("x", sa.Integer, server_default=given)
    frozen = None if given is None else freeze_default(made.server_default, context.dialects, "x")
    fields: dict[str, object] = {"default": frozen}
    table = context.catalogue.table(statement.table_name, statement.schema)
    key = table.primary_key
    if isinstance(statement, MySQLAlterDefault) and (
        autoincrement_column(table) == statement.column_name
    ):
        return True  # AUTO_INCREMENT stays, and takes the place of a default
    at = (table_key(table), str(statement.column_name))
    if frozen is None or at in context.catalogue.owned:
        fields["sequence"] = None
    if frozen is None and key is not None and statement.column_name in key.columns:
        fields["autoincrement"] = False
    _set_column(statement, context, **fields)
    table = context.catalogue.table(statement.table_name, statement.schema)
    mark_autoincrement(context.catalogue, table, str(statement.column_name))
    return True


@carry_out.register
def _(statement: alembic_ddl.ComputedColumnDefault, context: StatementContext) -> bool:
    computed = statement.default
    frozen = None if computed is None else freeze_computed(computed, context.dialects, "x")
    return _set_column(statement, context, computed=frozen)


@carry_out.register
def _(statement: alembic_ddl.IdentityColumnDefault, context: StatementContext) -> bool:
    identity = statement.default
    if identity is None:
        table = context.catalogue.table(statement.table_name, statement.schema)
        drop_identity(context.catalogue, table, str(statement.column_name))
        return True
    return _set_column(
        statement, context, identity=freeze_identity(identity, context.dialects, "x")
    )


@carry_out.register(alembic_ddl.ColumnType)
@carry_out.register(PostgresqlColumnType)
def _(statement: Any, context: StatementContext) -> bool:
    made: sa.Column[Any] = sa.Column("x", statement.type_)
    frozen = context.catalogue.known(freeze_column(made, context.dialects))
    return _set_column(
        statement, context, type_name=frozen.type_name, type_variants=frozen.type_variants
    )


def _set_column(statement: Any, context: StatementContext, **fields: object) -> bool:
    table = context.catalogue.table(statement.table_name, statement.schema)
    context.catalogue.alter_column(table, str(statement.column_name), **fields)
    return True


@carry_out.register
def _(statement: MySQLChangeColumn, context: StatementContext) -> bool:
    """MODIFY and CHANGE define the whole column: what they leave out is dropped."""
    table = context.catalogue.table(statement.table_name, statement.schema)
    name, new = str(statement.column_name), str(statement.newname)
    if new != name:
        context.catalogue.rename_column(table, name, new)
        table = context.catalogue.table(statement.table_name, statement.schema)
    current = context.catalogue.column(table, new)
    default: Any = statement.default
    made: sa.Column[Any] = sa.Column(
        new,
        statement.type_,
        nullable=bool(statement.nullable),
        server_default=None if default is False else default,
        comment=statement.comment or None,
    )
    frozen = freeze_column(made, context.dialects, str(table.key))
    key = table.primary_key
    if key is not None and new in key.columns:
        counting = bool(statement.autoincrement)
        was = current.autoincrement if counting and current.autoincrement else counting
        frozen = replace(frozen, nullable=False, autoincrement=was)
    context.catalogue.alter(table, changes.AlterColumn(current, frozen))
    return True
