"""The one registry of the package, and the public way to add to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.types import TypeEngine, UserDefinedType

from alembic_moltres.datatypes import DataType

from .registration import Registration
from .registry import TypeRegistry
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

_PRIVATE: Final = {"float": "REAL"}
"""What drivers of SQLAlchemy 2.0 put in place of `Float`, by `__visit_name__`."""

_nearest: dict[type[TypeEngine[Any]], Registration | None] = {}


def nearest(cls: type[TypeEngine[Any]]) -> Registration | None:
    """Give the registration of a class, or of its nearest base.

    There is none when the class has DDL of its own, or decides for each dialect.
    """
    try:
        return _nearest[cls]
    except KeyError:
        return _nearest.setdefault(cls, _find_nearest(cls))


def _find_nearest(cls: type[TypeEngine[Any]]) -> Registration | None:
    for ancestor in cls.__mro__:
        found = types.of(ancestor)
        if found is not None:
            return found if _writes_like(cls, ancestor) else None
        if "load_dialect_impl" in vars(ancestor) or _writes_text(cls, ancestor):
            return None
        visit_name = vars(ancestor).get("__visit_name__")
        if visit_name in _PRIVATE and ancestor.__module__.startswith("sqlalchemy.dialects."):
            return types.named(_PRIVATE[visit_name])
    return None


def _writes_like(cls: type[TypeEngine[Any]], base: type[TypeEngine[Any]]) -> bool:
    """Tell whether the type compiler goes the same way for both."""
    return getattr(cls, "__visit_name__", None) == getattr(base, "__visit_name__", None)


def _writes_text(cls: type[TypeEngine[Any]], ancestor: type[TypeEngine[Any]]) -> bool:
    """Tell whether `get_col_spec` of an ancestor counts; it does for user-defined types."""
    return "get_col_spec" in vars(ancestor) and issubclass(cls, UserDefinedType)


def thaw(named: DataType) -> TypeEngine[Any]:
    """Make a new instance of the type that a name stands for."""
    return types.named(named.name).thaw(named, thaw)


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
        positional: arguments of the constructor, kept as attributes of the same name, written
            without a keyword.
        keywords: the same, written as `key=value` unless the value is the given default.

    Raises:
        SchemaError: the name or the class is registered already.

    >>> from sqlalchemy.types import UserDefinedType
    >>> class Point(UserDefinedType):
    ...     def __init__(self, srid=4326, dimension=2):
    ...         self.srid, self.dimension = srid, dimension
    ...
    ...     def get_col_spec(self, **kw):
    ...         return f"POINT({self.srid})"
    >>> register_type(Point, "geo.POINT", "srid", dimension=2)
    >>> from alembic_moltres.types import (
    ...     moltres_type_to_sqlalchemy_type,
    ...     sqlalchemy_type_to_moltres_type,
    ... )
    >>> sqlalchemy_type_to_moltres_type(Point(25832))
    'geo.POINT(25832)'
    >>> moltres_type_to_sqlalchemy_type("geo.POINT(25832)").srid
    25832
    """
    types.register(Registration(name, cls, positional, keywords))
    _nearest.clear()


_MYSQL: Final = {"UUID": "CHAR(36)", "INTERVAL": "TIME"}
_SQLITE: Final = {
    "BOOLEAN": "INTEGER",
    "JSON": "TEXT",
    "JSONB": "TEXT",
    "UUID": "TEXT",
    "INTERVAL": "TEXT",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"sqlite": _SQLITE, "mysql": _MYSQL, "mariadb": _MYSQL}
)
"""Moltres' words for what a database has no type for (`moltres.sql.ddl`)."""
