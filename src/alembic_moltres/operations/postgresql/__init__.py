"""How altering runs on PostgreSQL and on what extends it."""

from .enums import alter_enum
from .tables import alter_table

__all__ = ["alter_enum", "alter_table"]
