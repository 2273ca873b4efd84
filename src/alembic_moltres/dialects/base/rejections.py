"""The kinds of errors of databases, with their remedies: the same on every database.

A database's own module `errors` maps its codes to these kinds.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto
from typing import Final

from sqlalchemy.schema import CreateTable, DropTable

from ...diff import AlterTable
from ...diff.changes.base import Addition


class Rejection(Enum):
    """Why a statement was rejected."""

    STATED = auto()
    OTHER_DEFINITION = auto()
    EXISTS = auto()
    COLUMN_EXISTS = auto()
    NO_SCHEMA = auto()
    NO_TABLE = auto()
    NOT_A_TABLE = auto()
    NO_COLUMN = auto()
    NO_COLUMN_OF_EXPRESSION = auto()
    NO_ITEM = auto()
    NO_TYPE = auto()
    NO_FUNCTION = auto()
    NO_OPERATOR_CLASS = auto()
    NOT_REGISTERED = auto()
    NOT_OFFERED = auto()
    NO_KEY = auto()
    INCORRECT_KEY = auto()
    NULLS = auto()
    DUPLICATES = auto()
    CHECKED = auto()
    ORPHANS = auto()
    OVERLAPS = auto()
    TOO_LONG = auto()
    OUT_OF_RANGE = auto()
    TRUNCATED = auto()
    NUL = auto()
    NOT_ENCODED = auto()
    NO_NAME = auto()
    CALCULATION = auto()
    WRONG_VALUES = auto()
    NEW_LABEL = auto()
    NO_CAST = auto()
    WRONG_DEFAULT = auto()
    WRONG_TYPES = auto()
    FORMER_ROWS = auto()
    DEPENDENTS = auto()
    PARENT = auto()
    OLD_KEY = auto()
    AUTO_KEY = auto()
    LAST_COLUMN = auto()
    NULLABLE = auto()
    SET_NULL = auto()
    KEY_LENGTH = auto()
    STRICT_TYPE = auto()
    EXPRESSION = auto()
    IN_TRANSACTION = auto()
    AFTER_ERROR = auto()
    PENDING = auto()
    OWN_LOCK = auto()
    RAISED = auto()
    LIMIT = auto()
    SYNTAX = auto()
    RIGHTS = auto()
    READ_ONLY = auto()
    LOCKED = auto()
    DEADLOCK = auto()
    CANCELLED = auto()
    DISK_FULL = auto()
    MEMORY = auto()
    SETTING = auto()
    CONNECTIONS = auto()
    LOST = auto()
    BROKEN = auto()
    DAMAGED = auto()


TRANSIENT: Final = frozenset(
    {
        Rejection.LOCKED,
        Rejection.DEADLOCK,
        Rejection.CANCELLED,
        Rejection.DISK_FULL,
        Rejection.MEMORY,
        Rejection.SETTING,
        Rejection.CONNECTIONS,
        Rejection.LOST,
        Rejection.BROKEN,
    }
)
"""Rejections because of the server's state: the same statement may succeed later."""

AGAIN: Final = frozenset(
    {
        Rejection.EXISTS,
        Rejection.COLUMN_EXISTS,
        Rejection.NO_TABLE,
        Rejection.NO_COLUMN,
        Rejection.NO_ITEM,
    }
)
"""Rejections of a statement that is executed a second time."""

COLUMN_HERE: Final = "correct the name; it is the one that the column has at this line"
ROWS: Final = "for example with op.execute() in this script"

