"""Changes as lines that a person reads: what is added, dropped, altered and renamed, by table.

    users
      + column email VARCHAR(254) not null
      ~ column name: VARCHAR(50) -> VARCHAR(100), not null
      rename column mail -> email

The rows are data; `lines` makes text of them, a command JSON or colour. Not here: the messages of
the log, which each change has itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..datatypes import DataType
from ..messages import one_line
from ..schema import ColumnDef, Constraint, Index
from ..schema.item_text import ItemText
from .changes import (
    AddColumn,
    AddForeignKeys,
    AlterColumn,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateTable,
    DropForeignKeys,
    DropTable,
    RenameColumn,
    RenameGeneratedNames,
    RenameTable,
    SetComment,
    SetOptions,
)
from .changes.base import Addition, Removal, called
from .order import added_later

SIGNS: Final = {"add": "+", "drop": "-", "alter": "~", "rename": "rename"}
"""What a line begins with, by what is done."""

SHORT: Final = ItemText(longest=60)
"""Expressions of a length that fits into a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is done.

    Attributes:
        action: a key of `SIGNS`.
        kind: of the item: "table", "column", "unique index", "check", "enum type", ...
        name: of the item, the old one of a rename; empty for none.
        text: what it is; for an altered one what becomes of it, for a renamed one its new name.
        table: with its schema; empty for what is outside of tables.
        remarks: what to know before; see `autogenerate.remarks`.
        change: what it was made of, inside its `AlterTable`.

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
        """Is it a change inside a table, which stands below the table's name?"""
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

    An item that is dropped and added again under its name is one row. What another change implies
    has none, such as the foreign keys of a table that is created.

    Args:
        changes: of a whole database.
        texts: writes the items; for its dialect, and no longer than it allows.

    >>> from ..schema import column
    >>> change = AlterTable("users", None, (AddColumn(column("age", "INTEGER")),))
    >>> summary([change])
    [Row(action='add', kind='column', name='age', text='INTEGER', table='users')]
    """
    changes = tuple(changes)
    whole = {each.table.key for each in changes if isinstance(each, CreateTable | DropTable)}
    rows: list[Row] = []
    for change in changes:
        match change:
            case AddForeignKeys(table=table) | DropForeignKeys(table=table):
                action = "add" if isinstance(change, AddForeignKeys) else "drop"
                later = () if table.key in whole else added_later(table)
                rows += [_item(action, each, table.key, texts) for each in later]
            case _:
                rows += [replace(row, change=row.change or change) for row in _rows(change, texts)]
    return rows


def lines(rows: Iterable[Row]) -> Iterator[tuple[str, Row | None]]:
    """Give lines of text, each with its row; the line with the name of a table has none.

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


def _rows(change: Change, texts: ItemText) -> Iterator[Row]:
    match change:
        case AlterTable():
            table = called(change.key)
            yield from (replace(row, table=table) for row in _merged(change.changes, texts))
        case CreateTable(table=table):
            yield Row("add", "table", table.key, texts.table(table), table.key)
        case DropTable(table=table):
            yield Row("drop", "table", table.key, texts.table(table), table.key)
        case RenameTable():
            current, desired = ((change.schema, each) for each in (change.current, change.desired))
            yield Row("rename", "table", called(current), called(desired), called(desired))
        case AlterEnum():
            before, after = change.types()
            name = called((before.kwargs.get("schema"), before.kwargs["name"]))  # type: ignore[arg-type]
            yield Row("alter", "enum type", name, _labels(before, after, change.renamed))
        case AlterSequence(current=current, desired=desired):
            name = called((desired.schema, desired.name))
            yield Row("alter", "sequence", name, _sequence(current, desired, texts))


def _merged(changes: Iterable[Change], texts: ItemText) -> Iterator[Row]:
    """Give the rows inside a table; a constraint or index that changes is one of them."""
    changes = tuple(changes)
    removals, additions = (
        [_item("alter", each.item, "", texts) for each in changes if isinstance(each, kind)]
        for kind in (Removal, Addition)
    )
    for change in changes:
        row = (
            _item("alter", change.item, "", texts)
            if isinstance(change, Addition | Removal)
            else None
        )
        dropped, added = _same(row, removals), _same(row, additions)
        if dropped is None or added is None:
            yield from (replace(each, change=change) for each in _inside(change, texts))
        elif isinstance(change, Addition):
            again = dropped.text == added.text
            text = f"{added.text}, made again" if again else f"{dropped.text} -> {added.text}"
            yield replace(added, text=text, change=change)


def _same(row: Row | None, rows: Iterable[Row]) -> Row | None:
    """Return the only row of the same constraint or index; a dropped column loses its values."""
    if row is None or row.kind == "column" or not row.name:
        return None
    found = [each for each in rows if (each.kind, each.name) == (row.kind, row.name)]
    return found[0] if len(found) == 1 else None


