"""Alembic's impl for DuckDB: Alembic ships none, and finds this class by `__dialect__`.

Types and sequences are dropped with the last table that uses them. DuckDB has no DO blocks, so its
catalogue is queried before the statement; with `--sql` the statement is always written.
"""

from __future__ import annotations

from typing import Any

from alembic.ddl.impl import DefaultImpl
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import DropSequence

from ..base.statement import CompiledDDL
from .enum_types import DropNamedType

MORE_RESERVED = frozenset(
    """anti asof at by collation concurrently glob positional semi tablesample unpack""".split()  # noqa: SIM905
)
"""DuckDB's reserved words that PostgreSQL does not quote as column names (`duckdb_keywords()`)."""

USED = """SELECT count(*) FROM duckdb_dependencies() d JOIN (
 SELECT type_oid AS oid, type_name AS name, schema_name, database_name FROM duckdb_types()
 UNION ALL
 SELECT sequence_oid, sequence_name, schema_name, database_name FROM duckdb_sequences()
) o ON o.oid = d.objid
 WHERE lower(o.name) = lower($1) AND lower(o.schema_name) = lower(coalesce($2, current_schema()))
 AND o.database_name = current_database()"""


class DuckDBAlembicImpl(DefaultImpl):
    """Alembic's impl for DuckDB, whose DDL is transactional."""

    __dialect__ = "duckdb"
    transactional_ddl = True

    def __init__(self, dialect: Dialect, *arguments: Any, **stated: Any) -> None:
        """Make the dialect quote DuckDB's reserved words: duckdb-engine has PostgreSQL's."""
        preparer: Any = dialect.identifier_preparer
        preparer.reserved_words = preparer.reserved_words | MORE_RESERVED
        super().__init__(dialect, *arguments, **stated)

    def execute(self, sql: Any, execution_options: dict[str, Any] | None = None) -> None:
        """Execute a statement, except the DROP of a type or sequence that a table still uses."""
        element = sql.element if isinstance(sql, CompiledDDL) else sql
        if isinstance(element, DropNamedType | DropSequence) and self._in_use(element):
            return
        super().execute(sql, execution_options)

    def _in_use(self, sql: DropNamedType | DropSequence) -> bool:
        if self.as_sql or self.connection is None:
            return False
        dropped: Any = sql.type if isinstance(sql, DropNamedType) else sql.element
        schema = None if dropped.schema is None else str(dropped.schema).rpartition(".")[2]
        rows = self.connection.exec_driver_sql(USED, (str(dropped.name), schema))
        return bool(rows.scalar())
