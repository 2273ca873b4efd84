"""Carries out changes with SQLite's ALTER TABLE, as far as possible (manual, sections 2 to 5).

RENAME COLUMN; ADD COLUMN without a key, NOT NULL only with a default, no default that is computed,
nothing STORED, REFERENCES only without a default; DROP COLUMN where nothing uses the column. A
CHECK or a foreign key of an added column can be added and dropped with the column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateIndex, DropIndex

from ...convert.names import kept_name
from ...diff import AlterColumn, AlterTable, SetOptions
from ...errors import OperationError
from ...schema import CheckConstraint, ColumnDef, Constraint, Default, ForeignKeyConstraint, Index
from ...sqltext import Token
from ..base.alter_table import TableAlteration
from ..base.statement import RawDDL, Statement
from .alter_columns import alteration
from .cursor import ForeignKeyText
from .sqlite_master import StoredTable, names
from .table_text import clauses, column_name, table_constraint
from .tokens import tokenize

if TYPE_CHECKING:
    from .ddl import SQLiteWriter
    from .values import PrimaryKeyOf

CONSTANTS = {"NULL", "TRUE", "FALSE"}
"""The keywords that a default of ADD COLUMN may consist of in a table with rows."""


class NeedsCopyError(Exception):
    """SQLite's ALTER TABLE does not suffice; the message says why."""


class NativeAlteration(TableAlteration):
    """The statements of a change that needs no copy; each method returns its own.

    Args:
        writer: compiles the items of the change.
        change: the change inside the table.
        read: reads the table on first use; `None` with `--sql`, which reads no database.
        primary_key_of: for REFERENCES without columns.
    """

    def __init__(
        self,
        writer: SQLiteWriter,
        change: AlterTable,
        read: Callable[[], StoredTable] | None,
        primary_key_of: PrimaryKeyOf,
    ) -> None:
        super().__init__(writer)
        self._writer, self._change, self._read = writer, change, read
        self._primary_key_of = primary_key_of
        self._inline, self._merged = _inlined(writer, change)
        self._current: dict[str, str] = {}
        """The names of columns in the database, by their current names."""

    def statements(self) -> list[Statement]:
        """Return the statements.

        Raises:
            NeedsCopyError: SQLite's ALTER TABLE does not suffice.
            OperationError: the change is impossible.
        """
        return [made for change in self._change.changes for made in self.carry_out(change)]

    def add_column(self, column: ColumnDef) -> list[Statement]:
        inline = self._inline.get(column.name.lower(), ())
        text = " ".join((self._writer.column(column).definition, *inline))
        if not _addable(text):
            raise NeedsCopyError(f"add the column {text}")
        return [self._writer.alter_table(f"ADD COLUMN {text}", f"the column {column.name!r}")]

    def add_filled(self, column: ColumnDef, fill: Default) -> list[Statement]:
        name, text = self._writer.quoted(column.name), self.filling(column, fill)
        update = RawDDL(f"UPDATE {self._writer.table} SET {name} = {text}")
        subject = f"the rows of the column {column.name!r} of {self._writer.of_table}"
        return [*self.add_column(column), Statement(update, subject)]

    def drop_column(self, column: ColumnDef) -> list[Statement]:
        name = column.name
        if self._read is not None:
            self._check_unused(self._read(), self._current.get(name.lower(), name))
        text = f"DROP COLUMN {self._writer.quoted(name)}"
        return [self._writer.alter_table(text, f"the column {name!r}")]

    def alter_column(self, change: AlterColumn) -> list[Statement]:
        if alteration(change.current, change.desired, self._writer):
            raise NeedsCopyError(f"alter the column {change.current.name!r}")
        return []

    def rename_column(self, current: str, desired: str) -> list[Statement]:
        self._current[desired.lower()] = self._current.pop(current.lower(), current)
        text = f"RENAME COLUMN {self._writer.quoted(current)} TO {self._writer.quoted(desired)}"
        return [self._writer.alter_table(text, f"the column {current!r}")]

    def add_constraint(self, constraint: Constraint) -> list[Statement]:
        text = None if constraint in self._merged else self._writer.constraint(constraint)
        if text is not None:
            raise NeedsCopyError(f"add {text}")
        return []

    def drop_constraint(self, constraint: Constraint) -> list[Statement]:
        text = self._writer.constraint(constraint)
        if text is None or self._is_dropped_with_column(constraint):
            return []
        raise NeedsCopyError(f"drop {text}")

    def create_index(self, index: Index) -> list[Statement]:
        made = self._writer.index(index)
        subject = f"the index {index.name!r} of {self._writer.of_table}"
        return [] if made is None else [Statement(CreateIndex(made), subject)]

    def drop_index(self, index: Index) -> list[Statement]:
        made = self._writer.index(index)
        subject = f"the index {index.name!r} of {self._writer.of_table}"
        return [] if made is None else [Statement(DropIndex(made), subject)]

    def set_comment(self, comment: str | None) -> list[Statement]:
        return []  # SQLite has no comments

    def set_options(self, change: SetOptions) -> list[Statement]:
        if any(key.startswith("sqlite_") for key in (*change.current, *change.desired)):
            raise NeedsCopyError(f"set the options {dict(change.desired)!r}")
        return []

    def _is_dropped_with_column(self, constraint: Constraint) -> bool:
        """Tell whether a constraint is in the definition of a dropped column."""
        if self._read is None or self._current:
            return False
        from .find_constraint import find

        parts = self._read().parts
        place = find(parts, constraint, self._writer, self._primary_key_of)
        dropped = {column.name.lower() for column in self._change.dropped_columns}
        return (
            place.column is not None and column_name(parts.columns[place.column]).lower() in dropped
        )

    def _check_unused(self, stored: StoredTable, name: str) -> None:
        parts = stored.parts
        at = parts.position(name)
        if at is None:
            return  # SQLite's own error says so
        kinds = {clause.kind for clause in clauses(parts.columns[at])}
        others = (*parts.columns[:at], *parts.columns[at + 1 :], *parts.constraints)
        if kinds & {"primary key", "unique"} or any(names(text, name) for text in others):
            raise NeedsCopyError(f"drop the column {name!r}, which is used")
        dialect = self._writer.dialect
        dropped = {kept_name(each.name, dialect).lower() for each in self._change.dropped_indexes}
        check_indexes(stored, name, dropped, self._writer)


