"""What SQLite's own ALTER TABLE can do, and what it cannot (manual, "ALTER TABLE", 2 to 5).

RENAME COLUMN; ADD COLUMN without a key, NOT NULL only with a default, no default that is computed,
nothing STORED, REFERENCES only without a default; DROP COLUMN where nothing uses the column. A
CHECK or a foreign key of an added column goes with it, as it goes when the column is dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation
from sqlalchemy.schema import CreateIndex, DropIndex

from ...errors import OperationError
from ...operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from ...schema import CheckConstraint, ForeignKeyConstraint
from ...sqltext import Token
from ..base.create_table import Statement, made_for
from .alter_columns import alteration
from .cursor import ForeignKeyText
from .find_constraint import find
from .sqlite_master import names
from .table_text import clauses, column_name, table_constraint
from .tokens import tokenize

if TYPE_CHECKING:
    from .ddl import Writer
    from .find_constraint import PrimaryKeyOf
    from .sqlite_master import StoredTable

CONSTANTS = {"NULL", "TRUE", "FALSE"}
"""The words of a default that SQLite adds to a table with rows; others call or name something."""


class NeedsCopyError(Exception):
    """SQLite's own ALTER TABLE does not suffice; the message is what it cannot do."""


class Native:
    """The statements of a block that needs no copy.

    Args:
        writer: writes what the block contains.
        stored: the table before the block; `None` where no database is asked (`--sql`).
        primary_key_of: for REFERENCES without columns.
    """

    def __init__(
        self, writer: Writer, stored: StoredTable | None, primary_key_of: PrimaryKeyOf
    ) -> None:
        self._writer, self._stored = writer, stored
        self._primary_key_of = primary_key_of
        self._current: dict[str, str] = {}
        """The names in the database by those of now."""

    def statements(self, ops: Iterable[MigrateOperation]) -> list[Statement]:
        """Return the statements.

        Raises:
            NeedsCopyError: SQLite cannot do it by itself.
            OperationError: it cannot be done at all.
        """
        ops = list(ops)
        inline, merged = self._inline(ops)
        dropped = {op.column_name.lower() for op in ops if isinstance(op, MoltresDropColumnOp)}
        found: list[Statement] = []
        for operation in ops:
            match operation:
                case MoltresAddColumnOp():
                    found.append(self._add_column(operation, inline))
                case MoltresDropColumnOp():
                    found.append(self._drop_column(operation, ops))
                case MoltresAlterColumnOp():
                    self._alter_column(operation)
                case MoltresRenameColumnOp():
                    found.append(self._rename_column(operation))
                case MoltresAddConstraintOp():
                    if operation not in merged:
                        self._add_constraint(operation)
                case MoltresDropConstraintOp():
                    self._drop_constraint(operation, dropped)
                case _:
                    found += self.of_table(operation)
        return found

    def of_table(self, operation: MigrateOperation) -> list[Statement]:
        """Return the statements of what is no work on columns or constraints."""
        dialect, of_table = self._writer.dialect, self._writer.of_table
        match operation:
            case MoltresCreateIndexOp() | MoltresDropIndexOp():
                index = operation.to_index()
                creates = isinstance(operation, MoltresCreateIndexOp)
                ddl = CreateIndex(index) if creates else DropIndex(index)
                subject = f"the index {index.name!r} of {of_table}"
                return [Statement(ddl, subject)] if made_for(index, dialect) else []
            case MoltresRenameColumnOp():
                return [self._rename_column(operation)]
            case MoltresSetOptionsOp():
                keys = (*operation.current, *operation.desired)
                if any(key.startswith("sqlite_") for key in keys):
                    raise NeedsCopyError(f"set the options {dict(operation.desired)!r}")
                return []
            case MoltresSetCommentOp():
                return []  # SQLite has no comments
            case _:
                raise unknown(operation, of_table)

    def _rename_column(self, operation: MoltresRenameColumnOp) -> Statement:
        old, new = operation.old_name, operation.new_name
        self._current[new.lower()] = self._current.pop(old.lower(), old)
        text = f"RENAME COLUMN {self._writer.quoted(old)} TO {self._writer.quoted(new)}"
        return self._writer.alter_table(text, f"the column {old!r}")

    def _add_column(self, operation: MoltresAddColumnOp, inline: dict[str, list[str]]) -> Statement:
        column = operation.definition
        text = " ".join((self._writer.column(column), *inline.get(column.name.lower(), ())))
        if not _addable(text):
            raise NeedsCopyError(f"add the column {text}")
        return self._writer.alter_table(f"ADD COLUMN {text}", f"the column {column.name!r}")

    def _alter_column(self, operation: MoltresAlterColumnOp) -> None:
        if alteration(operation.current, operation.desired, self._writer):
            raise NeedsCopyError(f"alter the column {operation.column_name!r}")

    def _add_constraint(self, operation: MoltresAddConstraintOp) -> None:
        text = self._writer.constraint(operation.constraint)
        if text is not None:
            raise NeedsCopyError(f"add {text}")

    def _drop_constraint(self, operation: MoltresDropConstraintOp, dropped: set[str]) -> None:
        text = self._writer.constraint(operation.constraint)
        if text is None:
            return
        if self._stored is not None and not self._current:
            pieces = self._stored.pieces
            place = find(pieces, operation.constraint, self._writer, self._primary_key_of)
            with_column = (
                place.column is not None
                and column_name(pieces.columns[place.column]).lower() in dropped
            )
            if with_column:
                return
        raise NeedsCopyError(f"drop {text}")

    def _drop_column(
        self, operation: MoltresDropColumnOp, ops: list[MigrateOperation]
    ) -> Statement:
        name = operation.column_name
        if self._stored is not None:
            self._check_unused(self._stored, self._current.get(name.lower(), name), ops)
        text = f"DROP COLUMN {self._writer.quoted(name)}"
        return self._writer.alter_table(text, f"the column {name!r}")

    def _check_unused(self, stored: StoredTable, name: str, ops: list[MigrateOperation]) -> None:
        pieces = stored.pieces
        at = pieces.position(name)
        if at is None:
            return  # SQLite's own error says so
        kinds = {clause.kind for clause in clauses(pieces.columns[at])}
        others = (*pieces.columns[:at], *pieces.columns[at + 1 :], *pieces.constraints)
        if kinds & {"primary key", "unique"} or any(names(text, name) for text in others):
            raise NeedsCopyError(f"drop the column {name!r}, which is used")
        gone = {str(op.index_name).lower() for op in ops if isinstance(op, MoltresDropIndexOp)}
        check_indexes(stored, name, gone, self._writer)

    def _inline(
        self, ops: list[MigrateOperation]
    ) -> tuple[dict[str, list[str]], list[MoltresAddConstraintOp]]:
        """Return the clauses of added columns that stand in the block as constraints, and these."""
        added = [op.definition.name for op in ops if isinstance(op, MoltresAddColumnOp)]
        kinds = [type(op) for op in ops]
        first = kinds.index(MoltresAddColumnOp) if added else len(ops)
        renamed = MoltresRenameColumnOp in kinds[first:]  # names would not be those of ADD COLUMN
        inline: dict[str, list[str]] = {}
        merged: list[MoltresAddConstraintOp] = []
        for operation in ops:
            if not isinstance(operation, MoltresAddConstraintOp) or renamed:
                continue
            text = self._writer.constraint(operation.constraint)
            column = _column_of(operation, text, added)
            if text is not None and column is not None:
                inline.setdefault(column.lower(), []).append(_as_clause(text))
                merged.append(operation)
        return inline, merged


