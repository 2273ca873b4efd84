"""Enum types, domains and sequences that the MetaData has and no column uses.

`create_all()` creates them, so they are compared too. One that no model has any more is dropped
only if a script of the history creates it: the owner of any other is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..convert import metadata_sequences, metadata_types
from ..convert.dialects import writing
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
    DropSequence,
    DropType,
)
from ..diff.changes.domains import DOMAIN
from ..history.catalogue.named_types import TypeKey, key_of_type, named_in, named_in_type
from ..schema import ColumnDef, TableSchema
from ..schema import Sequence as SequenceValue
from ..schema.nul_names import check_name
from .comparison_input import ComparisonInput

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@dataclass(slots=True)
class SurroundingChanges:
    """The changes of types and sequences before and after the changes of tables."""

    before: list[Change] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)


def metadata_objects(given: ComparisonInput, changes: Sequence[Change]) -> SurroundingChanges:
    """Return the changes of the types and sequences that no column of the models uses.

    Args:
        given: of the comparison.
        changes: those of the tables.
    """
    tables = [model.compared for model in given.models.values()]
    surrounding = SurroundingChanges()
    if given.impl.features.named_types:
        _types(given, tables, changes, surrounding)
    if given.impl.dialect.supports_sequences:
        _sequences(given, tables, surrounding)
    return surrounding


def _types(
    given: ComparisonInput,
    tables: Sequence[TableSchema],
    changes: Sequence[Change],
    surrounding: SurroundingChanges,
) -> None:
    dialect, source = given.impl.dialect, given.source
    current = [each.reflected.table for each in given.database.values()]
    held, used = (_keys(_columns_of(each), dialect.name) for each in (current, tables))
    alone = {
        key: (live, text)
        for live, text in _types_of_metadata(given.context)
        if (key := key_of_type(DataType.parse(text))) is not None
        and DataType.parse(text).kwargs.get("create_type", True)
        and key not in used
        and given.filters.metadata_object(live, key[1], _kind(text))
    }
    made = {key: text for key, text in _made(changes, dialect.name) if key not in held}
    existing = source.types([*(text for _, text in alone.values()), *made.values()])
    for text in made.values():
        kept = existing.get(text)
        if kept is not None:  # the table creates it, and drops it in a downgrade
            surrounding.before.append(DropType(kept))
    dropped = {key for key, _ in _lost(changes, dialect.name)}
    for key, (_, text) in alone.items():
        if text in existing:
            surrounding.before += _type_changes(existing[text], text)
        if key in dropped:  # it is dropped with its last column
            surrounding.after.append(CreateType(text))
    kept_keys = {*used, *held, *alone}
    surrounding.after += [
        DropType(each)
        for each in source.unused_types()
        if key_of_type(DataType.parse(each)) not in kept_keys
    ]


def changes_outside_tables(
    connection: Connection, types: Sequence[str], sequences: Sequence[SequenceValue]
) -> list[Change]:
    """Return the changes that give the database these types and sequences; others are kept."""
    impl = impl_of(connection.dialect)
    existing_types = impl.existing_types(connection, types) if types else {}
    changes = [each for text, kept in existing_types.items() for each in _type_changes(kept, text)]
    existing_sequences = impl.existing_sequences(connection, sequences) if sequences else {}
    return [*changes, *_sequence_changes(existing_sequences)]


def _sequence_changes(
    existing: Mapping[SequenceValue, SequenceValue | None],
) -> Iterator[Change]:
    for desired, current in existing.items():
        if current is None:
            yield CreateSequence(desired)
        elif current != desired:
            yield AlterSequence(current, desired)


def _type_changes(current: str | None, desired: str) -> Iterator[Change]:
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


def _sequences(
    given: ComparisonInput, tables: Iterable[TableSchema], surrounding: SurroundingChanges
) -> None:
    dialect, source = given.impl.dialect, given.source
    used = {
        (each.sequence.schema, str(each.sequence.name))
        for each in _columns_of(tables)
        if each.sequence is not None
    }
    alone = [
        value
        for live, value in _sequences_of_metadata(given.context)
        if (value.schema, str(value.name)) not in used
        and not (value.optional and dialect.sequences_optional)
        and given.filters.metadata_object(live, str(value.name), "sequence")
    ]
    surrounding.before += _sequence_changes(source.sequences(alone))
    kept = {*used, *((each.schema, str(each.name)) for each in alone)}
    surrounding.after += [
        DropSequence(each)
        for each in source.unused_sequences()
        if (each.schema, str(each.name)) not in kept
    ]


def _metadatas(autogen_context: AutogenContext) -> Iterator[sa.MetaData]:
    given: Any = autogen_context.metadata
    yield from given if isinstance(given, Sequence) else [given]


def _types_of_metadata(autogen_context: AutogenContext) -> Iterator[tuple[Any, str]]:
    dialect = autogen_context.dialect
    for metadata in _metadatas(autogen_context):
        for live, text in metadata_types(metadata, (writing(dialect),)):
            for part in ("name", "schema"):
                check_name(DataType.parse(text).kwargs.get(part), "a type of the MetaData")
            yield live, _in_default(text, dialect.default_schema_name)


def _sequences_of_metadata(
    autogen_context: AutogenContext,
) -> Iterator[tuple[sa.Sequence, SequenceValue]]:
    default = autogen_context.dialect.default_schema_name
    for metadata in _metadatas(autogen_context):
        for live, value in metadata_sequences(metadata, (autogen_context.dialect,)):
            for part in (value.name, value.schema):
                check_name(part, "a sequence of the MetaData")
            at_home = value.schema is not None and value.schema == default
            yield live, replace(value, schema=None) if at_home else value


def _in_default(text: str, default: str | None) -> str:
    """Return a type's name without the schema where that is the default one."""
    type_ = DataType.parse(text)
    if default is None or type_.kwargs.get("schema") != default:
        return text
    kwargs = {name: each for name, each in type_.kwargs.items() if name != "schema"}
    return str(DataType(type_.name, type_.args, kwargs))


def _kind(text: str) -> str:
    return "domain" if DataType.parse(text).name == DOMAIN else "enum"


def _columns_of(tables: Iterable[TableSchema]) -> Iterator[ColumnDef]:
    return (column for table in tables for column in table.columns)


def _keys(columns: Iterable[ColumnDef], dialect: str) -> set[TypeKey]:
    texts = {column.type_variants.get(dialect, column.type_name) for column in columns}
    return {key for text in texts for key, _ in _created(named_in_type(text))}


def _named(columns: Iterable[ColumnDef], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types of columns that tables create and drop."""
    for column in columns:
        yield from _created(named_in(column, dialect))


def _created(types: Iterable[DataType]) -> Iterator[tuple[TypeKey, str]]:
    for each in types:
        key = key_of_type(each)
        if key is not None and each.kwargs.get("create_type", True):
            yield key, str(each)


def _made(changes: Iterable[Change], dialect: str) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types of what is created."""
    return _types_of((change.sides()[1] for change in _with_inside(changes)), dialect)


def _lost(changes: Iterable[Change], dialect: str) -> Iterator[tuple[TypeKey, str]]:
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
