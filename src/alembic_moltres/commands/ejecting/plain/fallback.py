"""Our own SQL for a change, where Alembic has no equivalent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.engine import Dialect

from ....diff import AlterTable, Change, DropConstraint
from ....operations.value_op import operation_of


def with_generated_names(change: AlterTable, generated: Mapping[object, str]) -> AlterTable:
    """Return a block whose dropped constraints have the names that the database gave them."""
    inside = [
        replace(each, constraint=replace(each.constraint, name=generated[each.constraint]))
        if isinstance(each, DropConstraint) and each.constraint in generated
        else each
        for each in change.changes
    ]
    return replace(change, changes=tuple(inside))


def statements(change: Change, dialect: Dialect) -> list[str] | None:
    """Return the statements of a change; `None` if they depend on the contents of the database."""
    texts: list[str] = []
    context = MigrationContext.configure(
        dialect_name=dialect.name, opts={"as_sql": True, "transactional_ddl": False}
    )
    impl = context.impl
    impl.static_output = texts.append  # type: ignore[method-assign,assignment]
    with suppress(CommandError):
        Operations(context).invoke(operation_of(change))
        end = impl.command_terminator
        return [each.strip().removesuffix(end) for each in texts]
    return None
