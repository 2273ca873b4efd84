"""Every exception of the package.

    MoltresError
    ├── SchemaError (ValueError)        a value that describes no table
    │   └── UnknownColumnError (LookupError)   something names a column that is not there
    ├── TypeNameError (ValueError)      a type name that cannot be read
    │   └── UnknownTypeError (LookupError)     a well-formed name that is not registered
    ├── FreezeError (TypeError)         a live object that no value can hold
    │   ├── UnregisteredTypeError       a SQLAlchemy type without a portable name
    │   └── NotAModelError              neither an ORM class nor a table
    ├── ThawError (ValueError)          a value that this metadata or dialect cannot take
    ├── ReflectError (ValueError)       a database says something that we cannot read
    ├── OperationError (RuntimeError)   an operation that cannot run here
    ├── QueryError (ValueError)         a query that says nothing, or more than one thing
    └── MissingPackageError (ImportError)   a part whose packages are not installed

A message says what was found, where, and what to do; the culprit is kept as an attribute.
At Alembic's door (operations, autogenerate) they become `alembic.util.CommandError`. A script makes
its values when Alembic loads it, before any door, so the plugin makes all of them `CommandError`s:
Alembic's commands write `FAILED: ...` and the script's line.
"""

from __future__ import annotations

from traceback import walk_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LOADER = "alembic.util.pyfiles"
"""The module of Alembic that loads scripts and env.py."""


class Unhandled(Exception):  # noqa: N818 - a place that the plugin takes, never raised
    """What stands where Alembic's `CommandError` does while Alembic is not loaded."""


class MoltresError(Unhandled):
    """The base of everything raised here.

    Args:
        message: what was found, where, and what to do.
        culprit: the object that could not be used.
    """

    def __init__(self, message: str, culprit: object = None) -> None:
        super().__init__(message)
        self.culprit = culprit

    def __str__(self) -> str:
        return f"{self.args[0]}{_line_of_script(self)}"


def _line_of_script(err: MoltresError) -> str:
    """Return the line that made a wrong value, if Alembic was loading or running a script."""
    frames = list(walk_tb(err.__traceback__))
    modules = [str(frame.f_globals.get("__name__")) for frame, _ in frames]
    if LOADER not in modules:
        return ""
    ours = __name__.partition(".")[0]
    frame, line = next(
        found
        for found, module in zip(reversed(frames), reversed(modules), strict=True)
        if module.partition(".")[0] != ours
    )
    return f" ({frame.f_code.co_filename}, line {line})"


class SchemaError(MoltresError, ValueError):
    """A value contradicts itself: a duplicate column, an empty expression, a key of no columns."""


class UnknownColumnError(SchemaError, LookupError):
    """A constraint, an index or a query names a column that its table does not have."""


class TypeNameError(MoltresError, ValueError):
    """A type name cannot be read."""


class UnknownTypeError(TypeNameError, LookupError):
    """A type name is well formed, but nothing is registered under it."""


class FreezeError(MoltresError, TypeError):
    """A live object holds something that no value can hold."""


class UnregisteredTypeError(FreezeError):
    """A SQLAlchemy type has no portable name and no DDL text of its own."""


class NotAModelError(FreezeError):
    """Something is neither a mapped class nor a table."""


class ThawError(MoltresError, ValueError):
    """A value cannot become a table of this metadata, or DDL of this dialect."""


class ReflectError(MoltresError, ValueError):
    """A database says something of its tables that cannot be read."""


class OperationError(MoltresError, RuntimeError):
    """An operation cannot run against this database."""


class QueryError(MoltresError, ValueError):
    """A query of `alembic_moltres.dataframe` says nothing, or more than one thing."""


class MissingPackageError(MoltresError, ImportError):
    """A part of the package needs another package, which is not installed."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the nearest known name, or an empty string.

    >>> did_you_mean("VARCHR", ["VARCHAR", "INTEGER"])
    "; did you mean 'VARCHAR'?"
    >>> did_you_mean("geometry", ["VARCHAR"])
    ''
    """
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
