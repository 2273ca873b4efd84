"""The names of our options: of `context.configure(moltres={})`, and of `-x moltres.name=value`.

Not here: what they do. A name that is not in these tables is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any, Final

from .errors import OptionError
from .messages import did_you_mean

KEY: Final = "moltres"
"""The keyword of `context.configure` that has our options, and the prefix of the keys of `-x`."""

CONFIGURE: Final[Mapping[str, str]] = {
    "compare_to": "what autogenerate compares the models with: 'database' or 'history'",
    "databases": "the databases that scripts serve, such as ['postgresql', 'sqlite']",
    "empty_models": "models without a table drop those of the database: True or False",
    "empty_revisions": "write revisions without operations: True or False",
    "lock_timeout": "seconds for which a statement may wait for a lock",
    "questions": "an open question stops a new script: True or False",
    "retry_for": "seconds to retry what was refused for a lock",
    "runner": "run migrations with locks and retries: True, False, or these options in a dict",
    "server": "the database's version for history, such as 'mariadb 10.11'",
    "server_defaults": "compare server defaults: True, False, or a function",
    "strict": "compare what the models do not state, too: True or False",
    "wait": "seconds for which another upgrade is waited for",
}
"""The keys of `context.configure(moltres={})`; and the name of another package that compares."""

SWITCHES: Final = frozenset({"empty_models", "empty_revisions", "questions", "strict"})
"""The options that are True or False."""

X_ARGUMENTS: Final[Mapping[str, str]] = {
    "fill": "what old rows get in a column that is NOT NULL: 'users.age:0', or 'none'",
    "label": "what the rows of a removed label become: 'mood.sad:happy', or 'none'",
    "using": "the SQL of a column whose types have no cast: 'users.age:...', or 'none'",
    "rename": "what was renamed: 'users.mail:email', 'person:people', several by commas, or 'none'",
    "ran": "lines of a script whose statements ran before its revision was interrupted",
    "not_ran": "lines of a script whose statements did not",
    "runner": "run migrations with locks and retries: on or off",
    "wait": "seconds for which another upgrade is waited for",
    "lock_timeout": "seconds for which a statement may wait for a lock",
    "retry_for": "seconds to retry what was refused for a lock",
}
"""The names of `-x moltres.name=value`."""


def moltres_options(opts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `context.configure(moltres={})` was given.

    Args:
        opts: all that `context.configure` was given.

    Raises:
        OptionError: a key is unknown, or a value is not what it takes.

    >>> moltres_options({"moltres": {"server": "mariadb 10.11"}, "compare_type": True})
    {'server': 'mariadb 10.11'}
    >>> moltres_options({"moltres": {"servr": "mariadb 10.11"}})
    Traceback (most recent call last):
    alembic_moltres.errors.OptionError: context.configure(moltres={'servr': ...}) is not an option;
        did you mean 'server'?
    """
    given = opts.get(KEY) or {}
    if not isinstance(given, Mapping):
        raise OptionError(
            f"context.configure(moltres={given!r}) is not a dict; write moltres={{name: value}}",
            given,
        )
    for name, value in given.items():
        if name in SWITCHES and not isinstance(value, bool):
            raise OptionError(
                f"context.configure(moltres={{{name!r}: {value!r}}}) is not True or False; write "
                "one of them",
                value,
            )
        if name not in CONFIGURE and not _is_package(str(name)):
            write = remedy(str(name), CONFIGURE)
            raise OptionError(
                f"context.configure(moltres={{{name!r}: ...}}) is not an option{write}", name
            )
    return dict(given)


def moltres_arguments(arguments: Iterable[str] | None) -> dict[str, str]:
    """Return our own among the arguments of `-x`; those of the project's env.py are ignored.

    Args:
        arguments: the values of `-x`.

    Raises:
        OptionError: a name is unknown.

    >>> moltres_arguments(["tenant=a", "verbose"])
    {}
    >>> moltres_arguments(["moltres.nothing=1"])
    Traceback (most recent call last):
    alembic_moltres.errors.OptionError: -x moltres.nothing is not an option; ...
    """
    return dict(_given(arguments))


def moltres_values(arguments: Iterable[str] | None, name: str) -> list[str]:
    """Return every value of one of our arguments, which may be given more than once.

    Args:
        arguments: the values of `-x`.
        name: without our prefix.

    Raises:
        OptionError: a name is unknown.

    >>> moltres_values(["moltres.rename=a:b", "tenant=x", "moltres.rename=c:d"], "rename")
    ['a:b', 'c:d']
    """
    return [value for each, value in _given(arguments) if each == name]


def _given(arguments: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    for argument in arguments or ():
        key, _, value = argument.partition("=")
        prefix, dot, name = key.partition(".")
        if prefix != KEY or not dot:
            continue
        if name not in X_ARGUMENTS:
            write = remedy(name, X_ARGUMENTS)
            raise OptionError(f"-x moltres.{name} is not an option{write}", argument)
        yield name, value


def _is_package(name: str) -> bool:
    return name.isidentifier() and find_spec(name) is not None


def remedy(name: str, known: Iterable[str]) -> str:
    """Return the end of an error about an unknown name: what to write instead."""
    listed = ", ".join(known)
    return did_you_mean(name, known) or (
        f"; write one of {listed}" if listed else "; this version has none"
    )
