"""Errors of calls with wrong arguments: one line with an example, instead of a traceback.

This checks the names and number of arguments; for their values see `alter.alembic_arguments`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper, wraps
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, TypeVar

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

SYNONYMS: Final = {
    "create_enum": "moltres_create_type",
    "drop_enum": "moltres_drop_type",
    "create_domain": "moltres_create_type",
    "drop_domain": "moltres_drop_type",
    "add_enum_value": "moltres_alter_enum",
    "rename_enum_value": "moltres_alter_enum",
    "alter_type": "moltres_alter_enum",
    "rename_enum": "moltres_rename_type",
    "rename_domain": "moltres_rename_type",
}
"""Our functions by names that other tools have for the same."""

PREFIX: Final = "moltres_"
"""The prefix of our functions of `op`."""

CONSTRAINTS: Final = {
    "create_unique_constraint": "unique(['a'], name='uq_name')",
    "create_check_constraint": "check('a > 0', name='ck_name')",
    "create_foreign_key": "foreign_key('a', 'other', 'id', name='fk_name')",
    "create_primary_key": "primary_key(['a'], name='pk_name')",
    "create_exclude_constraint": "exclude(('a', '='), name='ex_name')",
}
"""The constraint to add instead of calling each of Alembic's functions."""

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
    "moltres_create_sequence": "op.moltres_create_sequence(sequence('s'))",
    "moltres_drop_sequence": "op.moltres_drop_sequence(sequence('s'))",
    "moltres_create_type": "op.moltres_create_type(\"ENUM('a',name='mood')\")",
    "moltres_drop_type": "op.moltres_drop_type(\"ENUM('a',name='mood')\")",
    "moltres_rename_type": "op.moltres_rename_type('old', 'new', schema=None)",
    "moltres_alter_domain": (
        "op.moltres_alter_domain(\"postgresql.DOMAIN(INTEGER,name='d')\", "
        "\"postgresql.DOMAIN(BIGINT,name='d')\")"
    ),
    "moltres_idempotent": "with op.moltres_idempotent():",
    "moltres_state_only": "with op.moltres_state_only():",
    "moltres_tables": "op.moltres_tables()['users']",
    "moltres_anchor": "op.moltres_anchor([User])",
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
    """Make our functions of `op` raise errors with an example for wrong arguments.

    Those that `history` registers are explained by `history.ops`.
    """
    for name in CALLS:
        if name in vars(op):
            explain(name)


def explain(name: str) -> None:
    """Make one function of `op` raise errors with an example for wrong arguments."""
    setattr(op, name, explained(name, getattr(op, name)))


def function_of_op(name: str) -> Callable[..., Any]:
    """Return our function of `op`.

    Raises:
        MissingFunctionError: there is none of that name.
    """
    if name in vars(op):
        function: Callable[..., Any] = vars(op)[name]
        return function
    method = name.removeprefix(PREFIX)
    raise MissingFunctionError(f"op has no {name}(){_instead_of(method)}", name)


def _instead_of(method: str) -> str:
    """Return what to write instead of a missing function, whose name this is without the prefix."""
    block = f"; write {CALLS['moltres_alter_table']} and in it users."
    if method in METHODS:
        return f"{block}{method}(...)"
    if method in CONSTRAINTS:
        return f"{block}add_constraint({CONSTRAINTS[method]})"
    if method in SYNONYMS:
        return f"; write {CALLS[SYNONYMS[method]]}"
    known = [each.removeprefix(PREFIX) for each in dir(op) if each.startswith(PREFIX)]
    near = did_you_mean(method, known)
    if near:
        return near.replace("'", f"'{PREFIX}", 1)
    if hasattr(Operations, method):
        return f"; write op.{method}(), Alembic's own"
    return "; see the reference"


def explained(name: str, function: Callable[..., R]) -> Callable[..., R]:
    """Return a function of `op` whose errors for wrong arguments have an example."""
    return _Explained(name, function)


class _Explained(Generic[R]):
    """A function of `op`; what uses it without a call is told how to call it."""

    def __init__(self, name: str, function: Callable[..., R]) -> None:
        self._name, self._function = name, function
        update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        try:
            return self._function(*args, **kwargs)
        except TypeError:
            method = getattr(Operations, self._name)
            _bind(f"op.{self._name}", method, (op, *args), kwargs, CALLS[self._name])
            raise

    if not TYPE_CHECKING:  # a checker finds what is not called

        def __getattr__(self, name: str) -> None:
            if name.startswith("_"):
                raise AttributeError(name)
            raise self._uncalled()

        def __getitem__(self, key: object) -> None:
            raise self._uncalled()

        def __enter__(self) -> None:
            raise self._uncalled()

        def __exit__(self, *_: object) -> None: ...

    def _uncalled(self) -> OperationError:
        return MissingFunctionError(
            f"op.{self._name} is not called (at {place_in_script()}); write {CALLS[self._name]}",
            self._name,
        )


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
