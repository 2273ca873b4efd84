"""Alembic operations that carry values. Importing it registers them; importing it again is free.

`ops` and `foreign_keys` say what an operation is, `toimpl` how it runs.
"""

from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .sources import as_schema

__all__ = [
    "MoltresAddForeignKeysOp",
    "MoltresCreateTableOp",
    "MoltresDropForeignKeysOp",
    "MoltresDropTableOp",
    "as_schema",
]
