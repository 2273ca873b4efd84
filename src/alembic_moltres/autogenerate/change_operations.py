"""The operations for the changes that a comparison found.

Imported only if there are any: a comparison without differences needs neither operations nor names.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import MigrateOperation

from ..convert import listeners_of_all_tables, metadata_listeners, unfrozen_listeners
from ..dialects.base.create_table import check_has_columns
from ..dialects.base.reflection import Key
from ..dialects.base.registry import impl_of
from ..diff import AddForeignKeys, AlterTable, Change, CreateTable, DropForeignKeys, DropTable
from ..messages import COMPARISON_LOGGER, get_logger
from ..operations import (
    MoltresAddForeignKeysOp,
    MoltresAlterTableOp,
    MoltresCreateTableOp,
    MoltresDropForeignKeysOp,
    MoltresDropTableOp,
)
from ..operations.alter.columns import MoltresAddColumnOp
from ..operations.alter.indexes import MoltresDropIndexOp
from ..operations.replace_value import MoltresReplaceValueOp
from ..operations.value_op import operation_of
from ..schema import ColumnDef, ForeignKeyConstraint, TableSchema
from ..types.spatial import is_covered
from .filtering.live_items import live_item
from .gather import DesiredTable
from .questions.labels import ReplaceValue
from .questions.question import Question
from .questions.rename_questions import OpenRenameQuestions, questions_on
from .questions.rows import OpenRowQuestions, question_key
from .remarks import remarks, remarks_inside
from .script.class_names import class_names
from .script.head import camel_case
from .validate import validate_created

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext

log = get_logger(COMPARISON_LOGGER)


def change_operations(
    autogen_context: AutogenContext,
    changes: Sequence[Change],
    models: Mapping[Key, DesiredTable],
    questions: OpenRenameQuestions,
    rows: OpenRowQuestions,
) -> list[MigrateOperation]:
    """Return the operations that make the changes.

    Args:
        autogen_context: of the comparison.
        changes: the result of the comparison.
        models: the tables of the models.
        questions: open questions about renames.
        rows: open questions about rows.

    Raises:
        OperationError: the database has no DDL for a new table, or a table has no columns.
        SchemaError: two new tables have an index of one name.
    """
    created = (change.table for change in changes if isinstance(change, CreateTable))
    validate_created(created, autogen_context.dialect)
    for key in (change.key for change in changes if isinstance(change, AlterTable)):
        if key in models and not models[key].live.columns:
            check_has_columns(models[key].frozen, autogen_context.dialect)
    operations = _operations(autogen_context, changes, models)
    _attach(operations, changes, questions, rows)
    _warn_of_metadata_events(autogen_context, operations, models)
    return operations


def _attach(
    operations: Sequence[MigrateOperation],
    changes: Sequence[Change],
    questions: OpenRenameQuestions,
    rows: OpenRowQuestions,
) -> None:
    """Attach the open questions about lost data and about rows to the operations."""

    def about(change: Change, table: Key | None) -> list[Question]:
        place = question_key(change, table)
        return [*questions_on(change, table, questions), *rows.get(place or (), ())]

    operation: Any
    for operation, change in zip(operations, changes, strict=True):
        operation.questions = about(change, None)
        if isinstance(change, AlterTable):
            for inside, each in zip(operation.ops, change.changes, strict=True):
                inside.questions = about(each, change.key)


def _operations(
    autogen_context: AutogenContext, changes: Iterable[Change], models: Mapping[Key, DesiredTable]
) -> list[MigrateOperation]:
    names = class_names(model.live for model in models.values())
    dialects = (autogen_context.dialect,)
    changes = tuple(changes)
    created: dict[str, MoltresCreateTableOp] = {}
    everywhere = listeners_of_all_tables()
    operations: list[MigrateOperation] = []

    @cache
    def drop(table: TableSchema) -> MoltresDropTableOp:
        name = camel_case(table.name)
        return MoltresDropTableOp.from_schema(table, name=name, dialects=dialects)

    for change in changes:
        match change:
            case CreateTable(table=table):
                model = models[table.schema, str(table.name)]
                # those of the class `Table` are reported once
                listeners = _listeners(model.live, dialects[0].name, everywhere if created else ())
                name = names.get(model.live)
                created[table.key] = _create(autogen_context, table, model, name, listeners)
                operations.append(created[table.key])
            case AddForeignKeys(table=table):
                operations.append(MoltresAddForeignKeysOp(created[table.key]))
            case DropForeignKeys(table=table):
                operations.append(MoltresDropForeignKeysOp(drop(table).reverse()))
            case DropTable(table=table):
                operations.append(drop(table))
            case AlterTable():
                altered = models.get((change.schema, str(change.name)))
                operations.append(_altered(autogen_context, change, altered))
            case ReplaceValue():
                operations.append(MoltresReplaceValueOp(change, autogen_context.dialect))
            case _:
                operations.append(operation_of(change, dialects))
        made: Any = operations[-1]
        made.remarks = remarks(change, changes)
    return operations


def _listeners(table: sa.Table, dialect: str, reported: Container[str]) -> tuple[str, ...]:
    """Return a table's event listeners that its value does not contain."""
    listeners = unfrozen_listeners(table)
    return tuple(
        each for each in listeners if each not in reported and not is_covered(each, table, dialect)
    )


