"""The tables of a database from DuckDB's own functions: five queries, however many tables.

SQLAlchemy's reflection reads PostgreSQL's catalogue, of which DuckDB has a part only.
Only the text of CREATE TABLE (`duckdb_tables().sql`) has collations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from ...sqltext import POSTGRESQL, in_parentheses, split, tokens
from .rows import CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, KeyRow, TableRow

Run = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
"""Runs a statement with its parameters and returns its rows."""

IN_SCHEMA = """database_name = coalesce($1, current_database())
 AND schema_name = coalesce($2, current_schema())"""

NAMES = f"SELECT table_name FROM duckdb_tables() WHERE NOT internal AND {IN_SCHEMA}"
TABLES = f"""SELECT table_name, comment, CASE WHEN contains(sql, ' COLLATE ') THEN sql END
 FROM duckdb_tables() WHERE {IN_SCHEMA} AND list_contains($3, table_name)
 ORDER BY table_name"""
COLUMNS = f"""SELECT table_name, column_name, data_type, is_nullable, column_default,
 is_generated, comment FROM duckdb_columns()
 WHERE {IN_SCHEMA} AND list_contains($3, table_name) ORDER BY table_name, column_index"""
CONSTRAINTS = f"""SELECT table_name, constraint_type, constraint_column_names, expression,
 referenced_table, referenced_column_names FROM duckdb_constraints()
 WHERE {IN_SCHEMA} AND list_contains($3, table_name) AND constraint_type <> 'NOT NULL'
 ORDER BY table_name, constraint_index"""
INDEXES = f"""SELECT table_name, index_name, is_unique, sql FROM duckdb_indexes()
 WHERE {IN_SCHEMA} AND list_contains($3, table_name) ORDER BY table_name, index_name"""
ENUMS = f"""SELECT type_name, labels FROM duckdb_types()
 WHERE logical_type = 'ENUM' AND NOT internal AND {IN_SCHEMA} ORDER BY type_name"""
REFERRING = f"""SELECT DISTINCT table_name FROM duckdb_constraints() WHERE {IN_SCHEMA}
 AND constraint_type = 'FOREIGN KEY' AND referenced_table = $3 AND table_name <> $3 ORDER BY 1"""


def place(schema: str | None) -> tuple[str | None, str | None]:
    """Return the database and the name of a schema, which duckdb-engine joins with a dot."""
    if schema is None:
        return None, None
    database, _, name = schema.rpartition(".")
    return database or None, name


def runner(connection: Connection) -> Run:
    """Return a function that runs statements on a connection."""

    def run(statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return connection.exec_driver_sql(statement, tuple(parameters)).all()

    return run


def names(connection: Connection, schema: str | None) -> list[str]:
    """Return the names of the tables of a schema, without views."""
    return [str(row[0]) for row in runner(connection)(NAMES, place(schema))]


def enum_names(connection: Connection, schema: str | None) -> dict[tuple[str, ...], list[str]]:
    """Return the names of the enum types of a schema by their labels.

    A column stores the labels of its type, not the type's name.
    """
    names: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, labels in runner(connection)(ENUMS, place(schema)):
        names[tuple(labels)].append(str(name))
    return dict(names)


def referring_tables(connection: Connection, name: str, schema: str | None) -> list[str]:
    """Return the other tables that have a foreign key to a table."""
    return [str(row[0]) for row in runner(connection)(REFERRING, (*place(schema), name))]


def read_tables(
    run: Run, where: tuple[str | None, str | None], wanted: Collection[str]
) -> list[TableRow]:
    """Return the tables of those names, in the order of the names.

    Args:
        run: runs a statement.
        where: the database and schema.
        wanted: the names of the tables.
    """
    parameters = (*where, list(wanted))
    tables = run(TABLES, parameters)
    collations = {row[0]: _collations(row[2]) for row in tables if row[2] is not None}
    columns, constraints, indexes = (
        _by_table(run(query, parameters)) for query in (COLUMNS, CONSTRAINTS, INDEXES)
    )
    return [
        TableRow(
            name,
            comment=comment or None,
            columns=tuple(_column(row, collations.get(name, {})) for row in columns[name]),
            constraints=tuple(map(_constraint, constraints[name])),
            indexes=tuple(map(_index, indexes[name])),
        )
        for name, comment, _ in tables
    ]


def _by_table(rows: Sequence[Sequence[Any]]) -> dict[str, list[Sequence[Any]]]:
    rows_by_table: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        rows_by_table[row[0]].append(row)
    return rows_by_table


def _column(row: Sequence[Any], collations: Mapping[str, str]) -> ColumnRow:
    _, name, type_, nullable, default, is_generated, comment = row
    return ColumnRow(
        name,
        type=type_,
        collation=collations.get(name),
        nullable=nullable,
        default=None if is_generated else default,
        generated=default if is_generated else None,
        comment=comment or None,
    )


def _constraint(row: Sequence[Any]) -> ConstraintRow:
    _, kind, columns, expression, table, references = row
    match kind:
        case "CHECK":
            return CheckRow(expression)
        case "FOREIGN KEY":
            return ForeignKeyRow(tuple(columns), table, tuple(references))
        case _:
            return KeyRow(kind, tuple(columns))


def _index(row: Sequence[Any]) -> IndexRow:
    _, name, unique, text = row
    return IndexRow(name, unique, tuple(index_parts(text)))


def index_parts(text: str) -> Iterator[str]:
    """Yield the parts of an index: names of columns, and expressions in brackets.

    >>> list(index_parts('CREATE INDEX i ON "A b"("select", ((x + 1)));'))
    ['select', '((x + 1))']
    """
    parts = in_parentheses(text, POSTGRESQL)
    for part in split(parts[0], ",", POSTGRESQL) if parts else []:
        lexed = tokens(part, POSTGRESQL)
        alone = len(lexed) == 1 and lexed[0].is_name
        yield lexed[0].value if alone and lexed[0].kind == "quoted" else part.strip()


def _collations(text: str) -> dict[str, str]:
    """Return the collations of columns by their names, of a CREATE TABLE.

    >>> _collations("CREATE TABLE t(a VARCHAR COLLATE nocase, b INTEGER);")
    {'a': 'nocase'}
    """
    collations = {}
    body = in_parentheses(text, POSTGRESQL)
    for line in split(body[0], ",", POSTGRESQL) if body else []:
        lexed = tokens(line, POSTGRESQL)
        upper = [token.upper for token in lexed]
        if "COLLATE" in upper[2:3] and lexed[0].is_name:
            name = lexed[0].value if lexed[0].kind == "quoted" else lexed[0].text
            collations[name] = "".join(token.value for token in _until_space(lexed[3:], line))
    return collations


def _until_space(lexed: Sequence[Any], line: str) -> Iterator[Any]:
    """Yield the tokens up to the next space: `nocase.noaccent`."""
    end = lexed[0].start if lexed else 0
    for token in lexed:
        if token.start != end:
            return
        yield token
        end = token.end
