"""The calls of `op` for a change of a whole table."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ....autogenerate.script.formatting import INDENT, Bracketed, Written, literal, write
from ....convert.expressions import escaped_text
from ....schema import ForeignKeyConstraint, Index, TableSchema
from .columns import column_of
from .constraints import (
    constraint_of,
    index_arguments,
    index_of,
    names,
    of_key,
    options,
    schema_keyword,
    shared,
)
from .writer import NoEquivalentError, Writer, lay_out_lines, list_of

Lines = list[str]


def create_table(
    writer: Writer, table: TableSchema, *, if_not_exists: bool = False, before: str = ""
) -> Lines:
    """Return `op.create_table(...)`, and the calls that create its indexes.

    Args:
        writer: of the script.
        table: the table to create.
        if_not_exists: keep an existing table.
        before: the text before the call, such as `users = `.

    Raises:
        NoEquivalentError: Alembic cannot express a part of it.
    """
    keywords = _keywords(writer, table)
    if if_not_exists or table.if_not_exists:
        keywords["if_not_exists"] = "True"
    call = writer.call(
        f"{writer.op}.create_table",
        literal(str(table.name)),
        *table_items(writer, table),
        **keywords,
    )
    lines = lay_out_lines(call, before=before)
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        if writer.is_for(index):
            gently: dict[str, Written] = {"if_not_exists": "True"} if if_not_exists else {}
            lines += create_index(writer, index, table, gently)
    return lines


def table_items(writer: Writer, table: TableSchema) -> list[Written]:
    """Return the columns and constraints of a table, as arguments of `Table`."""
    items = [column_of(writer, each) for each in table.columns]
    return items + [constraint_of(e, writer) for e in table.constraints if writer.is_for(e)]


def _keywords(writer: Writer, table: TableSchema) -> dict[str, Written]:
    if table.ddl or table.temporary:
        raise NoEquivalentError(f"{table.key!r} has DDL text or is temporary", table)
    keywords = options(writer, table.dialect_options) | schema_keyword(table.schema)
    if table.comment is not None:
        keywords["comment"] = literal(table.comment)
    if table.prefixes:
        keywords["prefixes"] = write(tuple(table.prefixes))
    return keywords


def live_table(writer: Writer, table: TableSchema, metadata: str | None = None) -> Bracketed:
    """Return `sa.Table(...)` with all its items.

    Args:
        writer: of the script.
        table: its value.
        metadata: the expression of its metadata; a new one by default.
    """
    indexes = [index_of(each, writer) for each in table.indexes if writer.is_for(each)]
    return writer.of_sa(
        "Table",
        literal(str(table.name)),
        metadata or f"{writer.sa}.MetaData()",
        *table_items(writer, table),
        *indexes,
        **_keywords(writer, table),
    )


def create_index(
    writer: Writer, index: Index, table: TableSchema, keywords: dict[str, Written]
) -> Lines:
    """Return `op.create_index(...)`."""
    name, elements, given = index_arguments(index, writer)
    keywords = given | schema_keyword(table.schema) | keywords
    owner = literal(str(table.name))
    return lay_out_lines(
        writer.call(f"{writer.op}.create_index", name, owner, elements, **keywords)
    )


def drop_table(writer: Writer, table: TableSchema, *, if_exists: bool = False) -> Lines:
    """Return `op.drop_table(...)`."""
    if table.ddl:
        raise NoEquivalentError(f"{table.key!r} has DDL text", table)
    keywords = schema_keyword(table.schema)
    if if_exists:
        keywords["if_exists"] = "True"
    return lay_out_lines(
        writer.call(f"{writer.op}.drop_table", literal(str(table.name)), **keywords)
    )


def deferred_keys(writer: Writer, table: TableSchema) -> list[ForeignKeyConstraint]:
    """Return the foreign keys that are added once all tables exist."""
    return [each for each in table.foreign_keys if each.use_alter and writer.is_for(each)]


def add_foreign_keys(writer: Writer, table: TableSchema) -> Lines:
    """Return the calls that add these keys, on databases with ALTER."""
    block = [f"if {writer.op}.get_context().dialect.supports_alter:"]
    for key in deferred_keys(writer, table):
        lines = lay_out_lines(create_foreign_key(writer, key, table), indent=INDENT * 2)
        block += [f"    {line}" for line in lines]
    return block


def create_foreign_key(writer: Writer, key: ForeignKeyConstraint, table: TableSchema) -> Bracketed:
    """Return `op.create_foreign_key(...)`."""
    keywords = shared(writer, key) | of_key(key)
    name = keywords.pop("name", "None")
    if table.schema is not None:
        keywords["source_schema"] = literal(str(table.schema))
    if key.references_schema is not None:
        keywords["referent_schema"] = literal(str(key.references_schema))
    return writer.call(
        f"{writer.op}.create_foreign_key",
        name,
        literal(str(table.name)),
        literal(str(key.references_table)),
        list_of(names(key.columns)),
        list_of(names(key.references_columns)),
        **keywords,
    )


def drop_foreign_keys(writer: Writer, table: TableSchema, generated: dict[object, str]) -> Lines:
    """Return the calls that drop the keys that were added later.

    Args:
        writer: of the script.
        table: the table that has them.
        generated: the names that the database gave to unnamed ones.
    """
    block = [f"if {writer.op}.get_context().dialect.supports_alter:"]
    for key in deferred_keys(writer, table):
        name = key.name or generated.get(key)
        if name is None:
            raise NoEquivalentError(f"{key!r} has no name", key)
        call = writer.call(
            f"{writer.op}.drop_constraint",
            writer.name(name),
            literal(str(table.name)),
            type_=literal("foreignkey"),
            **schema_keyword(table.schema),
        )
        block += [f"    {line}" for line in lay_out_lines(call, indent=INDENT * 2)]
    return block


def rename_table(writer: Writer, current: str, desired: str, schema: str | None) -> Lines:
    """Return `op.rename_table(...)`."""
    names_ = literal(str(current)), literal(str(desired))
    keywords = schema_keyword(schema)
    return lay_out_lines(writer.call(f"{writer.op}.rename_table", *names_, **keywords))


def under_dialect(writer: Writer, lines: Lines, otherwise: Lines = []) -> Lines:  # noqa: B006
    """Return lines that run on the dialect only, with other lines for other dialects."""
    test = f"if {writer.op}.get_context().dialect.name == {literal(writer.dialect.name)}:"
    others = _without(test, otherwise)
    block = [test, *(f"    {line}" if line else line for line in lines)]
    if others:
        block += ["else:", *(f"    {line}" if line else line for line in others)]
    return block


def _without(test: str, lines: Lines) -> Lines:
    """Return what remains of lines where a test is false."""
    remaining: Lines = []
    inside = ""
    for line in lines:
        if line == test or (line == "else:" and inside == test):
            inside = line
        elif not inside or (line and not line.startswith(" ")):
            inside = ""
            remaining.append(line)
        elif inside == "else:":
            remaining.append(line.removeprefix("    "))
    return remaining


def execute(writer: Writer, sql: str) -> Lines:
    """Return `op.execute(...)` of SQL text."""
    text = escaped_text(sql)
    if "\n" in text:
        parts = [literal(each) for each in text.splitlines(keepends=True)]
        return [f"{writer.op}.execute(", *(f"    {each}" for each in parts), ")"]
    return lay_out_lines(writer.call(f"{writer.op}.execute", literal(text)))


def created_by(construct: sa.schema.ExecutableDDLElement, dialect: Dialect) -> str:
    """Return the SQL of a DDL construct."""
    return str(construct.compile(dialect=dialect)).strip()
