"""The kinds of change, as `change_kinds` lists them, of an altered column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ...diff import AlterColumn
from ...errors import MoltresError
from ...schema import ColumnDef, TableSchema
from ...schema.base import distinct
from ...sqltext import MYSQL, tokens
from ..base.ddl import DDLWriter
from .change_kinds import ChangeKind

BYTES: Final = 4
"""The maximal length of a character in utf8mb4, in bytes."""

LONGEST_KEY: Final = 3072
"""The maximal length of InnoDB's keys in bytes; a longer unique key is implemented by hashes."""

SHORT: Final = 255
"""The length of a string of up to so many bytes is stored in one byte."""

ALIKE: Final = 127
"""A length up to so many bytes is stored alike in one byte and in two (MDEV-15563)."""

_VARCHAR: Final = re.compile(r"VARCHAR\((\d+)\)")


def altered(change: AlterColumn, table: TableSchema | None, ddl: DDLWriter) -> Iterator[ChangeKind]:
    """Yield the kinds of a column that is altered in a table."""
    current, desired = change.current, change.desired
    if current.computed is not None or desired.computed is not None:
        yield _computed(current, desired)
        return
    if change.retypes:
        types = ddl.column(current).type, ddl.column(desired).type
        if not _is_kept(*types):
            yield ChangeKind.ANOTHER_TYPE
        elif _outgrows(*types) and _is_indexed(desired, table):
            yield ChangeKind.LONGER_COLUMN_WITH_INDEX
    if change.fills_null:
        yield ChangeKind.COLUMN_FILLED
    if current.nullable != desired.nullable:
        yield ChangeKind.NULL_OR_NOT_NULL
    if distinct(current.default) != distinct(desired.default) or current != desired:
        yield ChangeKind.ALTER_COLUMN


def _computed(current: ColumnDef, desired: ColumnDef) -> ChangeKind:
    stored = is_stored(desired) or desired.computed is None
    return ChangeKind.COMPUTED if stored else ChangeKind.ALTER_COLUMN


def is_stored(column: ColumnDef) -> bool:
    """Tell whether a column is computed and stored, not virtual."""
    return column.computed is not None and column.computed.persisted is True


def is_virtual(column: ColumnDef) -> bool:
    """Tell whether a column is computed when it is read."""
    return column.computed is not None and not is_stored(column)


def _is_kept(old: str, new: str) -> bool:
    """Tell whether stored values of a type are valid for another type without conversion."""
    if old == new:
        return True
    before, after = (_VARCHAR.match(text) for text in (old, new))
    if before and after:
        short, long = int(before[1]), int(after[1])
        rests = (text[match.end() :] for text, match in ((old, before), (new, after)))
        charsets = {rest.partition("COLLATE")[0].strip() for rest in rests}
        return len(charsets) == 1 and long >= short and _is_length_kept(short, long)
    return _labels(new)[: len(_labels(old))] == _labels(old) != []


def _outgrows(old: str, new: str) -> bool:
    """Tell whether a string becomes too long for a key, so that only a prefix is indexed."""
    return _letters(old) * BYTES <= LONGEST_KEY < _letters(new) * BYTES


def _is_indexed(column: ColumnDef, table: TableSchema | None) -> bool:
    return table is not None and any(column.name in each.columns for each in table.indexes)


def is_text(column: ColumnDef) -> bool:
    """Tell whether a column has a character set."""
    return any(word in column.type_name for word in ("CHAR", "TEXT", "ENUM", "SET", "JSON"))


def _letters(text: str) -> int:
    match = _VARCHAR.match(text)
    return int(match[1]) if match else 0


def _is_length_kept(short: int, long: int) -> bool:
    """Tell whether lengths are stored as before: in one byte up to 255, and alike up to 127."""
    before, after = short * BYTES, long * BYTES
    return before <= ALIKE or before > SHORT or after <= SHORT


def _labels(text: str) -> list[str]:
    """Return the labels of an ENUM or a SET; empty for another type."""
    stream = tokens(text, MYSQL)
    if not stream or stream[0].upper not in {"ENUM", "SET"}:
        return []
    return [token.value for token in stream if token.kind in {"string", "escaped"}]


def is_long(columns: Sequence[str], table: TableSchema | None, ddl: DDLWriter) -> bool:
    """Tell whether a unique key is too long for InnoDB, which then implements it by hashes."""
    if table is None:
        return False
    length = 0
    for each in table.columns:
        if each.name in columns:
            try:
                text = ddl.column(each).type
            except MoltresError:
                continue
            match = _VARCHAR.match(text)
            length += int(match[1]) * BYTES if match else 0
            if "TEXT" in text or "BLOB" in text:
                return True
    return length > LONGEST_KEY