def _altered(
    autogen_context: AutogenContext, change: AlterTable, model: DesiredTable | None
) -> MigrateOperation:
    """Return the operation for a table that exists on both sides.

    Where the database makes indexes for keys, dropping a key also drops its index; that is no
    difference.
    """
    made = operation_of(change, (autogen_context.dialect,))
    operations = made.ops if isinstance(made, MoltresAlterTableOp) else ()
    columns = _columns(change, model)
    op: Any  # `TableOp`; the type of `ops` in Alembic's class is wider
    for op, inside in zip(operations, change.changes, strict=True):
        op.known_columns = columns
        op.remarks = remarks_inside(inside, change)
        if model is not None and isinstance(op, MoltresAddColumnOp):
            op.with_model_column(live_item(model.live, op.definition))
    if impl_of(autogen_context.dialect).features.keys_create_indexes:
        keys = [
            (key.columns, name)
            for key in change.dropped_constraints
            if isinstance(key, ForeignKeyConstraint)
            for name in (key.name, key.columns[0])
        ]
        for op in operations:
            if isinstance(op, MoltresDropIndexOp) and (op.index.columns, op.index.name) in keys:
                op.hide_from_diffs()
    return made


def _columns(change: AlterTable, model: DesiredTable | None) -> dict[str, ColumnDef]:
    """Return the columns of a table by name: kept, dropped and former ones."""
    columns = {} if model is None else {each.name: each for each in model.compared.columns}
    columns |= {each.name: each for each in change.dropped_columns}
    renamed = change.renamed_columns.items()
    return {old: columns[new] for old, new in renamed if new in columns} | columns


def _warn_of_metadata_events(
    autogen_context: AutogenContext,
    operations: Iterable[MigrateOperation],
    models: Mapping[Key, DesiredTable],
) -> None:
    """Name the listeners that `create_all()` would call, before the first new table."""
    first = next((each for each in operations if isinstance(each, MoltresCreateTableOp)), None)
    if first is None:
        return
    for metadata in dict.fromkeys(model.live.metadata for model in models.values()):
        for listener in metadata_listeners(metadata, autogen_context.dialect):
            log.warning("Event listener of the MetaData is not in the script: %s", listener)
            remark = (
                f"{listener} is an event of the MetaData: it is not frozen, do here what it does"
            )
            first.remarks = (*first.remarks, remark)


def _create(
    autogen_context: AutogenContext,
    table: TableSchema,
    model: DesiredTable,
    name: str | None,
    unfrozen: tuple[str, ...],
) -> MoltresCreateTableOp:
    for listener in unfrozen:
        log.warning(
            "Event listener of the table %r is a Python function and not in the script: %s",
            table.key,
            listener,
        )
    made = MoltresCreateTableOp.from_schema(
        _in_named_schema(table, model.frozen),
        name=name or camel_case(table.name),
        dialects=(autogen_context.dialect,),
        unfrozen=unfrozen,
    )
    made.with_model_table(model.live)
    return made


def _in_named_schema(table: TableSchema, frozen: TableSchema) -> TableSchema:
    """Return a table with the schema that its model names, even if it is the default one."""
    if table.schema == frozen.schema:
        return table
    named = {
        (key.columns, key.references_table): key.references_schema
        for key in frozen.constraints
        if isinstance(key, ForeignKeyConstraint)
    }
    constraints = tuple(
        replace(key, references_schema=named[key.columns, key.references_table])
        if isinstance(key, ForeignKeyConstraint)
        else key
        for key in table.constraints
    )
    return replace(table, schema=frozen.schema, constraints=constraints)
