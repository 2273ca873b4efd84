"""From a name to a SQLAlchemy type, with its variants if it has any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.sql.base import SchemaEventTarget
from sqlalchemy.types import TypeEngine

from ..datatypes import DataType, with_precision
from ..errors import TypeNameError
from ..messages import argument_text
from ..sqla_compat import add_variants, variants_of
from .freeze import sqlalchemy_type_to_moltres_type
from .registry import thaw, types


def moltres_type_to_sqlalchemy_type(
    type_name: str | DataType,
    nullable: bool = True,
    precision: int | None = None,
    scale: int | None = None,
) -> TypeEngine[Any]:
    """Make a new instance of the type that a name stands for.

    Args:
        type_name: the name, with its arguments or without.
        nullable: as Moltres has it beside a type; a type of SQLAlchemy's does not tell it.
        precision: of a number, in place of the name's arguments.
        scale: the same; it needs a precision.

    Raises:
        TypeNameError: the name cannot be parsed, or its arguments are not those of the type.
        UnknownTypeError: nothing is registered under the name.

    >>> moltres_type_to_sqlalchemy_type("DECIMAL(10,2)")
    Numeric(precision=10, scale=2)
    >>> moltres_type_to_sqlalchemy_type("DECIMAL", precision=10, scale=2)
    Numeric(precision=10, scale=2)
    >>> moltres_type_to_sqlalchemy_type("JSN")
    Traceback (most recent call last):
    alembic_moltres.errors.UnknownTypeError: no type is registered as JSN; did you mean 'JSON'?
    """
    if not isinstance(type_name, str | DataType):
        raise TypeNameError(
            f"{argument_text(type_name)} is not the name of a type; write text such as "
            "'VARCHAR(100)'",
            type_name,
        )
    if precision is not None or scale is not None:
        text = with_precision(str(type_name), precision, scale)
        first = types.named(DataType.parse(text).name).positional[:1]
        if first and first != ("precision",):
            raise TypeNameError(
                f"{type_name} has no precision; write {text} for its {first[0]}", type_name
            )
        type_name = text
    return thaw(DataType.parse(type_name) if isinstance(type_name, str) else type_name)


def thaw_type(type_name: str, variants: Mapping[str, str]) -> TypeEngine[Any]:
    """Make the type of a column from its name and its `type_variants`.

    >>> type_ = thaw_type("CHAR(32)", {"postgresql": "postgresql.UUID"})
    >>> from sqlalchemy.dialects import postgresql, sqlite
    >>> type_.compile(sqlite.dialect()), type_.compile(postgresql.dialect())
    ('CHAR(32)', 'UUID')
    """
    type_ = moltres_type_to_sqlalchemy_type(type_name)
    if variants:
        add_variants(
            type_,
            {dialect: moltres_type_to_sqlalchemy_type(name) for dialect, name in variants.items()},
        )
    return type_


def is_plain(type_: TypeEngine[Any]) -> bool:
    """Tell whether a type needs no named type, constraint or nested type, on any dialect.

    Enum types and domains are named types; `Boolean` adds constraints; arrays and `TypeDecorator`s
    contain other types.
    """
    return not isinstance(type_, SchemaEventTarget) and not variants_of(type_)


@lru_cache(maxsize=4096)
def plain_type(type_name: str) -> TypeEngine[Any] | None:
    """Return the plain type of a name, to be looked at and compiled; `None` if it is not plain.

    Each call returns the same instance, for which a dialect finds its own type only once.

    >>> plain_type("TEXT"), plain_type("ENUM('a','b',name='letter')")
    (Text(), None)
    """
    type_ = moltres_type_to_sqlalchemy_type(type_name)
    return type_ if is_plain(type_) else None


def canonical_type_name(type_name: str | DataType) -> str:
    """Return the canonical name, as freezing writes it: arguments in order, defaults left out.

    Raises:
        TypeNameError: as `moltres_type_to_sqlalchemy_type`.

    >>> canonical_type_name("varchar(length=100)"), canonical_type_name("timestamp(timezone=False)")
    ('VARCHAR(100)', 'TIMESTAMP')
    """
    return _canonical(DataType.parse(type_name) if isinstance(type_name, str) else type_name)


@lru_cache(maxsize=4096)
def _canonical(named: DataType) -> str:
    return sqlalchemy_type_to_moltres_type(moltres_type_to_sqlalchemy_type(named))