def _column_of(operation: MoltresAddConstraintOp, text: str | None, added: list[str]) -> str | None:
    """Return the added column whose definition can contain a constraint, the last one."""
    constraint = operation.constraint
    match constraint:
        case CheckConstraint() if text is not None:
            return next((name for name in reversed(added) if names(text, name)), None)
        case ForeignKeyConstraint(columns=(column,)):
            return column if column in added else None
    return None


def unknown(operation: MigrateOperation, subject: str) -> OperationError:
    """Return the error for an operation that no block contains."""
    return OperationError(
        f"{type(operation).__name__} cannot run inside moltres_alter_table (at {subject}); "
        "put it outside the block",
        operation,
    )


def check_indexes(stored: StoredTable, column: str, gone: Collection[str], writer: Writer) -> None:
    """Refuse to drop a column that an index of the table uses.

    Args:
        gone: the indexes that the block drops, in lower case.
    """
    for each in stored.own:
        if each.kind == "index" and each.name.lower() not in gone and each.indexes(column):
            raise OperationError(
                f"the index {each.name!r} uses the column {column!r}, which is dropped "
                f"(at {writer.of_table}); drop the index before it, in the same block",
                each.name,
            )


def _addable(text: str) -> bool:
    """Does ADD COLUMN take this definition, whatever rows there are?

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
    """Return the tokens of a default; none for NULL, which means none."""
    tokens = tokenize(clause)
    start = next(at for at, token in enumerate(tokens) if token.upper == "DEFAULT")
    value = [token for token in tokens[start + 1 :] if token.upper not in {"(", ")"}]
    return [] if [token.upper for token in value] == ["NULL"] else value


def _as_clause(text: str) -> str:
    """Return a table constraint as it stands in a column's definition.

    >>> _as_clause("CONSTRAINT fk FOREIGN KEY(a) REFERENCES p (id)")
    'CONSTRAINT fk REFERENCES p (id)'
    """
    if not isinstance(table_constraint(text), ForeignKeyText):
        return text
    tokens = tokenize(text)
    start = next(token.start for token in tokens if token.upper == "FOREIGN")
    end = next(token.start for token in tokens if token.upper == "REFERENCES")
    return f"{text[:start]}{text[end:]}"
