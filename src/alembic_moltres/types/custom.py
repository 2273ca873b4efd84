"""Types that are only DDL text: `CustomType`; whether a class defines its own text.

`CUSTOM('geometry(POINT,4326)')` is a third party's type, or one that a database has
and SQLAlchemy does not know.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.engine import Dialect
from sqlalchemy.ext import compiler
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from .. import sqla_compat

_BASES: Final = frozenset({TypeDecorator, UserDefinedType, TypeEngine})


class CustomType(UserDefinedType[Any]):
    """A type that is only its DDL text.

    Args:
        ddl: the text, which every dialect writes unchanged.

    >>> from sqlalchemy.schema import Column, CreateColumn
    >>> print(CreateColumn(Column("place", CustomType("geometry(POINT,4326)"))))
    place geometry(POINT,4326)
    """

    cache_ok = True

    def __init__(self, ddl: str) -> None:
        self.ddl = ddl

    def get_col_spec(self, **kw: object) -> str:  # SQLAlchemy's signature
        """Return the text."""
        return self.ddl


def has_text_of_its_own(cls: type[TypeEngine[Any]]) -> bool:
    """Tell whether an unregistered class defines its own DDL."""
    for ancestor in cls.__mro__:
        if ancestor in _BASES:
            return False
        if "get_col_spec" in vars(ancestor) or "__visit_name__" in vars(ancestor):
            return True
    return False


def is_compiled_by_hand(cls: type[TypeEngine[Any]], dialect_name: str) -> bool:
    """Tell whether `@compiles` decides the DDL of this class on this dialect.

    Args:
        cls: the class of an instance.
        dialect_name: the name that `@compiles(cls, name)` would give.
    """
    if not sqla_compat.has_compiles(cls):
        return False
    decides = next(filter(sqla_compat.dispatches_itself, cls.__mro__), None)
    if decides is None or not sqla_compat.has_own_compiles(decides):
        return False
    by_hand = sqla_compat.compiles_function(decides, dialect_name)
    return by_hand is not None and by_hand.__module__ != compiler.__name__


def compile_text(type_: TypeEngine[Any], dialect: Dialect, column: object = None) -> str:
    """Return the DDL of a type as `CREATE TABLE` would write it for this column.

    Args:
        type_: any type.
        dialect: the dialect to compile for.
        column: what `get_col_spec` and `@compiles` get as `type_expression`.
    """
    stated: dict[str, Any] = {"type_expression": column}
    if any(vars(base).get("name") == "postgresql" for base in type(dialect).__mro__):
        stated["identifier_preparer"] = dialect.identifier_preparer  # as its DDL compiler gives it
    return dialect.type_compiler_instance.process(type_, **stated)
