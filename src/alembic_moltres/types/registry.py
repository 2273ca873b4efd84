"""`TypeRegistry`: which class bears which name; one `Registration` serves both directions.

Not for walking a type (decorators, variants): that is `freeze.py`. Not for a dialect's names: each has its own table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeEngine

from ..datatypes import Argument, DataType
from ..errors import FreezeError, SchemaError, TypeNameError, UnknownTypeError, did_you_mean

AnyType: TypeAlias = TypeEngine[Any]
Nested: TypeAlias = Callable[[AnyType], DataType]

ABSENT: Final = object()
"""The default of an argument that is written whenever it has a value, `None` included."""

_WHOLE_NUMBERS: Final = frozenset(
    {"length", "precision", "scale", "dimensions", "fsp", "display_width", "binary_precision"}
    | {"second_precision", "day_precision", "dim"}
)
_TYPES: Final = frozenset({"item_type", "data_type"})


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Tie one exact class to one name, with the arguments that DDL depends on.

    Args:
        name: the canonical name.
        cls: the class; `None` where the installed SQLAlchemy does not have it yet.
        positional: attributes that are written without their keyword; they are left out when `None`.
        keywords: the other attributes, each with the value at which it is left out.
        labels: the attribute that holds all positional arguments (of an enum), instead of `positional`.
        read: how to get an argument from an instance, where it is not the attribute of that name.
        make: what to call instead of `cls`.
    """

    name: str
    cls: type[AnyType] | None
    positional: tuple[str, ...] = ()
    keywords: Mapping[str, object] = field(default_factory=dict)
    labels: str | None = None
    read: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    make: Callable[..., AnyType] | None = None

    @property
    def nests(self) -> bool:
        """Whether there are types among the arguments."""
        return not _TYPES.isdisjoint(self.positional)

    def freeze(self, type_: AnyType, nested: Nested) -> DataType:
        """Name an instance of the class, or of a subclass without DDL of its own."""
        values: list[object] = []
        plain = self.labels is None
        for key in (*self.positional, *self.keywords):
            value = (
                self.read[key](type_)
                if key in self.read
                else getattr(type_, key, self.keywords.get(key))
            )
            if isinstance(value, TypeEngine):
                value = nested(value)
            elif type(value) not in _EXACT:
                plain = False
            values.append(value)
        if plain:
            return _compose_once(self, *values)
        labels = getattr(type_, self.labels) if self.labels else ()
        return self.compose(values, labels)

    def compose(self, values: Iterable[object], labels: Iterable[object] = ()) -> DataType:
        """Write the values, in the order of `positional` and `keywords`, that are not their defaults."""
        args: list[Argument] = [_plain(label) for label in labels]
        kwargs: dict[str, Argument] = {}
        defaults = (*(None for _ in self.positional), *self.keywords.values())
        keys = (*self.positional, *self.keywords)
        in_a_row = True
        for index, (key, value, default) in enumerate(zip(keys, values, defaults, strict=True)):
            if value is ABSENT or (value == default and type(value) is type(default)):
                in_a_row = False
                continue
            if key in _WHOLE_NUMBERS and not isinstance(value, DataType):
                value = self._whole_number(key, value)
            in_a_row = in_a_row and index < len(self.positional)
            if in_a_row:
                args.append(_plain(value))
            else:
                kwargs[key] = _plain(value)
            quote = getattr(value, "quote", None)
            if isinstance(value, quoted_name) and quote is not None:
                kwargs["quote" if key == "name" else f"quote_{key}"] = quote
        return DataType(self.name, tuple(args), kwargs)

    def bind(self, named: DataType) -> tuple[tuple[Argument, ...], dict[str, Argument]]:
        """Give the labels, and every other argument by its keyword.

        Raises:
            UnknownTypeError: the installed SQLAlchemy does not have this type.
            TypeNameError: too many arguments, one given twice, one that the type does not take.
        """
        if self.labels is None and len(named.args) > len(self.positional):
            raise TypeNameError(
                f"{named} has {len(named.args)} arguments without a keyword; "
                f"{self.name} takes {', '.join(self.positional) or 'none'}",
                named,
            )
        kwargs = dict(zip(self.positional, named.args, strict=False))
        keys = {*self.positional, *self.keywords}
        keys |= {"quote" if key == "name" else f"quote_{key}" for key in keys}
        for key, value in named.kwargs.items():
            if key in kwargs:
                raise TypeNameError(f"{named} gives {key} twice; leave one out", named)
            if key not in keys:
                raise TypeNameError(
                    f"{named} has an unknown argument {key}{did_you_mean(key, keys)}", named
                )
            kwargs[key] = value
        for key in _WHOLE_NUMBERS & kwargs.keys():
            kwargs[key] = self._whole_number(key, kwargs[key])
        return (named.args if self.labels else ()), kwargs

    def thaw(self, named: DataType, nested: Callable[[DataType], AnyType]) -> AnyType:
        """Make a new instance from a name.

        Raises:
            UnknownTypeError: the installed SQLAlchemy does not have this type.
            TypeNameError: the class does not take these arguments.
        """
        if self.cls is None:
            raise UnknownTypeError(
                f"{named} is not in this version of SQLAlchemy; upgrade it", named
            )
        labels, bound = self.bind(named)
        arguments = {
            key: value for key, value in self.keywords.items() if value not in (None, ABSENT)
        }
        for key, value in bound.items():
            quote = bound.get("quote" if key == "name" else f"quote_{key}")
            if isinstance(value, DataType) and value.name != "SQL":
                arguments[key] = nested(value)
            elif isinstance(value, str) and quote is not None:
                arguments[key] = quoted_name(value, bool(quote))
            elif key in self.keywords or key in self.positional:
                arguments[key] = value
        try:
            return (self.make or self.cls)(*labels, **arguments)
        except (TypeError, ValueError, LookupError) as err:
            raise TypeNameError(f"{named} cannot be made: {err}", named) from err

    def _whole_number(self, key: str, value: object) -> Argument:
        if value is None or value == "max" or type(value) is int:
            return value  # type: ignore[return-value]
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        raise TypeNameError(f"{self.name} has {key}={value!r}; give a whole number", value)


