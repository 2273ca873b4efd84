"""Alembic operations that carry values. Importing it registers them; importing it again is free.

`ops` and `foreign_keys` say what an operation is, `toimpl` how it runs. These are imported whenever
Alembic is, so they import the conversions (and the ORM, and the types) inside functions only.
"""

import alembic as _alembic  # noqa: F401, I001  # first: it loads its plugins, and ours loads this

from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .sources import as_schema
from . import toimpl  # registers how they run

__all__ = [
    "MoltresAddForeignKeysOp",
    "MoltresCreateTableOp",
    "MoltresDropForeignKeysOp",
    "MoltresDropTableOp",
    "as_schema",
    "toimpl",
]
