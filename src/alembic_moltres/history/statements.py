"""Statements that SQLAlchemy and Alembic build: what each does to the catalogue.

One function for each class of statement, both libraries' own. What is text is `raw_ddl`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from alembic.ddl import base as alembic_ddl
from alembic.ddl.mysql import MySQLAlterDefault, MySQLChangeColumn
from alembic.ddl.postgresql import PostgresqlColumnType
from sqlalchemy import schema as ddl
from sqlalchemy.dialects.postgresql import named_types as pg
from sqlalchemy.engine import Dialect

from .. import diff as changes
from ..convert.columns import freeze_column
from ..convert.constraints import freeze_constraint
from ..convert.defaults import freeze_default
from ..convert.generated import freeze_computed, freeze_identity, freeze_sequence
from ..convert.indexes import freeze_index
from ..convert.tables import freeze_table
from ..datatypes import DataType
from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, TableSchema
from ..types import freeze_type
from .catalogue import Catalogue, MissingError
from .named_types import key_of_type

NO_TABLE = "no_table"
"""What Alembic calls the table of an index that is dropped without naming it."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a statement is carried out.

    Attributes:
        catalogue: what it changes.
        dialects: what expressions are written for; the replayed one first.
    """

    catalogue: Catalogue
    dialects: Sequence[Dialect]

    @property
    def dialect(self) -> Dialect:
        """The replayed dialect."""
        return self.dialects[0]


@singledispatch
def carry_out(statement: Any, at: At) -> bool:
    """Do to the catalogue what a statement does to a database.

    Returns:
        whether the statement is known; one that is not is read as text.

    Raises:
        MissingError: the database would refuse it.
    """
    return False


@carry_out.register
def _(statement: ddl.CreateTable, at: At) -> bool:
    table: sa.Table = statement.element
    if getattr(statement, "if_not_exists", False) and _is_there(table, at):
        return True
    at.catalogue.create_table(created(statement, at))
    return True


def created(statement: ddl.CreateTable, at: At) -> TableSchema:
    """Return the table that CREATE TABLE makes: indexes, and most comments, come by themselves."""
    table: sa.Table = statement.element
    frozen = freeze_table(table, at.dialects)
    inline = at.dialect.inline_comments
    columns = frozen.columns
    if not inline:
        columns = tuple(replace(each, comment=None) for each in columns)
    columns = tuple(_without_sequence(each, at) for each in columns)
    return replace(
        frozen,
        columns=columns,
        constraints=tuple(_inline(frozen, statement, at.dialect)),
        indexes=(),
        ddl=(),
        if_not_exists=False,
        comment=frozen.comment if inline else None,
    )


def _without_sequence(column: ColumnDef, at: At) -> ColumnDef:
    """Return a column without a sequence that nobody has created."""
    sequence = column.sequence
    if sequence is None or (at.catalogue.schema(sequence.schema), str(sequence.name)) in (
        at.catalogue.sequences
    ):
        return column
    plain = replace(column, sequence=None)
    return plain if sequence.optional else replace(plain, autoincrement=False)


def _inline(table: TableSchema, statement: ddl.CreateTable, dialect: Dialect) -> list[Constraint]:
    """Return the constraints that stand in CREATE TABLE itself."""
    included = statement.include_foreign_key_constraints
    names = None if included is None else {_key_columns(key) for key in included}
    return [
        each
        for each in table.constraints
        if _is_for(each, dialect)
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


def _is_for(item: Any, dialect: Dialect) -> bool:
    return not item.ddl_if or dialect.name in item.ddl_if


def _is_there(table: sa.Table, at: At) -> bool:
    return at.catalogue.key(table.name, table.schema) in at.catalogue.tables


def _found(item: Any, at: At) -> TableSchema:
    """Return the catalogue's table for a live one."""
    return at.catalogue.table(item.name, item.schema)


@carry_out.register
def _(statement: ddl.DropTable, at: At) -> bool:
    table: sa.Table = statement.element
    if not (statement.if_exists and not _is_there(table, at)):
        at.catalogue.drop_table(_found(table, at))
    return True


@carry_out.register
def _(statement: ddl.CreateIndex, at: At) -> bool:
    index: Any = statement.element
    table = _found(index.table, at)
    frozen = freeze_index(index, at.dialects, _keys(index.table))
    if frozen is None or not _is_for(frozen, at.dialect):
        return True
    there = any(each.name == frozen.name for each in table.indexes)
    if not (there and statement.if_not_exists):
        at.catalogue.alter(table, changes.CreateIndex(frozen))
    return True


def _keys(table: sa.Table) -> dict[str, str]:
    return {c.key: str(c.name) for c in table.columns if c.key != c.name}


@carry_out.register
def _(statement: ddl.DropIndex, at: At) -> bool:
    index: Any = statement.element
    owner = index.table
    if owner is not None and owner.name == NO_TABLE:
        owner = None
    drop_index(
        at.catalogue,
        str(index.name),
        schema=None if owner is None else owner.schema,
        on=None if owner is None else owner.name,
        if_exists=bool(statement.if_exists),
    )
    return True


