"""The kinds of change on PostgreSQL, and the fact of each: the table that `facts` reads.

Sources: the manual, "Explicit Locking" and ALTER TABLE, "Notes". Tests compare it with `pg_locks`,
changed file nodes and counted scans.
"""

from __future__ import annotations

from typing import Final

from ..base.facts import FactKind, Lock, Waits, Work
from .alter_enum import SMALL

_SHARE_UPDATE: Final = Lock(Waits.NOBODY, 1, "SHARE UPDATE EXCLUSIVE")
_SHARE: Final = Lock(Waits.WRITERS, 1, "SHARE")
_SHARE_ROW: Final = Lock(Waits.WRITERS, 2, "SHARE ROW EXCLUSIVE")
_ALL: Final = Lock(Waits.EVERYBODY, 1, "ACCESS EXCLUSIVE")


class Kind(FactKind):
    """What PostgreSQL does for each kind of change."""

    DROP_TABLE = "drop table", _ALL, Work.DELETE
    RENAME_TABLE = "rename table", _ALL
    ADD_COLUMN = "add column", _ALL
    ADD_COLUMN_NOT_NULL = "add column, NOT NULL without a default", _ALL, Work.SCAN
    ADD_COLUMN_WITH_CHECK = "add column, with a check", _ALL, Work.SCAN
    ADD_COLUMN_WITH_VALUES = "add column, a value for each row", _ALL, Work.REWRITE
    ADD_COLUMN_FILLED = "add column, filled", _ALL, Work.UPDATE
    DROP_COLUMN = "drop column", _ALL
    RENAME_COLUMN = "rename column", _ALL
    SAME_BYTES = "type, the same bytes", _ALL
    SAME_BYTES_IN_CHECK = "type, the same bytes, a check", _ALL, Work.SCAN
    SAME_BYTES_IN_INDEX = "type, the same bytes, an index", _ALL, Work.INDEX
    REWRITTEN_TYPE = "type, rewritten", _ALL, Work.REWRITE
    TIME_ZONE = (
        *("type, time zone", _ALL, Work.REWRITE),
        "not rewritten where the session's TimeZone is UTC",
    )
    TYPE_OF_REFERRED_COLUMN = "type of a column that is referred to", _ALL, Work.SCAN
    TYPE_OF_FOREIGN_KEY = "type of a foreign key", _ALL
    DEFAULT = "default", _ALL
    SET_NOT_NULL = "set NOT NULL", _ALL, Work.SCAN
    SET_NOT_NULL_FILLED = "set NOT NULL, filled", _ALL, Work.UPDATE, "rows with NULL"
    DROP_NOT_NULL = "drop NOT NULL", _ALL
    NUMBERS = "numbers", _ALL
    NUMBERS_FROM_GREATEST = "numbers, from the greatest", _ALL, Work.SCAN
    COMPUTED = "computed", _ALL, Work.REWRITE
    NO_LONGER_COMPUTED = "no longer computed", _ALL
    ADD_CHECK = "add check", _ALL, Work.SCAN
    ADD_CHECK_NOT_VALID = "add check NOT VALID", _ALL
    ADD_KEY = "add key", _ALL, Work.INDEX
    ADD_FOREIGN_KEY = "add foreign key", _SHARE_ROW, Work.SCAN
    ADD_FOREIGN_KEY_NOT_VALID = "add foreign key NOT VALID", _SHARE_ROW
    REFERRED_TO_BY_NEW_KEY = "referred to by a new foreign key", _SHARE_ROW
    INHERITED_BY_NEW_TABLE = "inherited by a new table", _SHARE_UPDATE
    RENAME_CONSTRAINT = "rename constraint", _ALL
    DROP_CONSTRAINT = "drop constraint", _ALL
    REFERRED_TO_BY_DROPPED_KEY = "referred to by a dropped foreign key", _ALL
    CREATE_INDEX = "create index", _SHARE, Work.INDEX
    CREATE_INDEX_CONCURRENTLY = "create index CONCURRENTLY", _SHARE_UPDATE, Work.INDEX
    DROP_INDEX = "drop index", _ALL
    DROP_INDEX_CONCURRENTLY = "drop index CONCURRENTLY", _SHARE_UPDATE
    COMMENT = "comment", _SHARE_UPDATE
    STORAGE_PARAMETERS = "storage parameters", _SHARE_UPDATE
    OPTIONS = "options", _ALL
    OPTIONS_REWRITTEN = "options, rewritten", _ALL, Work.REWRITE
    LABELS_ADDED = (
        *("labels, added", _ALL, Work.REWRITE),
        "up to 8 MB; a larger table is neither locked nor rewritten",
        SMALL,
    )
    LABELS_SWAPPED = "labels, swapped", _ALL, Work.REWRITE
    DOMAIN_CHECKED = "domain, checked", _SHARE, Work.SCAN
    DOMAIN_REPLACED = "domain, made anew", _ALL, Work.REWRITE
