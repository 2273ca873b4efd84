"""The effect on the catalogue of the statements that SQLAlchemy builds.

One function for each class of statement. Alembic's own are in `alembic_statements`, SQL text is in
`text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as ddl
from sqlalchemy.dialects.postgresql import named_types as pg
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import ExecutableDDLElement

from .. import diff as changes
from ..convert.constraints import freeze_constraint
from ..convert.generated import freeze_sequence
from ..convert.indexes import freeze_index
from ..convert.tables import freeze_table
from ..datatypes import DataType
from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, TableSchema
from ..schema.dialects import is_for_dialect
from ..types import freeze_type
from .catalogue.by_name import drop_constraint, drop_index, without_creation_options
from .catalogue.database import Catalogue, MissingError
from .catalogue.owned_sequences import drop as drop_sequence

NO_TABLE = "no_table"
"""Alembic's name for the table of an index that is dropped without its table."""


@dataclass(frozen=True, slots=True)
class StatementContext:
    """The database that a statement changes.

    Attributes:
        catalogue: its content.
        dialects: to compile expressions for; the replayed one first.
    """

    catalogue: Catalogue
    dialects: Sequence[Dialect]

    @property
    def dialect(self) -> Dialect:
        """The replayed dialect."""
        return self.dialects[0]


def built_ddl(context: Any) -> ExecutableDDLElement | None:
    """Return the DDL that SQLAlchemy or Alembic has built for a statement; `None` for text."""
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    is_built = isinstance(statement, ExecutableDDLElement) and not isinstance(statement, ddl.DDL)
    return statement if is_built else None


@singledispatch
def carry_out(statement: Any, context: StatementContext) -> bool:
    """Carry out a statement on the catalogue.

    Returns:
        Whether the class of statement is known; others are read as text.

    Raises:
        MissingError: the database would reject it.
    """
    return False


@carry_out.register
def _(statement: ddl.CreateTable, context: StatementContext) -> bool:
    table: sa.Table = statement.element
    if getattr(statement, "if_not_exists", False) and _is_there(table, context):
        return True
    context.catalogue.create_table(created_table(statement, context))
    return True


def created_table(statement: ddl.CreateTable, context: StatementContext) -> TableSchema:
    """Return the table that CREATE TABLE makes, without indexes and most comments."""
    table: sa.Table = statement.element
    frozen = freeze_table(table, context.dialects)
    inline = context.dialect.inline_comments
    columns = frozen.columns
    if not inline:
        columns = tuple(replace(each, comment=None) for each in columns)
    columns = tuple(without_sequence(each, context) for each in columns)
    return replace(
        frozen,
        columns=columns,
        constraints=tuple(_inline(frozen, statement, context.dialect)),
        indexes=(),
        ddl=(),
        if_not_exists=False,
        comment=frozen.comment if inline else None,
    )


def without_sequence(column: ColumnDef, context: StatementContext) -> ColumnDef:
    """Return a column without a sequence that does not exist."""
    sequence = column.sequence
    if sequence is None or (context.catalogue.schema(sequence.schema), str(sequence.name)) in (
        context.catalogue.sequence_keys
    ):
        return column
    plain = replace(column, sequence=None)
    return plain if sequence.optional else replace(plain, autoincrement=False)


def _inline(table: TableSchema, statement: ddl.CreateTable, dialect: Dialect) -> list[Constraint]:
    """Return the constraints that CREATE TABLE itself contains."""
    included = statement.include_foreign_key_constraints
    names = None if included is None else {_key_columns(key) for key in included}
    return [
        each
        for each in table.constraints
        if is_for_dialect(each.ddl_if, dialect.name)
        and not (
            isinstance(each, ForeignKeyConstraint)
            and (
                (each.use_alter and dialect.supports_alter)
                or (names is not None and (each.columns, each.references_table) not in names)
            )
        )
    ]


def _key_columns(key: sa.ForeignKeyConstraint) -> tuple[tuple[str, ...], str]:
    columns = tuple(str(element.parent.name) for element in key.elements)
    return columns, str(key.referred_table.name)


def _is_there(table: sa.Table, context: StatementContext) -> bool:
    return context.catalogue.key(table.name, table.schema) in context.catalogue.tables


def _table_of(item: Any, context: StatementContext) -> TableSchema:
    """Return the catalogue's table for an SQLAlchemy table."""
    return context.catalogue.table(item.name, item.schema)


@carry_out.register
def _(statement: ddl.DropTable, context: StatementContext) -> bool:
    table: sa.Table = statement.element
    if not (statement.if_exists and not _is_there(table, context)):
        context.catalogue.drop_table(_table_of(table, context))
    return True


