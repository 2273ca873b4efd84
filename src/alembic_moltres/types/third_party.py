"""Types of packages that bring a dialect: only that dialect may write all of their arguments.

A subclass of a type of SQLAlchemy's with the same `__visit_name__` is written alike by the dialects
that SQLAlchemy ships. The dialect of its own package may read more of it: trino's `TIMESTAMP(6)`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import TypeEngine

from .custom import compile_text

_of_package: dict[type[TypeEngine[Any]], tuple[str, ...]] = {}


def dialects_of_package(cls: type[TypeEngine[Any]]) -> tuple[str, ...]:
    """Return the names of the dialects that the package of a type brings.

    >>> from sqlalchemy import String
    >>> dialects_of_package(String)
    ()
    """
    if cls not in _of_package:
        _of_package[cls] = _of_ancestors(cls)
    return _of_package[cls]


def _of_ancestors(cls: type[TypeEngine[Any]]) -> tuple[str, ...]:
    packages = {each.__module__.partition(".")[0] for each in cls.__mro__}
    packages -= {"sqlalchemy", "builtins", "typing"}
    if not packages:
        return ()
    return tuple(name for name, package in installed_dialects() if package in packages)


@cache
def installed_dialects() -> tuple[tuple[str, str], ...]:
    """Return the name and the package of each dialect that is installed beside SQLAlchemy."""
    found = entry_points(group="sqlalchemy.dialects")
    plain = (each for each in found if not {".", "+"} & {*each.name})  # without a driver's name
    return tuple(sorted({(each.name, each.module.partition(".")[0]) for each in plain}))


def is_third_party(dialect: Dialect) -> bool:
    """Tell whether it is a dialect that SQLAlchemy does not ship."""
    return not type(dialect).__module__.startswith("sqlalchemy.")


def writes_alike(
    dialect: Dialect, type_: TypeEngine[Any], other: TypeEngine[Any], column: object
) -> bool:
    """Tell whether a third party's dialect writes the same for two types, or refuses the first.

    Args:
        dialect: the third party's.
        type_: of a model.
        other: what stands for it.
        column: see `compile_text`.
    """
    try:
        text = compile_text(type_, dialect, column)
    except CompileError:
        return True
    try:
        return compile_text(other, dialect, column) == text
    except Exception:  # noqa: BLE001 - the third party's code may raise anything
        return False
