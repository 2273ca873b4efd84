"""Changes of models, each with what stands in the database meanwhile; a family in each module."""

from __future__ import annotations

from .case import ALL, MARIADB, POSTGRESQL, SERVERS, SQLITE, Case
from .charsets import BEYOND_UTF8MB3, CHARSETS, COLLATED, KEPT_CHARSETS
from .columns import BELONGING, COLUMNS, RENAMED
from .constraints import (
    CONSTRAINTS,
    IN_COLUMNS,
    NAMELESS,
    NAMELESS_BESIDE_RENAME,
    REFERENCES,
    TWO_NAMELESS,
)
from .dependencies import DEPENDENCIES, OF_CHILD_TABLES
from .enums import ARRAYS, ENUMS
from .generated import (
    CHECKED,
    COMPUTED,
    DROPPED_BESIDE_VIRTUAL,
    IDENTITIES,
    RETYPED_UNDER,
    UNDER_NAMELESS,
)
from .index_lengths import INDEX_LENGTHS
from .indexes import INDEXES, MOVED_NAMES, OPTIONS
from .key_indexes import BESIDE_A_RENAMED_KEY, DESCENDING_KEY_INDEXES, DROPPED_BEFORE, KEY_INDEXES
from .named_objects import DOMAINS, METADATA_OBJECTS
from .sql_modes import SQL_MODES
from .tables import ADDED_AND_DROPPED, TABLE_OPTIONS, TABLES, TABLES_RENAMED
from .together import KEYS_REFERRED_TO, TOGETHER
from .types import BYTES, CAST_DEFAULTS, FAMILIES, KEYS, TYPES
from .values import BACK_AND_FORTH, COMMENTS, DEFAULTS, NULLS

CASES = (
    *KEYS,
    *TYPES,
    *FAMILIES,
    *CAST_DEFAULTS,
    *NULLS,
    *DEFAULTS,
    *BACK_AND_FORTH,
    *COMMENTS,
    *ENUMS,
    *COMPUTED,
    *IDENTITIES,
    *CONSTRAINTS,
    *REFERENCES,
    *NAMELESS,
    *INDEXES,
    *OPTIONS,
    *INDEX_LENGTHS,
    *COLUMNS,
    *BELONGING,
    *RENAMED,
    *TABLES,
    *ADDED_AND_DROPPED,
    *TABLES_RENAMED,
    *TABLE_OPTIONS,
    *TOGETHER,
    *KEYS_REFERRED_TO,
    *SQL_MODES,
    *KEY_INDEXES,
    *DEPENDENCIES,
    *DOMAINS,
    *METADATA_OBJECTS,
    *DESCENDING_KEY_INDEXES,
    *IN_COLUMNS,
    *ARRAYS,
    *TWO_NAMELESS,
    *DROPPED_BEFORE,
    *CHECKED,
    *CHARSETS,
    *RETYPED_UNDER,
    *NAMELESS_BESIDE_RENAME,
    *OF_CHILD_TABLES,
    *KEPT_CHARSETS,
    *BEYOND_UTF8MB3,
    *UNDER_NAMELESS,
    *BYTES,
    *COLLATED,
    *BESIDE_A_RENAMED_KEY,
    *DROPPED_BESIDE_VIRTUAL,
    *MOVED_NAMES,
)

__all__ = ["ALL", "CASES", "ENUMS", "MARIADB", "POSTGRESQL", "SERVERS", "SQLITE", "Case"]
