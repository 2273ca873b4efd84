"""The kinds of change on MariaDB, and the fact of each: the table that `facts` reads.

Source: MariaDB's manual, "InnoDB Online DDL Operations". Tests state ALGORITHM and LOCK, which the
server accepts or refuses.
"""

from __future__ import annotations

from typing import Final

from ..base.facts import FactKind, Lock, Waits, Work

INSTANT: Final = Lock(Waits.NOBODY, 1, "ALGORITHM=INSTANT, LOCK=NONE")
_NOCOPY: Final = Lock(Waits.NOBODY, 2, "ALGORITHM=NOCOPY, LOCK=NONE")
_INPLACE: Final = Lock(Waits.NOBODY, 3, "ALGORITHM=INPLACE, LOCK=NONE")
_INPLACE_SHARED: Final = Lock(Waits.WRITERS, 1, "ALGORITHM=INPLACE, LOCK=SHARED")
_COPY: Final = Lock(Waits.WRITERS, 2, "ALGORITHM=COPY, LOCK=SHARED")
_METADATA: Final = Lock(Waits.NOBODY, 0, "of the table's metadata")


class Kind(FactKind):
    """What MariaDB does with InnoDB's tables for each kind of change."""

    DROP_TABLE = "drop table", _METADATA, Work.DELETE
    RENAME_TABLE = "rename table", _METADATA
    ADD_COLUMN = "add column", INSTANT
    ADD_COLUMN_STORED = "add column, stored", _COPY, Work.REWRITE
    ADD_COLUMN_NUMBERED = "add column, numbered", _INPLACE_SHARED, Work.REWRITE
    ADD_COLUMN_FILLED = "add column, filled", INSTANT, Work.UPDATE
    DROP_COLUMN = "drop column", INSTANT
    RENAME_COLUMN = "rename column", INSTANT
    ALTER_COLUMN = "column", INSTANT
    LONGER_COLUMN_WITH_INDEX = "column, a longer one with an index", _NOCOPY, Work.INDEX
    NULL_OR_NOT_NULL = "column, NULL or NOT NULL", _INPLACE, Work.REWRITE
    FILLED_BESIDE_ADDED_AND_STORED = (
        "column, NOT NULL, one added, beside one that is stored",
        _COPY,
        Work.REWRITE,
    )
    COLUMN_FILLED = "column, filled", _INPLACE, Work.UPDATE, "rows with NULL"
    ANOTHER_TYPE = "column, another type", _COPY, Work.REWRITE
    COMPUTED = "column, computed", _COPY, Work.REWRITE
    ADD_PRIMARY_KEY = "add primary key", _INPLACE, Work.REWRITE
    DROP_PRIMARY_KEY = "drop primary key", _COPY, Work.REWRITE
    CHANGE_PRIMARY_KEY = "change primary key", _INPLACE, Work.REWRITE
    ADD_UNIQUE = "add unique", _NOCOPY, Work.INDEX
    ADD_UNIQUE_OF_LONG_COLUMN = "add unique, of a long column", _COPY, Work.REWRITE
    ADD_CHECK = "add check", _COPY, Work.REWRITE
    DROP_CHECK = "drop check", INSTANT
    ADD_FOREIGN_KEY = "add foreign key", _COPY, Work.REWRITE
    DROP_FOREIGN_KEY = "drop foreign key", INSTANT
    DROP_FOREIGN_KEY_WITH_INDEX = "drop foreign key, with its index", _NOCOPY
    CREATE_INDEX = "create index", _NOCOPY, Work.INDEX
    CREATE_INDEX_FULLTEXT_OR_SPATIAL = (
        "create index, FULLTEXT or SPATIAL",
        _INPLACE_SHARED,
        Work.INDEX,
    )
    CREATE_INDEX_BESIDE_COLUMN = (
        "create index, with a column added or dropped",
        _INPLACE,
        Work.REWRITE,
    )
    DROP_INDEX = "drop index", _NOCOPY
    RENAME_INDEX = "rename index", INSTANT
    RENAME_INDEX_OF_FOREIGN_KEY = (
        "rename index, of a foreign key",
        _NOCOPY,
        Work.INDEX,
        "ALGORITHM=INSTANT, LOCK=NONE where the server has not made it",
    )
    COMMENT = "comment", INSTANT
    ROW_FORMAT = "row format", _INPLACE, Work.REWRITE
    CHARACTER_SET_WITHOUT_TEXT = "character set, no column of text", INSTANT
    OPTIONS = "options", _COPY, Work.REWRITE
    ANOTHER_ENGINE = "another engine than InnoDB", _COPY, Work.REWRITE