_EXACT: Final = frozenset({str, int, bool, type(None)})


@lru_cache(maxsize=4096, typed=True)
def _compose_once(registration: Registration, *values: object) -> DataType:
    return registration.compose(values)


def _plain(value: object) -> Argument:
    """Turn a subclass of `str` or `int` (a quoted name, an enum's member) into the value itself."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return value  # type: ignore[return-value]  # checked by DataType


def line(
    name: str, cls: type[AnyType] | None, /, *positional: str, **keywords: object
) -> Registration:
    """Write one line of a table: the name, the class, its arguments with their defaults."""
    return Registration(name, cls, positional, keywords)


def newer(module: str, name: str) -> type[AnyType] | None:
    """Give a class that an older SQLAlchemy does not have, or `None` with that one."""
    found = getattr(import_module(module), name, None)
    return found if isinstance(found, type) and issubclass(found, TypeEngine) else None


class TypeRegistry:
    """Find a registration by name or by class; tables of dialects are read when they are first asked for.

    Args:
        tables: the module that holds the `TABLE` of each prefix.
        aliases: names that are read, but never written.

    >>> from sqlalchemy import Integer
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

        Raises:
            SchemaError: the name or the class is registered already.
        """
        name, cls = registration.name, registration.cls
        if name in self._names:
            raise SchemaError(f"type name {name} is registered already; choose another", name)
        if cls is not None and cls in self._classes:
            taken = self._classes[cls].name
            raise SchemaError(f"{cls.__name__} is registered already, as {taken}", cls)
        self._names[name] = registration
        if cls is not None:
            self._classes[cls] = registration

    def of(self, cls: type[AnyType]) -> Registration | None:
        """Give the registration of exactly this class."""
        found = self._classes.get(cls)
        if found is None and self._unread and cls.__module__.startswith("sqlalchemy.dialects."):
            self._read(cls.__module__.split(".")[2])
            found = self._classes.get(cls)
        return found

    def named(self, name: str) -> Registration:
        """Give the registration of a name, or of an alias of it.

        Raises:
            UnknownTypeError: with the nearest known name.
        """
        prefix = name.partition(".")[0] if "." in name else ""
        self._read(prefix)
        found = self._names.get(name) or self._alias(name, prefix)
        if found is None:
            for unread in tuple(self._unread):
                self._read(unread)
            hint = did_you_mean(name, self._names) or "; register one with register_type(...)"
            raise UnknownTypeError(f"no type is registered as {name}{hint}", name)
        return found

    def names(self) -> tuple[str, ...]:
        """Give every name that has been read so far, in order."""
        return tuple(sorted(self._names))

    def _alias(self, name: str, prefix: str) -> Registration | None:
        other = self._aliases.get(name)
        if other is not None:
            return self.named(other)
        bare = name.removeprefix(f"{prefix}.")
        if prefix in {"", "sql"}:
            return self._names.get(bare if prefix else f"sql.{bare}")
        # A dialect's package also exports types that are not its own: postgresql.VARCHAR is sql.VARCHAR.
        if prefix not in _PACKAGES:
            return None
        exported = getattr(import_module(_PACKAGES[prefix]), bare, None)
        return self.of(exported) if isinstance(exported, type) else None

    def _read(self, prefix: str) -> None:
        module = self._unread.pop(prefix, None)
        if module is None:
            return
        for other in [key for key, value in self._unread.items() if value == module]:
            del self._unread[other]
        for registration in import_module(module).TABLE:
            self.register(registration)


_PACKAGES: Final = MappingProxyType(
    {
        "postgresql": "sqlalchemy.dialects.postgresql",
        "mysql": "sqlalchemy.dialects.mysql",
        "mariadb": "sqlalchemy.dialects.mysql",
        "sqlite": "sqlalchemy.dialects.sqlite",
        "mssql": "sqlalchemy.dialects.mssql",
        "oracle": "sqlalchemy.dialects.oracle",
    }
)
