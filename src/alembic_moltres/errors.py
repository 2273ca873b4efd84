"""Every exception of the package.

    MoltresError
    ├── SchemaError (ValueError)        a value that describes no table
    │   └── UnknownColumnError (LookupError)   something names a missing column
    ├── TypeNameError (ValueError)      a type name that cannot be parsed
    │   └── UnknownTypeError (LookupError)     a well-formed name that is not registered
    ├── FreezeError (TypeError)         a SQLAlchemy object that cannot be frozen
    │   ├── UnregisteredTypeError       a SQLAlchemy type without a portable name
    │   └── NotAModelError              neither an ORM class nor a table
    ├── ThawError (ValueError)          a value that this metadata or dialect cannot take
    ├── ReflectError (ValueError)       a table of a database that cannot be read
    ├── OperationError (RuntimeError)   an operation that cannot run here
    ├── HistoryError (RuntimeError)     scripts that cannot be replayed
    │   └── UncertainError              a requested table is uncertain
    ├── RunnerError (RuntimeError)      an upgrade that cannot run now, or not on this connection
    ├── OptionError (ValueError)        an option, or a combination of options, that is invalid
    ├── UnansweredError (LookupError)   a question that a person has to answer first
    ├── QueryError (ValueError)         a query that is empty or ambiguous
    └── MissingPackageError (ImportError)   a part whose packages are not installed

A message says what was found, where, and what to do, on one line; what it is about is the
attribute `subject`.

Once Alembic has loaded the plugin, all of them are `alembic.util.CommandError`s, also where Alembic
loads a script, which makes its values: its commands write `FAILED: ...` and the script's line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import walk_tb

from .messages import one_line

LOADER = "alembic.util.pyfiles"
"""The module of Alembic that loads scripts and env.py."""

REVISION = "down_revision"
"""A global name that each script has, and env.py has not."""

LIBRARIES = frozenset(
    {__name__.partition(".")[0], "alembic", "sqlalchemy", *sys.stdlib_module_names}
)
"""The packages whose lines are no line of a project."""


class Unhandled(Exception):  # noqa: N818 - replaced by the plugin, never raised
    """The base in place of Alembic's `CommandError` while Alembic is not loaded."""


class MoltresError(Unhandled):
    """The base of everything raised here.

    Args:
        message: what was found, where, and what to do.
        subject: the object that could not be used.

    >>> from alembic_moltres import column
    >>> try:
    ...     column("", "TEXT")
    ... except MoltresError as err:
    ...     print(err, "--", err.subject)
    a column has no name; name it -- column('', 'TEXT')
    """

    def __init__(self, message: str, subject: object = None) -> None:
        super().__init__(message)
        self.subject = subject

    def __str__(self) -> str:
        return one_line(f"{self.args[0]}{_line_of_script(self)}")


def _line_of_script(err: MoltresError) -> str:
    """Return the line that made a wrong value or called an operation, while Alembic runs.

    Empty if the message has it, and if Alembic is between a line of env.py and the error.
    """
    frames = list(walk_tb(err.__traceback__))
    packages = [str(frame.f_globals.get("__name__")).partition(".")[0] for frame, _ in frames]
    if not any(frame.f_globals.get("__name__") == LOADER for frame, _ in frames):
        return ""
    lines = [
        (at, frame.f_code.co_filename, line)
        for at, (frame, line) in enumerate(frames)
        if packages[at] not in LIBRARIES and Path(frame.f_code.co_filename).is_file()
    ]
    at, file, line = lines[-1] if lines else (0, "", 0)
    in_script = any(REVISION in frame.f_globals for frame, _ in frames)
    if not lines or file in str(err.args[0]) or not (in_script or "alembic" not in packages[at:]):
        return ""
    return f" ({file}, line {line})"


class SchemaError(MoltresError, ValueError):
    """A value contradicts itself: a duplicate column, an empty expression, a key without columns.

    >>> from alembic_moltres import column
    >>> column("price", "DECIMAL", scale=2)
    Traceback (most recent call last):
    alembic_moltres.errors.SchemaError: the column 'price' has a scale without a
        precision of DECIMAL; give both
    """


class UnknownColumnError(SchemaError, LookupError):
    """A constraint, an index or a query names a column that its table does not have.

    >>> from alembic_moltres import TableSchema, column, unique
    >>> TableSchema("users", [column("name", "TEXT")], constraints=[unique("nme")])
    Traceback (most recent call last):
    alembic_moltres.errors.UnknownColumnError: there is no column 'nme' in the table 'users'
        (at the unique constraint on (nme)); did you mean 'name'?
    """


class TypeNameError(MoltresError, ValueError):
    """A type name cannot be read.

    >>> from alembic_moltres import DataType
    >>> DataType.parse("VARCHAR(5")
    Traceback (most recent call last):
    alembic_moltres.errors.TypeNameError: ... of type name 'VARCHAR(5'; write ...
    """


class UnknownTypeError(TypeNameError, LookupError):
    """A type name is well formed, but nothing is registered under it.

    >>> from alembic_moltres import moltres_type_to_sqlalchemy_type
    >>> moltres_type_to_sqlalchemy_type("VARCHR(5)")
    Traceback (most recent call last):
    alembic_moltres.errors.UnknownTypeError: no type is registered as VARCHR;
        did you mean 'VARCHAR'?
    """


