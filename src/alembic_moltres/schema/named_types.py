"""Enum types and domains, which are database objects with a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from ..datatypes import Argument, DataType
from ..errors import OperationError
from .base import FrozenMapping
from .columns import ColumnDef
from .dialects import NAMED_ENUMS
from .tables import TableSchema

PORTABLE = "ENUM"
NATIVE = f"{NAMED_ENUMS}.ENUM"
DOMAIN = f"{NAMED_ENUMS}.DOMAIN"
ENUMS = frozenset({PORTABLE, NATIVE})
NAMED = ENUMS | {DOMAIN}

TypeKey = tuple[str | None, str]
"""The schema, `None` for the default one, and the name of a type."""


def key_of_type(type_: DataType) -> TypeKey | None:
    """Return the schema and name of a type in the database; `None` if it has no name.

    >>> key_of_type(DataType.parse("ENUM('a',name='mood',schema='app')"))
    ('app', 'mood')
    """
    name = type_.kwargs.get("name")
    if type_.name not in NAMED or not name or type_.kwargs.get("native_enum", True) is False:
        return None
    schema = type_.kwargs.get("schema")
    return (str(schema) if schema else None), str(name)


def place_of_type(type_: DataType) -> TypeKey:
    """Return the schema and name of a named type.

    Raises:
        OperationError: it has no name.
    """
    key = key_of_type(type_)
    if key is None:
        raise OperationError(f"{type_} is not a type with a name; name it", type_)
    return key


def named_in(column: ColumnDef, dialect: str) -> Iterator[DataType]:
    """Return the named types that a column uses on a dialect, also inside arrays."""
    yield from named_in_type(column.type_variants.get(dialect, column.type_name))


def named_in_type(text: str) -> Iterator[DataType]:
    """Return the named types in the name of a type, also inside arrays."""
    yield from _within(DataType.parse(text))


def _within(type_: DataType) -> Iterator[DataType]:
    if key_of_type(type_) is not None:
        yield type_
    for argument in type_.args:
        if isinstance(argument, DataType):
            yield from _within(argument)


def created_types(types: Iterable[DataType]) -> Iterator[tuple[TypeKey, str]]:
    """Yield the types that tables create and drop, by their keys."""
    for each in types:
        key = key_of_type(each)
        if key is not None and each.kwargs.get("create_type", True):
            yield key, str(each)


def types_of(table: TableSchema, dialect: str) -> dict[TypeKey, DataType]:
    """Return the named types that a table's columns use."""
    return {
        key: each
        for column in table.columns
        for each in named_in(column, dialect)
        if (key := key_of_type(each)) is not None
    }


def with_types(column: ColumnDef, change: Callable[[DataType], DataType]) -> ColumnDef:
    """Return a column with a function applied to each of its named types."""
    text = _changed(column.type_name, change)
    variants = {name: _changed(each, change) for name, each in column.type_variants.items()}
    if text == column.type_name and variants == dict(column.type_variants):
        return column
    return replace(column, type_name=text, type_variants=FrozenMapping(variants))


def _changed(text: str, change: Callable[[DataType], DataType]) -> str:
    if "name=" not in text:
        return text
    return str(_deep(DataType.parse(text), change))


def _deep(type_: DataType, change: Callable[[DataType], DataType]) -> DataType:
    if key_of_type(type_) is not None:
        return change(type_)
    args: tuple[Argument, ...] = tuple(
        _deep(each, change) if isinstance(each, DataType) else each for each in type_.args
    )
    return type_ if args == type_.args else DataType(type_.name, args, type_.kwargs)


def as_known(known: Mapping[TypeKey, DataType]) -> Callable[[DataType], DataType]:
    """Return a function that gives an enum the labels of the existing type of its name."""

    def change(type_: DataType) -> DataType:
        key = key_of_type(type_)
        known_type = known.get(key) if key is not None else None
        if known_type is None or known_type.name not in ENUMS:
            return type_
        return DataType(type_.name, known_type.args, type_.kwargs)

    return change


def renamed(type_: DataType, key: TypeKey) -> DataType:
    """Return a type with another name."""
    schema, name = key
    kwargs: dict[str, Argument] = {**type_.kwargs, "name": name}
    kwargs.pop("schema", None)
    if schema is not None:
        kwargs["schema"] = schema
    return DataType(type_.name, type_.args, kwargs)
