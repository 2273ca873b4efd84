"""The dialects that a constraint, an index or DDL text is for (`ddl_if`, `execute_if`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Index
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import Constraint, CreateIndex
from sqlalchemy.sql.ddl import CreateConstraint

from .. import sqla_compat
from ..errors import FreezeError
from .dialects import ddl_compiler

NEVER = ("never",)
"""The condition of what no dialect creates."""


class DialectCondition:
    """True for the dialects in `names`.

    The condition of a thawed object, so that freezing it again gives the same value.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __call__(self, ddl: Any, target: Any, bind: Any, *args: Any, **kw: Any) -> bool:
        dialect: Dialect = kw["dialect"]
        return dialect.name in self.names


def freeze_condition(
    item: Any, dialects: Sequence[Dialect], where: str, table: Any = None
) -> tuple[str, ...]:
    """Return the names of the dialects that `item` is for; empty for all of them.

    A condition that is a Python function is called once for each dialect.

    Args:
        item: a constraint, an index, or DDL that an event runs for `table`.

    Raises:
        FreezeError: the function needs more than a dialect, such as a connection.
    """
    condition = sqla_compat.ddl_condition(item)
    if condition is None:
        return ()
    if isinstance(condition.callable_, DialectCondition):
        return condition.callable_.names
    if condition.callable_ is None:
        named: Any = condition.dialect
        return (named,) if isinstance(named, str) else tuple(named or ())
    chosen = tuple(d.name for d in dialects if _holds(item, condition.callable_, d, where, table))
    if len(chosen) == len(dialects):
        return ()
    return chosen or NEVER


def _holds(item: Any, condition: Any, dialect: Dialect, where: str, table: Any) -> bool:
    element: Any = item
    if isinstance(item, Index):
        element = CreateIndex(item)
    elif isinstance(item, Constraint):
        element = CreateConstraint(item)
    compiler = ddl_compiler(dialect)
    try:
        target = item if table is None else table
        return sqla_compat.condition_holds(item, element, target, compiler)
    except (AttributeError, TypeError, KeyError) as err:
        raise FreezeError(
            f"the condition {condition!r} needs more than a dialect (at {where}): "
            f"{err}; use ddl_if(dialect=...)",
            condition,
        ) from err


def thaw_condition(item: Any, names: tuple[str, ...]) -> None:
    """Restrict `item` to the dialects `names`, if there are any."""
    if names:
        item.ddl_if(callable_=DialectCondition(names))
