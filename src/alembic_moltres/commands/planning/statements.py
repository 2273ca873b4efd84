"""The SQL of a step for a reader: a block of several statements becomes one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from logging import WARNING
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, log
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ...dialects.base.impl import DialectImpl
from ...dialects.base.registry import impl_of
from ...dialects.base.statement import CompiledDDL, RawDDL, text_of
from ...messages import first_line
from .steps import Step


@dataclass(frozen=True, slots=True)
class StepSQL:
    """The statements of a step.

    Attributes:
        statements: without semicolons.
        unknown: why they are unknown; empty if they are known.
    """

    statements: tuple[str, ...]
    unknown: str = ""


def sql_of(step: Step, context: MigrationContext) -> StepSQL:
    """Return the SQL of a step.

    Args:
        step: of a script.
        context: of the database, or of its stand-in.
    """
    if step.operation is None:
        return StepSQL(tuple(each.text.strip().rstrip(";").rstrip() for each in step.executed))
    if getattr(step.operation, "change", None) is None:
        return StepSQL(())
    try:
        return StepSQL(tuple(_offline(step.operation, context)))
    except (CommandError, SQLAlchemyError) as err:
        rehearsed = _rehearsed(step, impl_of(context.dialect))
        return (
            StepSQL((), first_line(err) or type(err).__name__) if rehearsed is None else rehearsed
        )


def _offline(operation: Any, context: MigrationContext) -> Iterable[str]:
    """Return what `--sql` writes, with one line for each block."""
    texts: list[str] = []
    with _quiet():
        offline = MigrationContext.configure(
            dialect_name=context.dialect.name, opts={"as_sql": True, "output_buffer": StringIO()}
        )
    offline.dialect.server_version_info = context.dialect.server_version_info
    impl = impl_of(offline.dialect)

    def note(statement: Any, *_: Any, **__: Any) -> None:
        texts.append(_short(statement, impl))

    executing: Any = offline.impl
    executing.execute = note
    Operations(offline).invoke(operation)
    return texts


def _short(statement: Any, impl: DialectImpl) -> str:
    element = statement.element if isinstance(statement, CompiledDDL) else statement
    short = impl.short_ddl(element)
    if short is not None:
        return short
    if isinstance(statement, CompiledDDL | RawDDL):
        return text_of(statement).strip()
    return str(statement.compile(dialect=impl.dialect)).strip()


def _rehearsed(step: Step, impl: DialectImpl) -> StepSQL | None:
    """Return what would be executed on the current tables, `None` if that is unknown."""

    def work(connection: Connection) -> None:
        with _quiet():
            running = MigrationContext.configure(connection)
        Operations(running).invoke(step.operation)

    tables = [each for each in step.tables.values() if not each.temporary]
    try:
        texts = impl.rehearse_on(tables, work)
    except (CommandError, SQLAlchemyError) as err:
        return StepSQL((), first_line(err) or type(err).__name__)
    return None if texts is None else StepSQL(tuple(each.strip() for each in texts))


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Alembic's log lines of each context."""
    level = log.level
    log.setLevel(WARNING)
    try:
        yield
    finally:
        log.setLevel(level)
