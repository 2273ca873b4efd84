"""Changes of models, each with what stands in the database meanwhile; a family in each module."""

from __future__ import annotations

from .case import ALL, MARIADB, POSTGRESQL, SERVERS, SQLITE, Case
from .columns import BELONGING, COLUMNS, RENAMED
from .constraints import CONSTRAINTS, REFERENCES
from .enums import ENUMS
from .generated import COMPUTED, IDENTITIES
from .indexes import INDEXES, OPTIONS
from .key_indexes import KEY_INDEXES
from .sql_modes import SQL_MODES
from .tables import ADDED_AND_DROPPED, TABLE_OPTIONS, TABLES, TABLES_RENAMED
from .together import TOGETHER
from .types import FAMILIES, KEYS, TYPES
from .values import BACK_AND_FORTH, COMMENTS, DEFAULTS, NULLS

CASES = (
    *KEYS,
    *TYPES,
    *FAMILIES,
    *NULLS,
    *DEFAULTS,
    *BACK_AND_FORTH,
    *COMMENTS,
    *ENUMS,
    *COMPUTED,
    *IDENTITIES,
    *CONSTRAINTS,
    *REFERENCES,
    *INDEXES,
    *OPTIONS,
    *COLUMNS,
    *BELONGING,
    *RENAMED,
    *TABLES,
    *ADDED_AND_DROPPED,
    *TABLES_RENAMED,
    *TABLE_OPTIONS,
    *TOGETHER,
    *SQL_MODES,
    *KEY_INDEXES,
)

__all__ = ["ALL", "CASES", "ENUMS", "MARIADB", "POSTGRESQL", "SERVERS", "SQLITE", "Case"]
