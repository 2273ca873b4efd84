"""Named types and sequences: plain Alembic creates them only with a table, and never drops them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateSequence, DropSequence

from ....convert.generated import thaw_sequence
from ....datatypes import DataType
from ....schema import FrozenMapping, Sequence, TableSchema
from ....schema.named_types import ENUMS, NATIVE, TypeKey, key_of_type, named_in, with_types
from ....types.registry import thaw
from .statements import Lines, execute, under_dialect
from .writer import Writer


def without_creating(
    table: TableSchema, existing: Mapping[TypeKey, Any], dialect: Dialect
) -> TableSchema:
    """Return a table whose existing enum types are not created again."""
    return replace(
        table,
        columns=tuple(_without_creating(column, existing, dialect) for column in table.columns),
    )


def _without_creating(column: Any, existing: Mapping[TypeKey, Any], dialect: Dialect) -> Any:
    named = [each for each in named_in(column, dialect.name) if key_of_type(each) in existing]
    if not any(each.name in ENUMS for each in named):
        return column

    def change(type_: DataType) -> DataType:
        if key_of_type(type_) not in existing or type_.name not in ENUMS:
            return type_
        return DataType(NATIVE, type_.args, {**type_.kwargs, "create_type": False})

    own = column.type_variants.get(dialect.name, column.type_name)
    changed = with_types(replace(column, type_name=own, type_variants=FrozenMapping({})), change)
    variants = {**column.type_variants, dialect.name: changed.type_name}
    return replace(column, type_variants=FrozenMapping(variants))


def create_types(writer: Writer, types: Iterable[DataType]) -> Lines:
    """Return the lines that create types, on the dialect only."""
    lines = [line for each in types for line in _run(writer, thaw(each), "create")]
    return under_dialect(writer, lines) if lines else []


def drop_types(writer: Writer, types: Iterable[DataType]) -> Lines:
    """Return the lines that drop types, on the dialect only."""
    lines = [line for each in types for line in _run(writer, thaw(each), "drop")]
    return under_dialect(writer, lines) if lines else []


def _run(writer: Writer, type_: Any, method: str) -> Lines:
    """Return the statements with which a type creates or drops itself."""
    texts: list[str] = []

    def take(construct: Any, *_: object, **__: object) -> None:
        texts.append(str(construct.compile(dialect=engine.dialect)).strip())

    engine = sa.create_mock_engine(f"{writer.dialect.name}://", take)
    getattr(type_, method)(engine, checkfirst=False)
    return [line for sql in texts for line in execute(writer, sql)]


def create_sequences(writer: Writer, sequences: Iterable[Sequence]) -> Lines:
    """Return the lines that create sequences, on the dialect only."""
    constructs = [CreateSequence(thaw_sequence(each)) for each in sequences]
    return _executed(writer, constructs)


def drop_sequences(writer: Writer, sequences: Iterable[Sequence]) -> Lines:
    """Return the lines that drop sequences, on the dialect only."""
    return _executed(writer, [DropSequence(thaw_sequence(each)) for each in sequences])


def _executed(writer: Writer, constructs: Iterable[Any]) -> Lines:
    texts = [str(each.compile(dialect=writer.dialect)).strip() for each in constructs]
    lines = [line for sql in texts for line in execute(writer, sql)]
    return under_dialect(writer, lines) if lines else []
