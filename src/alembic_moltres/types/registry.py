"""The names of type classes: `TypeRegistry`, the one registry, and `register_type`.

Not for walking a type (decorators, variants): that is `freeze.py`. Not for a dialect's names: each
dialect has its own table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from importlib import import_module
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, Final, ParamSpec

from sqlalchemy.types import TypeEngine, UserDefinedType

from ..datatypes import DataType
from ..errors import SchemaError, UnknownTypeError
from ..messages import did_you_mean
from ..schema.dialects import DIALECT_CLASSES, package_of
from .registration import AnyType, Registration
from .standard import ALIASES, ELSEWHERE, TABLE

P = ParamSpec("P")


class TypeRegistry:
    """Find a registration by name or by class.

    The table of a dialect is read on first use.

    Args:
        tables: the module that holds the `TABLE` of each prefix.
        aliases: names that are read, but never written.

    >>> from sqlalchemy import Integer
    >>> from alembic_moltres.types.registration import line
    >>> types = TypeRegistry()
    >>> types.register(line("INTEGER", Integer))
    >>> types.named("INTEGER").cls is types.of(Integer).cls
    True
    """

    def __init__(
        self,
        tables: Mapping[str, str] = MappingProxyType({}),
        aliases: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._unread = dict(tables)
        self._aliases = aliases
        self._names: dict[str, Registration] = {}
        self._classes: dict[type[AnyType], Registration] = {}

    def register(self, registration: Registration) -> None:
        """Add one line.

        An application may register the same type again, since each Alembic command loads env.py.

        Raises:
            SchemaError: the name or the class is registered already.
        """
        name, cls = registration.name, registration.cls
        known = self._names.get(name)
        if known is not None and known.is_again(registration):
            self._names[name] = self._classes[cls] = registration  # type: ignore[index]
            return
        if known is not None:
            raise SchemaError(f"type name {name} is registered already; choose another", name)
        if cls is not None and cls in self._classes:
            taken = self._classes[cls].name
            raise SchemaError(f"{cls.__name__} is registered already, as {taken}", cls)
        self._names[name] = registration
        if cls is not None:
            self._classes[cls] = registration

    def of(self, cls: type[AnyType]) -> Registration | None:
        """Return the registration of exactly this class."""
        registration = self._classes.get(cls)
        if registration is None and self._unread:
            self._read(_prefix_of(cls.__module__))
            registration = self._classes.get(cls)
        return registration

    def named(self, name: str) -> Registration:
        """Return the registration of a name, or of an alias of it.

        Raises:
            UnknownTypeError: with the nearest known name.
        """
        prefix = name.partition(".")[0] if "." in name else ""
        self._read(prefix)
        registration = self._names.get(name) or self._alias(name, prefix)
        if registration is None:
            for unread in tuple(self._unread):
                self._read(unread)
            hint = self._hint(name) or "; register one with register_type(...)"
            raise UnknownTypeError(f"no type is registered as {name}{hint}", name)
        return registration

    def _hint(self, name: str) -> str:
        """Return what to write for a name that is not registered; empty for nothing."""
        if name in ELSEWHERE:
            return f"; write {ELSEWHERE[name]}"
        of_dialects = [f"{prefix}.{name}" for prefix in _PACKAGES]
        known = [repr(each) for each in of_dialects if each in self._names]
        return f"; did you mean {' or '.join(known)}?" if known else did_you_mean(name, self._names)

    def is_canonical_name(self, name: str) -> bool:
        """Tell whether a name is canonical, and its type installed."""
        registration = self._names.get(name)
        return registration is not None and registration.cls is not None

    def names(self) -> tuple[str, ...]:
        """Return every name that has been read so far, in order."""
        return tuple(sorted(self._names))

    def _alias(self, name: str, prefix: str) -> Registration | None:
        other = self._aliases.get(name)
        if other is not None:
            return self.named(other)
        bare = name.removeprefix(f"{prefix}.")
        if prefix in {"", "sql"}:
            return self._names.get(bare if prefix else f"sql.{bare}")
        # A dialect's package also exports types that are not its own: postgresql.VARCHAR is
        # sql.VARCHAR.
        if prefix not in _PACKAGES:
            return None
        try:
            exported = getattr(import_module(_PACKAGES[prefix]), bare, None)
        except ModuleNotFoundError:  # a third party's, which is not installed
            return None
        return self.of(exported) if isinstance(exported, type) else None

    def _read(self, prefix: str) -> None:
        module = self._unread.pop(prefix, None)
        if module is None:
            return
        for other in [key for key, value in self._unread.items() if value == module]:
            del self._unread[other]
        for registration in import_module(module).TABLE:
            self.register(registration)


_PACKAGES: Final = {name: f"sqlalchemy.dialects.{package_of(name)}" for name in DIALECT_CLASSES} | {
    "duckdb": "duckdb_engine.datatypes"
}
_TABLES: Final = {name: f"{__package__}.{package_of(name)}" for name in DIALECT_CLASSES} | {
    "duckdb": f"{__package__}.duckdb"
}


def _prefix_of(module: str) -> str:
    """Return the prefix of the types of a module, "" for none that has one."""
    if module.startswith("sqlalchemy.dialects."):
        return module.split(".")[2]
    return next((prefix for prefix, package in _PACKAGES.items() if package == module), "")


types: Final = TypeRegistry(_TABLES, ALIASES)
for _registration in TABLE:
    types.register(_registration)

_PRIVATE: Final = {"float": "REAL"}
"""Drivers' replacements of `Float` in SQLAlchemy 2.0, by `__visit_name__`."""

