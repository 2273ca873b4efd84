"""Alembic operations that contain values. Importing the package registers them.

value_op        the base: each wraps a change of `diff`
ops             creates and drops a table
foreign_keys    adds and drops the foreign keys of cycles, after all tables exist
alter/          alters a table, an enum type, a domain, a sequence
replace_value   an UPDATE, which autogenerate writes for removed labels
idempotent      operations that skip changes that the database has already
resuming        resumes an interrupted revision, on databases whose DDL commits
later_names     the names that later lines of a script give a table
toimpl          runs operations; imported when the first one runs
diff_tuple      operations as the tuples of Alembic's `check`
sources         the arguments that are accepted as a table
rewriting       derives the value of a table that a rewriter has changed
script_line     the line of a script that calls an operation
calls           errors of calls with wrong arguments, with an example of the call
alembic_calls   errors of Alembic's own operations called with our values

These are imported when a script calls the first one. They import the conversions (and the ORM, and
the types) inside functions only.
"""

import alembic as _alembic  # noqa: F401, I001  # first: it loads its plugins, and ours loads this

from collections.abc import Callable
from importlib import import_module
from typing import Any

from alembic.operations import Operations

from ..alembic_compat import operations_imported
from .alter.block import MoltresAlterTableOp
from .alter.columns import (
    MoltresAddColumnOp,
    MoltresAlterColumnOp,
    MoltresDropColumnOp,
    MoltresRenameColumnOp,
)
from .alter.constraints import MoltresAddConstraintOp, MoltresDropConstraintOp
from .alter.enums_and_sequences import (
    MoltresAlterDomainOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresCreateSequenceOp,
    MoltresCreateTypeOp,
    MoltresDropSequenceOp,
    MoltresDropTypeOp,
    MoltresRenameTypeOp,
)
from .alter.indexes import MoltresCreateIndexOp, MoltresDropIndexOp
from .alter.tables import (
    MoltresRenameGeneratedNamesOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)

from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .idempotent import MoltresIdempotentOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .sources import as_schema
from . import calls

__all__ = [
    "MoltresAddColumnOp",
    "MoltresAddConstraintOp",
    "MoltresAddForeignKeysOp",
    "MoltresAlterColumnOp",
    "MoltresAlterDomainOp",
    "MoltresAlterEnumOp",
    "MoltresAlterSequenceOp",
    "MoltresAlterTableOp",
    "MoltresCreateIndexOp",
    "MoltresCreateSequenceOp",
    "MoltresCreateTableOp",
    "MoltresCreateTypeOp",
    "MoltresDropColumnOp",
    "MoltresDropConstraintOp",
    "MoltresDropForeignKeysOp",
    "MoltresDropIndexOp",
    "MoltresDropSequenceOp",
    "MoltresDropTableOp",
    "MoltresDropTypeOp",
    "MoltresIdempotentOp",
    "MoltresRenameColumnOp",
    "MoltresRenameGeneratedNamesOp",
    "MoltresRenameTableOp",
    "MoltresSetCommentOp",
    "MoltresSetOptionsOp",
    "as_schema",
]


def _later(function: str) -> Callable[..., Any]:
    """Return a function of `toimpl`, which is imported when it is called."""

    def run(operations: Operations, operation: Any) -> Any:
        return getattr(import_module(f"{__package__}.toimpl"), function)(operations, operation)

    return run


for _kind, _function in (
    (MoltresCreateTableOp, "create_table"),
    (MoltresDropTableOp, "drop_table"),
    (MoltresAddForeignKeysOp, "add_foreign_keys"),
    (MoltresDropForeignKeysOp, "drop_foreign_keys"),
    (MoltresAlterTableOp, "alter_table"),
    (MoltresRenameTableOp, "rename_table"),
    (MoltresAlterEnumOp, "alter_enum"),
    (MoltresAlterSequenceOp, "alter_sequence"),
    (MoltresAlterDomainOp, "alter_domain"),
    (MoltresCreateTypeOp, "create_type"),
    (MoltresDropTypeOp, "drop_type"),
    (MoltresRenameTypeOp, "rename_type"),
    (MoltresCreateSequenceOp, "create_sequence"),
    (MoltresDropSequenceOp, "drop_sequence"),
):
    Operations.implementation_for(_kind, replace=True)(_later(_function))

calls.explain_all()
operations_imported()
