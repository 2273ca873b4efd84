# ruff: noqa: PYI021 (editors show these docstrings)
"""`alembic.op` for type checkers and editors, with the operations of alembic-moltres.

A partial stub package (PEP 561): all else of Alembic keeps its own types. Alembic's own `op.pyi`
knows no operations of third parties, so a checker would say that ours do not exist.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic.operations.base import Operations
from sqlalchemy.schema import SchemaItem

from alembic_moltres.operations.alter import AlteredTable
from alembic_moltres.schema import Sequence, TableSchema

_operations: Operations

add_column = _operations.add_column
alter_column = _operations.alter_column
batch_alter_table = _operations.batch_alter_table
bulk_insert = _operations.bulk_insert
create_check_constraint = _operations.create_check_constraint
create_exclude_constraint = _operations.create_exclude_constraint
create_foreign_key = _operations.create_foreign_key
create_index = _operations.create_index
create_primary_key = _operations.create_primary_key
create_table = _operations.create_table
create_table_comment = _operations.create_table_comment
create_unique_constraint = _operations.create_unique_constraint
drop_column = _operations.drop_column
drop_constraint = _operations.drop_constraint
drop_index = _operations.drop_index
drop_table = _operations.drop_table
drop_table_comment = _operations.drop_table_comment
execute = _operations.execute
f = _operations.f
get_bind = _operations.get_bind
get_context = _operations.get_context
implementation_for = _operations.implementation_for
inline_literal = _operations.inline_literal
invoke = _operations.invoke
register_operation = _operations.register_operation
rename_table = _operations.rename_table
run_async = _operations.run_async

def moltres_create_table(
    table: object,
    *items: SchemaItem,
    if_not_exists: bool = False,
    schema: str | None = None,
) -> sa.Table:
    """Create a table with its enum types, sequences, indexes, comments and attached DDL."""

def moltres_drop_table(table: object, *, if_exists: bool = False) -> None:
    """Drop a table, and the sequences and enum types that no other table uses."""

def moltres_add_foreign_keys(table: object) -> None:
    """Add the foreign keys of a table that have `use_alter=True`."""

def moltres_drop_foreign_keys(table: object) -> None:
    """Drop the foreign keys of a table that have `use_alter=True`, before the tables go."""

def moltres_alter_table(name: object, schema: str | None = None) -> AlteredTable:
    """Collect the changes of a table, and carry them out when the `with` block ends."""

def moltres_rename_table(old: object, new: str, schema: str | None = None) -> None:
    """Rename a table within its schema."""

def moltres_alter_enum(
    old: str, new: str, renamed: Mapping[str, str] | None = None, *, used: bool = False
) -> None:
    """Change the labels of a named enum type."""

def moltres_alter_domain(old: str, new: str, *, in_arrays: bool = False) -> None:
    """Change the type, CHECK, default or NOT NULL of a domain."""

def moltres_create_type(type_: str) -> None:
    """Create an enum type or a domain that no column needs."""

def moltres_drop_type(type_: str) -> None:
    """Drop an enum type or a domain, unless something still uses it."""

def moltres_rename_type(old: str, new: str, schema: str | None = None) -> None:
    """Rename an enum type or a domain within its schema."""

def moltres_create_sequence(sequence: Sequence) -> None:
    """Create a sequence that no column needs."""

def moltres_drop_sequence(sequence: Sequence) -> None:
    """Drop a sequence, unless something in the database still uses it."""

def moltres_alter_sequence(old: Sequence, new: Sequence) -> None:
    """Change the options of a sequence."""

def moltres_idempotent() -> AbstractContextManager[None]:
    """Pass over what the database has already, inside; refuse what is neither old nor new."""

def moltres_state_only() -> AbstractContextManager[None]:
    """Declare what other lines of this revision do; nothing in the block is run."""

def moltres_tables() -> Mapping[str, sa.Table]:
    """Return the tables at this line by their keys, for statements about rows."""

def moltres_anchor(tables: Iterable[TableSchema], *, strict: bool = False) -> None:
    """Declare all tables at this revision; it changes nothing."""
