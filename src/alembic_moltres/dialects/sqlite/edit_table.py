"""Applies the changes of a block to the stored text of a table.

SQLAlchemy writes AUTOINCREMENT in the column's definition, so that option changes the column too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...diff import AlterColumn, Change, SetOptions
from ...errors import OperationError
from ...messages import did_you_mean
from ...schema import ColumnDef, Constraint, Default, PrimaryKeyConstraint
from ...sqltext import SQLITE, rename_columns, unquoted
from ..base.alter_table import TableAlteration
from .alter_columns import altered
from .find_constraint import Place, candidates, find, without_places
from .move_and_copy import NewForm
from .native_alter import check_indexes
from .parse import KeyText, TableText, parse_table
from .sqlite_master import StoredTable, quoted
from .table_text import TableParts, clauses, column_name, with_clause
from .tokens import tokenize
from .values import PrimaryKeyOf

if TYPE_CHECKING:
    from .ddl import SQLiteWriter

OPTIONS = {"sqlite_with_rowid": (False, "WITHOUT ROWID"), "sqlite_strict": (True, "STRICT")}
"""The table options after the closing bracket, with the values that mean "set"."""


class TableEdit(TableAlteration):
    """Applies the changes of a table to its text, one after the other.

    Args:
        writer: compiles the items of the changes.
        stored: the table, with the names of its columns at the time of the copy.
        primary_key_of: for REFERENCES without columns.
        dropped: the positions of dropped constraints, found before columns were renamed.
    """

    def __init__(
        self,
        writer: SQLiteWriter,
        stored: StoredTable,
        primary_key_of: PrimaryKeyOf,
        dropped: Iterable[Place],
    ) -> None:
        super().__init__(writer)
        self._writer, self._stored, self._primary_key_of = writer, stored, primary_key_of
        self._parts: TableParts = without_places(stored.parts, set(dropped))
        self._before = parse_table(stored.sql)
        self._autoincrement = _has_autoincrement(self._before)
        self._fresh: set[str] = set()
        self._filled: dict[str, str] = {}
        self._names: Mapping[str, str] = {}

    def put(self, change: Change, names: Mapping[str, str]) -> None:
        """Apply one change to the text.

        Args:
            change: the change; items of other dialects are ignored.
            names: the current names of columns that are renamed after the copy, by the names in
                `change`.

        Raises:
            OperationError: a column or a constraint does not exist, or cannot be compiled.
        """
        self._names = names
        self.carry_out(change)

    def new_form(self) -> NewForm:
        """Return the table with all changes."""
        sql = str(with_autoincrement(self._parts, wanted=self._autoincrement))
        after = parse_table(sql)
        return NewForm(sql, self._before, after, self._sources(after))

    def _sources(self, after: TableText) -> dict[str, str]:
        """The source expressions of the new columns, without computed and added ones."""
        before = {column.name.lower(): column for column in self._before.columns}
        sources = {}
        for column in after.columns:
            key = column.name.lower()
            if column.generated is None and key in before and key not in self._fresh:
                old = quoted(before[key].name)
                filling = self._filled.get(key)
                sources[column.name] = f"coalesce({old}, {filling})" if filling else old
            elif key in self._fresh and key in self._filled:
                sources[column.name] = self._filled[key]
        return sources

    def add_column(self, column: ColumnDef) -> None:
        if self._parts.position(column.name) is not None:
            raise OperationError(
                f"the column {column.name!r} already exists (at {self._writer.of_table}); "
                "drop or rename it before, or take add_column out of the script",
                column,
            )
        self._fresh.add(column.name.lower())
        self._parts = self._parts.with_column(self._writer.column(column).definition)

    def add_filled(self, column: ColumnDef, fill: Default) -> None:
        self.add_column(column)
        text = self.filling(column, fill)
        self._filled[column.name.lower()] = rename_columns(text, self._names, SQLITE)

    def drop_column(self, column: ColumnDef) -> None:
        name = column.name
        self._parts = self._parts.without_column(self._position(name))
        if not self._parts.columns:
            raise OperationError(
                f"{name!r} is the only column (at {self._writer.of_table}); "
                "add another in the same block, before it, or drop the table",
                name,
            )
        if name.lower() not in self._fresh:
            check_indexes(self._stored, name, (), self._writer)

    def alter_column(self, change: AlterColumn) -> None:
        current, desired = change.current, change.desired
        at = self._position(desired.name)
        text = altered(self._parts.columns[at], current, desired, self._writer)
        self._parts = self._parts.exchanged(at, text)
        if change.fills_null:
            default = next(each.of(text) for each in clauses(text) if each.kind == "default")
            start = next(t.end for t in tokenize(default) if t.upper == "DEFAULT")
            self._filled[desired.name.lower()] = f"({default[start:].strip()})"

    def add_constraint(self, constraint: Constraint) -> None:
        text, names = self._writer.constraint(constraint), self._names
        if text is None:
            return
        if names:
            own = getattr(constraint, "references_table", self._writer.name) == self._writer.name
            text = _with_names(text, names, inside_references=own)
        first = isinstance(constraint, PrimaryKeyConstraint)
        self._parts = self._parts.with_constraint(text, first=first)

    def drop_constraint(self, constraint: Constraint) -> None:
        if self._writer.constraint(constraint) is not None:
            place = find(self._parts, constraint, self._writer, self._primary_key_of)
            self._parts = without_places(self._parts, {place})

    def set_comment(self, comment: str | None) -> None:
        pass  # SQLite has no comments

    def set_options(self, change: SetOptions) -> None:
        current, desired = change.current, change.desired
        if "sqlite_autoincrement" in {*current, *desired}:
            self._autoincrement = bool(desired.get("sqlite_autoincrement", False))
        text = parse_table(str(self._parts))
        stated = {"sqlite_with_rowid": text.without_rowid, "sqlite_strict": text.strict}
        if not stated.keys() & {*current, *desired}:
            return
        for key in stated.keys() & {*current, *desired}:
            value, _ = OPTIONS[key]
            stated[key] = bool(desired.get(key, not value)) is value
        options = [options for key, (_, options) in OPTIONS.items() if stated[key]]
        self._parts = replace(self._parts, tail=f") {', '.join(options)}".rstrip())

    def _position(self, name: str) -> int:
        at = self._parts.position(name)
        if at is None:
            hint = did_you_mean(name, [column_name(text) for text in self._parts.columns])
            raise OperationError(
                f"there is no column {name!r} (at {self._writer.of_table}){hint or '; correct it'}",
                name,
            )
        return at


def _has_autoincrement(table: TableText) -> bool:
    key = table.primary_key
    return isinstance(key, KeyText) and key.autoincrement


def _with_names(text: str, names: Mapping[str, str], *, inside_references: bool) -> str:
    """Return a constraint's text with renamed columns.

    The text before the first bracket names no column, even if a constraint has a column's name.

    >>> renamed = {"mail": "e mail", "and": "x"}
    >>> _with_names('CHECK ("Mail" > 1 AND "and" > mail)', renamed, inside_references=True)
    'CHECK ("e mail" > 1 AND x > "e mail")'
    """
    stream = tokenize(text)
    start = next(token.start for token in stream if token.upper == "(")
    ends = (token.start for token in stream if token.upper == "REFERENCES")
    end = len(text) if inside_references else next(ends, len(text))
    return text[:start] + rename_columns(text[start:end], names, SQLITE) + text[end:]


def with_autoincrement(parts: TableParts, *, wanted: bool) -> TableParts:
    """Return the table with its primary key in SQLAlchemy's form for that option.

    With AUTOINCREMENT the key is in its column's definition, without a name. For a key that cannot
    autoincrement (two columns, or not INTEGER) the option is ignored, as in SQLAlchemy. Without it
    the key is a table constraint. A table that has this form already is returned unchanged.

    >>> from .table_text import split_table
    >>> parts = split_table("CREATE TABLE t (a INTEGER NOT NULL, CONSTRAINT pk PRIMARY KEY (a))")
    >>> counted_up = with_autoincrement(parts, wanted=True)
    >>> str(counted_up)
    'CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT)'
    >>> str(with_autoincrement(counted_up, wanted=False))
    'CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a))'
    """
    for each in candidates(parts):
        key = each.parsed
        if not isinstance(key, KeyText) or key.kind != "primary key":
            continue
        if key.autoincrement is wanted or len(key.parts) != 1:
            return parts
        name = key.parts[0].column or key.parts[0].text
        at = parts.position(name)
        if at is None:
            return parts
        conflict = f" ON CONFLICT {key.conflict}" if key.conflict else ""
        rest = without_places(parts, {each.place})
        if wanted:
            if not _is_integer(parts.columns[at]):
                return parts
            clause = f"PRIMARY KEY{conflict} AUTOINCREMENT"
            return rest.exchanged(at, with_clause(rest.columns[at], "primary key", clause))
        column = rest.columns[at]
        quoted = tokenize(column)[0].text
        named = f"CONSTRAINT {key.name} " if key.name else ""
        return rest.with_constraint(f"{named}PRIMARY KEY ({quoted}){conflict}", first=True)
    return parts


def _is_integer(column: str) -> bool:
    return unquoted(clauses(column)[0].of(column), SQLITE).upper() == "INTEGER"
