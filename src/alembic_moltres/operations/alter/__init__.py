"""Operations that alter: subclasses of Alembic's, each with a change of `diff`.

block                `op.moltres_alter_table`: the changes inside one table
alembic_arguments    arguments in the form of Alembic's batch: `sa.Column`s, names
missing_methods      what blocks do not have, and what to write instead
opening              the line at which a script opens a block; a check that the block ends
columns              adds, drops, alters, renames a column
constraints          adds or drops a constraint
indexes              creates or drops an index
tables               a table's name, comment and options
enums_and_sequences  enum types, domains and sequences
"""

from .block import AlteredTable

__all__ = ["AlteredTable"]