REMEDIES: Final = {
    Rejection.STATED: "",
    Rejection.OTHER_DEFINITION: "rename one of the two types, or give them the same definition",
    Rejection.EXISTS: (
        "drop or rename one of the two; if another `alembic upgrade` was running, look with "
        "`alembic current` whether it has made it"
    ),
    Rejection.COLUMN_EXISTS: (
        "take one of the two out, or rename it; if another `alembic upgrade` was running, look "
        "with `alembic current` whether it has made it"
    ),
    Rejection.NO_SCHEMA: "correct the name of the schema, or create or attach it first",
    Rejection.NO_TABLE: "correct the name, or create the table first",
    Rejection.NOT_A_TABLE: "name a table; what has this name is something else",
    Rejection.NO_COLUMN: COLUMN_HERE,
    Rejection.NO_COLUMN_OF_EXPRESSION: COLUMN_HERE,
    Rejection.NO_ITEM: "correct the name, or create it first",
    Rejection.NO_TYPE: (
        "correct the name, or create it first; what an extension has, with "
        'op.execute("CREATE EXTENSION ...") before it'
    ),
    Rejection.NO_FUNCTION: "correct the name, cast the arguments, or create the function first",
    Rejection.NO_OPERATOR_CLASS: (
        "use another type or index method, or name an operator class; for gist and plain types, "
        'op.execute("CREATE EXTENSION btree_gist") makes some'
    ),
    Rejection.NOT_REGISTERED: "correct the name, or register it on each connection in env.py",
    Rejection.NOT_OFFERED: "correct it; this server does not know it",
    Rejection.NO_KEY: "add a primary key or a UNIQUE of exactly the referred columns first",
    Rejection.INCORRECT_KEY: (
        "refer to a table that exists, and to columns of the same types that are a key there"
    ),
    Rejection.NULLS: f"update the NULL rows first, {ROWS}",
    Rejection.DUPLICATES: f"delete or change the duplicate rows first, {ROWS}",
    Rejection.CHECKED: f"correct the rows that violate the check first, {ROWS}",
    Rejection.ORPHANS: f"correct or delete the rows that refer to nothing first, {ROWS}",
    Rejection.OVERLAPS: f"correct the rows that exclude each other first, {ROWS}",
    Rejection.TOO_LONG: f"make the type longer, or shorten the values first, {ROWS}",
    Rejection.OUT_OF_RANGE: f"use a larger type, or change the values first, {ROWS}",
    Rejection.TRUNCATED: f"use a type that holds them, or correct the values first, {ROWS}",
    Rejection.WRONG_VALUES: (
        f"correct what the type does not hold: the default, or the values first, {ROWS}"
    ),
    Rejection.NUL: "take the NUL out of the text",
    Rejection.NOT_ENCODED: (
        "take the character out of the text, or use a database and a connection with UTF-8"
    ),
    Rejection.NO_NAME: "use another name",
    Rejection.CALCULATION: f"correct the expression, or the values that it fails for first, {ROWS}",
    Rejection.NEW_LABEL: (
        "pass used=True to op.moltres_alter_enum(), or add the label in a revision before, with "
        "transaction_per_migration=True in env.py"
    ),
    Rejection.NO_CAST: (
        "no cast leads from one type to the other: add a second column, fill it with op.execute(), "
        "drop the first and rename the second"
    ),
    Rejection.WRONG_DEFAULT: "write a default of the column's own type",
    Rejection.WRONG_TYPES: "give both columns the same type",
    Rejection.FORMER_ROWS: (
        "to change the former rows, too, write "
        'op.execute("SET system_versioning_alter_history = KEEP") before it'
    ),
    Rejection.DEPENDENTS: "drop the dependent object first and create it again afterwards",
    Rejection.PARENT: "alter the table that it is inherited from",
    Rejection.OLD_KEY: "drop the old primary key first, in the same block",
    Rejection.AUTO_KEY: (
        "add another key of the column, or alter it to autoincrement=False first, in the same block"
    ),
    Rejection.LAST_COLUMN: "drop the table instead, or keep a column",
    Rejection.NULLABLE: "write nullable=False",
    Rejection.SET_NULL: "make the column nullable, or write another on_delete",
    Rejection.KEY_LENGTH: (
        "use a type with a length, or write dialect_options={'mysql_length': ...} for the index"
    ),
    Rejection.STRICT_TYPE: (
        "a STRICT table has INT, INTEGER, REAL, TEXT, BLOB and ANY: write one as CUSTOM('TEXT')"
    ),
    Rejection.EXPRESSION: "write another expression",
    Rejection.IN_TRANSACTION: (
        "write it inside of `with op.get_context().autocommit_block():`, last in the script"
    ),
    Rejection.AFTER_ERROR: (
        "a statement before it failed, and the script passed over its error: run that one "
        "in `with op.get_bind().begin_nested():`"
    ),
    Rejection.PENDING: (
        'write op.execute("SET CONSTRAINTS ALL IMMEDIATE") before it, or close the result that '
        "is read"
    ),
    Rejection.OWN_LOCK: 'write op.execute("UNLOCK TABLES") before it',
    Rejection.RAISED: "a trigger or function of the database raised it: satisfy or alter it",
    Rejection.LIMIT: "make it shorter or smaller",
    Rejection.SYNTAX: "correct the SQL text",
    Rejection.RIGHTS: "give this user the right, or migrate as a user who has it",
    Rejection.READ_ONLY: "migrate where writing is allowed: another server, user, file or folder",
    Rejection.LOCKED: "wait for whoever uses it, or end it, and run this again",
    Rejection.DEADLOCK: "run this again",
    Rejection.CANCELLED: "raise the time limit, or ask who has cancelled it, and run this again",
    Rejection.DISK_FULL: "make room on the disk, and run this again",
    Rejection.MEMORY: "give the server more memory, and run this again",
    Rejection.SETTING: "raise the limit that it names, and run this again",
    Rejection.CONNECTIONS: "close other connections, or raise the limit, and run this again",
    Rejection.LOST: "look into the server's log for the cause, and run this again",
    Rejection.BROKEN: "look into the server's log for the cause",
    Rejection.DAMAGED: "correct the path of the URL, or restore the file from a backup",
}
OTHER_REMEDY: Final = "correct the script"

