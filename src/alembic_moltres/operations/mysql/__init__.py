"""How altering runs on MySQL and MariaDB: a block is one ALTER TABLE.

Enum types have no life of their own there: a column's type has the labels, and `alter_column`
changes them, with the rows of renamed labels mapped on the way.
"""

from .tables import alter_table

__all__ = ["alter_table"]
