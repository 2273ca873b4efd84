"""The names of types for SQLite's type text.

SQLite keeps any text as a type (manual, "Datatypes In SQLite"). A text that SQLAlchemy's SQLite
dialect writes for a portable type gets that type's name, a text of one of SQLAlchemy's upper-case
types its name, and any other text becomes `CUSTOM('...')`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Final

NAMES: Final = MappingProxyType(
    {
        "INTEGER": "INTEGER",
        "BIGINT": "BIGINT",
        "SMALLINT": "SMALLINT",
        "VARCHAR": "VARCHAR",
        "TEXT": "TEXT",
        "CHAR": "CHAR",
        "DATETIME": "TIMESTAMP",
        "DATE": "DATE",
        "TIME": "TIME",
        "BOOLEAN": "BOOLEAN",
        "FLOAT": "REAL",
        "DOUBLE": "DOUBLE",
        "NUMERIC": "DECIMAL",
        "JSON": "JSON",
        "BLOB": "BLOB",
        "TIMESTAMP": "sql.TIMESTAMP",
        "REAL": "sql.REAL",
        "DOUBLE PRECISION": "sql.DOUBLE_PRECISION",
        "DECIMAL": "sql.DECIMAL",
        "NVARCHAR": "sql.NVARCHAR",
        "NCHAR": "sql.NCHAR",
        "CLOB": "sql.CLOB",
        "BINARY": "sql.BINARY",
        "VARBINARY": "sql.VARBINARY",
    }
)
"""The name of each text without its arguments."""

_STRINGS: Final = frozenset({"VARCHAR", "TEXT", "CHAR", "sql.NVARCHAR", "sql.NCHAR", "sql.CLOB"})
_LENGTHS: Final = _STRINGS | {"sql.BINARY", "sql.VARBINARY"}
_NUMBERS: Final = frozenset({"DECIMAL", "sql.DECIMAL"})
_FORM: Final = re.compile(r"([A-Z]+(?: [A-Z]+)?)(?: ?\((\d+)(?:, ?(\d+))?\))?")


@lru_cache(maxsize=1024)
def type_name(text: str, collate: str | None = None) -> str:
    """Return the name of a type text with its collation.

    >>> type_name("NUMERIC(10, 2)"), type_name("VARCHAR(5)", "nocase"), type_name("geometry")
    ('DECIMAL(10,2)', "VARCHAR(5,collation='nocase')", "CUSTOM('geometry')")
    """
    match = _FORM.fullmatch(text)
    if match is not None and (name := NAMES.get(match[1])) is not None:
        first, second = match[2], match[3]
        arguments = [argument for argument in (first, second) if argument is not None]
        allowed = 2 if name in _NUMBERS else 1 if name in _LENGTHS else 0
        if len(arguments) <= allowed and (collate is None or name in _STRINGS):
            if collate is not None:
                arguments.append(f"collation={collate!r}")
            return f"{name}({','.join(arguments)})" if arguments else name
    behind = "" if collate is None else f' COLLATE "{collate}"'
    return f"CUSTOM({(text + behind).strip()!r})"
