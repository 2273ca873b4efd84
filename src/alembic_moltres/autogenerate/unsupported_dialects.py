"""Added and removed tables on databases that we cannot read: Alembic's operations become ours.

Alembic compares there, and its operations inside existing tables stay unchanged. Where we compare,
nothing is done here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from alembic.operations.ops import (
    CreateIndexOp,
    CreateTableOp,
    DropIndexOp,
    DropTableOp,
    MigrateOperation,
    ModifyTableOps,
    UpgradeOps,
)

from ..convert import model_to_schema, unfrozen_listeners
from ..diff import added_later, creation_order
from ..messages import get_logger
from ..operations import (
    MoltresAddForeignKeysOp,
    MoltresCreateTableOp,
    MoltresDropForeignKeysOp,
    MoltresDropTableOp,
)
from ..schema import TableSchema
from ..schema.names import qualified_name
from .removed_tables import reflected_tables, without_defaults
from .script.class_names import class_names
from .script.head import camel_case
from .validate import validate_created

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext


log = get_logger(__name__)

Key: TypeAlias = tuple[str | None, str]
"""A table's schema, `None` for the default one, and its name."""


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """A table that was added or removed, and its frozen value."""

    table: sa.Table
    frozen: TableSchema


def convert_alembics(autogen_context: AutogenContext, upgrade_ops: UpgradeOps) -> None:
    """Replace Alembic's operations for added and removed tables by ours.

    Added tables replace Alembic's first operation, referred tables first; removed tables follow all
    changes that drop references to them.

    Raises:
        CommandError: a table cannot be frozen.
    """
    operations = upgrade_ops.ops
    added = [op for op in operations if isinstance(op, CreateTableOp)]
    removed = [op for op in operations if isinstance(op, DropTableOp)]
    if not added and not removed:
        return
    creates = _create_operations(autogen_context, added)
    drops = _drop_operations(autogen_context, removed)
    default_schema = autogen_context.dialect.default_schema_name
    upgrade_ops.ops[:] = _put_in_place(operations, creates, drops, default_schema)


def _create_operations(
    autogen_context: AutogenContext, added: Iterable[CreateTableOp]
) -> list[MigrateOperation]:
    known = autogen_context.table_key_to_table
    tables = [known.get(qualified_name(op.table_name, op.schema)) for op in added]
    frozen = [
        _freeze(autogen_context, op.to_table() if table is None else table, reflected=False)
        for op, table in zip(added, tables, strict=True)
    ]
    names = class_names(each.table for each in frozen)
    ordered = _ordered(frozen)
    validate_created((each.frozen for each in ordered), autogen_context.dialect)
    creates = []
    for each in ordered:
        unfrozen = unfrozen_listeners(each.table)
        for listener in unfrozen:
            log.warning(
                "Event listener of the table %r is a Python function and not in the script: %s",
                each.frozen.key,
                listener,
            )
        creates.append(
            MoltresCreateTableOp.from_schema(
                each.frozen,
                name=names.get(each.table) or camel_case(each.frozen.name),
                dialects=(autogen_context.dialect,),
                unfrozen=unfrozen,
            )
        )
    keys = [MoltresAddForeignKeysOp(op) for op in creates if added_later(op.table_schema)]
    return [*creates, *keys]


def _drop_operations(
    autogen_context: AutogenContext, removed: Iterable[DropTableOp]
) -> list[MigrateOperation]:
    frozen = [
        _freeze(autogen_context, table, reflected=True)
        for table in reflected_tables(autogen_context, removed)
    ]
    drops = [
        MoltresDropTableOp.from_schema(
            each.frozen,
            name=camel_case(each.frozen.name),
            dialects=(autogen_context.dialect,),
        )
        for each in reversed(_ordered(frozen))
    ]
    keys = [MoltresDropForeignKeysOp(op.reverse()) for op in drops if added_later(op.table_schema)]
    return [*keys, *drops]


def _freeze(autogen_context: AutogenContext, table: sa.Table, *, reflected: bool) -> FrozenTable:
    """Freeze a table without the indexes that the environment's filters exclude."""
    frozen = model_to_schema(table, dialects=(autogen_context.dialect,))
    if reflected:
        frozen = without_defaults(frozen)
    left_out = {
        str(index.name)
        for index in table.indexes
        if not _is_included(autogen_context, index, table, reflected=reflected)
    }
    if left_out:
        kept = tuple(index for index in frozen.indexes if index.name not in left_out)
        frozen = replace(frozen, indexes=kept)
    return FrozenTable(table, frozen)


def _is_included(
    autogen_context: AutogenContext, index: sa.Index, table: sa.Table, *, reflected: bool
) -> bool:
    name = None if index.name is None else str(index.name)
    if reflected and not autogen_context.run_name_filters(
        name, "index", {"table_name": table.name, "schema_name": table.schema}
    ):
        return False
    return autogen_context.run_object_filters(index, name, "index", reflected, None)


def _ordered(tables: Iterable[FrozenTable]) -> list[FrozenTable]:
    """Return the tables in order of reference, with cycles of foreign keys cut."""
    by_key = {(each.frozen.schema, each.frozen.name): each for each in tables}
    return [
        replace(by_key[frozen.schema, frozen.name], frozen=frozen)
        for frozen in creation_order(each.frozen for each in by_key.values())
    ]


def _put_in_place(
    operations: list[MigrateOperation],
    creates: list[MigrateOperation],
    drops: list[MigrateOperation],
    default_schema: str | None,
) -> list[MigrateOperation]:
    """Replace Alembic's operations by ours, without the indexes that our values contain.

    A table is dropped after the changes to others, which may refer to it until then.
    """
    whole = (CreateTableOp, DropTableOp)
    keys = {_key(op, default_schema) for op in operations if isinstance(op, whole)}
    last = max(
        (at for at, op in enumerate(operations) if isinstance(op, (DropTableOp, ModifyTableOps))),
        default=len(operations) - 1,
    )
    placed: list[MigrateOperation] = []
    for at, op in enumerate(operations):
        if isinstance(op, CreateTableOp):
            placed += creates
            creates = []
        elif not isinstance(op, DropTableOp) and not _is_all_indexes(op, keys, default_schema):
            placed.append(op)
        if at == last:
            placed += drops
    return placed


def _is_all_indexes(op: MigrateOperation, keys: Container[Key], default_schema: str | None) -> bool:
    """Remove the indexes of an added or removed table; tell whether no other change is left."""
    if not isinstance(op, ModifyTableOps) or _key(op, default_schema) not in keys:
        return False
    op.ops[:] = [each for each in op.ops if not isinstance(each, (CreateIndexOp, DropIndexOp))]
    return op.is_empty()


def _key(op: CreateTableOp | DropTableOp | ModifyTableOps, default_schema: str | None) -> Key:
    return None if op.schema == default_schema else op.schema, op.table_name
