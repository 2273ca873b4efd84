"""Parses SQLite's text of CREATE TABLE and CREATE INDEX.

SQLite stores the text as it was written, without schema, TEMP and IF NOT EXISTS; RENAME and ADD
COLUMN rewrite it. The grammar is that of the manual's "CREATE TABLE", "CREATE INDEX",
`column-constraint` and `table-constraint`. Equal definitions of columns are parsed once for all
tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ...errors import ReflectError
from ...sqltext import SQLITE, marks
from .cursor import Cursor, ForeignKeyText, KeyPart
from .tokens import REPORT, tokenize


@dataclass(frozen=True, slots=True)
class KeyText:
    """PRIMARY KEY or UNIQUE, of a column or of the table."""

    kind: str
    parts: tuple[KeyPart, ...]
    name: str | None = None
    conflict: str | None = None
    autoincrement: bool = False


@dataclass(frozen=True, slots=True)
class CheckText:
    """CHECK, of a column or of the table."""

    text: str
    name: str | None = None
    conflict: str | None = None


ConstraintText = KeyText | CheckText | ForeignKeyText


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column's definition; `default` is its text, brackets included."""

    name: str
    type: str
    collate: str | None = None
    nullable: bool = True
    conflict: str | None = None
    default: str | None = None
    generated: str | None = None
    stored: bool = False
    constraints: tuple[ConstraintText, ...] = ()


@dataclass(frozen=True, slots=True)
class TableText:
    """A parsed CREATE TABLE; `head` is its text before the columns."""

    head: str
    columns: tuple[ColumnText, ...]
    constraints: tuple[ConstraintText, ...]
    without_rowid: bool
    strict: bool

    @property
    def name(self) -> str:
        """The table's name."""
        return _created_name(self.head)

    @property
    def primary_key(self) -> KeyText | None:
        """The primary key, of a column or of the table."""
        for constraint in (*self.constraints, *(k for c in self.columns for k in c.constraints)):
            if isinstance(constraint, KeyText) and constraint.kind == "primary key":
                return constraint
        return None


@dataclass(frozen=True, slots=True)
class IndexText:
    """A parsed CREATE INDEX."""

    name: str
    table: str
    unique: bool
    parts: tuple[KeyPart, ...]
    where: str | None