@carry_out.register
def _(statement: ddl.CreateIndex, context: StatementContext) -> bool:
    index: Any = statement.element
    if context.catalogue.key(index.table.name, index.table.schema) in context.catalogue.views:
        return False  # one of a materialized view is kept as text
    table = _table_of(index.table, context)
    frozen = freeze_index(index, context.dialects, _keys(index.table))
    if frozen is None or not is_for_dialect(frozen.ddl_if, context.dialect.name):
        return True
    exists = any(each.name == frozen.name for each in table.indexes)
    if not (exists and statement.if_not_exists):
        context.catalogue.alter(table, changes.CreateIndex(without_creation_options(frozen)))
    return True


def _keys(table: sa.Table) -> dict[str, str]:
    return {c.key: str(c.name) for c in table.columns if c.key != c.name}


@carry_out.register
def _(statement: ddl.DropIndex, context: StatementContext) -> bool:
    index: Any = statement.element
    if context.catalogue.view_of_index(str(index.name)) is not None:
        return False
    owner = index.table
    if owner is not None and owner.name == NO_TABLE:
        owner = None
    drop_index(
        context.catalogue,
        str(index.name),
        schema=None if owner is None else owner.schema,
        on=None if owner is None else owner.name,
        if_exists=bool(statement.if_exists),
    )
    return True


@carry_out.register
def _(statement: ddl.AddConstraint, context: StatementContext) -> bool:
    constraint: Any = statement.element
    live = constraint.table
    table = _table_of(live, context)
    frozen = freeze_constraint(constraint, context.dialects, str(table.key), _keys(live))
    if frozen is not None and is_for_dialect(frozen.ddl_if, context.dialect.name):
        if isinstance(frozen, ForeignKeyConstraint):
            frozen = replace(frozen, use_alter=False)
        context.catalogue.add_constraint(table, frozen)
    return True


@carry_out.register
def _(statement: ddl.DropConstraint, context: StatementContext) -> bool:
    constraint: Any = statement.element
    table = _table_of(constraint.table, context)
    drop_constraint(
        context.catalogue,
        table,
        constraint.name if constraint.name is None else str(constraint.name),
        kind=type(constraint).__visit_name__,
        if_exists=bool(getattr(statement, "if_exists", False)),
        cascade=bool(statement.cascade),
    )
    return True


@carry_out.register
def _(statement: ddl.SetTableComment, context: StatementContext) -> bool:
    table = _table_of(statement.element, context)
    context.catalogue.alter(table, changes.SetComment(table.comment, statement.element.comment))
    return True


@carry_out.register
def _(statement: ddl.DropTableComment, context: StatementContext) -> bool:
    table = _table_of(statement.element, context)
    context.catalogue.alter(table, changes.SetComment(table.comment, None))
    return True


@carry_out.register
def _(statement: ddl.SetColumnComment, context: StatementContext) -> bool:
    column: Any = statement.element
    table = _table_of(column.table, context)
    context.catalogue.alter_column(table, str(column.name), comment=column.comment)
    return True


@carry_out.register
def _(statement: ddl.DropColumnComment, context: StatementContext) -> bool:
    column: Any = statement.element
    context.catalogue.alter_column(_table_of(column.table, context), str(column.name), comment=None)
    return True


@carry_out.register
def _(statement: ddl.CreateSequence, context: StatementContext) -> bool:
    sequence: Any = statement.element
    frozen = freeze_sequence(sa.Column("x", sa.Integer, sequence), context.dialects, "a sequence")
    if frozen is not None:
        context.catalogue.sequences[context.catalogue.schema(frozen.schema), str(frozen.name)] = (
            frozen
        )
    return True


@carry_out.register
def _(statement: ddl.DropSequence, context: StatementContext) -> bool:
    sequence: Any = statement.element
    drop_sequence(
        context.catalogue, (context.catalogue.schema(sequence.schema), str(sequence.name))
    )
    return True


@carry_out.register(pg.CreateEnumType)
@carry_out.register(pg.CreateDomainType)
def _(statement: Any, context: StatementContext) -> bool:
    frozen = freeze_type(statement.element, context.dialects)
    text = frozen.variants.get(context.dialect.name, frozen.type_name)
    context.catalogue.add_type(DataType.parse(text))
    return True


@carry_out.register(pg.DropEnumType)
@carry_out.register(pg.DropDomainType)
def _(statement: Any, context: StatementContext) -> bool:
    type_: Any = statement.element
    key = (context.catalogue.schema(type_.schema), str(type_.name))
    if key not in context.catalogue.types:
        raise MissingError(f"there is no type {key[1]!r}", key)
    del context.catalogue.types[key]
    return True
