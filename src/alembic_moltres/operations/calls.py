"""Errors of calls with wrong arguments: one line with an example, instead of a traceback.

This checks the names and number of arguments; for their values see `alter.alembic_arguments`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Signature, signature
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

from alembic import op
from alembic.operations import Operations

from ..errors import OperationError
from ..messages import did_you_mean
from ..schema.base import EMPTY
from .script_line import place_in_script

P = ParamSpec("P")
R = TypeVar("R")

LEFT_OUT: Final = frozenset({"if_exists", "if_not_exists"})
"""Alembic's arguments about the existing table, which a block does not need."""

METHODS: Final = (
    *("add_column", "drop_column", "alter_column", "rename_column", "add_constraint"),
    *("drop_constraint", "create_index", "drop_index", "set_comment", "set_options"),
    "rename_generated_names",
)
"""The methods of a block."""

CALLS: Final = {
    "moltres_create_table": (
        "op.moltres_create_table(TableSchema('users', [column('id', 'INTEGER')]))"
    ),
    "moltres_drop_table": "op.moltres_drop_table(Users), the constant of the script",
    "moltres_alter_table": "with op.moltres_alter_table('users', schema=None) as users:",
    "moltres_rename_table": "op.moltres_rename_table('old', 'new', schema=None)",
    "moltres_add_foreign_keys": "op.moltres_add_foreign_keys(Users), the constant of the script",
    "moltres_drop_foreign_keys": "op.moltres_drop_foreign_keys(Users), the constant of the script",
    "moltres_alter_enum": (
        "op.moltres_alter_enum(\"ENUM('a',name='mood')\", \"ENUM('a','b',name='mood')\")"
    ),
    "moltres_alter_sequence": "op.moltres_alter_sequence(sequence('s'), sequence('s', start=5))",
}
"""An example for each function of `op`."""


def shows(
    example: str, aliases: Mapping[str, str] = EMPTY
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a method of a block raise an error with `example` for wrong arguments.

    Args:
        example: a call of it.
        aliases: maps Alembic's names of arguments to the names here.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            named: Any = kwargs
            if named:
                block: Any = args[0]
                named = {aliases.get(key, key): value for key, value in kwargs.items()}
                if len(named) < len(kwargs):
                    named = dict(kwargs)
                for key, value in block.place.items():
                    if key in named and named[key] == value:
                        del named[key]
            try:
                return method(*args, **named)
            except TypeError:
                _bind(method.__name__, method, args, named, example)
                raise

        return call

    return decorate


class MissingFunctionError(OperationError, AttributeError):
    """There is no such function of `op`; an `AttributeError`, so `hasattr` returns false."""


def explain_all() -> None:
    """Make our functions of `op` raise errors with an example for wrong arguments."""
    for name in CALLS:
        setattr(op, name, explained(name, getattr(op, name)))
    vars(op).setdefault("__getattr__", missing_function)


def missing_function(name: str) -> NoReturn:
    """Raise the error for a missing function of `op`.

    Raises:
        MissingFunctionError: its name has the prefix of our functions.
        AttributeError: it has not.
    """
    if not name.startswith("moltres_"):
        raise AttributeError(f"module {op.__name__!r} has no attribute {name!r}", name=name)
    method = name.removeprefix("moltres_")
    hint = did_you_mean(name, [each for each in dir(op) if each.startswith("moltres_")])
    if method in METHODS:
        hint = f"; write {CALLS['moltres_alter_table']} and in it users.{method}(...)"
    raise MissingFunctionError(f"op has no {name}(){hint or '; see the reference'}", name)


def explained(name: str, function: Callable[..., R]) -> Callable[..., R]:
    """Return a function of `op` whose errors for wrong arguments have an example."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> R:
        try:
            return function(*args, **kwargs)
        except TypeError:
            method = getattr(Operations, name)
            _bind(f"op.{name}", method, (op, *args), kwargs, CALLS[name])
            raise

    return call


def _bind(
    name: str,
    method: Callable[..., object],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
    example: str,
) -> None:
    """Raise our error if these are not arguments of the method."""
    stated = signature(method)
    try:
        stated.bind(*args, **kwargs)
    except TypeError as err:
        raise _error(name, stated, kwargs, example, str(err)) from err


def _error(
    name: str, stated: Signature, kwargs: Mapping[str, object], example: str, problem: str
) -> OperationError:
    place = place_in_script()
    unknown = next((key for key in kwargs if key not in stated.parameters), None)
    if unknown is None or f"'{unknown}'" not in problem:
        return OperationError(f"{name}(): {problem} (at {place}); write {example}", kwargs)
    hint = did_you_mean(unknown, stated.parameters) or f"; write {example}"
    if unknown in LEFT_OUT and not name.startswith("op."):
        hint = f"; leave it out: a block says what the table has at this line, as in {example}"
    return OperationError(f"{name}() has no argument {unknown!r} (at {place}){hint}", kwargs)
