"""Changes as values: of all tables, and inside one.

Each knows its call in a script, its log message, its reverse, and how to apply itself to tables.
Not here: how a change is detected, or carried out.

base.py                 the base of all
columns.py              a column added, dropped, altered, renamed
constraints.py          a constraint added or dropped
indexes.py              an index created or dropped
alter_table.py          the changes inside one table; its comment and options
generated_names.py      names that a database gave and keeps
tables.py               a table created, dropped, renamed; the foreign keys of cycles
enums_and_sequences.py  objects outside the tables
"""

from __future__ import annotations

from collections.abc import Iterable

from ...schema import TableSchema
from .alter_table import AlterTable, SetComment, SetOptions
from .base import Change, TableChange, TableKey, Tables, by_key
from .columns import AddColumn, AlterColumn, DropColumn, RenameColumn
from .constraints import AddConstraint, DropConstraint
from .enums_and_sequences import AlterEnum, AlterSequence
from .generated_names import RenameGeneratedNames
from .indexes import CreateIndex, DropIndex
from .tables import AddForeignKeys, CreateTable, DropForeignKeys, DropTable, RenameTable

__all__ = [
    "AddColumn",
    "AddConstraint",
    "AddForeignKeys",
    "AlterColumn",
    "AlterEnum",
    "AlterSequence",
    "AlterTable",
    "Change",
    "CreateIndex",
    "CreateTable",
    "DropColumn",
    "DropConstraint",
    "DropForeignKeys",
    "DropIndex",
    "DropTable",
    "RenameColumn",
    "RenameGeneratedNames",
    "RenameTable",
    "SetComment",
    "SetOptions",
    "TableChange",
    "TableKey",
    "Tables",
    "apply",
]


def apply(changes: Iterable[Change], tables: Iterable[TableSchema]) -> tuple[TableSchema, ...]:
    """Return the tables as they are after the changes, in their order.

    Raises:
        SchemaError: a change does not fit: what it changes is missing, or what it creates exists.

    >>> from alembic_moltres.schema import column
    >>> users = TableSchema("users", [column("mail", "TEXT")])
    >>> apply([AlterTable("users", None, (RenameColumn("mail", "email"),))], [users])
    (TableSchema('users', [column('email', 'TEXT')]),)
    """
    now = by_key(tables)
    for change in changes:
        now = change.apply(now)
    return tuple(now.values())
