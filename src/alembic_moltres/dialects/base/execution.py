"""Run statements: all are compiled before the first is executed, so a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from sqlalchemy import exc
from sqlalchemy.schema import CreateColumn, CreateTable

from ...errors import OperationError
from ...messages import one_line
from .dbapi_errors import refusal_error
from .registry import impl_of

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Dialect

    from .statement import Statement

NOT_COMPILED = (
    exc.CompileError,
    exc.ArgumentError,
    exc.IdentifierError,
    NotImplementedError,
    TypeError,
)
"""What compiling raises for something that the dialect cannot say.

`TypeError`: another dialect's own type does not fit into the nearest one that this dialect has.
"""

REMEDIES = {
    "requires a name": "give it a name",
    "requires a length": "give it a length, here or in type_variants",
    "exceeds maximum length": "shorten it",
    "has no name": "name it",
}
"""What to do, by SQLAlchemy's words."""


def run(operations: Operations, statements: Iterable[Statement]) -> None:
    """Execute statements, or write them with `--sql`.

    Raises:
        OperationError: the dialect cannot say one of them, and none was executed; or the database
            refuses one.
    """
    ready = tuple(statements)
    for statement in ready:
        check(statement, operations.impl.dialect)
    with _one_step(operations):
        for number, statement in enumerate(ready):
            _execute(operations, statement, done=ready[:number])


def _execute(operations: Operations, statement: Statement, done: tuple[Statement, ...]) -> None:
    try:
        operations.migration_context.impl.execute(statement.ddl)
    except exc.DBAPIError as err:
        undo = _left_behind(operations, done)
        ours = refusal_error(err, statement, undo)
        if ours is not None:
            raise ours from err
        err.add_note(one_line(f"at {statement.subject}{undo}"))
        raise


def check(statement: Statement, dialect: Dialect) -> None:
    """Compile a statement, for the errors that this raises.

    Raises:
        OperationError: the dialect cannot say it.
    """
    try:
        if isinstance(statement.ddl, CreateTable):
            table = statement.ddl.element
            dialect.validate_identifier(table.name)
            dialect.validate_identifier(table.schema or "")
        statement.ddl.compile(dialect=dialect)
    except NOT_COMPILED as err:
        message = " ".join(str(err).split()).rstrip(".")
        remedy = next(
            (remedy for said, remedy in REMEDIES.items() if said in message),
            f"write it as {dialect.name} knows it, with type_variants or ddl_if",
        )
        raise OperationError(
            f"{dialect.name} cannot say {_culprit(statement, dialect)}: {message}; {remedy}",
            statement,
        ) from err


def _culprit(statement: Statement, dialect: Dialect) -> str:
    """Return what cannot be compiled: the column, if it is one."""
    if isinstance(statement.ddl, CreateTable):
        for column in statement.ddl.element.columns:
            try:
                CreateColumn(column).compile(dialect=dialect)
            except NOT_COMPILED:
                return f"the column {column.name!r} of {statement.subject}"
    return statement.subject


def _one_step(operations: Operations) -> AbstractContextManager[object]:
    """Return a savepoint where it makes an operation one step that happens wholly or not at all.

    Alembic commits after each statement on a database whose DDL could be rolled back.
    """
    impl = operations.migration_context.impl
    if impl.as_sql or impl.connection is None or not _in_savepoint(impl.dialect):
        return nullcontext()
    return impl.connection.begin_nested()


def _in_savepoint(dialect: Dialect) -> bool:
    return impl_of(dialect).features.savepoint_per_operation


def _left_behind(operations: Operations, done: tuple[Statement, ...]) -> str:
    impl = operations.migration_context.impl
    if not done or impl.transactional_ddl or _in_savepoint(impl.dialect):
        return ""
    made = ", ".join(statement.subject for statement in done)
    return f"; {impl.dialect.name} has committed {made}, undo it by hand before running this again"
