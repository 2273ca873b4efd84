"""The calls of `op` for the changes inside a table: batches, and statements between them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from .... import diff as changes
from ....autogenerate.script.formatting import Written, literal, write
from ....convert.expressions import escaped_text
from ....datatypes import DataType
from ....dialects.base.registry import impl_of
from ....schema import (
    CheckConstraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ....schema.named_types import TypeKey, key_of_type, named_in
from .alter_column import alter_column, existing_of
from .block import PlainBlock
from .columns import column_of
from .constraints import exclude_arguments, index_arguments, names, of_key, shared
from .named_types import drop_types
from .statements import Lines
from .writer import NoEquivalentError, Writer, list_of

CONSTRAINT_KINDS = {
    CheckConstraint: "check",
    UniqueConstraint: "unique",
    ForeignKeyConstraint: "foreignkey",
    PrimaryKeyConstraint: "primary",
}
"""The `type_` that `op.drop_constraint` takes for each kind of constraint."""


def alter_table(
    writer: Writer,
    change: changes.AlterTable,
    tables: dict[changes.TableKey, TableSchema],
    generated: dict[object, str],
    dropped: Iterable[DataType] = (),
) -> Lines:
    """Return the lines for a block; see `PlainBlock`.

    Args:
        writer: see there.
        change: see there.
        tables: see there.
        generated: see there.
        dropped: the types that no column has after it.

    Raises:
        NoEquivalentError: plain Alembic cannot express it.
    """
    block = PlainBlock(writer, change, tables, generated)
    for each in change.changes:
        carry_out(each, block)
        block.apply(each)
    block.flush()
    if block.is_lossy or _needs_one_statement(block, tables):
        err = NoEquivalentError("Alembic's statements cannot be run one by one", change)
        err.otherwise = block.lines
        raise err
    gone = _dropped_by_statements(block)
    return block.lines + drop_types(writer, [e for e in dropped if key_of_type(e) not in gone])


def _dropped_by_statements(block: PlainBlock) -> set[TypeKey | None]:
    """Return the types that our own statements drop, with the last column that has them."""
    gone: set[TypeKey | None] = set()
    for each in block.change.changes:
        if isinstance(each, changes.AlterColumn | changes.DropColumn):
            column = each.current if isinstance(each, changes.AlterColumn) else each.column
            keys = set(map(key_of_type, named_in(column, block.dialect.name)))
            gone = gone | keys if each in block.executed else gone - keys
    return gone


def _needs_one_statement(block: PlainBlock, tables: dict[changes.TableKey, TableSchema]) -> bool:
    """Tell whether indexes change under foreign keys, on a database that makes indexes for them."""
    if not impl_of(block.dialect).features.keys_create_indexes:
        return False
    change = block.change
    indexed = (changes.DropIndex, changes.CreateIndex, changes.DropConstraint, changes.RenameColumn)
    every = (tables.get(change.key), block.table)
    has_keys = any(table is not None and table.foreign_keys for table in every)
    return has_keys and any(isinstance(each, indexed) for each in change.changes)


@singledispatch
def carry_out(change: Any, block: PlainBlock) -> None:
    """Add the lines for one change."""
    block.execute(change)


@carry_out.register
def _(change: changes.AddColumn, block: PlainBlock) -> None:
    if change.column.sequence is not None:
        block.execute(change)
        return
    block.add("add_column", column_of(block.writer, change.column))


@carry_out.register
def _(change: changes.DropColumn, block: PlainBlock) -> None:
    if change.column.sequence is not None:
        block.execute(change)
        return
    name = literal(str(change.column.name))
    if not block.dialect.supports_alter and block.can_alter(change):
        other = PlainBlock(block.writer, block.change, block.tables, block.generated)
        other.add("drop_column", name)
        other.flush()
        # a copy would break the views that read the table
        block.execute(change, otherwise=other.lines)
        return
    block.add("drop_column", name)


@carry_out.register
def _(change: changes.RenameColumn, block: PlainBlock) -> None:
    writer = block.writer
    if not block.dialect.supports_alter:
        block.execute(change)  # a copy would leave the old name in checks and indexes
        return
    table = block.table
    columns = () if table is None else table.columns
    column = next((each for each in columns if each.name == change.current), None)
    keywords: dict[str, Written] = {"new_column_name": literal(str(change.desired))}
    if column is not None:
        keywords |= existing_of(writer, column)
    block.add("alter_column", literal(str(change.current)), **keywords)


@carry_out.register
def _(change: changes.AlterColumn, block: PlainBlock) -> None:
    alter_column(change, block)


@carry_out.register
def _(change: changes.AddConstraint, block: PlainBlock) -> None:
    former = block.renamed.get(change.constraint)
    if former is None:
        add_constraint(change.constraint, block)
    else:  # a foreign key may depend on it
        block.execute(changes.DropConstraint(former), change)


@singledispatch
def add_constraint(constraint: Any, block: PlainBlock) -> None:
    """Add the call that adds a constraint."""
    raise NoEquivalentError(f"{constraint!r} has no equivalent", constraint)


def _name(constraint: Any, block: PlainBlock) -> tuple[Written, dict[str, Written]]:
    if not block.writer.is_for(constraint):
        raise NoEquivalentError(f"{constraint!r} is for another dialect", constraint)
    keywords = shared(block.writer, constraint)
    return keywords.pop("name", "None"), keywords


@add_constraint.register
def _(constraint: UniqueConstraint, block: PlainBlock) -> None:
    name, keywords = _name(constraint, block)
    block.add("create_unique_constraint", name, list_of(names(constraint.columns)), **keywords)


@add_constraint.register
def _(constraint: CheckConstraint, block: PlainBlock) -> None:
    name, keywords = _name(constraint, block)
    text = literal(escaped_text(block.writer.text(constraint.expression)))
    block.add("create_check_constraint", name, text, **keywords)


@add_constraint.register
def _(constraint: PrimaryKeyConstraint, block: PlainBlock) -> None:
    name, keywords = _name(constraint, block)
    if constraint.deferrable is not None or constraint.initially is not None:
        raise NoEquivalentError(f"{constraint!r} is deferrable", constraint)
    block.add("create_primary_key", name, list_of(names(constraint.columns)), **keywords)


@add_constraint.register
def _(constraint: ForeignKeyConstraint, block: PlainBlock) -> None:
    name, keywords = _name(constraint, block)
    if constraint.references_schema is not None:
        keywords["referent_schema"] = literal(str(constraint.references_schema))
    block.add(
        "create_foreign_key",
        name,
        literal(str(constraint.references_table)),
        list_of(names(constraint.columns)),
        list_of(names(constraint.references_columns)),
        **keywords,
        **of_key(constraint),
    )


@add_constraint.register
def _(constraint: ExcludeConstraint, block: PlainBlock) -> None:
    elements, keywords = exclude_arguments(constraint, block.writer)
    name = keywords.pop("name", "None")
    block.add("create_exclude_constraint", name, *elements, **keywords)


@carry_out.register
def _(change: changes.DropConstraint, block: PlainBlock) -> None:
    constraint = change.constraint
    if constraint in block.renamed.values():
        return
    name = constraint.name or block.generated.get(constraint)
    if name is None:
        raise NoEquivalentError(f"{constraint!r} has no name", constraint)
    kind = CONSTRAINT_KINDS.get(type(constraint))
    keywords: dict[str, Written] = {} if kind is None else {"type_": literal(kind)}
    block.add("drop_constraint", block.writer.name(name), **keywords)


@carry_out.register
def _(change: changes.CreateIndex, block: PlainBlock) -> None:
    if not block.writer.is_for(change.index):
        return
    name, elements, keywords = index_arguments(change.index, block.writer)
    block.add("create_index", name, elements, **keywords)


@carry_out.register
def _(change: changes.DropIndex, block: PlainBlock) -> None:
    if block.writer.is_for(change.index):
        block.add("drop_index", block.writer.name(change.index.name))


@carry_out.register
def _(change: changes.SetComment, block: PlainBlock) -> None:
    if not block.dialect.supports_comments:
        return
    existing: dict[str, Written] = {"existing_comment": write(change.current)}
    if change.desired is None:
        block.add("drop_table_comment", **existing)
    else:
        block.add("create_table_comment", literal(change.desired), **existing)