_nearest: dict[type[TypeEngine[Any]], Registration | None] = {}


def nearest(cls: type[TypeEngine[Any]]) -> Registration | None:
    """Return the registration of a class, or of its nearest base.

    `None` if the class has DDL of its own, or depends on the dialect.
    """
    try:
        return _nearest[cls]
    except KeyError:
        return _nearest.setdefault(cls, _find_nearest(cls))


def _find_nearest(cls: type[TypeEngine[Any]]) -> Registration | None:
    for ancestor in cls.__mro__:
        registration = types.of(ancestor)
        if registration is not None:
            return registration if _writes_like(cls, ancestor) else None
        if "load_dialect_impl" in vars(ancestor) or _writes_text(cls, ancestor):
            return None
        visit_name = vars(ancestor).get("__visit_name__")
        if visit_name in _PRIVATE and ancestor.__module__.startswith("sqlalchemy.dialects."):
            return types.named(_PRIVATE[visit_name])
    return None


def _writes_like(cls: type[TypeEngine[Any]], base: type[TypeEngine[Any]]) -> bool:
    """Tell whether the type compiler treats both alike."""
    return getattr(cls, "__visit_name__", None) == getattr(base, "__visit_name__", None)


def _writes_text(cls: type[TypeEngine[Any]], ancestor: type[TypeEngine[Any]]) -> bool:
    """Tell whether `get_col_spec` of an ancestor counts; it does for user-defined types."""
    return "get_col_spec" in vars(ancestor) and issubclass(cls, UserDefinedType)


def thaw(named: DataType) -> TypeEngine[Any]:
    """Make a new instance of the type that a name stands for."""
    return types.named(named.name).thaw(named, thaw)


def _bound(function: Callable[P, None]) -> Callable[P, None]:
    """Let a function's missing arguments be our error, not a traceback."""
    stated = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            stated.bind(*args, **kwargs)
        except TypeError as err:
            raise SchemaError(
                f"{function.__name__}(): {err}; write "
                'register_type(Point, "geo.POINT", "srid"): the class, a name, and the arguments',
                args,
            ) from err
        function(*args, **kwargs)

    return call


@_bound
def register_type(
    cls: type[TypeEngine[Any]],
    name: str,
    *positional: str,
    **keywords: object,
) -> None:
    """Register a type of your own: one call, both directions.

    Args:
        cls: the exact class; a subclass without DDL of its own goes by the same name.
        name: upper case, preferably with your own prefix: `geo.POINT`.
        positional: arguments of the constructor, kept as attributes of the same name, written
            without a keyword.
        keywords: the same, written as `key=value` unless the value is the given default.

    Raises:
        SchemaError: the name or the class is registered already, or invalid.

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
    given: tuple[object, object] = (cls, name)
    if not isinstance(given[0], type) or not issubclass(given[0], TypeEngine):
        raise SchemaError(
            f"register_type got {given[0]!r} where the class of a type belongs; write "
            'register_type(Point, "geo.POINT", "srid")',
            cls,
        )
    if not isinstance(given[1], str) or not name:
        raise SchemaError(
            f"register_type got the name {given[1]!r} for {cls.__name__}; write text such as "
            '"geo.POINT"',
            name,
        )
    DataType(name)  # refuses what cannot be read again
    _check_arguments(cls, name, (*positional, *keywords))
    types.register(Registration(name, cls, positional, keywords, compiled=True))
    _nearest.clear()


def _check_arguments(cls: type[TypeEngine[Any]], type_name: str, names: Sequence[object]) -> None:
    """Check that the names are distinct arguments of the constructor, and all that it needs.

    Raises:
        SchemaError: one is not an argument, or is given twice.
    """
    known = signature(cls).parameters
    takes_any = any(each.kind is Parameter.VAR_KEYWORD for each in known.values())
    for at, name in enumerate(names):
        if not isinstance(name, str) or name in names[:at] or not (takes_any or name in known):
            hint = did_you_mean(str(name), known) or f"; it has {', '.join(known) or 'none'}"
            raise SchemaError(
                f"register_type got the argument {name!r} for {cls.__name__}, which its "
                f"constructor does not have, or which is given twice{hint}",
                cls,
            )
    for needed, each in known.items():
        is_named = each.kind in {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}
        if is_named and each.default is Parameter.empty and needed not in names:
            raise SchemaError(
                f"register_type leaves out the argument {needed!r}, without which "
                f"{cls.__name__}() cannot be called; write register_type({cls.__name__}, "
                f'"{type_name}", {needed!r}, ...)',
                cls,
            )


_MYSQL: Final = {"UUID": "CHAR(36)", "INTERVAL": "TIME"}
_SQLITE: Final = {
    "BOOLEAN": "INTEGER",
    "JSON": "TEXT",
    "JSONB": "TEXT",
    "UUID": "TEXT",
    "INTERVAL": "TEXT",
}
MOLTRES_TYPES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"sqlite": _SQLITE, "mysql": _MYSQL, "mariadb": _MYSQL}
)
"""Moltres' types where a database has no such type (`moltres.sql.ddl`)."""