def _inside(change: Change, texts: ItemText) -> Iterator[Row]:
    match change:
        case AddColumn(fill=fill, column=column):
            row = _item("add", column, "", texts)
            rest = "" if fill is None else f", {texts.value(fill)} in existing rows"
            yield replace(row, text=f"{row.text}{rest}")
        case Addition() | Removal():
            action = "add" if isinstance(change, Addition) else "drop"
            yield _item(action, change.item, "", texts)
        case AlterColumn():
            yield Row("alter", "column", str(change.desired.name), _altered(change, texts))
        case RenameColumn(current=current, desired=desired):
            yield Row("rename", "column", str(current), texts.name(desired))
        case RenameGeneratedNames():
            for kind, names in (("constraint", "constraints"), ("sequence", "sequences")):
                for current, desired in getattr(change, names).items():
                    yield Row("rename", kind, str(current), texts.name(desired))
        case SetComment(current=current, desired=desired):
            yield Row("alter", "comment", "", _from(current, desired, texts))
        case SetOptions():
            for name in sorted({*change.current, *change.desired}):
                before, after = change.current.get(name), change.desired.get(name)
                yield Row("alter", "option", name, _from(before, after, texts))


def _item(action: str, item: Any, table: str, texts: ItemText) -> Row:
    match item:
        case ColumnDef():
            return Row(action, "column", str(item.name), texts.column(item), table)
        case Index():
            kind = "unique index" if item.unique else "index"
            return Row(action, kind, str(item.name), texts.index(item), table)
        case _:
            constraint: Constraint = item
            kind = constraint.function.replace("_", " ")
            name = str(constraint.name or "")
            return Row(action, kind, name, texts.constraint(constraint), table)


def _altered(change: AlterColumn, texts: ItemText) -> str:
    """Return what changes of a column, of what is not there before only what becomes of it."""
    current, desired = change.current, change.desired
    parts = [_type(current, desired, texts)] if change.retypes else []
    if current.nullable != desired.nullable:
        fill = f", NULL becomes {texts.value(desired.default)}" if change.fills_null else ""
        parts.append("null allowed" if desired.nullable else f"not null{fill}")
    for name in ("default", "comment"):
        before, after = getattr(current, name), getattr(desired, name)
        if before != after or type(before) is not type(after):
            parts.append(f"{name} {_from(before, after, texts)}")
    for name in ("computed", "identity", "sequence"):
        before, after = getattr(current, name), getattr(desired, name)
        if before != after:
            shown = [name if each is None else texts.generated(each) for each in (before, after)]
            parts.append(f"no longer {shown[0]}" if after is None else _arrow(before, shown))
    if current.autoincrement != desired.autoincrement:
        parts.append(f"autoincrement {current.autoincrement} -> {desired.autoincrement}")
    if current.constraints != desired.constraints:
        checks = [
            " ".join(f"check {texts.constraint(each)}" for each in column.constraints) or "none"
            for column in (current, desired)
        ]
        parts.append(" -> ".join(checks))
    options = (current.dialect_options, desired.dialect_options)
    for name in sorted({*options[0], *options[1]}):
        before, after = (each.get(name) for each in options)
        if before != after:
            parts.append(f"{name} {_from(before, after, texts)}")
    return ", ".join(parts)


def _arrow(before: object, shown: list[str]) -> str:
    return shown[1] if before is None else " -> ".join(shown)


def _from(before: object, after: object, texts: ItemText) -> str:
    if before is None:
        return texts.value(after)
    return f"{texts.value(before)} -> {texts.value(after)}"


def _type(current: ColumnDef, desired: ColumnDef, texts: ItemText) -> str:
    before, after = texts.type(current), texts.type(desired)
    if before == after:  # it differs on another database
        before, after = ItemText().type(current), ItemText().type(desired)
    if "ENUM(" in before and "ENUM(" in after:
        types = [DataType.parse(each.type_name) for each in (current, desired)]
        if types[0].name == types[1].name and types[0].kwargs == types[1].kwargs:
            return f"{types[1].name} {_labels(types[0], types[1], {})}"
    return f"{before} -> {after}"


def _labels(before: DataType, after: DataType, renamed: Any) -> str:
    """Return which labels of an enum type are added, dropped, renamed and moved."""
    gone = [each for each in before.args if each not in (*after.args, *renamed)]
    new = [each for each in after.args if each not in (*before.args, *renamed.values())]
    parts = [f"+ {each!r}" for each in new] + [f"- {each!r}" for each in gone]
    parts += [f"rename {old!r} -> {given!r}" for old, given in renamed.items()]
    kept = [renamed.get(each, each) for each in before.args if each not in gone]
    if kept != [each for each in after.args if each not in new] or not parts:
        parts.append(f"order {', '.join(map(repr, after.args))}")
    return ", ".join(parts)


def _sequence(current: Any, desired: Any, texts: ItemText) -> str:
    before, after = dict(current.call().kwargs), dict(desired.call().kwargs)
    return ", ".join(
        f"{name} {_from(before.get(name), after.get(name), texts)}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )
