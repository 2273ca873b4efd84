"""The helper functions' arguments as SQLAlchemy names them; errors that show what to write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from ..errors import MoltresError, SchemaError
from ..messages import did_you_mean
from .argument_kinds import check_action_has_keyword, check_kinds, check_one_text
from .base import ArgumentError, Value
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

LEFT_OUT = "leave it out: it is not in the database"

WRITE = {
    "server_default": "default=..., with sql('...') for an expression",
    "unique": "unique('{0}') among the constraints",
    **dict.fromkeys(("index", "db_index"), "index('ix_name', ['{0}']) among the indexes"),
    "check": "check('{0} > 0') among the constraints",
    "columns": "the columns as a list",
    **dict.fromkeys(("length", "max_length", "size"), "it into the type: 'VARCHAR(50)'"),
    "timezone": "it into the type: 'TIMESTAMP(timezone=True)'",
    "unsigned": "type_variants={{'mysql': 'mysql.INTEGER(unsigned=True)'}}",
    "pk": "primary_key=True",
    "not_null": "nullable=False",
    **dict.fromkeys(("null", "optional"), "nullable=True or nullable=False"),
    **dict.fromkeys(("auto_now", "auto_now_add"), "default=sql.now()"),
    "collation": "it into the type: VARCHAR(50,collation='C')",
    "stored": "persisted=True",
    "by_default": "always=False",
    "where": "dialect_options={{'postgresql_where': sql('...')}}",
    "nulls_not_distinct": "dialect_options={{'postgresql_nulls_not_distinct': True}}",
    "schema": "references_schema='...'",
    "referent_schema": "references_schema='...'",
    "referent_table": "the referred table as second argument, its columns as third",
    "remote_cols": "the referred table as second argument, its columns as third",
    "local_cols": "the columns as first argument",
    **dict.fromkeys(
        ("foreign_key", "references", "fk", "on_delete", "on_update", "ondelete"),
        "foreign_key('{0}', 'users', 'id') among the constraints",
    ),
    "using": "dialect_options={{'postgresql_using': '...'}}",
    "method": "using='...' in exclude(), dialect_options={{'postgresql_using': '...'}} in index()",
    **dict.fromkeys(
        ("onupdate", "info", "key", "doc", "insert_default", "init", "default_factory"), LEFT_OUT
    ),
    **dict.fromkeys(("blank", "verbose_name", "help_text", "editable", "choices"), LEFT_OUT),
}
"""What to write in place of others; `{0}` is the first argument."""

TWO_TEXTS = frozenset({"primary_key", "unique"})
"""The functions whose second text SQLAlchemy's users mean as a column."""


def keywords(example: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take SQLAlchemy's names of its arguments, and show `example` for wrong ones.

    Names are looked at only if a call fails; the kinds of the arguments always.

    >>> from alembic_moltres import foreign_key
    >>> foreign_key("user_id", "users", "id", ondelete="CASCADE")
    foreign_key('user_id', 'users', 'id', on_delete='CASCADE')
    >>> foreign_key(["user_id"], ["users.id"])
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: foreign_key() has the wrong arguments: missing ...; write
        foreign_key('user_id', 'users', 'id', name='fk_name')
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__name__
        parameters = signature(function).parameters
        accepted = frozenset(parameters)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if name in TWO_TEXTS:
                check_one_text(name, args)
            if name == "foreign_key":
                check_action_has_keyword(args)
            try:
                made = function(*args, **kwargs)
            except (TypeError, ValueError) as err:
                if isinstance(err, MoltresError) and not isinstance(err, TypeError):
                    raise
                known: Any = {
                    ours if (ours := SQLALCHEMYS.get(key, key)) in accepted else key: kwargs[key]
                    for key in kwargs
                }
                if len(known) == len(kwargs) and known.keys() != kwargs.keys():
                    return call(*args, **known)
                raise _error(function, err, args, kwargs, example) from err
            if isinstance(made, Value):
                check_kinds(name, made)
            return made

        return call

    return decorate


def _error(
    function: Callable[..., object],
    err: Exception,
    args: tuple[object, ...],
    kwargs: dict[str, object],
    example: str,
) -> SchemaError:
    name, message = function.__name__, str(err.args[0])
    known = signature(function).parameters
    unknown = next((key for key in kwargs if key not in known and f"'{key}'" in message), None)
    if unknown is None:
        return SchemaError(
            f"{name}() has the wrong arguments: {_problem(message)}; write {example}", args
        )
    if unknown in WRITE:
        first = args[0] if args else kwargs.get("name", "a")
        remedy = WRITE[unknown].format(first)
        remedy = remedy if remedy == LEFT_OUT else f"write {remedy}"
        return SchemaError(f"{name}() has no argument {unknown!r}; {remedy}", args)
    listed = message.partition("; ")[2] if isinstance(err, ArgumentError) else ""
    hint = option_hint(unknown) or (f"; {listed}" if listed else did_you_mean(unknown, known))
    return SchemaError(f"{name}() has no argument {unknown!r}{hint or f'; write {example}'}", args)


def _problem(message: str) -> str:
    """Return what Python says of a call, without the name of the function."""
    return message.partition("() ")[2] or message
