"""The names of types for the server's type text.

The text that SQLAlchemy's dialect writes for a portable type gets the portable name, without the
server's default display widths; any other text gets one of the dialect's own types, else `CUSTOM`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ...sqltext import MYSQL, tokens

_FORM: Final = re.compile(r"(\w+)(?:\((.*)\))?( unsigned)?( zerofill)?", re.DOTALL)

PLAIN: Final = MappingProxyType(
    {
        "int": "INTEGER",
        "int(11)": "INTEGER",
        "bigint": "BIGINT",
        "bigint(20)": "BIGINT",
        "smallint": "SMALLINT",
        "smallint(6)": "SMALLINT",
        "tinyint(1)": "BOOLEAN",
        "datetime": "TIMESTAMP",
        "timestamp": "sql.TIMESTAMP",
        "date": "DATE",
        "time": "TIME",
        "float": "REAL",
        "double": "DOUBLE",
        "blob": "BLOB",
        "json": "JSON",
        "uuid": "sql.UUID",
    }
)
"""The names of whole texts."""

_INTEGERS: Final = frozenset({"int", "bigint", "smallint", "tinyint", "mediumint"})
_FRACTIONS: Final = frozenset({"datetime", "timestamp", "time"})
_STRINGS: Final = MappingProxyType(
    {
        "varchar": "VARCHAR",
        "char": "CHAR",
        "text": "TEXT",
        "tinytext": "mysql.TINYTEXT",
        "mediumtext": "mysql.MEDIUMTEXT",
        "longtext": "mysql.LONGTEXT",
    }
)
_BYTES: Final = MappingProxyType(
    {
        "binary": "sql.BINARY",
        "varbinary": "sql.VARBINARY",
        "bit": "mysql.BIT",
        "tinyblob": "mysql.TINYBLOB",
        "mediumblob": "mysql.MEDIUMBLOB",
        "longblob": "mysql.LONGBLOB",
        "year": "mysql.YEAR",
    }
)
_DEFAULT_WIDTHS: Final = frozenset({"int(10)", "bigint(20)", "smallint(5)", "tinyint(3)"})


@lru_cache(maxsize=4096)
def type_name(text: str, collation: str | None = None) -> str:
    """Return the name of a type; `collation` is the column's if it is not the table's.

    >>> type_name("int(10) unsigned"), type_name("varchar(5)", "utf8mb4_bin"), type_name("inet6")
    ('mysql.INTEGER(unsigned=True)', "VARCHAR(5,collation='utf8mb4_bin')", "CUSTOM('inet6')")
    """
    if text in PLAIN:
        return PLAIN[text]
    match = _FORM.fullmatch(text)
    if match is not None:
        base, arguments = match[1], match[2] or ""
        if base in _INTEGERS or base in {"decimal", "float", "double"}:
            return _number(base, arguments, bool(match[3]), bool(match[4]))
        suffix = [] if collation is None else [f"collation={collation!r}"]
        if base in _STRINGS:
            return _call(_STRINGS[base], [*([arguments] if arguments else []), *suffix])
        if base in {"enum", "set"}:
            labels = [repr(t.value) for t in tokens(arguments, MYSQL) if t.is_string]
            return _call(f"mysql.{base.upper()}", [*labels, *suffix])
        if base in _FRACTIONS:
            return f"mysql.{base.upper()}(fsp={arguments})"
        if base in _BYTES:
            plain = base == "year" or not arguments
            return _BYTES[base] if plain else f"{_BYTES[base]}({arguments})"
    return f"CUSTOM({text if collation is None else f'{text} COLLATE {collation}'!r})"


def _call(name: str, arguments: list[str]) -> str:
    return f"{name}({','.join(arguments)})" if arguments else name


def _number(base: str, arguments: str, unsigned: bool, zerofill: bool) -> str:
    if base == "decimal" and not unsigned and not zerofill:
        return f"DECIMAL({arguments})" if arguments else "DECIMAL"
    given = [arguments] if arguments else []
    if unsigned and not zerofill and f"{base}({arguments})" in _DEFAULT_WIDTHS:
        given = []
    given += ["unsigned=True"] if unsigned else []
    given += ["zerofill=True"] if zerofill else []
    name = {"int": "INTEGER"}.get(base, base.upper())
    return _call(f"mysql.{name}", given)
