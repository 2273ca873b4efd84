"""The kinds of change on PostgreSQL, and the fact of each: the table that `facts` reads.

Sources: the manual, "Explicit Locking" and ALTER TABLE, "Notes". Tests compare it with `pg_locks`,
changed file nodes and counted scans.
"""

from __future__ import annotations

from typing import Final

from ..base.facts import FactKind, LockMode, Waits, Work
from .alter_enum import SMALL

_SHARE_UPDATE: Final = LockMode(Waits.NOBODY, 1, "SHARE UPDATE EXCLUSIVE")
_SHARE: Final = LockMode(Waits.WRITERS, 1, "SHARE")
_SHARE_ROW: Final = LockMode(Waits.WRITERS, 2, "SHARE ROW EXCLUSIVE")
_ALL: Final = LockMode(Waits.EVERYBODY, 1, "ACCESS EXCLUSIVE")


class ChangeKind(FactKind):
    """What PostgreSQL does for each kind of change."""

    DROP_TABLE = _ALL, Work.DELETE
    RENAME_TABLE = _ALL
    ADD_COLUMN = _ALL
    ADD_COLUMN_NOT_NULL = _ALL, Work.SCAN
    ADD_COLUMN_WITH_CHECK = _ALL, Work.SCAN
    ADD_COLUMN_WITH_VALUES = _ALL, Work.REWRITE
    ADD_COLUMN_FILLED = _ALL, Work.UPDATE
    DROP_COLUMN = _ALL
    RENAME_COLUMN = _ALL
    SAME_BYTES = _ALL
    SAME_BYTES_IN_CHECK = _ALL, Work.SCAN
    SAME_BYTES_IN_INDEX = _ALL, Work.INDEX
    REWRITTEN_TYPE = _ALL, Work.REWRITE
    TIME_ZONE = _ALL, Work.REWRITE, "not rewritten where the session's TimeZone is UTC"
    TYPE_OF_REFERRED_COLUMN = _ALL, Work.SCAN
    TYPE_OF_FOREIGN_KEY = _ALL
    DEFAULT = _ALL
    SET_NOT_NULL = _ALL, Work.SCAN
    SET_NOT_NULL_FILLED = _ALL, Work.UPDATE, "rows with NULL"
    DROP_NOT_NULL = _ALL
    NUMBERS = _ALL
    NUMBERS_FROM_GREATEST = _ALL, Work.SCAN
    COMPUTED = _ALL, Work.REWRITE
    NO_LONGER_COMPUTED = _ALL
    ADD_CHECK = _ALL, Work.SCAN
    ADD_CHECK_NOT_VALID = _ALL
    ADD_KEY = _ALL, Work.INDEX
    ADD_FOREIGN_KEY = _SHARE_ROW, Work.SCAN
    ADD_FOREIGN_KEY_NOT_VALID = _SHARE_ROW
    REFERRED_TO_BY_NEW_KEY = _SHARE_ROW
    INHERITED_BY_NEW_TABLE = _SHARE_UPDATE
    RENAME_CONSTRAINT = _ALL
    DROP_CONSTRAINT = _ALL
    REFERRED_TO_BY_DROPPED_KEY = _ALL
    CREATE_INDEX = _SHARE, Work.INDEX
    CREATE_INDEX_CONCURRENTLY = _SHARE_UPDATE, Work.INDEX
    DROP_INDEX = _ALL
    DROP_INDEX_CONCURRENTLY = _SHARE_UPDATE
    COMMENT = _SHARE_UPDATE
    STORAGE_PARAMETERS = _SHARE_UPDATE
    OPTIONS = _ALL
    OPTIONS_REWRITTEN = _ALL, Work.REWRITE
    LABELS_ADDED = (
        _ALL,
        Work.REWRITE,
        "up to 8 MB; a larger table is neither locked nor rewritten",
        SMALL,
    )
    LABELS_SWAPPED = _ALL, Work.REWRITE
    DOMAIN_CHECKED = _SHARE, Work.SCAN
    DOMAIN_REPLACED = _ALL, Work.REWRITE
