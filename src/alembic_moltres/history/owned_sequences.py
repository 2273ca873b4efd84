"""Sequences that a column owns by statements of text, as `pg_dump` writes a SERIAL.

Such a column is a SERIAL once its default reads the sequence; beside a primary key the value has
the sequence and the default, in one it autoincrements.
"""

from __future__ import annotations

from ..schema import SQL, ColumnDef, Sequence, TableSchema
from ..sqltext import Syntax, tokens
from .catalogue import Catalogue

SequenceKey = tuple[str | None, str]


def own(catalogue: Catalogue, key: SequenceKey, table: TableSchema, column: str) -> None:
    """Make a column the owner of a sequence that a script has created."""
    sequence = catalogue.sequences.get(key)
    if sequence is None:
        return
    catalogue.alter_column(table, column, sequence=sequence)
    settle(catalogue, catalogue.table(table.name, table.schema), column)


def settle(catalogue: Catalogue, table: TableSchema, name: str) -> None:
    """Make a column autoincrement if it is the key, owns a sequence, and its default reads it."""
    column, key = catalogue.column(table, name), table.primary_key
    if key is None or key.columns != (name,) or column.sequence is None:
        return
    if reads(column, column.sequence, catalogue.impl.syntax):
        catalogue.alter_column(table, name, sequence=None, default=None, autoincrement=True)


def reads(column: ColumnDef, sequence: Sequence, syntax: Syntax) -> bool:
    """Tell whether the default of a column is the next number of a sequence.

    >>> from alembic_moltres.schema import column, sequence, sql
    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> default = sql("nextval('public.ids'::regclass)")
    >>> reads(column("id", "INTEGER", default=default), sequence("ids"), POSTGRESQL)
    True
    """
    if not isinstance(column.default, SQL):
        return False
    found = tokens(column.default.text, syntax)
    if [token.upper for token in found[:2]] != ["NEXTVAL", "("] or not found[2].is_string:
        return False
    named = [each for each in tokens(found[2].value, syntax) if each.is_name]
    return bool(named) and named[-1].value == sequence.name
