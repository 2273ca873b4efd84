"""The changes of enum types, domains and sequences that exist beside the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from ..datatypes import DataType
from ..dialects.base.registry import impl_of
from ..diff import (
    AlterDomain,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateSequence,
    CreateType,
    DropType,
)
from ..schema import ColumnDef, TableSchema
from ..schema import Sequence as SequenceValue
from ..schema.named_types import DOMAIN, TypeKey, created_types, named_in


def changes_outside_tables(
    connection: Connection, types: Sequence[str], sequences: Sequence[SequenceValue]
) -> list[Change]:
    """Return the changes that give the database these types and sequences; others are kept."""
    impl = impl_of(connection.dialect)
    existing_types = impl.existing_types(connection, types) if types else {}
    changes = [each for text, kept in existing_types.items() for each in type_changes(kept, text)]
    existing_sequences = impl.existing_sequences(connection, sequences) if sequences else {}
    return [*changes, *sequence_changes(existing_sequences)]


def sequence_changes(
    existing: Mapping[SequenceValue, SequenceValue | None],
) -> Iterator[Change]:
    """Yield the changes that turn each sequence, `None` if it is missing, into its key."""
    for desired, current in existing.items():
        if current is None:
            yield CreateSequence(desired)
        elif current != desired:
            yield AlterSequence(current, desired)


def type_changes(current: str | None, desired: str) -> Iterator[Change]:
    """Yield the changes that turn a type of the database, `None` if it is missing, into another."""
    if current is None:
        yield CreateType(desired)
    elif current != desired:
        before, after = DataType.parse(current), DataType.parse(desired)
        if (before.name == DOMAIN) == (after.name == DOMAIN):
            change = AlterDomain if after.name == DOMAIN else AlterEnum
            yield change(str(_named_alike(before, after)), desired)
        else:
            yield DropType(current)
            yield CreateType(desired)


def _named_alike(current: DataType, desired: DataType) -> DataType:
    """Return a type of the database as the models write its name and its schema."""
    place = {name: desired.kwargs[name] for name in ("name", "schema") if name in desired.kwargs}
    rest = {name: each for name, each in current.kwargs.items() if name not in {"name", "schema"}}
    return DataType(desired.name, current.args, {**place, **rest})


def made_types(changes: Iterable[Change], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types of what is created."""
    return _types_of((change.sides()[1] for change in _with_inside(changes)), dialect)


def lost_types(changes: Iterable[Change], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types of what is dropped."""
    return _types_of((change.sides()[0] for change in _with_inside(changes)), dialect)


def _types_of(items: Iterable[Any], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    for item in items:
        match item:
            case TableSchema(columns=columns):
                yield from _named(columns, dialect)
            case ColumnDef():
                yield from _named([item], dialect)


def _with_inside(changes: Iterable[Change]) -> Iterator[Change]:
    for change in changes:
        yield change
        if isinstance(change, AlterTable):
            yield from change.changes


def _named(columns: Iterable[ColumnDef], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types of columns that tables create and drop."""
    for column in columns:
        yield from created_types(named_in(column, dialect))
