"""The types and sequences that no table holds: what a range does to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ... import diff as changes
from ...autogenerate.object_changes import sequence_changes, type_changes
from ...datatypes import DataType
from ...history.catalogue.database import Catalogue
from ...history.moltres_operations import carry_out
from ...schema import ColumnDef
from ...schema import Sequence as SequenceValue
from ...schema.named_types import TypeKey, key_of_type, named_in, place_of_type


def free_changes(
    before: Catalogue, after: Catalogue, renames: Iterable[changes.AnyRename]
) -> Iterator[changes.Change]:
    """Yield the changes of the types and sequences that no table holds before or after.

    Those that a range creates or drops are not among them, see `created_and_dropped`.
    """
    names = {
        (each.schema, each.current): (each.schema, each.desired)
        for each in renames
        if isinstance(each, changes.TypeRename)
    }
    types: dict[TypeKey | None, str] = {}
    for each in before.state().types:
        key = key_of_type(DataType.parse(each))
        types[key if key is None else names.get(key, key)] = each
    for each in after.state().types:
        current = types.get(key_of_type(DataType.parse(each)))
        yield from () if current is None else type_changes(current, each)
    old, new = _sequences(before), _sequences(after)
    yield from sequence_changes({new[key]: old[key] for key in new if key in old})


def created_and_dropped(
    start: Catalogue, done: Sequence[changes.Change], end: Catalogue, *, back: bool
) -> tuple[list[changes.Change], list[changes.Change]]:
    """Return what creates the types and sequences that no table creates, and what drops them.

    A type whose last column is dropped goes with it, and is created again if it stays.

    Args:
        start: the catalogue before the function.
        done: its changes; a type that one of them creates may be gone in the end.
        end: the catalogue after the function.
        back: for `downgrade()`.
    """
    made = start.copy()
    for change in done:
        carry_out(change, made, None)
    renamed = {key for change in done for key in _renamed(change)}
    unused = _types(end, start) if back else []
    unused = [each for each in unused if key_of_type(each) not in renamed]
    kept = {*end.types, *map(key_of_type, unused), *_altered(done, made.impl.dialect.name)}
    left = [each for key, each in made.types.items() if key not in kept]
    staying = [key for key in start.types if key in end.types and key not in renamed]
    lost = [end.types[key] for key in staying if key not in made.types]
    replaced = [
        start.types[key]
        for key in staying
        if key in made.types and made.types[key].args != end.types[key].args
    ]
    old, new = _sequences(start), _sequences(end)
    create = [] if back else [new[key] for key in new if key not in old]
    drop = [old[key] for key in old if key not in new] if back else []
    return (
        [
            *(changes.DropType(_stated(each)) for each in replaced),
            *(changes.CreateType(_stated(each)) for each in _created(start, done, end)),
            *map(changes.CreateSequence, create),
        ],
        [
            *(changes.DropType(_stated(each)) for each in (*unused, *left)),
            *(changes.CreateType(_stated(each)) for each in lost),
            *map(changes.DropSequence, drop),
        ],
    )


def _sequences(catalogue: Catalogue) -> dict[tuple[str | None, str], SequenceValue]:
    """Return the sequences that no table holds."""
    return {(each.schema, each.name): each for each in catalogue.state().sequences}


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
    return list(created.values())


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
    return [
        each for key, each in after.types.items() if key not in before.types and key not in created
    ]


def _stated(type_: DataType) -> str:
    """Return a type that can be created and dropped by itself."""
    kept = {key: each for key, each in type_.kwargs.items() if key != "create_type"}
    return str(DataType(type_.name, type_.args, kept))
