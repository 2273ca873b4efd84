"""The one registry of the package, and the public way to add to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.types import TypeDecorator, TypeEngine

from .registry import Registration, TypeRegistry
from .standard import ALIASES, TABLE

_TABLES: Final = {
    "postgresql": "alembic_moltres.types.postgresql",
    "mysql": "alembic_moltres.types.mysql",
    "mariadb": "alembic_moltres.types.mysql",
    "sqlite": "alembic_moltres.types.sqlite",
    "mssql": "alembic_moltres.types.mssql",
    "oracle": "alembic_moltres.types.oracle",
}

types: Final = TypeRegistry(_TABLES, ALIASES)
for _registration in TABLE:
    types.register(_registration)

_nearest: dict[type[TypeEngine[Any]], Registration | None] = {}


def nearest(cls: type[TypeEngine[Any]]) -> Registration | None:
    """Give the registration of a class, or of the nearest base that has one."""
    try:
        return _nearest[cls]
    except KeyError:
        found = None
        for ancestor in cls.__mro__:
            found = types.of(ancestor)
            # A decorator of one's own decides what it is; Interval is one, too, and is registered.
            if found is not None or "load_dialect_impl" in vars(ancestor):
                break
        _nearest[cls] = found
        return found


def register_type(
    cls: type[TypeEngine[Any]],
    name: str,
    *positional: str,
    **keywords: object,
) -> None:
    """Register a type of your own: one call, both directions.

    Args:
        cls: the exact class; a subclass without DDL of its own goes by the same name.
        name: upper case, best behind a prefix of your own.
        positional: arguments of the constructor, kept as attributes of the same name, written without a keyword.
        keywords: the same, written as `key=value` unless the value is the given default.

    Raises:
        SchemaError: the name or the class is registered already.

    >>> from sqlalchemy.types import UserDefinedType
    >>> class Point(UserDefinedType):
    ...     def __init__(self, srid=4326, dimension=2):
    ...         self.srid, self.dimension = srid, dimension
    ...     def get_col_spec(self, **kw):
    ...         return f"POINT({self.srid})"
    >>> register_type(Point, "geo.POINT", "srid", dimension=2)
    >>> from alembic_moltres.types import moltres_type_to_sqlalchemy_type, sqlalchemy_type_to_moltres_type
    >>> sqlalchemy_type_to_moltres_type(Point(25832))
    'geo.POINT(25832)'
    >>> moltres_type_to_sqlalchemy_type("geo.POINT(25832)").srid
    25832
    """
    types.register(Registration(name, cls, positional, keywords))
    _nearest.clear()


WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "sqlite": {"BOOLEAN": "INTEGER", "JSON": "TEXT", "UUID": "TEXT", "INTERVAL": "TEXT"},
        "mysql": {"UUID": "CHAR(36)", "INTERVAL": "TIME"},
    }
)
"""Moltres' words for what a database has no type for (`moltres.sql.ddl`)."""
