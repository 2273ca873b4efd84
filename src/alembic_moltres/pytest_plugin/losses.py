"""Rows and values lost by a revision, from the rows of all tables before it and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..history.state import State
from ..messages import one_line, shortened
from ..schema import TableSchema
from .steps import Place

Row = Mapping[str, Any]
RowsByTable = dict[str, list[Row]]
"""The rows of each table, as the driver returns them."""

SHOWN = 60
"""How much of a value a message shows."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A row or value that a revision has lost or changed.

    Attributes:
        table: its name before the revision.
        column: the same; `None` for whole rows.
        text: what happened.
    """

    table: str
    column: str | None
    text: str

    @property
    def place(self) -> str:
        """The table or the column, as `expected_losses` names it."""
        return self.table if self.column is None else f"{self.table}.{self.column}"


def rows_by_table(connection: Connection, keys: Mapping[str, TableSchema]) -> RowsByTable:
    """Return the rows of existing tables."""
    found: RowsByTable = {}
    inspector = sa.inspect(connection)
    for key, table in keys.items():
        if inspector.has_table(str(table.name), schema=table.schema):
            source = sa.table(table.name, schema=table.schema)
            rows = connection.execute(sa.select(sa.text("*")).select_from(source))
            found[key] = [dict(each) for each in rows.mappings()]
    return found


def losses(
    state: State,
    before: RowsByTable,
    after: RowsByTable,
    table_after: Callable[[str], str],
    column_after: Callable[[str, str], Place],
) -> Iterator[Loss]:
    """Yield the rows and values lost by a revision.

    Args:
        state: the tables before.
        before: their rows.
        after: the rows of all tables after.
        table_after: maps a table's name to the one after.
        column_after: maps a column's place to the one after.
    """
    for key, rows in before.items():
        if not rows:
            continue
        remaining = after.get(table_after(key))
        if remaining is None:
            yield Loss(key, None, f"the table is gone, with its {_counted(len(rows))}")
        else:
            names = {name: column_after(key, name)[1] for name in rows[0]}
            yield from _in_table(state.tables[key], rows, remaining, names)


def _in_table(
    table: TableSchema, rows: Sequence[Row], remaining: Sequence[Row], names: dict[str, str]
) -> Iterator[Loss]:
    if not remaining:
        yield Loss(table.key, None, _gone(len(rows), len(rows)))
        return
    kept = {old: new for old, new in names.items() if new in remaining[0]}
    for name in names.keys() - kept.keys():
        values = [row[name] for row in rows if row[name] is not None]
        if values:
            yield Loss(table.key, name, f"the column is gone, with values such as {_shown(values)}")
    missing, pairs = _pairs(_key_of(table, kept), rows, remaining, kept)
    if missing:
        example = {name: missing[0][name] for name in list(missing[0])[:3]}
        yield Loss(table.key, None, f"{_gone(len(missing), len(rows))}, as {example!r}")
    for old, new in kept.items():
        changed = [(a[old], b[new]) for a, b in pairs if not same(a[old], b[new])]
        if changed:
            was, now = (_shown([each]) for each in changed[0])
            yield Loss(table.key, old, f"{was} became {now} ({len(changed)} of {len(pairs)} rows)")


def _key_of(table: TableSchema, kept: dict[str, str]) -> list[str]:
    """Return the columns that identify a row: the primary key, or else all."""
    key = table.primary_key
    names = [str(each) for each in key.columns] if key is not None else []
    return names if names and all(each in kept for each in names) else list(kept)


def _pairs(
    key: Sequence[str], rows: Sequence[Row], remaining: Sequence[Row], kept: dict[str, str]
) -> tuple[list[Row], list[tuple[Row, Row]]]:
    """Return the missing rows, and the others with their rows after."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in remaining:
        by_key.setdefault(tuple(plain(row[kept[name]]) for name in key), []).append(row)
    missing, pairs = [], []
    for row in rows:
        matches = by_key.get(tuple(plain(row[name]) for name in key))
        if matches:
            pairs.append((row, matches.pop()))
        else:
            missing.append(row)
    identified_by_all_columns = len(key) == len(kept)
    if identified_by_all_columns and len(missing) == len(rows) == len(
        remaining
    ):  # a value has changed
        return [], list(zip(rows, remaining, strict=True))
    return missing, pairs


def same(one: Any, other: Any) -> bool:
    """Tell whether a value is the same, in another type perhaps.

    >>> same(1, "1"), same(Decimal("1.50"), 1.5), same("x", "X"), same(None, "")
    (True, True, False, False)
    """
    if one is None or other is None:
        return one is other
    return bool(one == other) or plain(one) == plain(other)


def plain(value: Any) -> str:
    """Return a value as text that does not depend on its type.

    >>> plain(True), plain("t"), plain(1.0), plain("a  "), plain(b"a")
    ('1', 't', '1', 'a', 'a')
    """
    match value:
        case bool():
            return str(int(value))
        case bytes() | bytearray() | memoryview():
            return bytes(value).decode(errors="backslashreplace")
        case datetime() | date() | time():
            return value.isoformat().replace("T", " ").removesuffix(" 00:00:00")
        case int() | float() | Decimal() | str():
            return _number(str(value).rstrip())
    return repr(value)


def _number(text: str) -> str:
    """Return a number in one form; other text as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text.removesuffix(".000000").removesuffix(" 00:00:00")
    return f"{number.normalize():f}" if number.is_finite() else text


def _counted(rows: int) -> str:
    return f"{rows} row{'s' if rows > 1 else ''}"


def _gone(missing: int, rows: int) -> str:
    if missing == rows:
        return "the only row is gone" if rows == 1 else f"all {rows} rows are gone"
    return f"{_counted(missing)} of {rows} {'is' if missing == 1 else 'are'} gone"


def _shown(values: Sequence[Any]) -> str:
    return shortened(one_line(repr(values[0])), SHOWN)
