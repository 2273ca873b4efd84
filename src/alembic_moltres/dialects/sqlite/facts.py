"""What a change does on SQLite, which always locks the whole database: whether it copies a table.

This follows from the statements of a run on the same tables in memory. SQLite's manual: "ALTER
TABLE", "File Locking".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ...diff import AlterTable, Change, DropTable, RenameTable, TableKey, Tables
from ...diff.changes.base import table_key
from ...errors import MoltresError
from ...schema import ForeignKeyConstraint
from ..base.facts import FactKind, Facts, LockMode, Size, Waits, Work, worst
from ..base.registry import execution_on
from .alter_table import alter_table
from .rehearse import rehearse_on

_DATABASE: Final = LockMode(Waits.WRITERS, 1, "the whole database")


class ChangeKind(FactKind):
    """What SQLite does for each kind of change. Readers wait for the commit, except with WAL."""

    IN_PLACE = _DATABASE
    DROP_TABLE = _DATABASE, Work.DELETE
    ADD_COLUMN_WITH_CHECK = _DATABASE, Work.SCAN
    CREATE_INDEX = _DATABASE, Work.INDEX
    DROP_COLUMN = _DATABASE, Work.UPDATE
    UPDATE = _DATABASE, Work.UPDATE
    COPY = _DATABASE, Work.REWRITE
    COPY_UNLESS_KEY_IN_COLUMN = (
        _DATABASE,
        Work.REWRITE,
        "in place where the column was added with the key",
    )


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def facts_of(change: Change, tables: Tables, statements: Sequence[str]) -> Facts | None:
    """Return what a change does to existing tables; `None` if it fails on them.

    Args:
        change: of a whole database.
        tables: before it.
        statements: the SQL of the script, if the change is not an operation of this package.
    """
    key = _table(change)
    if key is None or key not in tables:
        return {}
    executed: Sequence[str] | None = statements
    if isinstance(change, AlterTable) and not statements:
        executed = _statements(change, tables)
    if executed is None:
        return None
    if isinstance(change, DropTable):
        return {key: ChangeKind.DROP_TABLE.fact}
    copy = ChangeKind.COPY_UNLESS_KEY_IN_COLUMN if _drops_with_key(change) else ChangeKind.COPY
    kinds = [copy if kind is ChangeKind.COPY else kind for kind in _kinds(executed)]
    return {key: worst(*(kind.fact for kind in kinds))}


def _drops_with_key(change: Change) -> bool:
    """Tell whether a change only drops columns with their foreign keys."""
    if not isinstance(change, AlterTable):
        return False
    keys = [each for each in change.dropped_constraints if isinstance(each, ForeignKeyConstraint)]
    count = len(keys) + len(change.dropped_columns) + len(change.dropped_indexes)
    return bool(keys) and bool(change.dropped_columns) and count == len(change.changes)


def _table(change: Change) -> TableKey | None:
    match change:
        case AlterTable():
            return change.key
        case DropTable(table=table):
            return table_key(table)
        case RenameTable():
            return change.schema, change.current
        case _:
            return None


def _statements(change: AlterTable, tables: Tables) -> Sequence[str] | None:
    def work(connection: Connection) -> None:
        alter_table(execution_on(MigrationContext.configure(connection).impl), change)

    try:
        return rehearse_on([each for each in tables.values() if not each.temporary], work)
    except (SQLAlchemyError, MoltresError):  # such as a function of the application's
        return None


def _kinds(statements: Sequence[str]) -> Iterator[ChangeKind]:
    yield ChangeKind.IN_PLACE
    texts = [" ".join(each.upper().split()) for each in statements]
    if any(each.startswith("INSERT INTO") for each in texts) and any(
        each.startswith("DROP TABLE") for each in texts
    ):
        yield ChangeKind.COPY
    for each in texts:
        if each.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
            yield ChangeKind.CREATE_INDEX
        elif each.startswith("UPDATE "):
            yield ChangeKind.UPDATE
        elif each.startswith("ALTER TABLE") and " DROP COLUMN " in each:
            yield ChangeKind.DROP_COLUMN
        elif each.startswith("ALTER TABLE") and " ADD COLUMN " in each and "CHECK" in each:
            yield ChangeKind.ADD_COLUMN_WITH_CHECK


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the greatest rowid of each table, which is found without reading it.

    Their sizes in bytes are not known.
    """
    quote = connection.dialect.identifier_preparer.quote_identifier
    sizes: dict[TableKey, Size] = {}
    for name in connection.exec_driver_sql(TABLES).scalars().all():
        try:
            query = f"SELECT max(rowid) FROM {quote(name)}"
            rows = connection.exec_driver_sql(query).scalar()
        except DBAPIError:  # a table without rowids
            continue
        sizes[None, name] = Size(rows or 0, None)
    return sizes
