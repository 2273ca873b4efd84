"""Operations that alter: Alembic's own, each with a change of `diff` in it.

block.py                `op.moltres_alter_table`: what happens inside one table
opening.py              where a script opens a block; a check that it ends before the version row
columns.py              a column added, dropped, altered, renamed
constraints.py          a constraint added or dropped
indexes.py              an index created or dropped
tables.py               a table's name, comment and options
enums_and_sequences.py  enum types and sequences, which live beside the tables
"""

from .block import AlteredTable, MoltresAlterTableOp
from .columns import (
    MoltresAddColumnOp,
    MoltresAlterColumnOp,
    MoltresDropColumnOp,
    MoltresRenameColumnOp,
)
from .constraints import MoltresAddConstraintOp, MoltresDropConstraintOp
from .enums_and_sequences import MoltresAlterEnumOp, MoltresAlterSequenceOp
from .indexes import MoltresCreateIndexOp, MoltresDropIndexOp
from .tables import MoltresRenameTableOp, MoltresSetCommentOp, MoltresSetOptionsOp

__all__ = [
    "AlteredTable",
    "MoltresAddColumnOp",
    "MoltresAddConstraintOp",
    "MoltresAlterColumnOp",
    "MoltresAlterEnumOp",
    "MoltresAlterSequenceOp",
    "MoltresAlterTableOp",
    "MoltresCreateIndexOp",
    "MoltresDropColumnOp",
    "MoltresDropConstraintOp",
    "MoltresDropIndexOp",
    "MoltresRenameColumnOp",
    "MoltresRenameTableOp",
    "MoltresSetCommentOp",
    "MoltresSetOptionsOp",
]