def _inlined(
    writer: SQLiteWriter, change: AlterTable
) -> tuple[dict[str, list[str]], list[Constraint]]:
    """Return the clauses of added columns for constraints of the change, and these constraints."""
    added = [column.name for column in change.added_columns]
    methods = [each.method for each in change.changes]
    first = methods.index("add_column") if added else len(methods)
    inline: dict[str, list[str]] = {}
    merged: list[Constraint] = []
    if "rename_column" in methods[first:]:  # names would not be those of ADD COLUMN
        return inline, merged
    for constraint in change.added_constraints:
        text = writer.constraint(constraint)
        column = _column_of(constraint, text, added)
        if text is not None and column is not None:
            inline.setdefault(column.lower(), []).append(_as_clause(text))
            merged.append(constraint)
    return inline, merged


def _column_of(constraint: Constraint, text: str | None, added: list[str]) -> str | None:
    """Return the last added column whose definition can contain the constraint."""
    match constraint:
        case CheckConstraint() if text is not None:
            return next((name for name in reversed(added) if names(text, name)), None)
        case ForeignKeyConstraint(columns=(column,)):
            return column if column in added else None
    return None


def check_indexes(
    stored: StoredTable, column: str, dropped: Collection[str], writer: SQLiteWriter
) -> None:
    """Refuse to drop a column that an index of the table uses.

    Args:
        stored: the table.
        column: its name.
        dropped: the indexes that the block drops, in lower case.
        writer: names the table in errors.
    """
    for each in stored.own:
        if each.kind == "index" and each.name.lower() not in dropped and each.indexes(column):
            raise OperationError(
                f"the index {each.name!r} uses the column {column!r}, which is dropped "
                f"(at {writer.of_table}); drop the index before it, in the same block",
                each.name,
            )


def _addable(text: str) -> bool:
    """Tell whether ADD COLUMN accepts this definition in a table with rows.

    >>> [_addable(text) for text in ("a INT DEFAULT (-1) NOT NULL", "a INT NOT NULL")]
    [True, False]
    """
    parts = {clause.kind: clause for clause in clauses(text)}
    default = _default(parts["default"].of(text)) if "default" in parts else []
    generated = parts["generated"].of(text).upper() if "generated" in parts else None
    return not (
        len(default) > len("-1")
        or any(token.kind == "word" and token.upper not in CONSTANTS for token in default)
        or ("not null" in parts and not default and generated is None)
        or ("references" in parts and default)
        or (generated is not None and generated.endswith("STORED"))
        or parts.keys() & {"primary key", "unique"}
    )


def _default(clause: str) -> list[Token]:
    """Return the tokens of a default; empty for NULL, which equals no default."""
    tokens = tokenize(clause)
    start = next(at for at, token in enumerate(tokens) if token.upper == "DEFAULT")
    value = [token for token in tokens[start + 1 :] if token.upper not in {"(", ")"}]
    return [] if [token.upper for token in value] == ["NULL"] else value


def _as_clause(text: str) -> str:
    """Return a table constraint in the form of a column's constraint.

    >>> _as_clause("CONSTRAINT fk FOREIGN KEY(a) REFERENCES p (id)")
    'CONSTRAINT fk REFERENCES p (id)'
    """
    if not isinstance(table_constraint(text), ForeignKeyText):
        return text
    tokens = tokenize(text)
    start = next(token.start for token in tokens if token.upper == "FOREIGN")
    end = next(token.start for token in tokens if token.upper == "REFERENCES")
    return f"{text[:start]}{text[end:]}"
