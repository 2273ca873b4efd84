"""Finds the labels that a revision uses: those among the strings in its changes.

PostgreSQL does not allow a label added by ADD VALUE to be used in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from ..schema import DDL, SQL, ColumnDef, TableSchema
from ..sqltext import POSTGRESQL, tokens
from .changes.alter_table import AlterTable


def strings_of(altered: Iterable[AlterTable], tables: Iterable[TableSchema]) -> list[str]:
    """Return the string literals in changes of tables and in tables created or dropped.

    >>> from alembic_moltres.schema import check
    >>> strings_of((), [TableSchema("t", [], constraints=[check("mood <> 'sad'")])])
    ['sad']
    """
    changes = (change for table in altered for change in table.changes)
    return [*_strings(tuple(changes)), *_strings(tuple(tables))]


def _strings(value: object) -> Iterator[str]:
    match value:
        case SQL(text=text, variants=variants):
            yield from _literals(text, *filter(None, variants.values()))
        case DDL(statement=statement):
            yield from _literals(statement)
        case tuple():
            for each in value:
                yield from _strings(each)
        case Mapping():
            yield from _strings(tuple(value.values()))
        case _ if is_dataclass(value):
            if isinstance(value, ColumnDef) and isinstance(value.default, str):
                yield value.default
            yield from _strings(
                tuple(getattr(value, each.name) for each in fields(cast(Any, value)))
            )


def _literals(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (str(token.value) for token in tokens(text, POSTGRESQL) if token.is_string)


def uses(strings: Iterable[str], labels: Iterable[str]) -> bool:
    """Tell whether one of these strings is one of the labels, or an array with one.

    >>> uses(["{glad,sad}"], ["sad"]), uses(["sadness"], ["sad"])
    (True, False)
    """
    wanted = set(labels)
    return any(
        not wanted.isdisjoint(_elements(each) if each.startswith("{") else (each,))
        for each in strings
    )


def _elements(array: str) -> set[str]:
    return {each.strip(' "{}') for each in array.split(",")}
