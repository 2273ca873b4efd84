"""Operations as a script has them, on a connection or writing SQL, and what they execute."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event

import alembic_moltres.operations  # noqa: F401  (registers op.moltres_*)

Script = Callable[[Any], object]
"""What a migration does with `op`; `Any`, because Alembic's class does not know our operations."""


def run(engine: sa.Engine, script: Script) -> list[str]:
    """Run a script in one transaction; return the statements that the database got."""
    with engine.begin() as connection, recorded(connection) as statements:
        script(Operations(MigrationContext.configure(connection)))
    return statements


TRANSACTIONS = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}
"""What our SQLite sends itself, and the drivers of other databases send unseen."""


@contextmanager
def recorded(connection: sa.Connection) -> Iterator[list[str]]:
    """Give the list of what is executed, as it reaches the database."""
    statements: list[str] = []
    doubled = connection.dialect.paramstyle in {"format", "pyformat"}

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent = statement.replace("%%", "%") if doubled else statement
        if "SAVEPOINT" not in sent and sent not in TRANSACTIONS:
            statements.append(sent.replace("\t", "    ").strip())

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", note)


def offline(url: sa.URL | str, script: Script) -> str:
    """Return what `--sql` writes for a script."""
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer}
    script(Operations(MigrationContext.configure(url=url, opts=opts)))
    return buffer.getvalue()
