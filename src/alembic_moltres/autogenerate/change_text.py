"""Changes as lines that a person reads, with what was there before and what is there now."""

from __future__ import annotations

from collections.abc import Iterator

from ..diff import AlterColumn, AlterTable, Change, CreateTable, DropTable, SetComment, SetOptions
from ..diff.changes.base import called
from ..diff.changes.columns import PARTS
from ..messages import one_line
from ..schema import SQL, ColumnDef

WHOLE = ("nullable", "type_variants")
"""The parts of a column that are no value of their own in a text."""


def change_text(change: Change) -> Iterator[tuple[str, str]]:
    """Give the table's key and a line of text for each thing that a change has done.

    >>> from alembic_moltres.schema import column
    >>> short, long = (column("name", f"VARCHAR({n})") for n in (20, 50))
    >>> list(change_text(AlterTable("users", None, (AlterColumn(short, long),))))
    [('users', "type of column 'users.name' changed from VARCHAR(20) to VARCHAR(50)")]
    """
    match change:
        case AlterTable():
            table = called(change.key)
            for each in change.changes:
                yield from ((table, one_line(text)) for text in _inside(each, table))
        case CreateTable(table=created) | DropTable(table=created):
            yield created.key, one_line(change.message())
        case _:
            text = change.message()
            if text:
                yield "", one_line(text)


def _inside(change: Change, table: str) -> Iterator[str]:
    match change:
        case AlterColumn():
            yield from _column(change, f"'{table}.{change.desired.name}'")
        case SetComment():
            yield f"comment of table {table!r} changed {_from(change.current, change.desired)}"
        case SetOptions():
            for name in sorted({*change.current, *change.desired}):
                before, after = change.current.get(name), change.desired.get(name)
                yield f"option {name} of table {table!r} changed {_from(before, after)}"
        case _:
            text = change.message(table)
            if text:
                yield text


def _column(change: AlterColumn, name: str) -> Iterator[str]:
    current, desired = change.current, change.desired
    if current.nullable != desired.nullable:
        yield f"column {name} {'made nullable' if desired.nullable else 'made NOT NULL'}"
    for part, word in PARTS.items():
        before, after = getattr(current, part), getattr(desired, part)
        if part not in WHOLE and before != after:
            yield f"{word} of column {name} changed {_from(before, after, part)}"
    if current.type_name == desired.type_name and current.type_variants != desired.type_variants:
        yield f"type of column {name} changed from {_types(current)} to {_types(desired)}"


def _types(column: ColumnDef) -> str:
    return f"{column.type_name} {dict(column.type_variants)!r}"


def _from(before: object, after: object, part: str = "") -> str:
    return f"from {_shown(before, part)} to {_shown(after, part)}"


def _shown(content: object, part: str) -> str:
    if content is None:
        return "none"
    if part == "type_name":
        return str(content)
    return content.text if isinstance(content, SQL) else repr(content)
