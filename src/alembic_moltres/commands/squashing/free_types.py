"""The types and sequences that no table of the new script creates or drops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ... import diff as changes
from ...datatypes import DataType
from ...history.catalogue.database import Catalogue
from ...history.moltres_operations import carry_out
from ...schema import ColumnDef
from ...schema.named_types import TypeKey, key_of_type, named_in, place_of_type
from ..ejecting.plain.named_types import create_sequences, create_types, drop_sequences, drop_types
from ..ejecting.plain.writer import Writer

Lines = list[str]


def free_type_lines(
    writer: Writer,
    start: Catalogue,
    done: Sequence[changes.Change],
    end: Catalogue,
    *,
    back: bool,
) -> tuple[Lines, Lines]:
    """Return the lines that create the types and sequences that no table creates, and drop them.

    Args:
        writer: of the script.
        start: the catalogue before the function.
        done: its changes; a type that one of them creates may be gone in the end.
        end: the catalogue after the function.
        back: for `downgrade()`.
    """
    dialect = writer.dialect.name
    made = start.copy()
    for change in done:
        carry_out(change, made, None)
    renamed = {key for change in done for key in _renamed(change)}
    unused = _types(end, start) if back else []
    unused = [each for each in unused if key_of_type(each) not in renamed]
    kept = {*end.types, *map(key_of_type, unused), *_altered(done, dialect)}
    left = (each for key, each in made.types.items() if key not in kept)
    created, dropped = _created(start, done, end), [*unused, *map(_stated, left)]
    old, new = start.state().sequences, end.state().sequences
    return (
        create_types(writer, created)
        + create_sequences(writer, [] if back else [each for each in new if each not in old]),
        drop_types(writer, dropped)
        + drop_sequences(writer, [each for each in old if each not in new] if back else []),
    )


def _created(start: Catalogue, done: Iterable[changes.Change], end: Catalogue) -> list[DataType]:
    """Return the types that exist before a change needs them, and those that none needs."""
    known, created = set(start.types), dict[TypeKey, DataType]()
    for change in done:
        for each in _needed_types(change, end.impl.dialect.name):
            schema, name = place_of_type(each)
            key = end.schema(schema), name
            if key not in known and not each.kwargs.get("create_type", True):
                created[key] = each
            known.add(key)
        if isinstance(change, changes.RenameType):
            old, new = _renamed(change)
            known = (known - {old}) | {new}
    created |= {key: each for key, each in end.types.items() if key not in known}
    return [_stated(each) for each in created.values()]


def _needed_types(change: changes.Change, dialect: str) -> Iterator[DataType]:
    """Yield the named types of the columns that a change creates or alters, as they become."""
    for column in _desired_columns(change):
        yield from named_in(column, dialect)


def _desired_columns(change: changes.Change) -> Iterator[ColumnDef]:
    """Yield the columns that a change creates or alters, as they are afterwards."""
    if isinstance(change, changes.CreateTable):
        yield from change.table.columns
    for each in change.changes if isinstance(change, changes.AlterTable) else ():
        after = each.sides()[1]
        if isinstance(after, ColumnDef):
            yield after


def _renamed(change: changes.Change) -> tuple[TypeKey, ...]:
    """Return the keys of a type that is renamed, before and after."""
    if not isinstance(change, changes.RenameType):
        return ()
    return (change.schema, change.current), (change.schema, change.desired)


def _altered(done: Iterable[changes.Change], dialect: str) -> Iterator[TypeKey]:
    """Yield the named types that columns have before they are altered.

    The database may cast none of them to another, so a script that needs it is not written.
    """
    for change in done:
        for each in change.changes if isinstance(change, changes.AlterTable) else ():
            before, after = each.sides()
            if isinstance(before, ColumnDef) and isinstance(after, ColumnDef):
                yield from map(key_of_type, named_in(before, dialect))


def _types(before: Catalogue, after: Catalogue) -> list[DataType]:
    """Return the new types that no column creates: none uses it, or with `create_type=False`."""
    dialect = after.impl.dialect.name
    columns = (column for table in after.tables.values() for column in table.columns)
    created = {
        key_of_type(each)
        for column in columns
        for each in named_in(column, dialect)
        if each.kwargs.get("create_type", True)
    }
    missing = (
        each for key, each in after.types.items() if key not in before.types and key not in created
    )
    return [_stated(each) for each in missing]


def _stated(type_: DataType) -> DataType:
    """Return a type that can be created and dropped by itself."""
    kept = {key: each for key, each in type_.kwargs.items() if key != "create_type"}
    return DataType(type_.name, type_.args, kept)
