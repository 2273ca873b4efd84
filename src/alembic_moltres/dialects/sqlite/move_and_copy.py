"""The frame of a copy: foreign keys off, one transaction, all checked before the commit.

SQLite manual, "ALTER TABLE", section 7, "Making Other Kinds Of Table Schema Changes": steps 1, 2,
10, 11 and 12. Which statements make the copy is in `copying`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, OperationalError

from ...errors import OperationError
from ..base.dbapi_errors import error_words
from .sqlite_master import quoted

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Orphans = Counter[tuple[object, ...]]
"""How many rows there are of a table and rowid whose key to a parent points nowhere."""

SAVEPOINT = "moltres_copy"

WAYS_OUT = (
    "put it in a revision of its own, before rows are written; or inside "
    "`with op.get_context().autocommit_block():` (unless a `begin` event sends BEGIN); "
    "or leave PRAGMA foreign_keys=ON out of env.py"
)


@contextmanager
def rebuild(connection: Connection, subject: str, name: str, schema: str) -> Iterator[None]:
    """Let a table be copied: all of it happens, or nothing.

    Whether foreign keys can be switched off is asked of SQLite and not of the driver: inside a
    transaction it ignores the pragma silently (manual, "PRAGMA foreign_keys").

    Args:
        connection: to the database.
        subject: how errors call the table.
        name: the table's name.
        schema: where it is.

    Raises:
        OperationError: foreign keys cannot be switched off, and nothing was executed; or a view, a
            trigger or a foreign key would no longer hold, and all is as before.
    """
    with ExitStack() as after:
        _switch_foreign_keys_off(connection, subject, after)
        legacy = _pragma(connection, "legacy_alter_table")
        # not undone by ROLLBACK; inside a transaction it is obeyed
        after.callback(_set_pragma, connection, "legacy_alter_table", legacy)
        with _transaction(connection):
            _set_pragma(connection, "legacy_alter_table", 0)
            broken, orphans = _broken(connection, schema), _orphans(connection, name, schema)
            yield
            _set_pragma(connection, "legacy_alter_table", 0)
            _check_dependants(connection, subject, schema, broken)
            _check_foreign_keys(connection, subject, _orphans(connection, name, schema) - orphans)


def _switch_foreign_keys_off(connection: Connection, subject: str, after: ExitStack) -> None:
    if not _pragma(connection, "foreign_keys"):
        return
    after.callback(_set_pragma, connection, "foreign_keys", 1)
    _set_pragma(connection, "foreign_keys", 0)
    if _pragma(connection, "foreign_keys"):
        raise OperationError(
            f"SQLite must copy {subject} with foreign keys switched off, and the connection is "
            f"inside a transaction that enforces them (at {subject}); {WAYS_OUT}",
            subject,
        )


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Begin, and commit or roll back; a savepoint inside a transaction that is open already."""
    end, undo = "COMMIT", ["ROLLBACK"]
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as err:
        if "within a transaction" not in str(err.orig):
            raise
        connection.exec_driver_sql(f"SAVEPOINT {SAVEPOINT}")
        end, undo = f"RELEASE {SAVEPOINT}", [f"ROLLBACK TO {SAVEPOINT}", f"RELEASE {SAVEPOINT}"]
    try:
        yield
        connection.exec_driver_sql(end)
    except BaseException:  # an interruption too must not leave half a copy
        _undo(connection, undo)
        raise


def _undo(connection: Connection, statements: list[str]) -> None:
    for statement in statements:
        try:
            connection.exec_driver_sql(statement)
        except OperationalError as err:
            # SQLite has rolled back by itself: the disk is full, ... (manual, "Transaction", 3.2)
            message = str(err.orig)
            if "no transaction is active" not in message and "no such savepoint" not in message:
                raise


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)


def _set_pragma(connection: Connection, name: str, value: int) -> None:
    connection.exec_driver_sql(f"PRAGMA {name}={value}")


def _broken(connection: Connection, schema: str) -> str | None:
    """Return what SQLite says of a view or trigger that names what is not there, `None` for none.

    It looks at all of them when a table is renamed; the table is one that is rolled back. That
    takes 0.25 ms a table of the database, so it is asked only where there are any.
    """
    dependants = connection.exec_driver_sql(
        f"SELECT 1 FROM {quoted(schema)}.sqlite_master WHERE type IN ('view', 'trigger') UNION ALL "
        "SELECT 1 FROM sqlite_temp_master WHERE type IN ('view', 'trigger') LIMIT 1"
    )
    if dependants.scalar() is None:
        return None
    connection.exec_driver_sql("SAVEPOINT moltres_probe")
    try:
        connection.exec_driver_sql(f"CREATE TABLE {quoted(schema)}._moltres_probe (a)")
        connection.exec_driver_sql(
            f"ALTER TABLE {quoted(schema)}._moltres_probe RENAME TO _moltres_probe_2"
        )
    except OperationalError as err:
        return error_words(err)
    finally:
        connection.exec_driver_sql("ROLLBACK TO moltres_probe")
        connection.exec_driver_sql("RELEASE moltres_probe")
    return None


def _check_dependants(
    connection: Connection, subject: str, schema: str, before: str | None
) -> None:
    """Raise if a view or trigger is broken, unless one was broken before."""
    if before is not None:
        return
    message = _broken(connection, schema)
    if message is not None:
        raise OperationError(
            f"a view or trigger would be broken: {message} (at {subject}); "
            "drop it before the block and create it again afterwards",
            subject,
        )


def _orphans(connection: Connection, name: str, schema: str) -> Orphans:
    """Return the rows whose foreign keys point nowhere, of the table and of those that refer to it.

    `foreign_key_check` is asked of each table alone: where one key does not match its parent, the
    pragma fails, and that is counted as one more.
    """
    place = quoted(schema)
    tables = connection.exec_driver_sql(
        f"SELECT DISTINCT m.name FROM {place}.sqlite_master AS m "
        "LEFT JOIN pragma_foreign_key_list(m.name, ?) AS k "
        "WHERE m.type = 'table' AND lower(?) IN (lower(m.name), lower(k.\"table\"))",
        (schema, name),
    ).scalars()
    found: Orphans = Counter()
    for table in tables.all():
        try:
            rows = connection.exec_driver_sql(
                f"PRAGMA {place}.foreign_key_check({quoted(table)})"
            ).all()
        except DBAPIError as err:
            if "mismatch" not in str(err.orig):
                raise
            found[table, str(err.orig)] += 1
        else:
            found.update((row[0], row[1], row[2]) for row in rows)
    return found


def _check_foreign_keys(connection: Connection, subject: str, new: Orphans) -> None:
    if not new:
        return
    first = next(iter(new))
    if len(first) == 2:
        raise OperationError(
            f"a foreign key would no longer match its parent: {first[1]} (at {subject}); "
            "keep the primary key or UNIQUE that it refers to, or drop the foreign key before",
            subject,
        )
    table, row, parent = first
    raise OperationError(
        f"{new.total()} rows have a foreign key that points nowhere, such as the row {row} of "
        f"{table!r} to {parent!r} (at {subject}); correct the rows before",
        subject,
    )
