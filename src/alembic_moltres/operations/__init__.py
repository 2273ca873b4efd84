"""Alembic operations that contain values. Importing the package registers them.

value_op.py        the base: each wraps a change of `diff`
ops.py             a table created or dropped
foreign_keys.py    the foreign keys that are added when all tables exist
alter/             what alters a table, an enum type, a sequence
idempotent.py      operations that pass over what is there already
resuming.py        an interrupted revision, run again where DDL commits
toimpl.py          runs them
diff_tuple.py      what they are for Alembic's `check`
sources.py         what they accept as a table
rewriting.py       derives the value of a table that a rewriter has changed
command_errors.py  our errors as Alembic's

These are imported whenever Alembic is, so they import the conversions (and the ORM, and the types)
inside functions only.
"""

import alembic as _alembic  # noqa: F401, I001  # first: it loads its plugins, and ours loads this

from .alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresRenameGeneratedNamesOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .idempotent import MoltresIdempotentOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .sources import as_schema
from . import toimpl  # registers how they run

__all__ = [
    "MoltresAddColumnOp",
    "MoltresAddConstraintOp",
    "MoltresAddForeignKeysOp",
    "MoltresAlterColumnOp",
    "MoltresAlterEnumOp",
    "MoltresAlterSequenceOp",
    "MoltresAlterTableOp",
    "MoltresCreateIndexOp",
    "MoltresCreateTableOp",
    "MoltresDropColumnOp",
    "MoltresDropConstraintOp",
    "MoltresDropForeignKeysOp",
    "MoltresDropIndexOp",
    "MoltresDropTableOp",
    "MoltresIdempotentOp",
    "MoltresRenameColumnOp",
    "MoltresRenameGeneratedNamesOp",
    "MoltresRenameTableOp",
    "MoltresSetCommentOp",
    "MoltresSetOptionsOp",
    "as_schema",
    "toimpl",
]
