"""Runs a block on SQLite: with its ALTER TABLE if that suffices, else with a copy.

The modules for a copy are imported when a table is copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ...diff import AlterTable, Change, DropIndex, RenameColumn
from ...errors import OperationError, ReflectError
from ..base.rejections import REMEDIES, Rejection
from ..base.statement import Statement
from .ddl import SQLiteWriter
from .native_alter import NativeAlteration, NeedsCopyError
from .sqlite_master import StoredTable, primary_key_of, read_table
from .stages import Stage, staged
from .tokens import REPORT

if TYPE_CHECKING:
    from ..base.execution import Execution
    from .enforcement import CopyWay
    from .move_and_copy import NewForm


def alter_table(execution: Execution, change: AlterTable) -> None:
    """Alter a table atomically.

    The block is planned once. The table is read once, if its text is needed, and again after a
    rename, which changes the text.

    Raises:
        OperationError: the table needs a copy, which is impossible (`--sql`, foreign keys that
            cannot be switched off), and nothing was executed; or the database rejects a statement,
            and everything is rolled back.
    """
    writer = SQLiteWriter(execution.dialect, change.name, change.schema)
    if execution.as_sql:
        execution.run(_offline(writer, change))
        return
    stages = list(staged(change))
    if not stages:
        return
    first, *further = stages
    plan = StagePlan(execution, writer, first)
    with _copy_errors(execution, writer):
        if not plan.copies and not further:
            plan.carry_out_natively()
            return
        from .move_and_copy import copy_transaction

        with copy_transaction(execution.connection, writer.of_table, plan.stored) as way:
            plan.carry_out(way)
            for stage in further:
                StagePlan(execution, writer, stage).carry_out(way)


def _offline(writer: SQLiteWriter, change: AlterTable) -> list[Statement]:
    try:
        return NativeAlteration(writer, change, None, lambda _: ()).statements()
    except NeedsCopyError as err:
        raise OperationError(
            f"SQLite must copy {writer.of_table} to {err}, which reads the database, "
            "and --sql reads none; run this revision online",
            change,
        ) from err


class StagePlan:
    """Carries out one stage: SQLite's own statements, or a copy with statements around it.

    Everything is compiled, and every constraint found, before the first statement runs.

    Attributes:
        copies: whether SQLite's ALTER TABLE does not suffice.
    """

    def __init__(self, execution: Execution, writer: SQLiteWriter, stage: Stage) -> None:
        self._execution, self._writer, self._stage = execution, writer, stage
        place = writer.schema or "main"
        self._primary_key_of = partial(primary_key_of, execution.connection, place)
        self._after: list[Statement] = []
        self.copies = False
        with self._text_of_script():
            try:
                self._before = self._native().statements()
            except NeedsCopyError:
                self.copies = True
                self._plan_copy()

    @cached_property
    def stored(self) -> StoredTable:
        """The table before this stage; read on first use."""
        return read_table(self._execution.connection, self._writer.name, self._writer.schema)

    def carry_out_natively(self) -> None:
        """Run SQLite's ALTER TABLE statements; the table is read if they are rejected.

        Raises:
            OperationError: there is no such table, or SQLite rejects a statement.
        """
        try:
            self._execution.run(self._before)
        except OperationError:
            _ = self.stored  # its error says more if the table is not there
            raise

    def carry_out(self, way: CopyWay) -> None:
        """Run the stage inside `copy_transaction`, which yields `way`."""
        if self._before:
            self._execution.run(self._before)
        if self.copies:
            self._copy(way)
        if self._after:
            self._execution.run(self._after)

    def _plan_copy(self) -> None:
        from .find_constraint import find

        stage, parts, native = self._stage, self.stored.parts, self._native()
        self._places = [
            find(parts, constraint, self._writer, self._primary_key_of)
            for constraint in stage.dropped
            if self._writer.constraint(constraint) is not None
        ]
        self._before = _statements(native, stage.before)
        self._after = _statements(native, stage.after)
        self._form: NewForm | None = None
        if not any(isinstance(each, RenameColumn) for each in stage.before):
            self._form = self._edited(
                self.stored.without(stage.dropped_indexes(self._writer.dialect))
            )

    def _copy(self, way: CopyWay) -> None:
        """Copy the table as it is after the preceding statements."""
        from .move_and_copy import move_and_copy

        connection, stage = self._execution.connection, self._stage
        if all(isinstance(each, DropIndex) for each in stage.before):
            stored = self.stored.without(stage.dropped_indexes(self._writer.dialect))
        else:
            stored = read_table(connection, self._writer.name, self._writer.schema)
        with self._text_of_script():
            form = self._form or self._edited(stored)
        move_and_copy(connection, stored, form, way)

    @contextmanager
    def _text_of_script(self) -> Iterator[None]:
        """Refuse SQL text of the script that is not valid in a column or constraint."""
        try:
            yield
        except ReflectError as err:
            _ = self.stored  # whose own text may be what cannot be parsed
            message = str(err).removesuffix(REPORT)
            raise OperationError(
                f"{message} (at {self._writer.of_table}); {REMEDIES[Rejection.SYNTAX]}", err
            ) from err

    def _native(self) -> NativeAlteration:
        return NativeAlteration(
            self._writer, self._stage.change, lambda: self.stored, self._primary_key_of
        )

    def _edited(self, stored: StoredTable) -> NewForm:
        from .edit_table import TableEdit

        edit = TableEdit(self._writer, stored, self._primary_key_of, self._places)
        for change, names in self._stage.work:
            edit.put(change, names)
        return edit.new_form()


def _statements(native: NativeAlteration, changes: Sequence[Change]) -> list[Statement]:
    return [statement for each in changes for statement in native.carry_out(each)]


@contextmanager
def _copy_errors(execution: Execution, writer: SQLiteWriter) -> Iterator[None]:
    """Turn SQLite's error about a copy into our error, with the name of the original table."""
    try:
        with execution.errors(f"the new form of {writer.of_table}"):
            yield
    except OperationError as err:
        from .move_and_copy import COPIED

        plain = COPIED.sub("", str(err))
        if plain == str(err):
            raise
        raise OperationError(plain, err.subject) from err.__cause__
