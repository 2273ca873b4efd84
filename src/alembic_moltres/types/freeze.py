"""From a SQLAlchemy type to its name, or to its name and its variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.engine import URL, Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.types import TypeEngine, to_instance

from ..datatypes import DataType
from ..errors import FreezeError
from .registry import MOLTRES_TYPES, nearest
from .resolve import Resolver, survey
from .third_party import dialects_of_package
from .variants import exceptions, most_common_name, without_prefix


@dataclass(frozen=True, slots=True)
class FrozenType:
    """The frozen form of a type: one name, and the dialects on which it has another.

    Args:
        type_name: the canonical name.
        variants: maps dialect names to canonical names that differ.
        left_out: the dialects, not connected, for which a decorator raised, with the error.

    >>> FrozenType("JSON", {"postgresql": "postgresql.JSONB"}).type_name
    'JSON'
    """

    type_name: str
    variants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    left_out: tuple[tuple[str, Exception], ...] = ()


def freeze_type(
    type_: TypeEngine[Any],
    dialects: Sequence[Dialect] = (),
    column: Any = None,
    *,
    where: str | None = None,
) -> FrozenType:
    """Freeze a type so that every dialect writes the same DDL for what it thaws to.

    A plain type has one name. If its DDL depends on the dialect (a `TypeDecorator`, `get_col_spec`,
    `@compiles`) it is resolved for each dialect; the name is that of most dialects, the others
    become variants. Types given to `with_variant` are kept under exactly those dialect names.

    Args:
        type_: the type of a column.
        dialects: to resolve it for; the first one is the connected one.
        column: what `get_col_spec` and `@compiles` get as `type_expression`.
        where: the place that an error names; by default that of the column.

    Raises:
        UnregisteredTypeError: the type has neither a name nor DDL on the connected dialect.

    >>> from sqlalchemy import JSON
    >>> from sqlalchemy.dialects.postgresql import JSONB
    >>> frozen = freeze_type(JSON().with_variant(JSONB(), "postgresql"))
    >>> frozen.type_name, dict(frozen.variants)
    ('JSON', {'postgresql': 'postgresql.JSONB'})
    """
    registration = nearest(type(type_))
    if registration is not None and registration.names_all_of(type_):
        return _plain(registration.freeze(type_, _AS_IT_IS.name).text)
    resolver = Resolver(_NEUTRAL, column, where)
    mentioned: dict[str, None] = {}
    if survey(type_, mentioned):
        return _resolved(type_, resolver, dialects or (_NEUTRAL,), tuple(mentioned))
    name = resolver.name(type_).text
    named = {each: resolver.on(_dialect(each)).name(type_).text for each in mentioned}
    return FrozenType(name, exceptions(named, name)) if named else FrozenType(name)


def sqlalchemy_type_to_moltres_type(
    type_: TypeEngine[Any] | type[TypeEngine[Any]], dialect: str | Dialect | None = None
) -> str:
    """Name a type: the portable name, or with a dialect Moltres' type name for that database.

    Args:
        type_: an instance, or a class that needs no arguments.
        dialect: a dialect or its name.

    Raises:
        UnregisteredTypeError: the type has no name.

    >>> from sqlalchemy import JSON, Boolean, Numeric
    >>> sqlalchemy_type_to_moltres_type(Numeric(10, 2))
    'DECIMAL(10,2)'
    >>> sqlalchemy_type_to_moltres_type(Boolean), sqlalchemy_type_to_moltres_type(JSON(), "sqlite")
    ('BOOLEAN', 'TEXT')
    """
    instance = to_instance(type_)
    if dialect is None:
        own = dialects_of_package(type(instance))
        return Resolver(_dialect(own[0]) if own else _NEUTRAL).name(instance).text
    resolved_for = _installed(dialect) if isinstance(dialect, str) else dialect
    named = Resolver(resolved_for).name(instance)
    return MOLTRES_TYPES.get(resolved_for.name, {}).get(without_prefix(named).name, named.text)


def _resolved(
    type_: TypeEngine[Any],
    resolver: Resolver,
    dialects: Sequence[Dialect],
    mentioned: Sequence[str],
) -> FrozenType:
    """Resolve for each dialect, once for each name; an error of the first one is raised."""
    voters: list[tuple[Dialect, DataType]] = []
    others: list[tuple[Dialect, DataType]] = []
    left_out: list[tuple[str, Exception]] = []
    seen: set[str] = set()
    for dialect in (*dialects, *(_dialect(each) for each in mentioned)):
        if dialect.name in seen:
            continue
        results = voters if dialect in dialects else others
        try:
            results.append((dialect, resolver.on(dialect).name(type_)))
        except FreezeError as err:
            if not seen:
                raise
            cause = err.__cause__
            left_out.append((dialect.name, cause if isinstance(cause, Exception) else err))
        seen.add(dialect.name)
    name, variants = most_common_name(tuple(voters), tuple(others))
    return FrozenType(name, variants, tuple(left_out))


def _dialect(name: str) -> Dialect:
    """Return a dialect that variants name, a stand-in if it is not installed."""
    try:
        return _installed(name)
    except FreezeError:
        return _stand_in(name)


@lru_cache(maxsize=4096)
def _plain(type_name: str) -> FrozenType:
    return FrozenType(type_name)


@lru_cache(maxsize=64)
def _installed(name: str) -> Dialect:
    try:
        return URL.create(name).get_dialect()()
    except NoSuchModuleError as err:
        raise FreezeError(
            f"no dialect named {name!r} is installed; install its package", name
        ) from err


@lru_cache(maxsize=64)
def _stand_in(name: str) -> Dialect:
    dialect = DefaultDialect()
    dialect.name = name
    return dialect


_NEUTRAL: Final[Dialect] = DefaultDialect()
_AS_IT_IS: Final = Resolver(_NEUTRAL)