GONE: Final = "correct the name, or remove the call if it was dropped before"
REFERRING: Final = "drop what refers to it first"
FILL: Final = "pass fill=..., the value of the old rows, to add_column()"
FILL_NULL: Final = (
    f"pass a default and fill_null=True to alter_column(), or update the NULL rows first, {ROWS}"
)


def remedy(
    rejection: Rejection | None,
    change: AlterTable | None = None,
    named: Collection[str] = (),
    ddl: object = None,
) -> str:
    """Return the remedy, for the end of a message.

    Args:
        rejection: the kind of error, `None` if it is not known.
        change: the block, if the statement belongs to one.
        named: the names in the database's message.
        ddl: the statement.
    """
    if rejection is None:
        return OTHER_REMEDY
    if isinstance(ddl, DropTable) and rejection in {Rejection.DEPENDENTS, Rejection.ORPHANS}:
        return REFERRING
    if isinstance(ddl, CreateTable) and rejection is Rejection.EXISTS:
        one_of_two, _, other = REMEDIES[rejection].partition(";")
        return f"{one_of_two}, pass if_not_exists=True;{other}"
    if change is None:
        return REMEDIES[rejection]
    return _of_block(rejection, change, named) or REMEDIES[rejection]


def _of_block(rejection: Rejection, change: AlterTable, named: Collection[str]) -> str | None:
    """Return the remedy that follows from a block's changes, `None` for the general one."""
    match rejection:
        case Rejection.NULLS:
            return _fill(change, named)
        case Rejection.TRUNCATED if _refuses_nulls(change, named):
            return FILL_NULL
        case Rejection.NO_ITEM if change.dropped_constraints or change.dropped_indexes:
            return GONE
    return None


def in_block(
    rejection: Rejection | None, change: AlterTable | None, named: Collection[str]
) -> Rejection | None:
    """Return the kind of error in a block, in which an expression may use a dropped column."""
    if rejection is Rejection.NO_COLUMN_OF_EXPRESSION and change is not None:
        dropped = {column.name for column in change.dropped_columns}
        if not dropped.isdisjoint(named) and not any(
            isinstance(each, Addition) for each in change.changes
        ):
            return Rejection.DEPENDENTS
    return rejection


def _refuses_nulls(change: AlterTable, named: Collection[str]) -> bool:
    """Tell whether the block makes a named column NOT NULL; MariaDB's code is ambiguous."""
    return any(
        each.current.nullable and not each.desired.nullable and each.desired.name in named
        for each in change.altered_columns
    )


def _fill(change: AlterTable, named: Collection[str]) -> str:
    """Return how to fill the named columns that have no value, or those of the whole block."""
    added = {column.name: FILL for column in change.added_columns if not column.nullable}
    altered = (each.desired for each in change.altered_columns)
    filled = added | {column.name: FILL_NULL for column in altered if not column.nullable}
    remedies = {how for name, how in filled.items() if name in named} or set(filled.values())
    return remedies.pop() if len(remedies) == 1 else REMEDIES[Rejection.NULLS]
