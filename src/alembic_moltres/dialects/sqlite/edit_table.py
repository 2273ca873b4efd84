"""The new form of a table: its stored text with what a block changes put into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import MigrateOperation

from ...errors import OperationError, did_you_mean
from ...operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from ...schema import PrimaryKeyConstraint
from ...sqltext import SQLITE, rename_columns
from .alter_columns import altered
from .autoincrement import with_autoincrement
from .find_constraint import Place, find, without_places
from .native_alter import check_indexes, unknown
from .parse import KeyText, parse_table
from .sqlite_master import quoted
from .table_text import Pieces, clauses, column_name
from .tokens import tokenize

if TYPE_CHECKING:
    from .ddl import Writer
    from .find_constraint import PrimaryKeyOf
    from .sqlite_master import StoredTable

OPTIONS = {"sqlite_with_rowid": (False, "WITHOUT ROWID"), "sqlite_strict": (True, "STRICT")}
"""What stands behind the closing bracket, and for which value of the option."""


class Reshaping:
    """Puts the changes of a block into a table's text, one after the other.

    Args:
        writer: writes what the block contains.
        stored: the table, its columns named as they are when the copy is made.
        primary_key_of: for REFERENCES without columns.
        dropped: where the constraints stand that were found before columns were renamed.
    """

    def __init__(
        self,
        writer: Writer,
        stored: StoredTable,
        primary_key_of: PrimaryKeyOf,
        dropped: Iterable[Place],
    ) -> None:
        self._writer, self._stored, self._primary_key_of = writer, stored, primary_key_of
        self._pieces: Pieces = without_places(stored.pieces, set(dropped))
        self._autoincrement = _has_autoincrement(stored.sql)
        self._fresh: set[str] = set()
        self._filled: dict[str, str] = {}

    def change(self, operation: MigrateOperation, names: Mapping[str, str]) -> None:
        """Put one change into the text.

        Args:
            operation: the change; one that SQLite has nothing of changes nothing.
            names: of columns that the copy is made before they are renamed: by those names that
                `operation` has, those that they have now.

        Raises:
            OperationError: a column or a constraint is not there, or cannot be said.
        """
        match operation:
            case MoltresAddColumnOp():
                self._add_column(operation)
            case MoltresDropColumnOp():
                self._drop_column(operation)
            case MoltresAlterColumnOp():
                self._alter_column(operation)
            case MoltresAddConstraintOp():
                self._add_constraint(operation, names)
            case MoltresDropConstraintOp():
                self._drop_constraint(operation)
            case MoltresSetOptionsOp():
                self._set_options(operation)
            case MoltresSetCommentOp():
                return  # SQLite has no comments
            case _:
                raise unknown(operation, self._writer.of_table)

    @property
    def sql(self) -> str:
        """The new text."""
        return str(with_autoincrement(self._pieces, wanted=self._autoincrement))

    @property
    def sources(self) -> dict[str, str]:
        """By columns of the new form, what they are copied from; computed and new ones left out."""
        before = {column.name.lower(): column for column in parse_table(self._stored.sql).columns}
        sources = {}
        for column in parse_table(self.sql).columns:
            key = column.name.lower()
            if column.generated is None and key in before and key not in self._fresh:
                old = quoted(before[key].name)
                filling = self._filled.get(key)
                sources[column.name] = f"coalesce({old}, {filling})" if filling else old
        return sources

    def _add_column(self, operation: MoltresAddColumnOp) -> None:
        column = operation.definition
        if self._pieces.position(column.name) is not None:
            raise OperationError(
                f"there is a column {column.name!r} already (at {self._writer.of_table}); "
                "drop or rename it before, or take add_column out of the script",
                column,
            )
        self._fresh.add(column.name.lower())
        self._pieces = self._pieces.with_column(self._writer.column(column))

    def _drop_column(self, operation: MoltresDropColumnOp) -> None:
        name = operation.column_name
        self._pieces = self._pieces.without_column(self._position(name))
        if not self._pieces.columns:
            raise OperationError(
                f"{name!r} is the only column (at {self._writer.of_table}); "
                "add another in the same block, before it, or drop the table",
                name,
            )
        if name.lower() not in self._fresh:
            check_indexes(self._stored, name, (), self._writer)

    def _alter_column(self, operation: MoltresAlterColumnOp) -> None:
        current, desired = operation.current, operation.desired
        at = self._position(desired.name)
        text = altered(self._pieces.columns[at], current, desired, self._writer)
        self._pieces = self._pieces.exchanged(at, text)
        if operation.fill_null:
            default = next(each.of(text) for each in clauses(text) if each.kind == "default")
            start = next(t.end for t in tokenize(default) if t.upper == "DEFAULT")
            self._filled[desired.name.lower()] = f"({default[start:].strip()})"

    def _add_constraint(self, operation: MoltresAddConstraintOp, names: Mapping[str, str]) -> None:
        text = self._writer.constraint(operation.constraint)
        if text is None:
            return
        constraint: Any = operation.constraint
        if names:
            own = getattr(constraint, "references_table", self._writer.name) == self._writer.name
            text = _with_names(text, names, inside_references=own)
        first = isinstance(constraint, PrimaryKeyConstraint)
        self._pieces = self._pieces.with_constraint(text, first=first)

    def _drop_constraint(self, operation: MoltresDropConstraintOp) -> None:
        if self._writer.constraint(operation.constraint) is not None:
            place = find(self._pieces, operation.constraint, self._writer, self._primary_key_of)
            self._pieces = without_places(self._pieces, {place})

    def _set_options(self, operation: MoltresSetOptionsOp) -> None:
        current, desired = operation.current, operation.desired
        if "sqlite_autoincrement" in {*current, *desired}:
            self._autoincrement = bool(desired.get("sqlite_autoincrement", False))
        text = parse_table(str(self._pieces))
        said = {"sqlite_with_rowid": text.without_rowid, "sqlite_strict": text.strict}
        if not said.keys() & {*current, *desired}:
            return
        for key in said.keys() & {*current, *desired}:
            value, _ = OPTIONS[key]
            said[key] = bool(desired.get(key, not value)) is value
        options = [options for key, (_, options) in OPTIONS.items() if said[key]]
        self._pieces = replace(self._pieces, tail=f") {', '.join(options)}".rstrip())

    def _position(self, name: str) -> int:
        at = self._pieces.position(name)
        if at is None:
            hint = did_you_mean(name, [column_name(text) for text in self._pieces.columns])
            raise OperationError(
                f"there is no column {name!r} (at {self._writer.of_table}){hint or '; correct it'}",
                name,
            )
        return at


def _has_autoincrement(sql: str) -> bool:
    key = parse_table(sql).primary_key
    return isinstance(key, KeyText) and key.autoincrement


def _with_names(text: str, names: Mapping[str, str], *, inside_references: bool) -> str:
    """Return a constraint's text with other names of columns.

    What stands before the first bracket names no column, even if a constraint is called like one.

    >>> renamed = {"mail": "e mail", "and": "x"}
    >>> _with_names('CHECK ("Mail" > 1 AND "and" > mail)', renamed, inside_references=True)
    'CHECK ("e mail" > 1 AND x > "e mail")'
    """
    found = tokenize(text)
    start = next(token.start for token in found if token.upper == "(")
    ends = (token.start for token in found if token.upper == "REFERENCES")
    end = len(text) if inside_references else next(ends, len(text))
    return text[:start] + rename_columns(text[start:end], names, SQLITE) + text[end:]
