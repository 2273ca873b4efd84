"""What differs between the models and the database, as operations that carry values.

Gather, align, diff, filter, make operations; no logic of its own. It stands in the place of
Alembic's comparison of tables.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from alembic.util import PriorityDispatchResult

from ..convert import lineage, metadata_listeners, unfrozen_listeners
from ..dialects.base.align import align, comparable
from ..dialects.base.reflection import Key, expected_tables
from ..dialects.base.registry import impl_of
from ..dialects.base.signatures import ReflectedTable
from ..diff import (
    AddForeignKeys,
    AlterTable,
    Change,
    CreateTable,
    DropForeignKeys,
    DropTable,
    diff_renamed,
    with_computed_rebuilt,
    with_keys_rebuilt,
)
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
from .rename_hints import find_renames, kept_renames, reflected_as_renamed
from .script_head import camel_case
from .third_party import third_party_operations
from .validate import validate_created

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation, UpgradeOps
    from sqlalchemy.engine import Connection

log = logging.getLogger("alembic.autogenerate.alembic_moltres")
"""Below `alembic`, because every project's alembic.ini shows what that logger says."""


def compare_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> PriorityDispatchResult:
    """Add the operations that make the models' tables out of the database's.

    A database that we cannot read is left to Alembic's own comparison.

    Raises:
        CommandError: a table holds what no value can hold, or the database cannot be read.
    """
    if not impl_of(autogen_context.dialect).reads:
        return PriorityDispatchResult.CONTINUE  # to Alembic's own; see `converted`
    with as_command_errors():
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
    renames = find_renames(models, database, autogen_context.dialect)
    reflected = reflected_as_renamed(database, renames)
    before = dict(zip(reflected, database.values(), strict=True))
    current, desired = _sides(autogen_context, filters, models, reflected, before)
    wanted = {(table.schema, str(table.name)) for table in desired}
    changes: list[Change] = []
    for found in diff_renamed(current, desired, kept_renames(renames, wanted)):
        change = filters.inside(found, models, before) if isinstance(found, AlterTable) else found
        if not isinstance(change, AlterTable) or change.changes:
            _log(change)
            changes.append(change)
    for name in lineage(autogen_context.dialect):
        changes = REBUILT.get(name, _as_they_are)(changes, current)
    return changes


def _log(change: Change) -> None:
    """Write one line for each difference in a change."""
    messages = change.messages() if isinstance(change, AlterTable) else [change.message()]
    for message in filter(None, messages):
        log.info("Detected %s", message)


def _as_they_are(changes: list[Change], current: list[TableSchema]) -> list[Change]:
    return changes


def _computed_rebuilt(
    changes: list[Change], current: list[TableSchema], *, altered_in_place: bool = False
) -> list[Change]:
    tables = {(table.schema, table.name): table for table in current}
    return [
        with_computed_rebuilt(
            change, tables[change.schema, change.name], altered_in_place=altered_in_place
        )
        if isinstance(change, AlterTable)
        else change
        for change in changes
    ]


def _keys_rebuilt(changes: list[Change], current: list[TableSchema]) -> list[Change]:
    rebuilt = _computed_rebuilt(changes, current, altered_in_place=True)
    return list(with_keys_rebuilt(rebuilt, current))


REBUILT = {"postgresql": _computed_rebuilt, "mysql": _keys_rebuilt, "mariadb": _keys_rebuilt}
"""What each database refuses to leave in place while its table changes."""


def _sides(
    autogen_context: AutogenContext,
    filters: Filters,
    models: Mapping[Key, Modelled],
    reflected: Mapping[Key, ReflectedTable],
    before: Mapping[Key, Existing],
) -> tuple[list[TableSchema], list[TableSchema]]:
    """Return the tables to compare: of the database as spelt by the models, and of the models.

    Args:
        autogen_context: what Alembic knows.
        filters: those of the environment.
        models: the tables of the models.
        described: those of the database, under the names that they will have.
        before: as they are, under the same names.
    """
    both = [
        key for key in reflected if key in models and filters.kept_table(models[key], before[key])
    ]
    current = [
        filters.without_indexes(each.table, before[key].live, reflected=True)
        if autogen_context._object_filters
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
    wanted = [comparable(models[key].compared) for key in both]
    for key, signature in zip(both, expected_tables(connection, wanted), strict=True):
        aligned = align(reflected[key], signature)
        current.append(
            with_compare_hooks(autogen_context, aligned, signature.table, models[key], before[key])
        )
        desired.append(signature.table)
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
    """Name what `create_all()` would do besides the tables, when the first ones are created."""
    if any(isinstance(change, CreateTable) for change in changes):
        for metadata in dict.fromkeys(model.live.metadata for model in models.values()):
            for listener in metadata_listeners(metadata):
                log.warning("Listens to the MetaData and is not in the script: %s", listener)


def _create(
    autogen_context: AutogenContext, table: TableSchema, model: Modelled, name: str | None
) -> MoltresCreateTableOp:
    unfrozen = unfrozen_listeners(model.live)
    for listener in unfrozen:
        log.warning(
            "A Python function listens to the table %r and is not in the script: %s",
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
