"""The dialects that text is compiled for: the connected one and those that SQLAlchemy ships."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from functools import cache
from pkgutil import resolve_name
from typing import Any

from sqlalchemy.engine import Dialect

from .. import sqla_compat
from ..schema.dialects import DIALECT_CLASSES


@cache
def shipped(name: str) -> Dialect:
    """Return the shipped dialect of that name, not connected.

    Its parameter style doubles no percent signs, so that text compiles to itself.
    """
    dialect: Dialect = resolve_name(DIALECT_CLASSES[name])(paramstyle="named")
    return dialect


def owner(item_class: type) -> Dialect:
    """Return the shipped dialect whose package defines a class of SQLAlchemy's.

    >>> from sqlalchemy.dialects.postgresql import ExcludeConstraint
    >>> owner(ExcludeConstraint) is shipped("postgresql")
    True
    """
    return shipped(item_class.__module__.split(".")[2])


def doubles_percents(dialect: Dialect) -> bool:
    """Tell whether SQLAlchemy doubles percent signs for the parameters of most of its drivers.

    A third party's dialect does so if the shipped one that it extends does.
    """
    extended = (shipped(name) for name in lineage(dialect) if name in DIALECT_CLASSES)
    known: Any = next(extended, dialect)
    return known.default_paramstyle in {"format", "pyformat"}


def writing(dialect: Dialect, paramstyle: str = "named") -> Dialect:
    """Return a copy of a connected dialect that does not double percent signs, but for "format".

    The copy shares no cache that compiling fills, such as types' literal processors.
    """
    copied = copy.copy(dialect)
    copied.paramstyle = paramstyle
    preparer = copy.copy(dialect.identifier_preparer)
    preparer.dialect = copied
    setattr(preparer, sqla_compat.DOUBLES_PERCENTS, paramstyle == "format")
    sqla_compat.forget_compiled(copied, preparer)
    copied.identifier_preparer = preparer
    copied.type_compiler_instance = type(dialect.type_compiler_instance)(copied)
    return copied


def ddl_compiler(dialect: Dialect) -> Any:
    """Return a compiler for rules and conditions that check its dialect; it compiles nothing."""
    compiler: Any = dialect.ddl_compiler
    return compiler(dialect, None)


@cache
def _all_shipped() -> tuple[Dialect, ...]:
    return tuple(shipped(name) for name in DIALECT_CLASSES)


def dialects_for(
    connected: Sequence[Dialect] = (), databases: Collection[str] | None = None
) -> tuple[Dialect, ...]:
    """Return the dialects to freeze for: the connected ones first, then the shipped ones.

    Args:
        connected: the connected ones.
        databases: the names of those shipped ones that are wanted; by default all.

    >>> [dialect.name for dialect in dialects_for()]
    ['sqlite', 'postgresql', 'mysql', 'mariadb', 'mssql', 'oracle']
    """
    if not connected:
        return _all_shipped()
    first = tuple(writing(dialect) for dialect in connected)
    names = {dialect.name for dialect in first}
    others = (each for each in _all_shipped() if each.name not in names)
    return first + tuple(each for each in others if databases is None or each.name in databases)


def lineage(dialect: Dialect) -> tuple[str, ...]:
    """Return a dialect's name, followed for a third party's by those of the dialects it extends.

    >>> lineage(shipped("mariadb"))
    ('mariadb',)
    """
    if dialect.name in DIALECT_CLASSES:
        return (dialect.name,)
    extended = [vars(base)["name"] for base in type(dialect).__mro__ if "name" in vars(base)]
    return tuple(dict.fromkeys([dialect.name, *extended]))