TABLE_CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
COLUMN_CONSTRAINTS = (
    frozenset({"NOT", "NULL", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS", "ON"})
    | frozenset({"DEFERRABLE"})
    | TABLE_CONSTRAINTS - {"FOREIGN"}
)


def parse_table(sql: str) -> TableText:
    """Parse a CREATE TABLE text.

    Raises:
        ReflectError: SQLite would not store such a text for a table.

    >>> table = parse_table('CREATE TABLE "t" (id INTEGER PRIMARY KEY, a TEXT COLLATE nocase)')
    >>> [column.name for column in table.columns], table.columns[1].collate
    (['id', 'a'], 'nocase')
    """
    head, segments, tail = _split(sql)
    columns: list[ColumnText] = []
    constraints: list[ConstraintText] = []
    for segment in segments:
        for item in _segment(segment):
            if isinstance(item, ColumnText):
                columns.append(item)
            else:
                constraints.append(item)
    options = {token.upper for token in tokenize(tail)} if tail else set()
    return TableText(
        head,
        tuple(columns),
        tuple(constraints),
        "ROWID" in options,
        "STRICT" in options,
    )


def _split(sql: str) -> tuple[str, list[str], str]:
    """Return the text before the brackets, the items in them, and the text after them."""
    depth, start, head, segments = 0, 0, "", []
    for mark, at in marks(sql, ",", SQLITE):
        if mark == "(":
            depth += 1
            if depth == 1:
                head, start = sql[:at], at + 1
        elif mark in {",", ")"} and depth == 1:
            segments.append(sql[start:at].strip())
            start = at + 1
            if mark == ")":
                return head, segments, sql[start:]
        elif mark == ")":
            depth -= 1
    raise ReflectError(
        f"cannot parse SQLite's text: no list of columns ends (in {sql[:60]!r}){REPORT}", sql
    )


def _created_name(head: str) -> str:
    cursor = Cursor(head)
    cursor.need("CREATE")
    while cursor.peek() in {"TEMP", "TEMPORARY"}:
        cursor.next()
    cursor.need("TABLE")
    return cursor.qualified_name()


@lru_cache(maxsize=16384)
def _segment(text: str) -> tuple[ColumnText | ConstraintText, ...]:
    """Parse an item of the list; between table constraints the comma is optional."""
    cursor = Cursor(text)
    if cursor.peek() not in TABLE_CONSTRAINTS:
        return (_column(cursor),)
    constraints = []
    while not cursor.done:
        constraint = parse_table_constraint(cursor)
        if constraint is not None:
            constraints.append(constraint)
    return tuple(constraints)


def _column(cursor: Cursor) -> ColumnText:
    name = cursor.name()
    start = cursor.at
    while not cursor.done and cursor.peek() not in COLUMN_CONSTRAINTS:
        if cursor.peek() == "(":
            cursor.brackets()
        else:
            cursor.next()
    parts: dict[str, object] = {"type": cursor.text(start, cursor.at)}
    constraints: list[ConstraintText] = []
    while not cursor.done:
        given = cursor.name() if cursor.accept("CONSTRAINT") else None
        constraint = parse_column_constraint(cursor, name, given)
        if isinstance(constraint, dict):
            parts |= constraint
        elif constraint is not None:
            constraints.append(constraint)
    for at, constraint in enumerate(constraints):
        if isinstance(constraint, ForeignKeyText):
            constraints[at] = constraint.deferred_by(parts)
    parts.pop("deferrable", None)
    parts.pop("initially", None)
    return ColumnText(name, constraints=tuple(constraints), **parts)  # type: ignore[arg-type]


def parse_column_constraint(
    cursor: Cursor, column: str, name: str | None
) -> ConstraintText | dict[str, object] | None:
    """Parse the next constraint of a column, from after its name if it has one."""
    if cursor.accept("PRIMARY", "KEY"):
        order = cursor.next().upper if cursor.peek() in {"ASC", "DESC"} else None
        conflict = cursor.conflict()
        part = KeyPart(column, column, order=order)
        return KeyText("primary key", (part,), name, conflict, cursor.accept("AUTOINCREMENT"))
    if cursor.accept("UNIQUE"):
        return KeyText("unique", (KeyPart(column, column),), name, cursor.conflict())
    if cursor.accept("CHECK"):
        return CheckText(cursor.brackets(), name)
    if cursor.accept("REFERENCES"):
        return cursor.references((column,), name)
    if deferred := cursor.deferrable():
        return deferred
    return _column_clause(cursor)


def _column_clause(cursor: Cursor) -> dict[str, object] | None:
    """Parse a clause of a column that is not stored as a constraint."""
    if cursor.accept("NOT", "NULL"):
        return {"nullable": False, "conflict": cursor.conflict()}
    if cursor.accept("NULL"):
        cursor.conflict()
        return None
    if cursor.accept("COLLATE"):
        return {"collate": cursor.name()}
    if cursor.accept("DEFAULT"):
        start = cursor.at
        if cursor.peek() == "(":
            cursor.brackets()
        else:
            if cursor.peek() in {"+", "-"}:
                cursor.next()
            cursor.next()
        return {"default": cursor.text(start, cursor.at)}
    if not cursor.done:  # "CONSTRAINT x" alone is legal
        if not cursor.accept("GENERATED", "ALWAYS", "AS"):
            cursor.need("AS")
        expression = cursor.brackets()
        stored = cursor.peek() in {"STORED", "VIRTUAL"} and cursor.next().upper == "STORED"
        return {"generated": expression, "stored": stored}
    return None


def parse_table_constraint(cursor: Cursor) -> ConstraintText | None:
    """Parse the next constraint of a table; `None` if there is only a name."""
    name = cursor.name() if cursor.accept("CONSTRAINT") else None
    if cursor.accept("PRIMARY", "KEY"):
        parts, autoincrement = cursor.key_parts()
        return KeyText("primary key", parts, name, cursor.conflict(), autoincrement)
    if cursor.accept("UNIQUE"):
        return KeyText("unique", cursor.key_parts()[0], name, cursor.conflict())
    if cursor.accept("CHECK"):
        return CheckText(cursor.brackets(), name, cursor.conflict())
    if cursor.accept("FOREIGN", "KEY"):
        columns = cursor.names()
        cursor.need("REFERENCES")
        return cursor.references(columns, name)
    if name is None:
        cursor.need("CONSTRAINT")
    return None  # "CONSTRAINT x" alone is legal


def parse_index(sql: str) -> IndexText:
    """Parse a CREATE INDEX text.

    Raises:
        ReflectError: SQLite would not store such a text for an index.

    >>> parse_index("CREATE UNIQUE INDEX i ON t (lower(a) DESC) WHERE b > 0").where
    'b > 0'
    """
    cursor = Cursor(sql)
    cursor.need("CREATE")
    unique = cursor.accept("UNIQUE")
    cursor.need("INDEX")
    name = cursor.qualified_name()
    cursor.need("ON")
    table = cursor.name()
    parts, _ = cursor.key_parts()
    where = None
    if cursor.accept("WHERE"):
        where = cursor.until(";")
    return IndexText(name, table, unique, parts, where)
