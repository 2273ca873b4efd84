"""From a live type to its name, or to its name and its variants.

Decorators, variants and hand-written DDL are resolved here, one dialect at a time; which class
bears which name is the registry's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.engine import URL, Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import CompileError, NoSuchModuleError
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine, to_instance

from alembic_moltres.datatypes import DataType
from alembic_moltres.errors import FreezeError, TypeNameError, UnregisteredTypeError

from .custom import compile_text, has_text_of_its_own, is_compiled_by_hand
from .registered import WORDS, nearest, thaw
from .registration import TYPE_ARGUMENTS


@dataclass(frozen=True, slots=True)
class FrozenType:
    """What a live type is: one name, and the dialects on which it is something else.

    Args:
        type_name: the canonical name.
        variants: dialect name to canonical name, where it differs.
        left_out: the dialects, not connected, for which a decorator raised, with what it raised.
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

    A plain type has one name. Where the answer depends on the dialect (a `TypeDecorator`,
    `get_col_spec`, `@compiles`) each dialect is asked; the name is what most of them say, and the
    others are named. What `with_variant` says is kept under exactly the dialect names it was given.

    Args:
        type_: the type of a column.
        dialects: whom to ask; the first one is the connected one.
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
    mentioned: dict[str, None] = {}
    varies = _survey(type_, mentioned)
    walk = _Walk(_NEUTRAL, column, where)
    if not varies:
        name = walk.name(type_).text
        if not mentioned:
            return FrozenType(name)
        said = {each: walk.on(_dialect(each)).name(type_).text for each in mentioned}
        return FrozenType(name, _differing(said, name))
    voters = {dialect.name: dialect for dialect in reversed(dialects)} or {_NEUTRAL.name: _NEUTRAL}
    voters = {dialect.name: voters[dialect.name] for dialect in dialects} or voters
    asked = {**{each: _dialect(each) for each in mentioned}, **voters}
    return _vote(type_, walk, voters, asked)


def sqlalchemy_type_to_moltres_type(
    type_: TypeEngine[Any] | type[TypeEngine[Any]], dialect: str | Dialect | None = None
) -> str:
    """Name a type: the portable name, or with a dialect Moltres' word for that database.

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
        return _Walk(_NEUTRAL, None, None).name(instance).text
    asked = _installed(dialect) if isinstance(dialect, str) else dialect
    named = _Walk(asked, None, None).name(instance)
    return WORDS.get(asked.name, {}).get(named.name, named.text)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One pass over a type and the types inside it, as one dialect sees them."""

    dialect: Dialect
    column: Any
    where: str | None

    def on(self, dialect: Dialect) -> _Walk:
        return _Walk(dialect, self.column, self.where)

    def name(self, type_: TypeEngine[Any]) -> DataType:
        type_ = variants_of(type_).get(self.dialect.name, type_)
        cls = type(type_)
        registration = nearest(cls)
        if is_compiled_by_hand(cls, self.dialect.name):
            return self._custom(type_)
        if registration is not None:
            return registration.freeze(type_, self.name)
        if isinstance(type_, TypeDecorator):
            return self.name(self._implementation(type_))
        if isinstance(type_, NullType):
            raise UnregisteredTypeError(
                f"{cls.__name__}(){self._place()} has no DDL; give the column a type", type_
            )
        if has_text_of_its_own(cls):
            return self._custom(type_)
        raise self._unregistered(type_)

    def _implementation(self, type_: TypeDecorator[Any]) -> TypeEngine[Any]:
        try:
            return type_.type_engine(self.dialect)
        except Exception as err:  # the application's code may raise anything
            raise UnregisteredTypeError(
                f"{type(type_).__name__}(){self._place()} has no type on {self.dialect.name}: "
                f"{err}; let its load_dialect_impl return one",
                type_,
            ) from err

    def _custom(self, type_: TypeEngine[Any]) -> DataType:
        try:
            return DataType("CUSTOM", (compile_text(type_, self.dialect, self.column),))
        except Exception as err:  # so may its get_col_spec and @compiles
            raise self._unregistered(type_) from err

    def _unregistered(self, type_: TypeEngine[Any]) -> UnregisteredTypeError:
        name = type(type_).__name__
        return UnregisteredTypeError(
            f"no portable type is registered for {name}(){self._place()}; "
            f"register one with register_type({name}, ...)",
            type_,
        )

    def _place(self) -> str:
        where = self.where
        if where is None and getattr(self.column, "table", None) is not None:
            where = f"{self.column.table.fullname}.{self.column.name}"
        return f" (at {where})" if where else ""