class FreezeError(MoltresError, TypeError):
    """A part of a SQLAlchemy object cannot be frozen.

    >>> import sqlalchemy as sa
    >>> from alembic_moltres import model_to_schema
    >>> model_to_schema(sa.Table("t", sa.MetaData(), sa.Index("i")))
    Traceback (most recent call last):
    alembic_moltres.errors.FreezeError: the index 'i' has no elements (at t); name at least one
    """


class UnregisteredTypeError(FreezeError):
    """A SQLAlchemy type has no portable name and no DDL text of its own.

    >>> from alembic_moltres import sqlalchemy_type_to_moltres_type
    >>> from sqlalchemy.types import UserDefinedType
    >>> class Point(UserDefinedType): ...
    >>> sqlalchemy_type_to_moltres_type(Point())
    Traceback (most recent call last):
    alembic_moltres.errors.UnregisteredTypeError: no portable type is registered for Point();
        register one with register_type(Point, ...)
    """


class NotAModelError(FreezeError):
    """Something is neither a mapped class nor a table.

    >>> from alembic_moltres import model_to_schema
    >>> model_to_schema("users")
    Traceback (most recent call last):
    alembic_moltres.errors.NotAModelError: 'users' is neither a mapped class nor a Table;
        pass one of the two
    """


class ThawError(MoltresError, ValueError):
    """A value cannot become a table of this metadata, or DDL of this dialect.

    >>> import sqlalchemy as sa
    >>> from alembic_moltres import TableSchema, column, schema_to_table
    >>> users = TableSchema(
    ...     "users", [column("id", "INTEGER")], dialect_options={"sqlite_strct": True}
    ... )
    >>> schema_to_table(users, sa.MetaData())
    Traceback (most recent call last):
    alembic_moltres.errors.ThawError: sqlite has no option 'sqlite_strct' (at the table 'users');
        did you mean 'sqlite_strict'?
    """


class ReflectError(MoltresError, ValueError):
    """A table of a database cannot be read."""


class OperationError(MoltresError, RuntimeError):
    """An operation cannot run against this database.

    >>> from alembic.migration import MigrationContext
    >>> from alembic.operations import Operations
    >>> from alembic_moltres import TableSchema, column
    >>> context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True})
    >>> table = TableSchema("t", [column("mood", "ENUM('calm')")])
    >>> Operations(context).moltres_create_table(table)
    Traceback (most recent call last):
    alembic_moltres.errors.OperationError: cannot compile column 't.mood' for postgresql:
        an enum type needs a name; pass name=...
    """


class HistoryError(MoltresError, RuntimeError):
    """The scripts cannot be replayed: one is missing, cannot be loaded, or uses what is elsewhere.

    >>> err = HistoryError("versions/1_a.py cannot be loaded: ...; correct the script", "1_a.py")
    >>> isinstance(err, RuntimeError), err.subject
    (True, '1_a.py')
    """


class UncertainError(HistoryError):
    """A request needs a table that the replay cannot know.

    >>> err = UncertainError("table 'users' is uncertain (at 1_a.py:3): ...; ...", "users")
    >>> isinstance(err, HistoryError), err.subject
    (True, 'users')
    """


class RunnerError(MoltresError, RuntimeError):
    """An upgrade cannot run now (another upgrade is running), or not on this connection.

    >>> err = RunnerError("the server is read-only; ...", "a1")
    >>> isinstance(err, RuntimeError), err.subject
    (True, 'a1')
    """


class OptionError(MoltresError, ValueError):
    """An option, or a combination of options, is invalid.

    Of `context.configure(moltres={})`, of `-x moltres.`, of a command, or of a fixture.

    >>> err = OptionError("-x moltres.ron is not an option; did you mean 'ran'?", "moltres.ron")
    >>> isinstance(err, ValueError), err.subject
    (True, 'moltres.ron')
    """


class UnansweredError(MoltresError, LookupError):
    """A script is not written, because a question is unanswered.

    The one message of several lines: each is to be copied. The subject is the list of lines.

    >>> print(UnansweredError("a question is open", ["users.mail: rename?"]))
    a question is open:
    users.mail: rename?
    """

    def __str__(self) -> str:
        lines = self.subject if isinstance(self.subject, list) else []
        first = f"{self.args[0]}:" if lines else self.args[0]
        return "\n".join(map(one_line, [first, *lines]))


class QueryError(MoltresError, ValueError):
    """A query of `alembic_moltres.dataframe` is empty or ambiguous.

    >>> err = QueryError("`on` is empty (at join); name the columns, or leave it out", [])
    >>> isinstance(err, ValueError), err.subject
    (True, [])
    """


class MissingPackageError(MoltresError, ImportError):
    """A part of the package needs another package, which is not installed.

    >>> err = MissingPackageError("the package 'moltres' is not installed; ...", "moltres")
    >>> isinstance(err, ImportError), err.subject
    (True, 'moltres')
    """
