"""Compares the models with the database and makes operations of the differences.

Gather, align, diff, filter, make operations; no logic of its own. It replaces Alembic's comparison
of tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from alembic.util import PriorityDispatchResult

from ..convert import metadata_listeners, unfrozen_listeners
from ..dialects.base.align import align
from ..dialects.base.reflection import Key, expected_tables
from ..dialects.base.registry import impl_of
from ..dialects.base.renames import rename_tables
from ..dialects.base.signatures import ReflectedTable
from ..diff import (
    AddForeignKeys,
    AlterTable,
    Change,
    CreateTable,
    DropForeignKeys,
    DropTable,
    diff_renamed,
)
from ..messages import get_logger
from ..operations import (
    MoltresAddForeignKeysOp,
    MoltresCreateTableOp,
    MoltresDropForeignKeysOp,
    MoltresDropTableOp,
)
from ..operations.command_errors import as_command_errors
from ..operations.value_op import operation_of
from ..schema import ForeignKeyConstraint, TableSchema
from .class_names import class_names
from .compare_hooks import with_compare_hooks
from .filters import Filters
from .gather import Existing, Modelled, gather_database, gather_models
from .gc_pause import gc_paused
from .rename_hints import find_renames, kept_renames
from .script_head import camel_case
from .third_party import third_party_operations
from .validate import validate_created

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation, UpgradeOps
    from sqlalchemy.engine import Connection

log = get_logger("alembic.autogenerate.alembic_moltres")
"""Below `alembic`, because every project's alembic.ini shows that logger's messages."""


def compare_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> PriorityDispatchResult:
    """Add the operations that turn the database's tables into the models'.

    A database that we cannot read is left to Alembic's own comparison.

    Raises:
        CommandError: a table cannot be frozen, or the database cannot be read.
    """
    if not impl_of(autogen_context.dialect).reads:
        return PriorityDispatchResult.CONTINUE  # to Alembic's own; see `converted`
    with as_command_errors(), gc_paused():
        models = gather_models(autogen_context)
        database = gather_database(autogen_context, schemas, models)
        changes = _changes(autogen_context, models, database)
        created = (change.table for change in changes if isinstance(change, CreateTable))
        validate_created(created, autogen_context.dialect)
        upgrade_ops.ops += _operations(autogen_context, changes, models)
        _warn_of_metadata(changes, models)
        upgrade_ops.ops += third_party_operations(autogen_context, models, database)
    return PriorityDispatchResult.STOP


def _changes(
    autogen_context: AutogenContext,
    models: Mapping[Key, Modelled],
    database: Mapping[Key, Existing],
) -> list[Change]:
    filters = Filters(autogen_context)
    impl = impl_of(autogen_context.dialect)
    renames = find_renames(models, database, impl.features)
    renamed = rename_tables((each.reflected for each in database.values()), renames, impl.syntax)
    reflected = {(each.table.schema, str(each.table.name)): each for each in renamed}
    before = dict(zip(reflected, database.values(), strict=True))
    current, desired = _sides(autogen_context, filters, models, reflected, before)
    wanted = {(table.schema, str(table.name)) for table in desired}
    changes: list[Change] = []
    for found in diff_renamed(current, desired, kept_renames(renames, wanted)):
        change = filters.inside(found, models, before) if isinstance(found, AlterTable) else found
        if not isinstance(change, AlterTable) or change.changes:
            log_change(change)
            changes.append(change)
    return list(impl.with_dependents(changes, current))


def log_change(change: Change) -> None:
    """Log one line for each difference in a change."""
    messages = change.messages() if isinstance(change, AlterTable) else [change.message()]
    for message in filter(None, messages):
        log.info("Detected %s", message)


def _sides(
    autogen_context: AutogenContext,
    filters: Filters,
    models: Mapping[Key, Modelled],
    reflected: Mapping[Key, ReflectedTable],
    before: Mapping[Key, Existing],
) -> tuple[list[TableSchema], list[TableSchema]]:
    """Return the tables to compare: of the database as the models write them, and of the models.

    Args:
        autogen_context: Alembic's context.
        filters: of the environment.
        models: the tables of the models.
        reflected: the tables of the database, under their new names.
        before: the same before the renames, by their new names.
    """
    both = [
        key for key in reflected if key in models and filters.kept_table(models[key], before[key])
    ]
    current = [
        filters.without_indexes(each.table, before[key].live, reflected=True)
        if autogen_context.opts.get("include_object")
        else each.table
        for key, each in reflected.items()
        if key not in models and filters.removed_table(before[key])
    ]
    desired = [
        filters.without_indexes(model.compared, model.live, reflected=False)
        for key, model in models.items()
        if key not in reflected and filters.added_table(model)
    ]
    connection: Connection = autogen_context.connection  # type: ignore[assignment]
    expected = expected_tables(connection, [models[key].compared for key in both])
    for key, each in zip(both, expected, strict=True):
        aligned = align(reflected[key], each)
        current.append(
            with_compare_hooks(autogen_context, aligned, each.table, models[key], before[key])
        )
        desired.append(each.table)
    return current, desired


def _operations(
    autogen_context: AutogenContext, changes: Iterable[Change], models: Mapping[Key, Modelled]
) -> list[MigrateOperation]:
    names = class_names(model.live for model in models.values())
    dialects = (autogen_context.dialect,)
    created: dict[str, MoltresCreateTableOp] = {}
    operations: list[MigrateOperation] = []

    @cache
    def drop(table: TableSchema) -> MoltresDropTableOp:
        name = camel_case(table.name)
        return MoltresDropTableOp.from_schema(table, name=name, dialects=dialects)

    for change in changes:
        match change:
            case CreateTable(table=table):
                model = models[table.schema, str(table.name)]
                created[table.key] = _create(autogen_context, table, model, names.get(model.live))
                operations.append(created[table.key])
            case AddForeignKeys(table=table):
                operations.append(MoltresAddForeignKeysOp(created[table.key]))
            case DropForeignKeys(table=table):
                operations.append(MoltresDropForeignKeysOp(drop(table).reverse()))
            case DropTable(table=table):
                operations.append(drop(table))
            case _:
                operations.append(operation_of(change, dialects))
    return operations


def _warn_of_metadata(changes: Iterable[Change], models: Mapping[Key, Modelled]) -> None:
    """Warn of listeners that `create_all()` would call, when tables are created."""
    if any(isinstance(change, CreateTable) for change in changes):
        for metadata in dict.fromkeys(model.live.metadata for model in models.values()):
            for listener in metadata_listeners(metadata):
                log.warning("Event listener of the MetaData is not in the script: %s", listener)


def _create(
    autogen_context: AutogenContext, table: TableSchema, model: Modelled, name: str | None
) -> MoltresCreateTableOp:
    unfrozen = unfrozen_listeners(model.live)
    for listener in unfrozen:
        log.warning(
            "Event listener of the table %r is a Python function and not in the script: %s",
            table.key,
            listener,
        )
    return MoltresCreateTableOp.from_schema(
        _in_named_schema(table, model.frozen),
        name=name or camel_case(table.name),
        dialects=(autogen_context.dialect,),
        unfrozen=unfrozen,
    )


def _in_named_schema(table: TableSchema, frozen: TableSchema) -> TableSchema:
    """Return a table with the schema that its model names, even if that is the default one."""
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
