"""Compares the models with the database, and makes operations of the differences.

It gathers, aligns, diffs, filters and makes operations; the logic is in those modules. It replaces
Alembic's comparison of tables.
"""

from __future__ import annotations

import operator
from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from alembic.operations.ops import UpgradeOps
from alembic.util import PriorityDispatchResult

from ..dialects.base.align import align
from ..dialects.base.column_checks import with_column_checks, with_own_checks
from ..dialects.base.reading import reading
from ..dialects.base.reflection import Key
from ..dialects.base.registry import impl_of
from ..dialects.base.renamed_tables import rename_tables
from ..dialects.base.signatures import ReflectedTable, is_own
from ..dialects.base.unstated import (
    with_chosen,
    with_unstated,
    without_inherited,
    without_merely_inherited,
)
from ..diff.renames import ColumnRename, Rename, TableRename
from ..messages import COMPARISON_LOGGER, get_logger
from ..options import moltres_arguments
from ..schema import ForeignKeyConstraint, TableSchema
from ..schema.nul_names import check_names
from .comparison_input import ComparisonInput
from .env_checks import check_models, check_plugins
from .filtering.attached_ddl import attached_ddl
from .filtering.compare_hooks import has_functions, with_compare_hooks
from .filtering.filters import Filters
from .gather import CurrentTable, DesiredTable, gather_models
from .gc_pause import gc_paused
from .metadata_objects import metadata_objects
from .rename_hints import allowed_renames, find_renames, kept_renames
from .sources import DatabaseSource, compares_history, source_of
from .third_party import third_party_operations

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

    from ..diff import Change
    from ..diff.inherited_changes import Child
    from .filtering.item_filter import ItemFilter
    from .questions.rename_questions import OpenRenameQuestions
    from .questions.rows import OpenRowQuestions

log = get_logger(COMPARISON_LOGGER)

Pair: TypeAlias = tuple[TableSchema, TableSchema]
"""A table of the database and one of the models; the same object if they are equal."""


def compare_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> PriorityDispatchResult:
    """Add the operations that turn the database's tables into the models'.

    A database that we cannot read is left to Alembic's own comparison. History is compared for
    every database.

    Raises:
        CommandError: a table cannot be frozen, or the database cannot be read.
    """
    with reading(autogen_context.connection), gc_paused():
        if not _compares(autogen_context):
            return PriorityDispatchResult.CONTINUE  # to Alembic's; see `convert_tables`
        _add_operations(autogen_context, upgrade_ops, schemas)
    return PriorityDispatchResult.STOP


def _add_operations(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]
) -> None:
    """Compare; the values of both sides end here, before the garbage collector runs again."""
    source = source_of(autogen_context)
    models = source.without_uncertain(gather_models(autogen_context))
    for model in models.values():
        check_names(model.compared)
    database = source.tables(schemas, models)
    compared = ComparisonInput(autogen_context, source, Filters(autogen_context), models, database)
    check_models(compared)
    changes, questions, rows = _changes(compared)
    surrounding = metadata_objects(compared, changes)
    for change in (*surrounding.before, *surrounding.after):
        log_change(change)
    changes = [*surrounding.before, *changes, *surrounding.after]
    if changes:
        from .change_operations import change_operations

        upgrade_ops.ops += change_operations(autogen_context, changes, models, questions, rows)
    upgrade_ops.ops += third_party_operations(compared)