def drop_index(
    catalogue: Catalogue, name: str, *, schema: str | None, on: str | None, if_exists: bool
) -> None:
    """Drop an index, or the unique constraint that is one where the two are the same.

    Raises:
        MissingError: there is none.
    """
    found = catalogue.index(name, schema)
    if found is not None:
        catalogue.alter(found[0], changes.DropIndex(found[1]))
        return
    if on and catalogue.key(on, schema) in catalogue.tables and catalogue.impl.unique_is_index:
        table = catalogue.table(on, schema)
        constraint = catalogue.constraint(table, name)
        if constraint is not None and not isinstance(constraint, ForeignKeyConstraint):
            catalogue.alter(table, changes.DropConstraint(constraint))
            return
        if _is_made_for_key(table, name):
            return
    if not if_exists:
        raise MissingError(
            f"there is no index {name!r}", None if on is None else catalogue.table(on, schema)
        )


def _is_made_for_key(table: TableSchema, name: str) -> bool:
    """Is it the index that MySQL and MariaDB make for a foreign key?"""
    keys = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return any(name in {each.name, each.columns[0]} for each in keys)


@carry_out.register
def _(statement: ddl.AddConstraint, at: At) -> bool:
    constraint: Any = statement.element
    live = constraint.table
    table = _found(live, at)
    frozen = freeze_constraint(constraint, at.dialects, str(table.key), _keys(live))
    if frozen is not None and _is_for(frozen, at.dialect):
        if isinstance(frozen, ForeignKeyConstraint):
            frozen = replace(frozen, use_alter=False)
        at.catalogue.add_constraint(table, frozen)
    return True


@carry_out.register
def _(statement: ddl.DropConstraint, at: At) -> bool:
    constraint: Any = statement.element
    table = _found(constraint.table, at)
    drop_constraint(
        at.catalogue,
        table,
        constraint.name if constraint.name is None else str(constraint.name),
        kind=type(constraint).__visit_name__,
        if_exists=bool(getattr(statement, "if_exists", False)),
        cascade=bool(statement.cascade),
    )
    return True


def drop_constraint(
    catalogue: Catalogue,
    table: TableSchema,
    name: str | None,
    *,
    kind: str = "",
    if_exists: bool = False,
    cascade: bool = False,
) -> None:
    """Drop a constraint by its name, or a primary key where that needs none.

    Raises:
        MissingError: there is none of that name.
    """
    found = None if name is None else catalogue.constraint(table, name)
    if found is None and kind == "primary_key_constraint" and catalogue.impl.unique_is_index:
        found = table.primary_key
    if found is not None:
        catalogue.alter(table, changes.DropConstraint(found))
        if cascade and not isinstance(found, ForeignKeyConstraint):
            catalogue.drop_referring_keys(table, getattr(found, "columns", ()))
        return
    for index in table.indexes:
        if index.name == name and catalogue.impl.unique_is_index:
            catalogue.alter(table, changes.DropIndex(index))
            return
    if not if_exists:
        raise MissingError(f"there is no constraint {name!r} on the table {table.key!r}", table)


@carry_out.register
def _(statement: ddl.SetTableComment, at: At) -> bool:
    table = _found(statement.element, at)
    at.catalogue.alter(table, changes.SetComment(table.comment, statement.element.comment))
    return True


@carry_out.register
def _(statement: ddl.DropTableComment, at: At) -> bool:
    table = _found(statement.element, at)
    at.catalogue.alter(table, changes.SetComment(table.comment, None))
    return True


@carry_out.register
def _(statement: ddl.SetColumnComment, at: At) -> bool:
    column: Any = statement.element
    table = _found(column.table, at)
    at.catalogue.alter_column(table, str(column.name), comment=column.comment)
    return True


@carry_out.register
def _(statement: ddl.DropColumnComment, at: At) -> bool:
    column: Any = statement.element
    at.catalogue.alter_column(_found(column.table, at), str(column.name), comment=None)
    return True


@carry_out.register
def _(statement: ddl.CreateSequence, at: At) -> bool:
    sequence: Any = statement.element
    frozen = freeze_sequence(sa.Column("x", sa.Integer, sequence), at.dialects, "a sequence")
    if frozen is not None:
        at.catalogue.sequences[at.catalogue.schema(frozen.schema), str(frozen.name)] = frozen
    return True


@carry_out.register
def _(statement: ddl.DropSequence, at: At) -> bool:
    sequence: Any = statement.element
    at.catalogue.sequences.pop((at.catalogue.schema(sequence.schema), str(sequence.name)), None)
    return True


@carry_out.register(pg.CreateEnumType)
@carry_out.register(pg.CreateDomainType)
def _(statement: Any, at: At) -> bool:
    frozen = freeze_type(statement.element, at.dialects)
    text = frozen.variants.get(at.dialect.name, frozen.type_name)
    at.catalogue.add_type(DataType.parse(text))
    return True


