"""A table altered from one value to another and back: the database is that of the value, and the rows stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alembic_moltres.diff import diff
from alembic_moltres.operations.value_op import operation_of
from alembic_moltres.schema import TableSchema
from tests.dump import dump
from tests.operations.context import offline, run

Rows = list[tuple[Any, ...]]


@dataclass
class Circle:
    """Databases in their own words: of the two values, and after the change and its reverse."""

    old: str
    new: str
    changed: str
    changed_back: str
    rows: Rows
    rows_changed: Rows
    rows_back: Rows
    statements: list[str]
    offline: str


def create(*tables: TableSchema) -> Callable[[Any], None]:
    def script(op: Any) -> None:
        for table in tables:
            op.moltres_create_table(table)

    return script


def drop(*tables: TableSchema) -> Callable[[Any], None]:
    def script(op: Any) -> None:
        for table in reversed(tables):
            op.moltres_drop_table(table)

    return script


def altering(old: Sequence[TableSchema], new: Sequence[TableSchema], *, back: bool = False) -> Any:
    """Return the script that makes the tables `new` out of `old`, or its reverse."""
    operations = [operation_of(change) for change in diff(old, new)]
    if back:
        operations = [operation.reverse() for operation in reversed(operations)]

    def script(op: Any) -> None:
        for operation in operations:
            op.invoke(operation)

    return script


def read(engine: sa.Engine, query: str) -> Rows:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def circle(
    engine: sa.Engine,
    old: Sequence[TableSchema] | TableSchema,
    new: Sequence[TableSchema] | TableSchema,
    *inserts: str,
    query: str = "SELECT id FROM t ORDER BY id",
) -> Circle:
    """Go from `old` to `new` and back."""
    old = (old,) if isinstance(old, TableSchema) else old
    new = (new,) if isinstance(new, TableSchema) else new
    run(engine, create(*new))
    of_new = dump(engine)
    run(engine, drop(*new))
    run(engine, create(*old))
    of_old = dump(engine)
    execute(engine, *inserts)
    rows = read(engine, query)
    statements = run(engine, altering(old, new))
    changed, rows_changed = dump(engine), read(engine, query)
    written = offline(engine.url, altering(old, new))
    run(engine, altering(old, new, back=True))
    changed_back, rows_back = dump(engine), read(engine, query)
    return Circle(
        of_old, of_new, changed, changed_back, rows, rows_changed, rows_back, statements, written
    )
