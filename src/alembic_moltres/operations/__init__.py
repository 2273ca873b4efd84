"""Alembic operations that carry values. Importing it registers them; importing it again is free.

`ops` and `foreign_keys` say what an operation is, `toimpl` how it runs. These are imported whenever
Alembic is, so they import the conversions (and the ORM, and the types) inside functions only.
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
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .sources import as_schema
from . import altering  # register how they run
from . import toimpl

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
    "MoltresRenameColumnOp",
    "MoltresRenameTableOp",
    "MoltresSetCommentOp",
    "MoltresSetOptionsOp",
    "altering",
    "as_schema",
    "toimpl",
]
