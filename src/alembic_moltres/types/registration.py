"""`Registration`: one line of a table of types, which freezes and thaws one exact class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, TypeAlias

from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeDecorator, TypeEngine

from .. import sqla_compat
from ..datatypes import Argument, DataType
from ..errors import TypeNameError, UnknownTypeError
from ..messages import did_you_mean
from .argument_checks import EXAMPLES, TEXTS, TYPE_ARGUMENTS, check_labels, checked, missing
from .third_party import dialects_of_package

AnyType: TypeAlias = TypeEngine[Any]
Nested: TypeAlias = Callable[[AnyType], DataType]

ABSENT: Final = object()
"""The default of an argument that is written whenever it has a value, `None` included."""

_COMPARED: Final = (str, int, float, bytes, type(None))
"""The attributes of an application's type that are compared with those of the one made again."""


def _described(cls: type[Any] | None) -> tuple[str, str] | None:
    return None if cls is None else (cls.__module__, cls.__qualname__)


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Tie one exact class to one name, with the arguments that DDL depends on.

    Args:
        name: the canonical name.
        cls: the class; `None` where the installed SQLAlchemy does not have it yet.
        positional: attributes that are written without their keyword; they are left out when
            `None`.
        keywords: the other attributes, each with the value at which it is left out.
        labels: the attribute that holds all positional arguments (of an enum), instead of
            `positional`.
        read: gets an argument from an instance, if it is not the attribute of that name.
        make: called instead of `cls`.
        compiled: whether the class has `@compiles` of its own, which a thawed instance has again.
        package: of the class, if not SQLAlchemy.
    """

    name: str
    cls: type[AnyType] | None
    positional: tuple[str, ...] = ()
    keywords: Mapping[str, object] = field(default_factory=dict)
    labels: str | None = None
    read: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    make: Callable[..., AnyType] | None = None
    compiled: bool = False
    package: str = ""
    defaults: tuple[tuple[str, object], ...] = field(init=False)
    nests: bool = field(init=False)
    """Whether there are types among the arguments."""

    def __post_init__(self) -> None:
        """List all arguments with their defaults, those without a keyword first."""
        positional = ((key, None) for key in self.positional)
        object.__setattr__(self, "defaults", (*positional, *self.keywords.items()))
        object.__setattr__(self, "nests", not TYPE_ARGUMENTS.isdisjoint(self.positional))

    def is_registered_ddl(self, cls: type[AnyType]) -> bool:
        """Tell whether the name includes what `@compiles` writes for this class."""
        return self.compiled and cls is self.cls

    def is_again(self, other: Registration) -> bool:
        """Tell whether the other is an application's, of the same class in a reloaded module."""
        return (
            self.compiled
            and other.compiled
            and _described(self.cls) == _described(other.cls)
            and (self.positional, self.keywords) == (other.positional, other.keywords)
        )

    def _check_kept(self, type_: AnyType, named: DataType) -> None:
        """Check that freezing and thawing keep all arguments of an application's type.

        Raises:
            TypeNameError: an argument is not registered, or kept under another name.
        """
        stated = {**vars(type_)}
        made = vars(self.thaw(named, lambda inside: inside))  # type: ignore[arg-type,return-value]
        lost = [
            key
            for key, value in stated.items()
            if isinstance(value, _COMPARED) and key in made and made[key] != value
        ]
        lost += [key for key in self.positional if not hasattr(type_, key)]
        if lost:
            raise TypeNameError(
                f"{type_!r} is named {named}, which makes another {type(type_).__name__}: "
                f"{lost[0]!r} is lost; name every argument in register_type, and keep each as an "
                "attribute of the same name",
                type_,
            )

    def names_all_of(self, type_: AnyType) -> bool:
        """Tell whether an instance has neither variants, nor nested types, nor DDL of its own.

        A class of a package that brings a dialect may have DDL of its own there.
        """
        return not (
            self.nests
            or (type(type_) is not self.cls and dialects_of_package(type(type_)))
            or sqla_compat.variants_of(type_)
            or isinstance(type_, TypeDecorator)
            or (sqla_compat.has_compiles(type(type_)) and not self.is_registered_ddl(type(type_)))
        )

    def freeze(self, type_: AnyType, nested: Nested) -> DataType:
        """Name an instance of the class, or of a subclass without DDL of its own.

        Args:
            type_: the instance, whose attributes are read.
            nested: how to name a type among them.
        """
        values = [
            self.read[key](type_) if key in self.read else getattr(type_, key, default)
            for key, default in self.defaults
        ]
        if self.nests:
            values = [nested(value) if isinstance(value, TypeEngine) else value for value in values]
        if self.compiled and not self.nests:
            named = self.compose(values)
            self._check_kept(type_, named)
            return named
        if self.labels is None and _EXACT.issuperset(map(type, values)):
            return _compose_once(self, *values)
        return self.compose(values, getattr(type_, self.labels) if self.labels else ())

    def compose(self, values: Sequence[object], labels: Sequence[object] = ()) -> DataType:
        """Write the values that are not their defaults, in the order of the arguments."""
        args: list[Argument] = [_plain(label) for label in labels]
        kwargs: dict[str, Argument] = {}
        in_a_row = True
        for position, (key, default) in enumerate(self.defaults):
            value = bool(values[position]) if isinstance(default, bool) else values[position]
            if value is ABSENT or (value == default and type(value) is type(default)):
                in_a_row = False
                continue
            in_a_row = in_a_row and position < len(self.positional)
            if in_a_row:
                args.append(self._check(key, _plain(value)))
            else:
                kwargs[key] = self._check(key, _plain(value))
            if isinstance(value, quoted_name) and value.quote is not None:
                kwargs[_quote(key)] = value.quote
        return DataType(self.name, tuple(args), kwargs)

    def thaw(self, named: DataType, nested: Callable[[DataType], AnyType]) -> AnyType:
        """Make a new instance from a name.

        Args:
            named: a name of this registration.
            nested: how to make a type among its arguments.

        Raises:
            UnknownTypeError: the installed SQLAlchemy does not have this type.
            TypeNameError: the type does not take these arguments.
        """
        if self.cls is None and self.package:
            raise UnknownTypeError(f"{named} is a type of {self.package}; install it", named)
        if self.cls is None:
            raise UnknownTypeError(
                f"{named} is not in this version of SQLAlchemy; upgrade it", named
            )
        arguments, types = _read_once(self, named)
        if types:
            arguments = {**arguments, **{key: nested(inside) for key, inside in types}}
        labels = named.args if self.labels else ()
        make = self.make or self.cls
        if self.labels:
            check_labels(named)
        try:
            return make(*labels, **arguments)
        except (TypeError, ValueError, LookupError, ArgumentError) as err:
            lacking = missing(make, arguments)
            if lacking:
                raise TypeNameError(
                    f"{named} lacks {', '.join(lacking)}; write {self._example()}", named
                ) from err
            raise TypeNameError(f"{named} cannot be made: {err}; change its arguments") from err

    def arguments(
        self, named: DataType
    ) -> tuple[dict[str, object], tuple[tuple[str, DataType], ...]]:
        """Return the arguments of `cls`, and separately those that are types.

        Defaults are passed too: ours never change, SQLAlchemy's may.
        """
        bound = self._bind(named)
        given = {key: value for key, value in self.keywords.items() if value not in _UNSAID}
        types = []
        for key in {*self.positional, *self.keywords} & bound.keys():
            value = self._check(key, bound[key])
            quote = bound.get(_quote(key))
            if isinstance(value, DataType) and value.name != "SQL":
                types.append((key, value))
            elif isinstance(value, str) and quote is not None:
                given[key] = quoted_name(value, bool(quote))
            else:
                given[key] = value
        return given, tuple(types)

    def _example(self) -> str:
        """Return a name that has the arguments without which the type cannot be made."""
        make = self.make or self.cls
        needed = [] if make is None else missing(make, ())
        values = {key: EXAMPLES.get(key, "...") for key in needed}
        parts = (
            value if key in self.positional else f"{key}={value}" for key, value in values.items()
        )
        return f"{self.name}({','.join(parts)})"

    def _bind(self, named: DataType) -> dict[str, Argument]:
        """Return every argument but labels by its keyword."""
        if self.labels is None and len(named.args) > len(self.positional):
            raise TypeNameError(
                f"{named} has {_counted(len(named.args))} without a keyword; "
                f"{self.name} takes {', '.join(self.positional) or 'none'}",
                named,
            )
        bound = dict(zip(self.positional, named.args, strict=False))
        known = {*self.positional, *self.keywords}
        known |= {_quote(key) for key in known}
        for key, value in named.kwargs.items():
            if key in bound:
                raise TypeNameError(f"{named} gives {key} twice; leave one out", named)
            if key not in known:
                hint = did_you_mean(key, known) or "; leave it out"
                raise TypeNameError(f"{named} has an unknown argument {key}{hint}", named)
            bound[key] = value
        return bound

    def _check(self, key: str, value: Argument) -> Argument:
        if self.compiled and (key in TEXTS or key in TYPE_ARGUMENTS or type(value) is int):
            return value  # the application decides what its type takes
        return checked(self.name, key, value, self.keywords)