@carry_out.register(pg.DropEnumType)
@carry_out.register(pg.DropDomainType)
def _(statement: Any, at: At) -> bool:
    type_: Any = statement.element
    key = (at.catalogue.schema(type_.schema), str(type_.name))
    if key not in at.catalogue.types:
        raise MissingError(f"there is no type {key[1]!r}", key)
    del at.catalogue.types[key]
    return True


@carry_out.register
def _(statement: alembic_ddl.RenameTable, at: At) -> bool:
    table = at.catalogue.table(statement.table_name, statement.schema)
    at.catalogue.rename_table(table, str(statement.new_table_name))
    return True


@carry_out.register
def _(statement: alembic_ddl.AddColumn, at: At) -> bool:
    table = at.catalogue.table(statement.table_name, statement.schema)
    column = statement.column
    there = any(each.name == column.name for each in table.columns)
    if there and statement.if_not_exists:
        return True
    if there:
        raise MissingError(f"there is a column {column.name!r} already in {table.key!r}", table)
    frozen = freeze_column(column, at.dialects, str(table.key))
    if not at.dialect.inline_comments:
        frozen = replace(frozen, comment=None)
    frozen = _without_sequence(at.catalogue.known(frozen), at)
    at.catalogue.alter(table, changes.AddColumn(frozen))
    return True


@carry_out.register
def _(statement: alembic_ddl.DropColumn, at: At) -> bool:
    table = at.catalogue.table(statement.table_name, statement.schema)
    name = str(statement.column.name)
    if statement.if_exists and all(each.name != name for each in table.columns):
        return True
    at.catalogue.drop_column(table, name)
    return True


@carry_out.register
def _(statement: alembic_ddl.ColumnName, at: At) -> bool:
    table = at.catalogue.table(statement.table_name, statement.schema)
    at.catalogue.rename_column(table, str(statement.column_name), str(statement.newname))
    return True


@carry_out.register
def _(statement: alembic_ddl.ColumnNullable, at: At) -> bool:
    return _say(statement, at, nullable=bool(statement.nullable))


@carry_out.register
def _(statement: alembic_ddl.ColumnComment, at: At) -> bool:
    return _say(statement, at, comment=statement.comment)


@carry_out.register(alembic_ddl.ColumnDefault)
@carry_out.register(MySQLAlterDefault)
def _(statement: Any, at: At) -> bool:
    default = statement.default
    given = None if default is False else default
    made: Any = sa.Column("x", sa.Integer, server_default=given)
    frozen = None if given is None else freeze_default(made.server_default, at.dialects, "x")
    said: dict[str, object] = {"default": frozen}
    table = at.catalogue.table(statement.table_name, statement.schema)
    key = table.primary_key
    if frozen is None and key is not None and statement.column_name in key.columns:
        said["autoincrement"] = False
    return _say(statement, at, **said)


@carry_out.register
def _(statement: alembic_ddl.ComputedColumnDefault, at: At) -> bool:
    computed = statement.default
    frozen = None if computed is None else freeze_computed(computed, at.dialects, "x")
    return _say(statement, at, computed=frozen)


@carry_out.register
def _(statement: alembic_ddl.IdentityColumnDefault, at: At) -> bool:
    identity = statement.default
    if identity is None:
        return _say(statement, at, identity=None, autoincrement=False)
    return _say(statement, at, identity=freeze_identity(identity, at.dialects, "x"))


@carry_out.register(alembic_ddl.ColumnType)
@carry_out.register(PostgresqlColumnType)
def _(statement: Any, at: At) -> bool:
    made: sa.Column[Any] = sa.Column("x", statement.type_)
    frozen = at.catalogue.known(freeze_column(made, at.dialects))
    return _say(statement, at, type_name=frozen.type_name, type_variants=frozen.type_variants)


def _say(statement: Any, at: At, **said: object) -> bool:
    table = at.catalogue.table(statement.table_name, statement.schema)
    at.catalogue.alter_column(table, str(statement.column_name), **said)
    return True


@carry_out.register
def _(statement: MySQLChangeColumn, at: At) -> bool:
    """MODIFY and CHANGE state a column anew: what they leave out is gone."""
    table = at.catalogue.table(statement.table_name, statement.schema)
    name, new = str(statement.column_name), str(statement.newname)
    if new != name:
        at.catalogue.rename_column(table, name, new)
        table = at.catalogue.table(statement.table_name, statement.schema)
    current = at.catalogue.column(table, new)
    default: Any = statement.default
    made: sa.Column[Any] = sa.Column(
        new,
        statement.type_,
        nullable=bool(statement.nullable),
        server_default=None if default is False else default,
        comment=statement.comment or None,
    )
    frozen = freeze_column(made, at.dialects, str(table.key))
    key = table.primary_key
    if key is not None and new in key.columns:
        counting = bool(statement.autoincrement)
        was = current.autoincrement if counting and current.autoincrement else counting
        frozen = replace(frozen, nullable=False, autoincrement=was)
    at.catalogue.alter(table, changes.AlterColumn(current, frozen))
    return True


__all__ = ["At", "carry_out", "created", "drop_constraint", "drop_index", "key_of_type"]
