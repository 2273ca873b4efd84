"""Compares the models with the database and makes operations of the differences.

Gather, align, diff, filter, make operations; no logic of its own. It replaces Alembic's comparison
of tables.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from alembic.util import PriorityDispatchResult

from ..dialects.base.align import align
from ..dialects.base.reflection import Key
from ..dialects.base.registry import impl_of
from ..dialects.base.renames import rename_tables
from ..dialects.base.signatures import ReflectedTable
from ..dialects.base.unstated import with_unstated, without_inherited
from ..diff import AlterTable, Change, Rename, TableRename, diff_renamed
from ..messages import get_logger
from ..operations.command_errors import as_command_errors
from ..schema import ForeignKeyConstraint, TableSchema
from .compare_hooks import has_functions, with_compare_hooks
from .filters import Filters
from .gather import Existing, Modelled, gather_models
from .gc_pause import gc_paused
from .generated_names import with_generated_names
from .rename_hints import find_renames, kept_renames
from .sources import DatabaseSource, Source, compares_history, source_of
from .third_party import third_party_operations

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import UpgradeOps

log = get_logger("alembic.autogenerate.alembic_moltres")
"""Below `alembic`, because every project's alembic.ini shows that logger's messages."""

Pair: TypeAlias = tuple[TableSchema, TableSchema]
"""A table of the database and one of the models: the same object where nothing differs."""


def compare_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> PriorityDispatchResult:
    """Add the operations that turn the database's tables into the models'.

    A database that we cannot read is left to Alembic's own comparison. History can be read for
    every database.

    Raises:
        CommandError: a table cannot be frozen, or the database cannot be read.
    """
    with as_command_errors(), gc_paused():
        if not _compares(autogen_context):
            return PriorityDispatchResult.CONTINUE  # to Alembic's own; see `convert_tables`
        source = source_of(autogen_context)
        models = source.without_uncertain(gather_models(autogen_context))
        database = source.tables(schemas, models)
        changes = _changes(autogen_context, source, models, database)
        if changes:
            from .change_operations import change_operations

            upgrade_ops.ops += change_operations(autogen_context, changes, models)
        upgrade_ops.ops += third_party_operations(autogen_context, models, database)
    return PriorityDispatchResult.STOP


def convert_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Make operations with values of Alembic's, where that has compared.

    Raises:
        CommandError: a table holds what no value can hold.
    """
    if not _compares(autogen_context):
        from .unsupported_dialects import convert_alembics

        convert_alembics(autogen_context, upgrade_ops)
    return PriorityDispatchResult.CONTINUE


def _compares(autogen_context: AutogenContext) -> bool:
    return impl_of(autogen_context.dialect).reads or compares_history(autogen_context)


def _changes(
    autogen_context: AutogenContext,
    source: Source,
    models: Mapping[Key, Modelled],
    database: Mapping[Key, Existing],
) -> list[Change]:
    impl = impl_of(autogen_context.dialect)
    renames = find_renames(models, database, impl.features)
    changes, current = changes_between(autogen_context, models, database, renames, source)
    for change in changes:
        log_change(change)
    if renames and impl.features.keeps_generated_names:
        changes = with_generated_names(changes, renames, models, database, impl)
    return list(impl.with_dependents(changes, current)) if changes else []


def changes_between(
    autogen_context: AutogenContext,
    models: Mapping[Key, Modelled],
    database: Mapping[Key, Existing],
    renames: Sequence[Rename] = (),
    source: Source | None = None,
) -> tuple[list[Change], list[TableSchema]]:
    """Return the changes from the database to the models, and the tables before them.

    Args:
        autogen_context: Alembic's context; its filters decide which changes are returned.
        models: the tables that the database should have.
        database: those that it has.
        renames: of tables and columns.
        source: of the database's tables; the connected one by default.
    """
    source = source or DatabaseSource(autogen_context)
    filters = Filters(autogen_context)
    syntax = impl_of(autogen_context.dialect).syntax
    renamed = rename_tables([each.reflected for each in database.values()], renames, syntax)
    reflected = {(each.table.schema, str(each.table.name)): each for each in renamed}
    before = dict(zip(reflected, database.values(), strict=True))
    current, desired = _sides(autogen_context, source, filters, models, reflected, before, renames)
    wanted = {(table.schema, str(table.name)) for table in desired}
    changes: list[Change] = []
    for found in diff_renamed(current, desired, kept_renames(renames, wanted)):
        change = filters.inside(found, models, before) if isinstance(found, AlterTable) else found
        if not isinstance(change, AlterTable) or change.changes:
            changes.append(change)
    return changes, current


