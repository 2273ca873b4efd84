"""The statements that create and drop a table, in order. Nothing is executed here.

Not `Table.create()` and not Alembic's `impl.create_table`: those emit indexes of other dialects,
in a varying order, omit sequences, and fire events whose DDL we emit ourselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)
from sqlalchemy.sql.compiler import DDLCompiler

from ... import sqla_compat
from ...convert.dialects import ddl_compiler
from ...errors import OperationError
from ...schema import TableSchema
from ...schema.dialects import is_for_dialect
from .registry import impl_of
from .sequences import create_sequences, drop_sequences
from .statement import Statement


class SetIndexComment(ExecutableDDLElement):
    """COMMENT ON INDEX, for which SQLAlchemy has no element."""

    inherit_cache = False

    def __init__(self, index: sa.Index, comment: str) -> None:
        self.index, self.comment = index, comment


@compiles(SetIndexComment)
def _comment_on_index(element: SetIndexComment, compiler: DDLCompiler, **_: Any) -> str:
    schema = compiler.preparer.schema_for_object(element.index.table)
    prefix = f"{compiler.preparer.quote_schema(schema)}." if schema else ""
    name = f"{prefix}{compiler.preparer.format_index(element.index)}"
    text = compiler.sql_compiler.render_literal_value(element.comment, sa.String())
    return f"COMMENT ON INDEX {name} IS {text}"


class CreateCommentedIndex(ExecutableDDLElement):
    """CREATE INDEX with MySQL's COMMENT option."""

    inherit_cache = False

    def __init__(self, create: ExecutableDDLElement, comment: str) -> None:
        self.create, self.comment = create, comment


@compiles(CreateCommentedIndex)
def _commented_index(element: CreateCommentedIndex, compiler: DDLCompiler, **_: Any) -> str:
    text = compiler.sql_compiler.render_literal_value(element.comment, sa.String())
    return f"{compiler.process(element.create)} COMMENT {text}"


def create_statements(
    schema: TableSchema, table: sa.Table, dialect: Dialect, *, if_not_exists: bool
) -> Iterator[Statement]:
    """Yield the statements that create a table with everything that belongs to it.

    Foreign keys with `use_alter=True` are left out if the dialect can add them later.

    Args:
        schema: the table's value.
        table: the same as a SQLAlchemy `Table`.
        dialect: the connected one; items of other dialects are left out.
        if_not_exists: leave an existing table as it is.
    """
    of_table = f"the table {table.fullname!r}"
    impl = impl_of(dialect)
    check_has_columns(schema, dialect)
    if if_not_exists and not impl.features.create_table_if_not_exists:
        _refuse_if_not_exists(dialect, of_table)
    yield from _attached(schema, table, dialect, "before_create")
    for type_ in impl.create_types(table):
        yield Statement(type_.ddl, f"{type_.subject} of {of_table}")
    for sequence in create_sequences(table, dialect):
        yield Statement(sequence, f"the sequence {sequence.element.name!r} of {of_table}")
    if not sqla_compat.doubles_percents(dialect.identifier_preparer):
        _undouble_percents(table)
    yield Statement(CreateTable(table, if_not_exists=if_not_exists), of_table)
    comments = {str(each.name): each.comment for each in schema.indexes if each.comment}
    for index in sorted(table.indexes, key=lambda item: str(item.name)):
        if is_created_on(index, dialect):
            of_index = f"the index {index.name!r} of {of_table}"
            if if_not_exists and not impl.features.create_index_if_not_exists:
                _refuse_if_not_exists(dialect, of_index)
            create: ExecutableDDLElement = CreateIndex(index, if_not_exists=if_not_exists)
            if impl.features.index_comments_inside and str(index.name) in comments:
                create = CreateCommentedIndex(create, comments[str(index.name)])
            yield Statement(create, of_index)
    yield from _comments(table, dialect)
    if impl.features.index_comments:
        yield from _index_comments(schema, table, dialect)
    yield from _attached(schema, table, dialect, "after_create")


def _undouble_percents(table: sa.Table) -> None:
    """Undouble the percent signs of PARTITION BY, which SQLAlchemy passes on unchanged."""
    for name, option in [*table.dialect_kwargs.items()]:
        if name.endswith("_partition_by"):
            table.dialect_kwargs[name] = str(option).replace("%%", "%")


def check_has_columns(table: TableSchema, dialect: Dialect) -> None:
    """Check that a table has a column, where it must have one.

    Raises:
        OperationError: it has none.
    """
    if not table.columns and not impl_of(dialect).features.tables_without_columns:
        raise OperationError(
            f"the table {table.key!r} has no columns, which {dialect.name} does not allow; give it "
            "one, or take the table out",
            table,
        )


