"""Operations that alter: subclasses of Alembic's, each with a change of `diff`.

block.py                `op.moltres_alter_table`: the changes inside one table
alembic_arguments.py    arguments as Alembic's batch takes them: `sa.Column`s, names
opening.py              the line at which a script opens a block; a check that the block ends
columns.py              a column added, dropped, altered, renamed
constraints.py          a constraint added or dropped
indexes.py              an index created or dropped
tables.py               a table's name, comment and options
enums_and_sequences.py  enum types and sequences, which are objects beside the tables
"""

from .block import AlteredTable, MoltresAlterTableOp
from .columns import (
    MoltresAddColumnOp,
    MoltresAlterColumnOp,
    MoltresDropColumnOp,
    MoltresRenameColumnOp,
)
from .constraints import MoltresAddConstraintOp, MoltresDropConstraintOp
from .enums_and_sequences import (
    MoltresAlterDomainOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresCreateSequenceOp,
    MoltresCreateTypeOp,
    MoltresDropSequenceOp,
    MoltresDropTypeOp,
)
from .indexes import MoltresCreateIndexOp, MoltresDropIndexOp
from .tables import (
    MoltresRenameGeneratedNamesOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)

__all__ = [
    "AlteredTable",
    "MoltresAddColumnOp",
    "MoltresAddConstraintOp",
    "MoltresAlterColumnOp",
    "MoltresAlterDomainOp",
    "MoltresAlterEnumOp",
    "MoltresAlterSequenceOp",
    "MoltresAlterTableOp",
    "MoltresCreateIndexOp",
    "MoltresCreateSequenceOp",
    "MoltresCreateTypeOp",
    "MoltresDropColumnOp",
    "MoltresDropConstraintOp",
    "MoltresDropIndexOp",
    "MoltresDropSequenceOp",
    "MoltresDropTypeOp",
    "MoltresRenameColumnOp",
    "MoltresRenameGeneratedNamesOp",
    "MoltresRenameTableOp",
    "MoltresSetCommentOp",
    "MoltresSetOptionsOp",
]
