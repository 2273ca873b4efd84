"""What a database can reject, and what to do then: the same on every database.

Which code of a database means which of these stands in the database's own `errors`.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...diff import AlterTable


class Rejection(Enum):
    """What happened when a statement was rejected."""

    OTHER_DEFINITION = auto()
    EXISTS = auto()
    COLUMN_EXISTS = auto()
    NO_TABLE = auto()
    NO_COLUMN = auto()
    NO_ITEM = auto()
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
    WRONG_VALUES = auto()
    NEW_LABEL = auto()
    NO_CAST = auto()
    WRONG_DEFAULT = auto()
    WRONG_TYPES = auto()
    FORMER_ROWS = auto()
    DEPENDENTS = auto()
    LIMIT = auto()
    SYNTAX = auto()
    RIGHTS = auto()
    READ_ONLY = auto()
    LOCKED = auto()
    DEADLOCK = auto()
    CANCELLED = auto()
    DISK_FULL = auto()
    MEMORY = auto()
    CONNECTIONS = auto()
    LOST = auto()
    BROKEN = auto()


TRANSIENT: Final = frozenset(
    {
        Rejection.LOCKED,
        Rejection.DEADLOCK,
        Rejection.CANCELLED,
        Rejection.DISK_FULL,
        Rejection.MEMORY,
        Rejection.CONNECTIONS,
        Rejection.LOST,
        Rejection.BROKEN,
    }
)
"""What the server's state has caused: the same statement may succeed later."""

ROWS: Final = "for example with op.execute() in this script"

REMEDIES: Final = {
    Rejection.OTHER_DEFINITION: "rename one of the two types, or give them the same definition",
    Rejection.EXISTS: (
        "drop or rename one of the two; if another `alembic upgrade` was running, look with "
        "`alembic current` whether it has made it"
    ),
    Rejection.COLUMN_EXISTS: (
        "take one of the two out, or rename it; if another `alembic upgrade` was running, look "
        "with `alembic current` whether it has made it"
    ),
    Rejection.NO_TABLE: "correct the name, or create the table first",
    Rejection.NO_COLUMN: "correct the name; it is the one that the column has at this line",
    Rejection.NO_ITEM: "correct the name, or create it first",
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
    Rejection.LIMIT: "make it shorter or smaller",
    Rejection.SYNTAX: "correct the SQL text",
    Rejection.RIGHTS: "give this user the right, or migrate as a user who has it",
    Rejection.READ_ONLY: "migrate where writing is allowed: another server, user, file or folder",
    Rejection.LOCKED: "wait for whoever uses it, or end it, and run this again",
    Rejection.DEADLOCK: "run this again",
    Rejection.CANCELLED: "raise the time limit, or ask who has cancelled it, and run this again",
    Rejection.DISK_FULL: "make room on the disk, and run this again",
    Rejection.MEMORY: "give the server more memory, and run this again",
    Rejection.CONNECTIONS: "close other connections, or raise the limit, and run this again",
    Rejection.LOST: "look into the server's log for the cause, and run this again",
    Rejection.BROKEN: "look into the server's log for the cause",
}
OTHER_REMEDY: Final = "correct the script"

GONE: Final = "correct the name, or take it out if it has gone already"
REFERRING: Final = "drop what refers to it first"
FILL: Final = "pass fill=..., the value of the old rows, to add_column()"
FILL_NULL: Final = (
    f"pass a default and fill_null=True to alter_column(), or update the NULL rows first, {ROWS}"
)


def remedy(
    rejection: Rejection | None,
    change: AlterTable | None = None,
    named: Collection[str] = (),
    *,
    drops_table: bool = False,
) -> str:
    """Return what to do.

    Args:
        rejection: what happened, `None` if no code tells.
        change: the block, if it was one.
        named: the names in the database's message.
        drops_table: it was a DROP TABLE.
    """
    if rejection is None:
        return OTHER_REMEDY
    if rejection is Rejection.DEPENDENTS and drops_table:
        return REFERRING
    if rejection is Rejection.EXISTS and change is None:
        one_of_two, _, other = REMEDIES[rejection].partition(";")
        return f"{one_of_two}, pass if_not_exists=True;{other}"
    if change is None:
        return REMEDIES[rejection]
    return _of_block(rejection, change, named) or REMEDIES[rejection]


def _of_block(rejection: Rejection, change: AlterTable, named: Collection[str]) -> str | None:
    """Return the remedy that a block's changes tell, `None` for the usual one."""
    match rejection:
        case Rejection.NULLS:
            return _fill(change, named)
        case Rejection.TRUNCATED if _refuses_nulls(change, named):
            return FILL_NULL
        case Rejection.NO_ITEM if any(each.method in DROPS for each in change.changes):
            return GONE
    return None


DROPS: Final = ("drop_constraint", "drop_index")


def _refuses_nulls(change: AlterTable, named: Collection[str]) -> bool:
    """Does the block make a column NOT NULL that is named? MariaDB has one code for both."""
    return any(
        each.current.nullable and not each.desired.nullable and each.desired.name in named
        for each in change.altered_columns
    )


def _fill(change: AlterTable, named: Collection[str]) -> str:
    """Return how the column that has no value gets one; all of the block if none is named."""
    added = {column.name: FILL for column in change.added_columns if not column.nullable}
    altered = (each.desired for each in change.altered_columns)
    filled = added | {column.name: FILL_NULL for column in altered if not column.nullable}
    remedies = {how for name, how in filled.items() if name in named} or set(filled.values())
    return remedies.pop() if len(remedies) == 1 else REMEDIES[Rejection.NULLS]
