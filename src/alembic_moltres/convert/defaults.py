"""Server defaults, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import DefaultClause, false, func, true
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement, False_, True_
from sqlalchemy.sql.functions import now

from .. import sqla_compat
from ..schema import SQL, Default, Now, sql
from .expressions import FrozenText, freeze_expression


def freeze_default(server_default: Any, dialects: Sequence[Dialect], where: str) -> Default | None:
    """Return the value of a column's `server_default`, or `None` where DDL has no DEFAULT."""
    if not isinstance(server_default, DefaultClause):
        return None
    arg = server_default.arg
    if isinstance(arg, str):
        return str.__str__(arg)  # the text itself, also of a member of a str enum
    if isinstance(arg, FrozenText):
        return arg.frozen
    if isinstance(arg, True_ | False_):
        return isinstance(arg, True_)
    if type(arg) is now and not list(arg.clauses) and not _is_rewritten(now):
        return sql.now()
    return freeze_expression(arg, dialects, where)


def _is_rewritten(construct: type[ClauseElement]) -> bool:
    """Tell whether the application has overridden one of SQLAlchemy's own constructs (`@compiles`).

    A script does not import the application, and would compile SQLAlchemy's text.
    """
    return sqla_compat.has_own_compiles(construct)


def thaw_default(default: Default | None) -> Any:
    """Return what `Column(server_default=...)` takes."""
    match default:
        case None | str():
            return default
        case bool():
            return true() if default else false()
        case Now():
            return func.now()
        case SQL():
            return FrozenText(default)
        case _:
            return FrozenText(default)
