"""For which dialects a constraint, an index or DDL text is made (`ddl_if`, `execute_if`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.ddl import DDLIf

from ..errors import FreezeError
from ..schema import SQL
from .dialects import lineage

NEVER = ("never",)
"""The condition of what no dialect makes."""


class DialectCondition:
    """True for the dialects that `names` has, and where the expression has a text.

    It is what a thawed object carries, so that freezing it again finds the same value.
    """

    def __init__(self, names: tuple[str, ...], expression: SQL | None = None) -> None:
        self.names = names
        self.expression = expression

    def __call__(self, ddl: Any, target: Any, bind: Any, *args: Any, **kw: Any) -> bool:
        dialect: Dialect = kw["dialect"]
        if self.names and dialect.name not in self.names:
            return False
        return self.expression is None or self.expression.for_dialect(lineage(dialect)) is not None


def freeze_condition(item: Any, dialects: Sequence[Dialect], where: str) -> tuple[str, ...]:
    """Return the names of the dialects that `item` is made for; empty for all of them.

    A condition that is a Python function is asked once for each dialect.

    Raises:
        FreezeError: the function needs more than a dialect, such as a connection.
    """
    condition: DDLIf | None = item._ddl_if
    if condition is None:
        return ()
    if isinstance(condition.callable_, DialectCondition):
        return condition.callable_.names
    if condition.callable_ is None:
        named: Any = condition.dialect
        return (named,) if isinstance(named, str) else tuple(named or ())
    chosen = tuple(d.name for d in dialects if _holds(condition, item, d, where))
    if len(chosen) == len(dialects):
        return ()
    return chosen or NEVER


def _holds(condition: DDLIf, item: Any, dialect: Dialect, where: str) -> bool:
    compiler: Any = dialect.ddl_compiler(dialect, None)
    try:
        return bool(condition._should_execute(item, item, None, compiler=compiler))
    except (AttributeError, TypeError, KeyError) as err:
        raise FreezeError(
            f"the condition {condition.callable_!r} asks for more than a dialect (at {where}): "
            f"{err}; use ddl_if(dialect=...)",
            condition.callable_,
        ) from err


def thaw_condition(item: Any, names: tuple[str, ...], expression: SQL | None = None) -> None:
    """Make `item` appear only for the dialects `names`, and where `expression` has a text."""
    absent = expression is not None and None in expression.variants.values()
    if names or absent:
        item.ddl_if(callable_=DialectCondition(names, expression if absent else None))
