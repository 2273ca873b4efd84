"""NUL characters in names: no database has them, and drivers cut a statement off at them."""

from __future__ import annotations

from collections.abc import Iterator

from ..datatypes import DataType
from ..errors import SchemaError
from .columns import ColumnDef
from .constraints import ForeignKeyConstraint
from .tables import TableSchema

NUL = "\0"


def check_names(table: TableSchema) -> None:
    r"""Check that no name in a table's definition has a NUL.

    Raises:
        SchemaError: one has.

    >>> from alembic_moltres.schema import column
    >>> check_names(TableSchema("users", [column("a\0b", "INTEGER")]))
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: the name 'a\x00b' has a NUL character (at the table
    'users'); take it out
    """
    for name in _names(table):
        check_name(name, f"the table {table.key!r}")


def check_name(name: object, where: str) -> None:
    """Check that a name has no NUL.

    Raises:
        SchemaError: it has.
    """
    if isinstance(name, str) and NUL in name:
        raise SchemaError(
            f"the name {str(name)!r} has a NUL character (at {where}); take it out", name
        )


def _names(table: TableSchema) -> Iterator[object]:
    yield from (table.name, table.schema)
    for column in table.columns:
        yield from _of_column(column)
    for constraint in table.constraints:
        yield constraint.name
        if isinstance(constraint, ForeignKeyConstraint):
            yield from (constraint.references_table, constraint.references_schema)
            yield from constraint.references_columns
    yield from (index.name for index in table.indexes)


def _of_column(column: ColumnDef) -> Iterator[object]:
    yield column.name
    if column.sequence is not None:
        yield from (column.sequence.name, column.sequence.schema)
    for type_ in (column.type_name, *column.type_variants.values()):
        if "\\x00" in type_:
            yield from _of_type(DataType.parse(type_))


def _of_type(type_: DataType) -> Iterator[object]:
    yield from (type_.kwargs.get("name"), type_.kwargs.get("schema"))
    for inner in type_.args:
        if isinstance(inner, DataType):
            yield from _of_type(inner)
