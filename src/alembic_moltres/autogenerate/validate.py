"""Checks before a script is written that the connected database can create the new tables.

Errors that only the database detects are raised when the script runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.engine import Dialect

from ..dialects.base.create_table import create_statements
from ..dialects.base.execution import compile_statement
from ..dialects.base.registry import impl_of
from ..dialects.base.statement import text_of
from ..errors import SchemaError
from ..operations.ops import thawed
from ..schema import PrimaryKeyConstraint, TableSchema, UniqueConstraint
from ..schema.dialects import is_for_dialect


def validate_created(tables: Iterable[TableSchema], dialect: Dialect) -> None:
    """Check that the dialect has DDL for the tables, and that their names do not clash.

    Raises:
        OperationError: the dialect has no DDL for a part of a table.
        SchemaError: two tables have an index of the same name.

    >>> from sqlalchemy.dialects import sqlite
    >>> from alembic_moltres.schema import column, index
    >>> one, other = (
    ...     TableSchema(name, [column("x", "INTEGER")], indexes=[index("ix", "x")])
    ...     for name in ("a", "b")
    ... )
    >>> validate_created([one], sqlite.dialect())
    >>> validate_created([one, other], sqlite.dialect())
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: the index 'ix' is in the tables 'a' and 'b', and index names
    are unique in sqlite; rename one
    """
    impl = impl_of(dialect)
    seen: dict[tuple[str | None, str], TableSchema] = {}
    for table in tables:
        for statement in create_statements(table, thawed(table), dialect, if_not_exists=False):
            impl.check(statement, text_of(compile_statement(statement, dialect)))
        for kind, name in _index_names(table, dialect):
            other = seen.setdefault((table.schema, name), table)
            if other is not table:
                raise SchemaError(
                    f"the {kind} {name!r} is in the tables {other.key!r} and {table.key!r}, "
                    f"and index names are unique in {dialect.name}; rename one",
                    table,
                )


def _index_names(table: TableSchema, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Yield a table's index names that must be unique in its schema, with their kind."""
    features = impl_of(dialect).features
    if not features.index_names_in_schema:
        return
    for index in table.indexes:
        if is_for_dialect(index.ddl_if, dialect.name):
            yield "index", str(index.name)
    for key in table.constraints if features.keys_are_indexes else ():
        made = is_for_dialect(key.ddl_if, dialect.name)
        if isinstance(key, UniqueConstraint | PrimaryKeyConstraint) and key.name and made:
            yield f"{key.function.replace('_', ' ')} constraint", str(key.name)