_EXACT: Final = frozenset({str, int, bool, type(None), DataType})
_UNSAID: Final = (None, ABSENT)


@lru_cache(maxsize=4096, typed=True)
def _compose_once(registration: Registration, *values: object) -> DataType:
    return registration.compose(values)


@lru_cache(maxsize=4096)
def _read_once(
    registration: Registration, named: DataType
) -> tuple[dict[str, object], tuple[tuple[str, DataType], ...]]:
    return registration.arguments(named)


def _plain(value: object) -> Argument:
    """Turn a subclass of `str` or `int` (a quoted name, an enum's member) into the value itself."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return value  # type: ignore[return-value]  # checked by DataType


def _counted(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


def _quote(key: str) -> str:
    """Return the argument for a `quoted_name`'s quoting, as in SQLAlchemy's constructors."""
    return "quote" if key == "name" else f"quote_{key}"


def line(
    name: str, cls: type[AnyType] | None, /, *positional: str, **keywords: object
) -> Registration:
    """Write one line of a table: the name, the class, its arguments with their defaults."""
    return Registration(name, cls, positional, keywords)


def newer(module: str, name: str) -> type[AnyType] | None:
    """Return a class that an older SQLAlchemy does not have, or `None`."""
    exported = getattr(import_module(module), name, None)
    is_type = isinstance(exported, type) and issubclass(exported, TypeEngine)
    # mssql exported the DOUBLE_PRECISION of sqlalchemy.types before it had one of its own.
    is_own = is_type and exported.__module__.startswith("sqlalchemy.dialects.")
    return exported if is_own else None