def log_change(change: Change) -> None:
    """Log one line for each difference in a change."""
    messages = change.messages() if isinstance(change, AlterTable) else [change.message()]
    for message in filter(None, messages):
        log.info("Detected %s", message)


def _sides(
    autogen_context: AutogenContext,
    source: Source,
    filters: Filters,
    models: Mapping[Key, Modelled],
    reflected: Mapping[Key, ReflectedTable],
    before: Mapping[Key, Existing],
    renames: Iterable[Rename],
) -> tuple[list[TableSchema], list[TableSchema]]:
    """Return the tables to compare: of the database as the models write them, and of the models.

    Args:
        autogen_context: Alembic's context.
        source: of the current tables.
        filters: of the environment.
        models: the tables of the models.
        reflected: the tables of the database, under their new names.
        before: the same before the renames, by their new names.
        renames: of tables and columns.
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
        filters.without_indexes(model.written, model.live, reflected=False)
        for key, model in models.items()
        if key not in reflected and filters.added_table(model)
    ]
    pairs = _pairs(autogen_context, source, {key: models[key] for key in both}, reflected, renames)
    for key, (aligned, wanted) in pairs.items():
        current.append(
            with_compare_hooks(autogen_context, aligned, wanted, models[key], before[key])
        )
        desired.append(wanted)
    return current, desired


def _pairs(
    autogen_context: AutogenContext,
    source: Source,
    models: Mapping[Key, Modelled],
    reflected: Mapping[Key, ReflectedTable],
    renames: Iterable[Rename],
) -> dict[Key, Pair]:
    """Return the tables that both sides have, the database's written as the models'.

    What may go into the script is as every dialect writes it: a table that differs or has something
    renamed, and one that refers to it, whose keys may stand in the way.
    """
    strict = source.strict
    if has_functions(autogen_context):  # they find differences where we find none
        every = {key: model.written for key, model in models.items()}
        return _aligned(source, every, reflected, strict=strict)
    compared = {key: model.compared for key, model in models.items()}
    pairs = _aligned(source, compared, reflected, strict=strict)
    changed = {key for key, (current, desired) in pairs.items() if current is not desired}
    changed |= {
        (each.schema, each.desired if isinstance(each, TableRename) else each.table)
        for each in renames
    }
    again = {
        key: model.written
        for key, model in models.items()
        if (key in changed or _refers_to(compared[key], changed)) and model.written != compared[key]
    }
    return pairs | _aligned(source, again, reflected, strict=strict)


def _aligned(
    source: Source,
    tables: Mapping[Key, TableSchema],
    reflected: Mapping[Key, ReflectedTable],
    *,
    strict: bool,
) -> dict[Key, Pair]:
    """Return the pairs of tables.

    Args:
        source: of the current tables.
        tables: of the models.
        reflected: the tables of the database.
        strict: compares what the models do not state, too.
    """
    expected = zip(tables, source.expected(list(tables.values())), strict=True)
    pairs = {}
    for key, each in expected:
        current = without_inherited(reflected[key], each.table, tables)
        desired = each if strict else with_unstated(current, each)
        pairs[key] = (align(current, desired), desired.table)
    return pairs


def _refers_to(table: TableSchema, keys: Container[Key]) -> bool:
    return any(
        isinstance(item, ForeignKeyConstraint)
        and (item.references_schema, item.references_table) in keys
        for item in table.constraints
    )
