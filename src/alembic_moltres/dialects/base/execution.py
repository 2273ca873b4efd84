"""Run statements: all are compiled before the first is executed, so a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import CreateColumn, CreateTable

from ...diff import AlterTable
from ...errors import OperationError
from ...schema.nul_names import NUL
from ...sqltext import tokens
from .rejections import REMEDIES, Rejection
from .statement import CompiledDDL, RawDDL, Statement, text_of
from .statement_errors import COMPILE_ERRORS, compile_error, driver_errors

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl

    from .impl_protocol import ImplProtocol

SPACES: Final = "    "
"""What Alembic writes for a tab, with which SQLAlchemy indents."""
PART: Final = "alembic_moltres_part"
"""The execution option of a statement that the next one continues: progress counts both as one."""


class Execution:
    """Runs the statements of an operation on a connection, or writes them with `--sql`.

    Attributes:
        alembic_impl: Alembic's impl, which executes or writes them.
        dialect_impl: our impl of the database.
        dialect: the dialect that they are compiled for.
        as_sql: whether they are written (`--sql`), and no database is read.
        change: the block that is being carried out, for errors.
        committed: the subjects of the statements of this revision that the database has committed;
            empty unless each one is, see `Features.implicit_commit`.

    It is created by `registry.execution_on`.
    """

    def __init__(self, alembic_impl: DefaultImpl, dialect_impl: ImplProtocol) -> None:
        self.alembic_impl = alembic_impl
        self.dialect_impl = dialect_impl
        self.dialect: Dialect = alembic_impl.dialect
        self.as_sql: bool = alembic_impl.as_sql
        self.change: AlterTable | None = None
        self.committed: list[str] = []
        self._in_savepoint = dialect_impl.features.savepoint_per_operation

    @property
    def connection(self) -> Connection:
        """The connection; there is none with `--sql`."""
        connection = self.alembic_impl.connection
        if connection is None:
            raise RuntimeError("there is no connection with --sql")
        return connection

    def run(self, statements: Iterable[Statement]) -> None:
        """Execute statements, or write them with `--sql`.

        Raises:
            OperationError: one of them cannot be compiled, and none was executed; or the database
                rejects one.
        """
        ready = [(compile_statement(each, self.dialect), each) for each in statements]
        for compiled, statement in ready:
            self._refuse_translated(compiled, statement)
            text = text_of(compiled)
            self._refuse_nul(text, statement)
            self.dialect_impl.check(statement, text)
        with self._one_step(len(ready)):
            for number, (compiled, statement) in enumerate(ready):
                committed = self.committed or [each.subject for _, each in ready[:number]]
                committed_text = self._committed_text(committed)
                with self.errors(
                    statement.subject, ddl=statement.ddl, committed_text=committed_text
                ):
                    self._execute(compiled)
                if self.dialect_impl.features.implicit_commit and not self.as_sql:
                    self.committed.append(statement.subject)

    def _refuse_translated(self, compiled: CompiledDDL | RawDDL, statement: Statement) -> None:
        """Refuse what does not follow `schema_translate_map`: text, and Alembic's own elements."""
        if self.as_sql:
            return
        names = self.connection.get_execution_options().get("schema_translate_map")
        if names and (isinstance(compiled, RawDDL) or _is_alembics(statement)):
            raise OperationError(
                f"schema_translate_map={names!r} is not followed by what alters (at "
                f"{statement.subject}); set search_path on the connection, or name the schema in "
                "the script",
                names,
            )

    def _execute(self, ready: CompiledDDL | RawDDL) -> None:
        """Execute a statement; with `--sql` write it, literals with their tabs.

        Alembic writes four spaces for each tab.
        """
        text = str(ready.compile(dialect=self.dialect)) if self.as_sql else ""
        syntax = self.dialect_impl.syntax
        kept = [each for each in tokens(text, syntax) if "\t" in each.text] if "\t" in text else []
        if not kept:
            self.alembic_impl.execute(ready)
            return
        parts, end = [], 0
        for token in kept:
            parts += [text[end : token.start].replace("\t", SPACES), token.text]
            end = token.end
        written = "".join([*parts, text[end:].replace("\t", SPACES)])
        self.alembic_impl.static_output(written.strip() + self.alembic_impl.command_terminator)

    def _refuse_nul(self, text: str, statement: Statement) -> None:
        """Refuse a NUL: drivers and shells cut the statement off there, and run its beginning."""
        if NUL in text and (self.as_sql or not self.dialect_impl.features.nul_in_text):
            raise OperationError(
                f"{statement.subject} has a NUL character; {REMEDIES[Rejection.NUL]}", text
            )

    def errors(
        self, subject: str, *, ddl: object = None, committed_text: str = ""
    ) -> driver_errors:
        """Return a context manager that turns the errors of a statement into ours.

        Args:
            subject: what the statement creates, changes or drops.
            ddl: the statement as SQLAlchemy's element.
            committed_text: what the database has committed, for the end of the message.
        """
        return driver_errors(
            self.dialect_impl,
            self.alembic_impl.connection,
            self.change,
            subject,
            ddl=ddl,
            committed_text=committed_text,
        )

    def _one_step(self, count: int) -> AbstractContextManager[object]:
        """Return a savepoint, if one is needed to make several statements atomic.

        On some databases Alembic commits after each statement, although DDL could be rolled back.
        """
        if self.as_sql or count < 2 or not self._in_savepoint:
            return nullcontext()
        return self.connection.begin_nested()

    def _committed_text(self, committed: list[str]) -> str:
        if not committed or self.alembic_impl.transactional_ddl or self._in_savepoint:
            return ""
        made, name = ", ".join(committed), self.dialect.name
        if self.dialect_impl.features.implicit_commit and self.dialect_impl.reads:
            return (
                f"; {name} has committed {made}: when this is run again, operations that are "
                "complete are skipped"
            )
        return f"; {name} has committed {made}, undo it by hand before running this again"


def compile_statement(statement: Statement, dialect: Dialect) -> CompiledDDL | RawDDL:
    """Compile a statement; text is returned as it is.

    Raises:
        OperationError: the dialect has no DDL for it.
    """
    if isinstance(statement.ddl, RawDDL):
        return statement.ddl
    try:
        if isinstance(statement.ddl, CreateTable):
            table = statement.ddl.element
            dialect.validate_identifier(table.name)
            dialect.validate_identifier(table.schema or "")
        return CompiledDDL(statement.ddl, dialect)
    except COMPILE_ERRORS as err:
        raise compile_error(err, dialect, _subject(statement, dialect)) from err


def _subject(statement: Statement, dialect: Dialect) -> str:
    """Return the subject that cannot be compiled: a column of a table, else the statement's."""
    if isinstance(statement.ddl, CreateTable):
        table = statement.ddl.element
        for column in table.columns:
            try:
                CreateColumn(column).compile(dialect=dialect)
            except COMPILE_ERRORS:
                return f"column '{table.fullname}.{column.name}'"
    return statement.subject


def _is_alembics(statement: Statement) -> bool:
    from alembic.ddl.base import AlterTable

    return isinstance(statement.ddl, AlterTable)
