"""Sequences that a column owns through SQL text, as `pg_dump` writes a SERIAL.

Such a column is a SERIAL once its default reads the sequence. Outside of the primary key its value
has the sequence and the default; inside, `autoincrement`.
"""

from __future__ import annotations

from ...diff.changes.base import table_key
from ...schema import SQL, ColumnDef, Sequence, TableSchema
from ...sqltext import Syntax, tokens
from .autoincrement import next_of, numbered
from .database import Catalogue, SequenceKey


def own_sequence(catalogue: Catalogue, key: SequenceKey, table: TableSchema, column: str) -> None:
    """Make a column the owner of a sequence."""
    at = catalogue.owned.owner(*key)
    sequence = catalogue.sequences.pop(key, None) if at is None else catalogue.owned.pop(at)
    sequence = sequence or catalogue.used_sequences.get(key)
    if sequence is None:
        return
    catalogue.column(table, column)
    catalogue.owned[table_key(table), column] = sequence
    mark_autoincrement(catalogue, catalogue.table(table.name, table.schema), column)


def own_serial(catalogue: Catalogue, name: str, schema: str | None, column: str) -> None:
    """Create the sequence of a SERIAL column that is not the primary key."""
    table = catalogue.table(name, schema)
    made = catalogue.owned.new(table, catalogue.column(table, column), catalogue.taken_names(table))
    if made is not None:
        catalogue.owned[table_key(table), column] = made
        catalogue.alter_column(
            table, column, sequence=made, default=next_of(made), autoincrement="auto"
        )


def drop_identity(catalogue: Catalogue, table: TableSchema, column: str) -> None:
    """Remove the identity of a column, with its sequence."""
    catalogue.alter_column(table, column, identity=None, autoincrement=False)
    catalogue.owned.pop((table_key(table), column), None)


def disown(catalogue: Catalogue, key: SequenceKey) -> None:
    """Remove the owner of a sequence; a SERIAL becomes a column with a default."""
    at = catalogue.owned.owner(*key)
    if at is None:
        return
    sequence = catalogue.sequences[key] = catalogue.owned.pop(at)
    table = catalogue.tables[at[0]]
    if any(str(each.name) == at[1] for each in numbered(table)):
        catalogue.alter_column(
            table, at[1], sequence=sequence, default=next_of(sequence), autoincrement="auto"
        )


def drop(catalogue: Catalogue, key: SequenceKey) -> None:
    """Drop a sequence, and the defaults that read it."""
    disown(catalogue, key)
    dropped = catalogue.sequences.pop(key, None)
    for table in list(catalogue.tables.values()):
        for column in table.columns:
            sequence = column.sequence
            if sequence is not None and key == (
                catalogue.schema(sequence.schema),
                str(sequence.name),
            ):
                _without(catalogue, table, column, sequence)
            elif dropped is not None and reads(column, dropped, catalogue.impl.syntax):
                table = catalogue.table(table.name, table.schema)  # noqa: PLW2901 - is altered
                catalogue.alter_column(table, str(column.name), default=None)


def _without(
    catalogue: Catalogue, table: TableSchema, column: ColumnDef, sequence: Sequence
) -> None:
    fields: dict[str, object] = {"sequence": None}
    if reads(column, sequence, catalogue.impl.syntax):
        fields["default"] = None
    if table.primary_key is not None and column.name in table.primary_key.columns:
        fields["autoincrement"] = False
    table = catalogue.table(table.name, table.schema)
    catalogue.alter_column(table, str(column.name), **fields)


def mark_autoincrement(catalogue: Catalogue, table: TableSchema, name: str) -> None:
    """Mark a column as autoincrementing if its default reads the sequence that it owns."""
    column, key = catalogue.column(table, name), table.primary_key
    sequence = catalogue.owned.get((table_key(table), name))
    if sequence is None or not reads(column, sequence, catalogue.impl.syntax):
        return
    alone = key is not None and key.columns == (name,)
    fields: dict[str, object] = {"sequence": sequence}
    if alone:
        fields = {"sequence": None, "default": None, "autoincrement": True}
    catalogue.alter_column(table, name, **fields)


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
    stream = tokens(column.default.text, syntax)
    if [token.upper for token in stream[:2]] != ["NEXTVAL", "("] or not stream[2].is_string:
        return False
    named = [each for each in tokens(stream[2].value, syntax) if each.is_name]
    return bool(named) and named[-1].value == sequence.name
