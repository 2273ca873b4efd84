"""Enum types, domains and sequences that the MetaData has and no column uses.

`create_all()` creates them, so they are compared too. One that no model has any more is dropped
only if a script of the history creates it: the owner of any other is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..convert import metadata_sequences, metadata_types
from ..convert.dialects import writing
from ..datatypes import DataType
from ..schema import ColumnDef, TableSchema
from ..schema import Sequence as SequenceValue
from ..schema.named_types import DOMAIN, TypeKey, created_types, key_of_type, named_in_type
from ..schema.nul_names import check_name
from .comparison_input import ComparisonInput

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

    from ..diff import Change
    from .sources import Source


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
    unused = source.unused_types()
    if not (alone or changes or unused):
        return
    from ..diff import CreateType, DropType
    from .object_changes import lost_types, made_types, type_changes

    made = {key: text for key, text in made_types(changes, dialect.name) if key not in held}
    existing = source.types([*(text for _, text in alone.values()), *made.values()])
    for kept in _without_columns(source, made.values(), existing):
        surrounding.before.append(DropType(kept))  # its table creates it, and drops it later
    dropped = {key for key, _ in lost_types(changes, dialect.name)}
    for key, (_, text) in alone.items():
        if text in existing:
            surrounding.before += type_changes(existing[text], text)
        if key in dropped:  # it is dropped with its last column
            surrounding.after.append(CreateType(text))
    kept_keys = {*used, *held, *alone}
    surrounding.after += [
        DropType(each) for each in unused if key_of_type(DataType.parse(each)) not in kept_keys
    ]


def _without_columns(
    source: Source, types: Iterable[str], existing: Mapping[str, str | None]
) -> Iterator[str]:
    """Yield those of these types that exist and that no column has, as they are."""
    wanted = list(types)
    held = source.types_of_columns(wanted)
    for text in wanted:
        kept = existing.get(text)
        if kept is not None and text not in held:
            yield kept


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
    unused = source.unused_sequences()
    if not (alone or unused):
        return
    from ..diff import DropSequence
    from .object_changes import sequence_changes

    surrounding.before += sequence_changes(source.sequences(alone))
    kept = {*used, *((each.schema, str(each.name)) for each in alone)}
    surrounding.after += [
        DropSequence(each) for each in unused if (each.schema, str(each.name)) not in kept
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
    return {key for text in texts for key, _ in created_types(named_in_type(text))}
