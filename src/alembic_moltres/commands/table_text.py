"""A table as a person reads it: columns with their keys, and what does not belong to one column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)

HEADINGS = ("column", "type", "null", "default", "keys")


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
    """Give lines about what is not in `rows`: checks, keys of several columns, indexes, options."""
    for column in table.columns:
        if column.computed is not None:
            yield f"computed {column.name} = {_text(column.computed.expression)}"
        yield from (f"check {_text(check.expression)}" for check in column.constraints)
    for item in table.constraints:
        match item:
            case CheckConstraint():
                yield f"check {_named(item.name)}{_text(item.expression)}"
            case UniqueConstraint() if len(item.columns) > 1:
                yield f"unique {_named(item.name)}{_listed(item.columns)}"
            case ForeignKeyConstraint() if len(item.columns) > 1:
                yield f"foreign key {_named(item.name)}{_listed(item.columns)} {_target(item)}"
            case ExcludeConstraint():
                yield f"exclude {_named(item.name)}{_listed(each for each, _ in item.elements)}"
            case _:
                continue
    yield from map(_index, table.indexes)
    yield from (f"option {key} = {value!r}" for key, value in table.dialect_options.items())
    if table.comment is not None:
        yield f"comment {table.comment!r}"


def _keys(table: TableSchema) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in table.constraints:
        match item:
            case PrimaryKeyConstraint():
                for name in item.columns:
                    found.setdefault(name, []).append("primary key")
            case UniqueConstraint() if len(item.columns) == 1:
                found.setdefault(item.columns[0], []).append("unique")
            case ForeignKeyConstraint() if len(item.columns) == 1:
                found.setdefault(item.columns[0], []).append(_target(item))
            case _:
                continue
    return found


def _target(key: ForeignKeyConstraint) -> str:
    schema = f"{key.references_schema}." if key.references_schema else ""
    return f"references {schema}{key.references_table}({', '.join(key.references_columns)})"


def _index(index: Index) -> str:
    unique = "unique index" if index.unique else "index"
    options = ", ".join(f"{key}={value!r}" for key, value in index.dialect_options.items())
    behind = f" ({options})" if options else ""
    return f"{unique} {index.name} on {_listed(index.elements)}{behind}"


def _default(column: ColumnDef) -> str:
    if column.identity is not None:
        return "identity"
    if column.sequence is not None:
        return f"nextval {column.sequence.name}"
    return "" if column.default is None else _text(column.default)


def _listed(elements: Iterable[object]) -> str:
    texts = (each if isinstance(each, str) else _text(each) for each in elements)
    return f"({', '.join(texts)})"


def _text(content: object) -> str:
    return content.text if isinstance(content, SQL) else repr(content)


def _named(name: str | None) -> str:
    return f"{name} " if name else ""
