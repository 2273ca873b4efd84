"""A table as text: columns with their keys, and notes on what concerns several columns."""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import (
    CheckConstraint,
    ColumnDef,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.item_text import ItemText

HEADINGS = ("column", "type", "null", "default", "keys")
TEXTS = ItemText()


def rows(table: TableSchema) -> list[tuple[str, ...]]:
    """Return a row of text for each column, as `HEADINGS` has them.

    >>> from alembic_moltres.schema import column, primary_key
    >>> rows(TableSchema("t", [column("a", "TEXT", default="x")], constraints=[primary_key("a")]))
    [('a', 'TEXT', 'no', "'x'", 'primary key')]
    """
    keys = _keys(table)
    primary = {
        name
        for item in table.constraints
        if isinstance(item, PrimaryKeyConstraint)
        for name in item.columns
    }
    return [
        (
            column.name,
            column.type_name,
            "yes" if column.nullable and column.name not in primary else "no",
            _default(column),
            ", ".join(keys.get(column.name, ())),
        )
        for column in table.columns
    ]


def notes(table: TableSchema) -> Iterator[str]:
    """Yield lines about what `rows` lacks: checks, keys of several columns, indexes, options."""
    for column in table.columns:
        if column.computed is not None:
            yield f"computed {column.name} = {TEXTS.value(column.computed.expression)}"
        yield from (f"check {TEXTS.value(check.expression)}" for check in column.constraints)
        if column.comment is not None:
            yield f"comment of {column.name} {column.comment!r}"
    for item in table.constraints:
        match item:
            case CheckConstraint():
                yield f"check {_named(item.name)}{TEXTS.value(item.expression)}"
            case UniqueConstraint() if len(item.columns) > 1:
                yield f"unique {_named(item.name)}{TEXTS.constraint(item)}"
            case ForeignKeyConstraint() if len(item.columns) > 1:
                yield f"foreign key {_named(item.name)}{TEXTS.constraint(item)}"
            case ExcludeConstraint():
                yield f"exclude {_named(item.name)}{TEXTS.constraint(item)}"
            case _:
                continue
    yield from map(_index, table.indexes)
    yield from (f"option {key} = {value!r}" for key, value in table.dialect_options.items())
    if table.comment is not None:
        yield f"comment {table.comment!r}"


def _keys(table: TableSchema) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for item in table.constraints:
        match item:
            case PrimaryKeyConstraint():
                for name in item.columns:
                    keys.setdefault(name, []).append("primary key")
            case UniqueConstraint() if len(item.columns) == 1:
                keys.setdefault(item.columns[0], []).append(f"unique {_behind(item)}".rstrip())
            case ForeignKeyConstraint() if len(item.columns) == 1:
                keys.setdefault(item.columns[0], []).append(_behind(item))
            case _:
                continue
    return keys


def _behind(item: UniqueConstraint | ForeignKeyConstraint) -> str:
    """Return what stands behind the columns of a constraint.

    >>> from alembic_moltres.schema import foreign_key
    >>> _behind(foreign_key("user_id", "users", "id", on_delete="CASCADE"))
    'references users(id) on delete CASCADE'
    """
    return TEXTS.constraint(item).removeprefix(TEXTS.names(item.columns)).lstrip()


def _index(index: Index) -> str:
    unique = "unique index" if index.unique else "index"
    return f"{unique} {index.name} on {TEXTS.index(index)}"


def _default(column: ColumnDef) -> str:
    if column.identity is not None:
        return "identity"
    if column.sequence is not None:
        return f"nextval {column.sequence.name}"
    return "" if column.default is None else TEXTS.value(column.default)


def _named(name: str | None) -> str:
    return f"{name} " if name else ""