def variants_of(type_: TypeEngine[Any]) -> Mapping[str, TypeEngine[Any]]:
    """Give what `with_variant` said, by the name of the dialect.

    >>> from sqlalchemy import String, Text
    >>> variants_of(String().with_variant(Text(), "mysql"))
    immutabledict({'mysql': Text()})
    """
    return type_._variant_mapping  # SQLAlchemy has no public way


def _survey(type_: TypeEngine[Any], mentioned: dict[str, None]) -> bool:
    """Collect the dialects that variants name; tell whether each dialect must be asked."""
    cls = type(type_)
    registration = nearest(cls)
    varies = registration is None or hasattr(cls, "_compiler_dispatcher")
    if registration is None and isinstance(type_, TypeDecorator):
        _survey(type_.impl_instance, mentioned)
    elif registration is not None and registration.nests:
        for inside in (getattr(type_, key, None) for key in TYPE_ARGUMENTS):
            varies = (inside is not None and _survey(inside, mentioned)) or varies
    for dialect_name, variant in variants_of(type_).items():
        mentioned[dialect_name] = None
        varies = _survey(variant, mentioned) or varies
    return varies


def _vote(
    type_: TypeEngine[Any], walk: _Walk, voters: Mapping[str, Dialect], asked: Mapping[str, Dialect]
) -> FrozenType:
    said: dict[str, DataType] = {}
    left_out: list[tuple[str, Exception]] = []
    connected = next(iter(voters))
    for dialect_name in (*voters, *(each for each in asked if each not in voters)):
        try:
            said[dialect_name] = walk.on(asked[dialect_name]).name(type_)
        except FreezeError as err:
            if dialect_name == connected:
                raise
            cause = err.__cause__
            left_out.append((dialect_name, cause if isinstance(cause, Exception) else err))
    said = _most_portable(said, asked)
    # Counter keeps the order of first sight: a tie goes to the dialect that stands first.
    votes = Counter(name.text for dialect_name, name in said.items() if dialect_name in voters)
    name = votes.most_common(1)[0][0]
    texts = {dialect_name: named.text for dialect_name, named in said.items()}
    return FrozenType(name, _differing(texts, name), tuple(left_out))


def _most_portable(
    said: Mapping[str, DataType], asked: Mapping[str, Dialect]
) -> dict[str, DataType]:
    """Let dialects agree on a portable name where it means the same to them.

    A decorator that returns `dialect.type_descriptor(JSON())` gets `mysql.JSON`, `sqlite.JSON`, ...
    """
    if len({named.text for named in said.values()}) == 1:
        return dict(said)
    portable = {
        DataType(named.name.partition(".")[2], named.args, named.kwargs)
        for named in said.values()
        if "." in named.name
    }
    best = dict(said)
    for candidate in sorted(portable, key=str):
        agreeing = {
            dialect_name: candidate if _same_ddl(candidate, named, asked[dialect_name]) else named
            for dialect_name, named in said.items()
        }
        if len({*agreeing.values()}) < len({*best.values()}):
            best = agreeing
    return best


def _same_ddl(candidate: DataType, named: DataType, dialect: Dialect) -> bool:
    if named.name.partition(".")[2] != candidate.name:
        return False
    try:
        texts = [compile_text(thaw(each), dialect) for each in (candidate, named)]
    except (TypeNameError, CompileError):
        return False
    return texts[0] == texts[1]


def _differing(said: Mapping[str, str], name: str) -> Mapping[str, str]:
    return MappingProxyType({each: said[each] for each in sorted(said) if said[each] != name})


def _dialect(name: str) -> Dialect:
    """Give a dialect that variants name, though it may not be installed here."""
    try:
        return _installed(name)
    except FreezeError:
        stand_in = DefaultDialect()
        stand_in.name = name
        return stand_in


@lru_cache(maxsize=64)
def _installed(name: str) -> Dialect:
    try:
        return URL.create(name).get_dialect()()
    except NoSuchModuleError as err:
        raise FreezeError(
            f"no dialect named {name!r} is installed; install its package", name
        ) from err


_NEUTRAL: Final[Dialect] = DefaultDialect()
