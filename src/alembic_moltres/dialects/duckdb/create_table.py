"""Refuses what compiles, because the dialect extends PostgreSQL's, but DuckDB does not support."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from ...convert import schema_to_table
from ...errors import OperationError
from ...messages import get_logger
from ...schema import TableSchema

if TYPE_CHECKING:
    from ..base.statement import Statement

log = get_logger(__name__)

KEPT = frozenset({None, "NO ACTION", "RESTRICT"})
"""The foreign key actions that DuckDB supports."""

NOT_OF_INDEXES = ("where", "include", "with", "tablespace", "concurrently", "nulls_not_distinct")


def without_autoincrement(table: TableSchema) -> TableSchema:
    """Return a table whose key does not autoincrement, unless it has `autoincrement=True`.

    SQLAlchemy writes SERIAL for an integer key; DuckDB has none.
    """
    counting = schema_to_table(table, sa.MetaData()).autoincrement_column
    if counting is None or table.column(str(counting.name)).autoincrement != "auto":
        return table
    if counting.server_default is not None or counting.default is not None:
        return table
    log.warning(
        "DuckDB does not autoincrement: %s.%s needs a value in each row, or a Sequence whose "
        "next_value() is its server default",
        table.key,
        counting.name,
    )
    columns = tuple(
        replace(each, autoincrement=False) if each.name == counting.name else each
        for each in table.columns
    )
    return replace(table, columns=columns)


def check(statement: Statement) -> None:
    """Refuse what DuckDB does not support, by name.

    Raises:
        OperationError: DuckDB would reject it.
    """
    match statement.ddl:
        case CreateTable(element=table):
            _check_table(table, statement.subject)
        case CreateIndex(element=index):
            check_index(index, statement.subject)
        case AddConstraint():
            _refuse(
                statement.subject,
                "adds no foreign key to a table that exists",
                "leave use_alter out, and cut circles of foreign keys in the models",
            )
        case _:
            pass


def check_index(index: sa.Index, subject: str) -> None:
    """Refuse options of indexes that DuckDB does not support."""
    options: Any = index.dialect_options["postgresql"]
    for option in NOT_OF_INDEXES:
        if isinstance(options[option], sa.ClauseElement) or options[option]:
            _refuse(subject, f"has no such index (postgresql_{option})", "leave the option out")
    using = options["using"]
    if using and str(using).lower() != "art":
        _refuse(subject, f"has no index USING {using}", "leave postgresql_using out")


def _check_table(table: sa.Table, subject: str) -> None:
    counting = table.autoincrement_column
    for column in table.columns:
        at = f"the column {column.name!r} of {subject}"
        if column.identity is not None:
            _refuse(at, "has no IDENTITY", "give the column a Sequence as its server default")
        plain = column.server_default is None and column.default is None
        if column is counting and plain:
            _refuse(
                at,
                "has no SERIAL",
                "give the column a Sequence and its next_value() as server default, "
                "or autoincrement=False",
            )
        if column.computed is not None and column.computed.persisted:
            _refuse(at, "stores no computed column", "leave persisted=True out")
    for key in table.foreign_key_constraints:
        rules = {str(rule).upper() for rule in (key.ondelete, key.onupdate) if rule}
        if not rules <= KEPT:
            _refuse(
                f"the foreign key on ({', '.join(key.column_keys)}) of {subject}",
                f"has no {', '.join(sorted(rules))}",
                "leave ondelete and onupdate out",
            )


def _refuse(subject: str, reason: str, remedy: str) -> NoReturn:
    raise OperationError(f"duckdb {reason} (at {subject}); {remedy}", subject)