def drop_statements(
    schema: TableSchema, table: sa.Table, dialect: Dialect, *, if_exists: bool
) -> Iterator[Statement]:
    """Yield the statements that drop a table with everything that belongs to it.

    Args:
        schema: the table's value.
        table: the same, as SQLAlchemy has it.
        dialect: the connected one.
        if_exists: do nothing if there is no such table.
    """
    of_table = f"the table {table.fullname!r}"
    yield from _attached(schema, table, dialect, "before_drop")
    yield Statement(DropTable(table, if_exists=if_exists), of_table)
    for sequence in drop_sequences(table, dialect):
        yield Statement(sequence, f"the sequence {sequence.element.name!r} of {of_table}")
    for type_ in impl_of(dialect).drop_types(table):
        yield Statement(type_.ddl, f"{type_.subject} of {of_table}")
    yield from _attached(schema, table, dialect, "after_drop")


def deferred_foreign_keys(table: sa.Table) -> list[sa.ForeignKeyConstraint]:
    """Return the foreign keys of a table that have `use_alter=True`, in the order of its value."""
    found = [key for key in table.foreign_key_constraints if key.use_alter]
    return sorted(found, key=sqla_compat.creation_order)


def add_foreign_key_statements(table: sa.Table, dialect: Dialect) -> Iterator[Statement]:
    """Yield the statements that add the deferred foreign keys."""
    for key in _deferred(table, dialect):
        subject = _of_key(key, table)
        yield Statement(AddConstraint(key), subject)
        if key.comment is not None and dialect.supports_constraint_comments:
            yield Statement(SetConstraintComment(key), f"the comment of {subject}")


def drop_foreign_key_statements(table: sa.Table, dialect: Dialect) -> Iterator[Statement]:
    """Yield the statements that drop the deferred foreign keys, which have names by now."""
    for key in _deferred(table, dialect):
        yield Statement(DropConstraint(key), _of_key(key, table))


def is_created_on(item: sa.Index | sa.Constraint, dialect: Dialect) -> bool:
    """Tell whether `item` is created on this dialect, according to its `ddl_if`."""
    if sqla_compat.ddl_condition(item) is None:
        return True
    ddl: Any = item
    return sqla_compat.condition_holds(item, ddl, item, ddl_compiler(dialect))


def _deferred(table: sa.Table, dialect: Dialect) -> Iterator[sa.ForeignKeyConstraint]:
    if dialect.supports_alter:
        yield from (key for key in deferred_foreign_keys(table) if is_created_on(key, dialect))


def _of_key(key: sa.ForeignKeyConstraint, table: sa.Table) -> str:
    called = repr(str(key.name)) if key.name else f"on ({', '.join(key.column_keys)})"
    return f"the foreign key {called} of the table {table.fullname!r}"


def _comments(table: sa.Table, dialect: Dialect) -> Iterator[Statement]:
    if not dialect.supports_comments or dialect.inline_comments:
        return
    of_table = f"the table {table.fullname!r}"
    if table.comment is not None:
        yield Statement(SetTableComment(table), f"the comment of {of_table}")
    for column in table.columns:
        if column.comment is not None:
            subject = f"the comment of the column {column.name!r} of {of_table}"
            yield Statement(SetColumnComment(column), subject)
    if dialect.supports_constraint_comments:
        deferred = list(_deferred(table, dialect))
        for constraint in sorted(table.constraints, key=sqla_compat.creation_order):
            here = constraint not in deferred and is_created_on(constraint, dialect)
            if constraint.comment is not None and here:
                subject = f"the comment of the constraint {constraint.name!r} of {of_table}"
                yield Statement(SetConstraintComment(constraint), subject)


def _index_comments(schema: TableSchema, table: sa.Table, dialect: Dialect) -> Iterator[Statement]:
    comments = {str(each.name): each.comment for each in schema.indexes if each.comment}
    for index in sorted(table.indexes, key=lambda item: str(item.name)):
        comment = comments.get(str(index.name))
        if comment is not None and is_created_on(index, dialect):
            subject = f"the comment of the index {index.name!r} of the table {table.fullname!r}"
            yield Statement(SetIndexComment(index, comment), subject)


def _attached(
    schema: TableSchema, table: sa.Table, dialect: Dialect, event: str
) -> Iterator[Statement]:
    for ddl in schema.ddl:
        if ddl.event == event and is_for_dialect(ddl.ddl_if, dialect.name):
            element: Any = sa.DDL(ddl.statement, context=dict(ddl.context) or None)  # type: ignore[no-untyped-call]
            yield Statement(
                element.against(table), f"the {event} DDL of the table {table.fullname!r}"
            )


def _refuse_if_not_exists(dialect: Dialect, subject: str) -> None:
    raise OperationError(
        f"{dialect.name} has no CREATE ... IF NOT EXISTS for it (at {subject}); "
        "leave if_not_exists out",
        subject,
    )
