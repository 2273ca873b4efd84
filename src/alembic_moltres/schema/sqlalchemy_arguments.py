"""The helper functions' arguments as SQLAlchemy names them; errors that show what to write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from ..errors import SchemaError
from ..messages import did_you_mean
from .dialects import option_hint

P = ParamSpec("P")
R = TypeVar("R")

SQLALCHEMYS = {
    "ondelete": "on_delete",
    "onupdate": "on_update",
    "type_": "type_name",
    "constraint_name": "name",
}
"""SQLAlchemy's and Alembic's names of arguments that mean the same."""

WRITE = {
    "server_default": "default=..., with sql('...') for an expression",
    "unique": "unique('{0}') among the constraints",
    "index": "index('ix_name', ['{0}']) among the indexes",
    "columns": "the columns as a list",
    "referent_table": "the referred table as second argument, its columns as third",
    "remote_cols": "the referred table as second argument, its columns as third",
    "local_cols": "the columns as first argument",
}
"""What to write in place of others; `{0}` is the first argument."""


def keywords(example: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take SQLAlchemy's names of its arguments, and show `example` for wrong ones.

    Nothing is done unless a call fails.

    >>> from alembic_moltres import foreign_key
    >>> foreign_key("user_id", "users", "id", ondelete="CASCADE")
    foreign_key('user_id', 'users', 'id', on_delete='CASCADE')
    >>> foreign_key(["user_id"], ["users.id"])
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: foreign_key() has the wrong arguments: missing ...; write
        foreign_key('user_id', 'users', 'id', name='fk_name')
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except TypeError as err:
                known: Any = {SQLALCHEMYS.get(name, name): kwargs[name] for name in kwargs}
                if len(known) == len(kwargs) and known.keys() != kwargs.keys():
                    return call(*args, **known)
                raise _error(function, err, args, kwargs, example) from err

        return call

    return decorate


def _error(
    function: Callable[..., object],
    err: TypeError,
    args: tuple[object, ...],
    kwargs: dict[str, object],
    example: str,
) -> SchemaError:
    name, message = function.__name__, str(err.args[0])
    known = signature(function).parameters
    unknown = next((key for key in kwargs if key not in known), None)
    if unknown is None or f"'{unknown}'" not in message:
        problem = message.partition("() ")[2] or message
        return SchemaError(f"{name}() has the wrong arguments: {problem}; write {example}", args)
    if unknown in WRITE:
        first = args[0] if args else kwargs.get("name", "a")
        return SchemaError(
            f"{name}() has no argument {unknown!r}; write {WRITE[unknown].format(first)}", args
        )
    hint = option_hint(unknown) or did_you_mean(unknown, known) or f"; write {example}"
    return SchemaError(f"{name}() has no argument {unknown!r}{hint}", args)
