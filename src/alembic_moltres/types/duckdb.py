"""The names of DuckDB's own types, whose classes are duckdb-engine's.

Their DDL is `@compiles` there, so that the thawed instance writes what the model's wrote. Fields
are alternately their names and types: `duckdb.STRUCT('a',INTEGER,'b',VARCHAR)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy.types import to_instance

from ..datatypes import DataType
from ..errors import TypeNameError, UnknownTypeError
from .registration import AnyType, Nested, Registration

ENGINE: Final = "duckdb_engine"
PACKAGE: Final = "duckdb-engine"

INTEGERS: Final = {
    "TINYINT": "TinyInteger",
    "UTINYINT": "UTinyInteger",
    "USMALLINT": "USmallInteger",
    "UINTEGER": "UInteger",
    "UBIGINT": "UBigInteger",
    "HUGEINT": "HugeInteger",
    "UHUGEINT": "UHugeInteger",
    "VARINT": "VarInt",
    "UINT8": "UInt8",
    "UINT16": "UInt16",
    "UINT32": "UInt32",
    "UINT64": "UInt64",
}
"""The classes of whole numbers by our names."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldTypes(Registration):
    """A type made of fields, each with a name and a type (STRUCT, UNION)."""

    def names_all_of(self, type_: AnyType) -> bool:
        return False

    def freeze(self, type_: Any, nested: Nested) -> DataType:
        fields: Mapping[str, Any] = type_.fields or {}
        if not fields:
            raise TypeNameError(f"{self.name} has no fields; name each with its type", type_)
        pairs = ((str(name), nested(to_instance(field))) for name, field in fields.items())
        return DataType(self.name, tuple(each for pair in pairs for each in pair))

    def thaw(self, named: DataType, nested: Callable[[DataType], AnyType]) -> AnyType:
        names, types = named.args[::2], named.args[1::2]
        if len(names) != len(types) or not all(isinstance(each, DataType) for each in types):
            raise TypeNameError(f"{named} needs a name and a type for each field", named)
        fields = {
            str(name): nested(each)
            for name, each in zip(names, types, strict=True)
            if isinstance(each, DataType)
        }
        return _installed(self, named)(fields)


@dataclass(frozen=True, slots=True, eq=False)
class MapTypes(Registration):
    """A type made of two others: those of keys and of values."""

    def names_all_of(self, type_: AnyType) -> bool:
        return False

    def freeze(self, type_: Any, nested: Nested) -> DataType:
        both = (type_.key_type, type_.value_type)
        return DataType(self.name, tuple(nested(to_instance(each)) for each in both))

    def thaw(self, named: DataType, nested: Callable[[DataType], AnyType]) -> AnyType:
        match named.args:
            case (DataType() as key, DataType() as value):
                return _installed(self, named)(nested(key), nested(value))
            case _:
                raise TypeNameError(f"{named} needs the type of keys and that of values", named)


def _installed(registration: Registration, named: DataType) -> Callable[..., AnyType]:
    if registration.cls is None:
        raise UnknownTypeError(f"{named} is a type of {PACKAGE}; install it", named)
    return registration.cls


def _class(name: str) -> type[AnyType] | None:
    if find_spec(ENGINE) is None:
        return None
    return getattr(import_module(f"{ENGINE}.datatypes"), name, None)


def _line(name: str, cls: str, kind: type[Registration] = Registration) -> Registration:
    return kind(f"duckdb.{name}", _class(cls), compiled=True, package=PACKAGE)


TABLE: Final = (
    *(_line(name, cls) for name, cls in INTEGERS.items()),
    _line("MAP", "Map", MapTypes),
    _line("STRUCT", "Struct", FieldTypes),
    _line("UNION", "Union", FieldTypes),
)