def convert_tables(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Replace Alembic's operations by ours, if Alembic compared.

    Raises:
        CommandError: a value cannot hold a part of a table.
    """
    check_plugins(autogen_context)
    if not _compares(autogen_context):
        from .unsupported_dialects import convert_alembics

        convert_alembics(autogen_context, upgrade_ops)
    return PriorityDispatchResult.CONTINUE


def _compares(autogen_context: AutogenContext) -> bool:
    return impl_of(autogen_context.dialect).reads or compares_history(autogen_context)


def _changes(
    given: ComparisonInput,
) -> tuple[list[Change], OpenRenameQuestions, OpenRowQuestions]:
    """Return the changes, and the open questions about them."""
    impl = given.impl
    declared = find_renames(given.models, given.database, impl.features)
    first = Comparison(given, declared)
    if first.is_equal() and not _has_answers(given.context):
        return [], {}, {}
    from .questions.rename_questions import with_renames
    from .questions.rows import with_rows
    from .states.unowned_sequences import with_unowned_kept

    def compared(renames: Sequence[Rename]) -> Comparison:
        return first if list(renames) == list(declared) else Comparison(given, renames)

    comparison, questions = with_renames(given, compared, declared)
    changes, current = comparison.changes()
    changes = with_unowned_kept(given.context, changes, given.database)
    for change in changes:
        log_change(change)
    changes, rows = with_rows(given.context, changes, questions, current)
    changes = list(impl.with_dependents(changes, current)) if changes else []
    if comparison.renames and impl.features.keeps_generated_names:
        from .generated_names import with_generated_names

        changes = with_generated_names(changes, comparison.renames, given)
    return changes, questions, rows


def _has_answers(autogen_context: AutogenContext) -> bool:
    """Tell whether the command has answers; one that matches nothing is refused."""
    command = autogen_context.opts.get("revision_context")
    given = None if command is None else command.config.cmd_opts
    return bool(moltres_arguments(getattr(given, "x", None)))


def changes_between(
    autogen_context: AutogenContext,
    models: Mapping[Key, DesiredTable],
    database: Mapping[Key, CurrentTable],
) -> tuple[list[Change], list[TableSchema]]:
    """Return the changes from the connected database to the models, and the tables before them.

    Args:
        autogen_context: Alembic's context; its filters decide which changes are returned.
        models: the desired tables.
        database: the current tables.
    """
    source, filters = DatabaseSource(autogen_context), Filters(autogen_context)
    given = ComparisonInput(autogen_context, source, filters, models, database)
    return Comparison(given, ()).changes()


def log_change(change: Change) -> None:
    """Log one line for each difference."""
    for message in change.messages():
        log.info("Detected %s", message)


def _child(table: ReflectedTable) -> Child | None:
    """Return what a table has from others; `None` if it neither inherits nor is a partition."""
    if not table.parents and table.partition is None:
        return None
    from ..diff.inherited_changes import Child

    if table.partition is not None:
        return Child(table.partition.parents, partition=True)
    columns = {str(each.column.name) for each in table.columns if is_own(each)}
    constraints = {str(each.item.name) for each in table.constraints if is_own(each)}
    return Child(table.parents, own=frozenset(columns | constraints))


class Comparison:
    """Both sides of a comparison, the database's spelled as the models'.

    Attributes:
        renames: of tables and columns, as the filters allow.
    """

    def __init__(self, given: ComparisonInput, renames: Sequence[Rename]) -> None:
        database = given.database
        self._context, self._source = given.context, given.source
        self._filters, self._models, self._impl = given.filters, given.models, given.impl
        self.renames, self._excluded = allowed_renames(renames, given)
        renamed = rename_tables(
            [each.reflected for each in database.values()], self.renames, self._impl.syntax
        )
        self._reflected = {(each.table.schema, str(each.table.name)): each for each in renamed}
        self._before = dict(zip(self._reflected, database.values(), strict=True))
        self._expected: dict[Key, ReflectedTable] = {}
        self._sides: tuple[list[TableSchema], list[TableSchema]] | None = None
        self._attached = attached_ddl(given.context, given.models, self._impl.syntax)

    def changes(self) -> tuple[list[Change], list[TableSchema]]:
        """Return the changes from the database to the models, and the tables before them."""
        from ..diff import diff_renamed
        from ..diff.inherited_changes import without_inherited_changes

        current, desired = self.sides()
        wanted = {(table.schema, str(table.name)) for table in desired}
        renames = kept_renames(self.renames, wanted)
        changes = diff_renamed(current, desired, renames)
        children = {key: child for key, each in self._reflected.items() if (child := _child(each))}
        return without_inherited_changes(changes, children) if children else list(changes), current

    def is_equal(self) -> bool:
        """Tell whether there are no changes: a table that is equal is one object on both sides."""
        current, desired = self.sides()
        same = len(current) == len(desired) and all(map(operator.is_, current, desired))
        return same and not self.renames

    def sides(self) -> tuple[list[TableSchema], list[TableSchema]]:
        """Return the tables to compare: the database's and the models'."""
        if self._sides is None:
            self._sides = self._both()
        return self._sides

    def with_signatures(self, table: Key) -> tuple[ReflectedTable | None, ReflectedTable | None]:
        """Return a table of the database, under its new name, and the table of the models."""
        if table in self._models and table not in self._expected:
            (expected,) = self._source.expected([self._models[table].compared])
            self._expected[table] = expected
        return self._reflected.get(table), self._expected.get(table)

    def _both(self) -> tuple[list[TableSchema], list[TableSchema]]:
        filters, models, before = self._filters, self._models, self._before
        both = {
            key: models[key]
            for key in self._reflected
            if key in models and filters.kept_table(models[key], before[key])
        }
        current = [
            filters.without_indexes(without_merely_inherited(with_own_checks(each)), before[key])
            for key, each in self._reflected.items()
            if key not in models
            and not self._attached.is_created_by_ddl(each.table)
            and filters.removed_table(before[key])
        ]
        desired = [
            filters.with_allowed_indexes(model.written, model)
            for key, model in models.items()
            if key not in self._reflected and filters.added_table(model)
        ]
        for key, (aligned, wanted) in self._pairs(both).items():
            current.append(
                with_compare_hooks(self._context, aligned, wanted, models[key], before[key])
            )
            desired.append(wanted)
        return current, desired

    def _pairs(self, models: Mapping[Key, DesiredTable]) -> dict[Key, Pair]:
        """Return the tables that exist on both sides, the database's spelled as the models'.

        What may go into the script is spelled for every dialect: a table that differs or has a
        rename, and one that refers to it, whose keys may have to be dropped first.
        """
        if has_functions(self._context):  # they may report differences that we do not
            return self._aligned({key: model.written for key, model in models.items()})
        compared = {key: model.compared for key, model in models.items()}
        pairs = self._aligned(compared)
        changed = {key for key, (current, desired) in pairs.items() if current is not desired}
        changed |= {
            (each.schema, each.desired if isinstance(each, TableRename) else each.table)
            for each in self.renames
        }
        again = {
            key: model.written
            for key, model in models.items()
            if (key in changed or _refers_to(compared[key], changed))
            and model.written != compared[key]
        }
        return pairs | self._aligned(again)

    def _aligned(self, tables: Mapping[Key, TableSchema]) -> dict[Key, Pair]:
        expected = self._source.expected(list(tables.values()))
        pairs = {}
        self._expected.update(zip(tables, expected, strict=True))
        for key, each in zip(tables, expected, strict=True):
            current = without_inherited(self._reflected[key], each.table, tables)
            desired = (with_chosen if self._source.strict else with_unstated)(current, each)
            current, desired = self._attached.without_attached(current, desired)
            if self._filters.any:
                current, desired = self._item_filter(key).sides(current, desired)
            current, desired = with_column_checks(current, desired)
            pairs[key] = (align(current, desired), desired.table)
        return pairs

    def _item_filter(self, key: Key) -> ItemFilter:
        from .filtering.item_filter import ItemFilter

        schema, table = key
        former = {
            each.desired: each.current
            for each in self.renames
            if isinstance(each, ColumnRename) and (each.schema, each.table) == (schema, table)
        }
        unchanged = {
            name
            for each in self._excluded
            if isinstance(each, ColumnRename) and (each.schema, each.table) == (schema, table)
            for name in (each.current, each.desired)
        }
        model, existing = self._models[key], self._before[key]
        bring = self._impl.features.keys_create_indexes
        return ItemFilter(
            self._filters, model, existing, self._impl.syntax, bring, former, unchanged
        )


def _refers_to(table: TableSchema, keys: Container[Key]) -> bool:
    return any(
        isinstance(item, ForeignKeyConstraint)
        and (item.references_schema, item.references_table) in keys
        for item in table.constraints
    )
