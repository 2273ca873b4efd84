"""A table's options as actions of ALTER TABLE (manuals of MySQL and MariaDB, "ALTER TABLE")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...errors import OperationError

if TYPE_CHECKING:
    from ..base.ddl import DDLWriter

DEFAULTS = {
    "ROW_FORMAT": "DEFAULT",
    "PACK_KEYS": "DEFAULT",
    "STATS_PERSISTENT": "DEFAULT",
    "STATS_AUTO_RECALC": "DEFAULT",
    "STATS_SAMPLE_PAGES": "DEFAULT",
    "CHECKSUM": "0",
    "PAGE_CHECKSUM": "0",
    "DELAY_KEY_WRITE": "0",
    "KEY_BLOCK_SIZE": "0",
    "AVG_ROW_LENGTH": "0",
    "MAX_ROWS": "0",
    "MIN_ROWS": "0",
    "COMMENT": "''",
    "CONNECTION": "''",
}
"""The value that resets an option."""

NOT_COMPARED = frozenset(
    ("auto_increment", "partition_by", "partitions", "subpartition_by", "subpartitions")
)
"""The counter, and options that information_schema does not have as they were written."""

CHARSET = frozenset({"CHARSET", "CHARACTER_SET", "DEFAULT_CHARSET", "DEFAULT_CHARACTER_SET"})
COLLATE = frozenset({"COLLATE", "DEFAULT_COLLATE"})


def canonical_options(options: Mapping[str, Any], prefix: str) -> Mapping[str, Any]:
    """Return a table's dialect options under one name each.

    SQLAlchemy's reflection spells one of them `mysql_default charset`.

    >>> canonical_options(
    ...     {"mysql_default charset": "latin1", "mysql_ROW_FORMAT": "COMPACT"}, "mysql"
    ... )
    {'mysql_charset': 'latin1', 'mysql_row_format': 'COMPACT'}
    """
    return {
        f"{prefix}_{_canonical(key[len(prefix) + 1 :])}" if key.startswith(f"{prefix}_") else key: (
            value
        )
        for key, value in options.items()
    }


def _canonical(name: str) -> str:
    upper = name.upper().replace(" ", "_")
    return "charset" if upper in CHARSET else "collate" if upper in COLLATE else upper.lower()


def conversion_action(
    ddl: DDLWriter, current: Mapping[str, Any], desired: Mapping[str, Any]
) -> str | None:
    """Return the action that sets a differing charset or collation of this dialect.

    It is CONVERT TO, which also changes the columns, as in a new table.
    """
    before, after = (_of_dialect(ddl, options) for options in (current, desired))
    differs = any(before.get(name) != after.get(name) for name in CHARSET | COLLATE)
    return _conversion(after) if differs else None


def option_actions(
    ddl: DDLWriter, current: Mapping[str, Any], desired: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the actions that set the other differing options of this dialect.

    Raises:
        OperationError: an option cannot be reset.
    """
    before, after = (_of_dialect(ddl, options) for options in (current, desired))
    converted = CHARSET | COLLATE
    for name in dict.fromkeys((*before, *after)):
        if name in converted or before.get(name) == after.get(name):
            continue
        if name in after:
            yield f"{name}={_value(ddl, name, after[name])}"
        elif name in DEFAULTS:
            yield f"{name}={DEFAULTS[name]}"
        else:
            raise OperationError(
                f"MySQL cannot reset {name} (at {ddl.of_table}); pass the new value to set_options",
                name,
            )


def _of_dialect(ddl: DDLWriter, options: Mapping[str, Any]) -> dict[str, str]:
    split = ((key.partition("_"), value) for key, value in options.items())
    return {
        name.upper().replace(" ", "_"): str(value)
        for (prefix, _, name), value in split
        if prefix == ddl.dialect.name and name.lower() != "auto_increment"
    }


def _conversion(options: Mapping[str, str]) -> str:
    charset = next((options[name] for name in options if name in CHARSET), None)
    collate = next((options[name] for name in options if name in COLLATE), None)
    if charset is None and collate is not None:
        charset = collate.partition("_")[0]
    clause = f"CONVERT TO CHARACTER SET {charset or 'DEFAULT'}"
    return f"{clause} COLLATE {collate}" if collate else clause


def _value(ddl: DDLWriter, name: str, value: str) -> str:
    texts = {"COMMENT", "CONNECTION", "DATA_DIRECTORY", "INDEX_DIRECTORY", "PASSWORD"}
    return ddl.literal(value) if name in texts else value
