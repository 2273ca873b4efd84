"""Runs a block on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ...errors import OperationError
from ..base.dbapi_errors import refusal_error
from ..base.ddl import RawDDL
from ..base.execution import run
from ..base.statement import Statement
from .copy_table import COPIED, copy_table
from .ddl import Writer
from .edit_table import TableEdit
from .find_constraint import find
from .move_and_copy import rebuild
from .native_alter import NativeAlteration, NeedsCopyError
from .sqlite_master import primary_key_of, read_table
from .stages import Stage, staged

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection

    from ...diff import AlterTable, Change
    from .find_constraint import Place, PrimaryKeyOf
    from .sqlite_master import StoredTable


def alter_table(operations: Operations, change: AlterTable) -> None:
    """Alter a table, wholly or not at all.

    Raises:
        OperationError: SQLite would have to copy the table and cannot (`--sql`, foreign keys that
            cannot be switched off), and nothing was executed; or the database refuses something,
            and all is as before.
    """
    writer = Writer(operations.impl.dialect, change.name, change.schema)
    if operations.migration_context.as_sql:
        run(operations, _offline(writer, change))
        return
    connection = operations.get_bind()
    stages = list(staged(change))
    statements = _native(writer, stages, connection)
    if statements is not None:
        with _in_words(writer):
            run(operations, statements)
        return
    stored = read_table(connection, change.name, change.schema)
    _check(writer, stages[0], stored, connection)
    with (
        _in_words(writer),
        rebuild(connection, writer.of_table, stored.name, stored.schema),
    ):
        for stage in stages:
            _run_stage(operations, writer, stage)


def _offline(writer: Writer, change: AlterTable) -> list[Statement]:
    try:
        return NativeAlteration(writer, change, None, lambda _: ()).statements()
    except NeedsCopyError as err:
        raise OperationError(
            f"SQLite must copy {writer.of_table} to {err}, which reads the database, "
            "and --sql reads none; run this revision online",
            change,
        ) from err


def _native(writer: Writer, stages: list[Stage], connection: Connection) -> list[Statement] | None:
    """Return the statements of a block that needs no copy, `None` for one that does."""
    if len(stages) != 1:
        return [] if not stages else None
    stored = read_table(connection, writer.name, writer.schema)
    referred = partial(primary_key_of, connection, stored.schema)
    try:
        return NativeAlteration(writer, stages[0].change, stored, referred).statements()
    except NeedsCopyError:
        return None


def _check(writer: Writer, stage: Stage, stored: StoredTable, connection: Connection) -> None:
    """Find what is wrong with a stage before its first statement.

    Raises:
        OperationError: something is not there, or cannot be said.
    """
    referred = partial(primary_key_of, connection, stored.schema)
    places = _places(writer, stage, stored, referred)
    before = replace(stage.change, changes=tuple(stage.before))
    if not before.renamed_columns:
        gone = [index.name for index in before.dropped_indexes]
        _ = _edited(writer, stage, stored.without(gone), referred, places).sql


def _run_stage(operations: Operations, writer: Writer, stage: Stage) -> None:
    """Run one stage: by itself if SQLite can, else what is before the copy, the copy, the rest."""
    connection = operations.get_bind()
    statements = _native(writer, [stage], connection)
    if statements is not None:
        run(operations, statements)
        return
    stored = read_table(connection, writer.name, writer.schema)
    referred = partial(primary_key_of, connection, stored.schema)
    native = NativeAlteration(writer, stage.change, stored, referred)
    places = _places(writer, stage, stored, referred)
    _run_all(operations, native, stage.before)
    stored = read_table(connection, writer.name, writer.schema)
    edited = _edited(writer, stage, stored, referred, places)
    copy_table(connection, stored, edited.sql, edited.sources)
    _run_all(operations, native, stage.after)


def _run_all(operations: Operations, native: NativeAlteration, changes: Sequence[Change]) -> None:
    statements = [statement for each in changes for statement in native.carry_out(each)]
    if statements:
        run(operations, statements)


def _places(
    writer: Writer, stage: Stage, stored: StoredTable, referred: PrimaryKeyOf
) -> list[Place]:
    pieces = stored.pieces
    return [
        find(pieces, constraint, writer, referred)
        for constraint in stage.dropped
        if writer.constraint(constraint) is not None
    ]


def _edited(
    writer: Writer,
    stage: Stage,
    stored: StoredTable,
    referred: PrimaryKeyOf,
    places: Sequence[Place],
) -> TableEdit:
    edit = TableEdit(writer, stored, referred, places)
    for change, names in stage.work:
        edit.put(change, names)
    return edit


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
