"""Runs a block on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ...errors import OperationError
from ...operations.alter import MoltresDropIndexOp, MoltresRenameColumnOp
from ..base.create_table import Statement
from ..base.dbapi_errors import refusal_error
from ..base.ddl import RawDDL
from ..base.execution import run
from .copy_table import COPIED, copy_table
from .ddl import Writer
from .edit_table import Reshaping
from .find_constraint import find
from .move_and_copy import rebuild
from .native_alter import Native, NeedsCopyError
from .sqlite_master import primary_key_of, read_table
from .stages import Stage, staged

if TYPE_CHECKING:
    from alembic.operations import Operations
    from alembic.operations.ops import MigrateOperation
    from sqlalchemy.engine import Connection

    from ...operations.alter import MoltresAlterTableOp
    from .find_constraint import Place, PrimaryKeyOf
    from .sqlite_master import StoredTable


def alter_table(operations: Operations, block: MoltresAlterTableOp) -> None:
    """Carry out a block, wholly or not at all.

    Raises:
        OperationError: SQLite would have to copy the table and cannot (`--sql`, foreign keys that
            cannot be switched off), and nothing was executed; or the database refuses something,
            and all is as before.
    """
    writer = Writer(operations.impl.dialect, block.table_name, block.schema)
    if operations.migration_context.as_sql:
        run(operations, _offline(writer, block))
        return
    connection = operations.get_bind()
    stages = list(staged(block.ops))
    statements = _native(writer, stages, connection)
    if statements is not None:
        with _in_words(writer):
            run(operations, statements)
        return
    stored = read_table(connection, block.table_name, block.schema)
    _check(writer, stages[0], stored, connection)
    with (
        _in_words(writer),
        rebuild(connection, writer.of_table, stored.name, stored.schema),
    ):
        for stage in stages:
            _run_stage(operations, writer, stage)


def _offline(writer: Writer, block: MoltresAlterTableOp) -> list[Statement]:
    try:
        return Native(writer, None, lambda _: ()).statements(block.ops)
    except NeedsCopyError as err:
        raise OperationError(
            f"SQLite must copy {writer.of_table} to {err}, which reads the database, "
            "and --sql reads none; run this revision online",
            block,
        ) from err


def _native(writer: Writer, stages: list[Stage], connection: Connection) -> list[Statement] | None:
    """Return the statements of a block that needs no copy, `None` for one that does."""
    if len(stages) != 1:
        return [] if not stages else None
    stored = read_table(connection, writer.name, writer.schema)
    referred = partial(primary_key_of, connection, stored.schema)
    try:
        return Native(writer, stored, referred).statements(stages[0].ops)
    except NeedsCopyError:
        return None


def _check(writer: Writer, stage: Stage, stored: StoredTable, connection: Connection) -> None:
    """Find what is wrong with a stage before its first statement.

    Raises:
        OperationError: something is not there, or cannot be said.
    """
    referred = partial(primary_key_of, connection, stored.schema)
    places = _places(writer, stage, stored, referred)
    if not any(isinstance(operation, MoltresRenameColumnOp) for operation in stage.before):
        gone = [op.index_name for op in stage.before if isinstance(op, MoltresDropIndexOp)]
        _ = _reshaped(writer, stage, stored.without(gone), referred, places).sql


def _run_stage(operations: Operations, writer: Writer, stage: Stage) -> None:
    """Run one stage: by itself if SQLite can, else what is before the copy, the copy, the rest."""
    connection = operations.get_bind()
    statements = _native(writer, [stage], connection)
    if statements is not None:
        run(operations, statements)
        return
    stored = read_table(connection, writer.name, writer.schema)
    referred = partial(primary_key_of, connection, stored.schema)
    native = Native(writer, stored, referred)
    places = _places(writer, stage, stored, referred)
    _run_all(operations, native, stage.before)
    stored = read_table(connection, writer.name, writer.schema)
    reshaping = _reshaped(writer, stage, stored, referred, places)
    copy_table(connection, stored, reshaping.sql, reshaping.sources)
    _run_all(operations, native, stage.after)


def _run_all(operations: Operations, native: Native, ops: Sequence[MigrateOperation]) -> None:
    statements = [statement for each in ops for statement in native.of_table(each)]
    if statements:
        run(operations, statements)


def _places(
    writer: Writer, stage: Stage, stored: StoredTable, referred: PrimaryKeyOf
) -> list[Place]:
    pieces = stored.pieces
    return [
        find(pieces, operation.constraint, writer, referred)
        for operation in stage.dropped
        if writer.constraint(operation.constraint) is not None
    ]


def _reshaped(
    writer: Writer,
    stage: Stage,
    stored: StoredTable,
    referred: PrimaryKeyOf,
    places: Sequence[Place],
) -> Reshaping:
    reshaping = Reshaping(writer, stored, referred, places)
    for operation, names in stage.work:
        reshaping.change(operation, names)
    return reshaping


@contextmanager
def _in_words(writer: Writer) -> Iterator[None]:
    """Say what SQLite refuses in words that name the table and the remedy."""
    try:
        yield
    except DBAPIError as err:
        ours = refusal_error(err, Statement(RawDDL(""), f"the new form of {writer.of_table}"), "")
        if ours is None:
            err.add_note(f"at {writer.of_table}")
            raise
        raise OperationError(COPIED.sub("", str(ours)), err) from err
