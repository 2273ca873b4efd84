"""Changes as lines of text, by table: added, dropped, altered and renamed items.

    users
      + column email VARCHAR(254) not null
      ~ column name: VARCHAR(50) -> VARCHAR(100), not null
      rename column mail -> email

`Change.lines` describes each change. Rows are data; `lines` makes text of them, a command JSON or
colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..messages import one_line
from ..schema.item_text import ItemText
from .changes.alter_table import AlterTable
from .changes.base import Change, Line
from .changes.tables import AddForeignKeys, CreateTable, DropForeignKeys, DropTable

SIGNS: Final = {"add": "+", "drop": "-", "alter": "~", "rename": "rename"}
"""The first characters of a line, by action."""

SHORT: Final = ItemText(longest=60)
"""The texts of items, with expressions short enough for a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a summary.

    Attributes:
        action: a key of `SIGNS`; this and the next three are those of a change's `Line`.
        kind: of the item.
        name: of the item; empty for none.
        text: the item, or its differences.
        table: the table with its schema; empty for an object outside tables.
        remarks: warnings; see `autogenerate.remarks`.
        change: the change that it describes, one inside an `AlterTable` itself.

    >>> str(Row("alter", "column", "name", "VARCHAR(50) -> VARCHAR(100)", "users"))
    '~ column name: VARCHAR(50) -> VARCHAR(100)'
    """

    action: str
    kind: str
    name: str
    text: str
    table: str = ""
    remarks: tuple[str, ...] = field(default=(), compare=False, repr=False)
    change: Change | None = field(default=None, compare=False, repr=False)

    @property
    def is_inside(self) -> bool:
        """Whether it is a change inside a table, printed below the table's name."""
        return bool(self.table) and self.kind != "table"

    def __str__(self) -> str:
        """Return the line, without its table."""
        start = f"{SIGNS[self.action]} {self.kind}"
        if self.name:
            start += f" {ItemText().name(self.name)}"
        between = {"alter": ": ", "rename": " -> "}.get(self.action, " ")
        return one_line(f"{start}{between}{self.text}" if self.text else start)


def summary(changes: Iterable[Change], texts: ItemText = SHORT) -> list[Row]:
    """Return the rows of changes, in their order.

    An item that is dropped and added again under its name is one row. A change that another one
    implies has none, such as the foreign keys of a created table.

    Args:
        changes: of a whole database.
        texts: formats the items, for its dialect and with its maximal length.

    >>> from ..schema import TableSchema, column
    >>> summary([DropTable(TableSchema("tags", [column("name", "TEXT")]))])
    [Row(action='drop', kind='table', name='tags', text='(name)', table='tags')]
    """
    changes = tuple(changes)
    whole = {each.table.key for each in changes if isinstance(each, CreateTable | DropTable)}
    rows: list[Row] = []
    for change in changes:
        match change:
            case AlterTable():
                rows += _inside(change, texts)
            case AddForeignKeys() | DropForeignKeys() if change.of_table in whole:
                continue
            case _:
                rows += [Row(*line, change.of_table, change=change) for line in change.lines(texts)]
    return rows


def lines(rows: Iterable[Row]) -> Iterator[tuple[str, Row | None]]:
    """Yield lines of text, each with its row; the line with the name of a table has none.

    >>> rows = [Row("add", "table", "tags", "(id)", "tags"), Row("add", "column", "a", "", "b")]
    >>> [text for text, _ in lines(rows)]
    ['+ table tags (id)', 'b', '  + column a']
    """
    heading = ""
    for row in rows:
        if row.is_inside and row.table != heading:
            yield one_line(ItemText().name(row.table)), None
        heading = row.table if row.is_inside else ""
        yield f"  {row}" if row.is_inside else str(row), row


def _inside(block: AlterTable, texts: ItemText) -> Iterator[Row]:
    """Yield the rows inside a table; a changed constraint or index is one row."""
    lines = [(change, line) for change in block.changes for line in change.lines(texts)]
    for change, line in lines:
        dropped, added = (_only(action, line, lines) for action in ("drop", "add"))
        if dropped is None or added is None:
            yield Row(*line, block.of_table, change=change)
        elif line is added:
            again = dropped.text == added.text
            text = f"{added.text}, made again" if again else f"{dropped.text} -> {added.text}"
            yield Row("alter", line.kind, line.name, text, block.of_table, change=change)


def _only(action: str, line: Line, lines: Iterable[tuple[Change, Line]]) -> Line | None:
    """Return the only such line of a constraint or index; columns, which lose values, have none."""
    if line.action not in {"add", "drop"} or line.kind == "column" or not line.name:
        return None
    matching = [each for _, each in lines if each[:3] == (action, line.kind, line.name)]
    return matching[0] if len(matching) == 1 else None
