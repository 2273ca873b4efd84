"""A table that is copied, where the database cannot alter it and Alembic's batch loses items."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.schema import CreateIndex, CreateTable

from .... import diff as changes
from ....convert.dialects import ddl_compiler
from ....operations.ops import thawed
from ....schema import ColumnDef, TableSchema
from .statements import Lines, created_by, execute, under_dialect
from .writer import Writer

TEMPORARY = "_alembic_tmp_"
"""The prefix of the table that Alembic's batch creates."""


def copy_table(
    writer: Writer,
    change: changes.AlterTable,
    before: TableSchema,
    after: TableSchema,
    otherwise: Lines,
) -> Lines:
    """Return the statements that create a new table, copy the rows, and replace the old table.

    Args:
        writer: of the script.
        change: the block.
        before: the table before it.
        after: the table after it.
        otherwise: the lines for other dialects.
    """
    quote = writer.dialect.identifier_preparer.quote
    name, temporary = quote(str(after.name)), quote(f"{TEMPORARY}{after.name}")
    created = thawed(replace(after, name=f"{TEMPORARY}{after.name}", indexes=(), ddl=()))
    indexes = sorted(thawed(after).indexes, key=lambda each: str(each.name))
    names = {new: old for old, new in change.renamed_columns.items()}
    existing = {each.name for each in before.columns}
    moved = {
        each.name: names.get(each.name, each.name)
        for each in after.columns
        if each.computed is None and names.get(each.name, each.name) in existing
    }
    filled = {each.desired.name: each.desired for each in change.altered_columns if each.fills_null}
    into = ", ".join(quote(str(each)) for each in moved)
    values = ", ".join(
        _value(writer, quote(str(old)), filled.get(new_name)) for new_name, old in moved.items()
    )
    texts = [
        created_by(CreateTable(created), writer.dialect),
        f"INSERT INTO {temporary} ({into}) SELECT {values} FROM {name}",
        f"DROP TABLE {name}",
        f"ALTER TABLE {temporary} RENAME TO {name}",
        *(created_by(CreateIndex(each), writer.dialect) for each in indexes),
    ]
    return under_dialect(writer, [e for sql in texts for e in execute(writer, sql)], otherwise)


def _value(writer: Writer, column: str, filled: ColumnDef | None) -> str:
    if filled is None or filled.default is None:
        return column
    table = thawed(TableSchema("t", [replace(filled, constraints=(), computed=None)]))
    compiler = ddl_compiler(writer.dialect)
    return f"coalesce({column}, {compiler.get_column_default_string(table.columns[0])})"
