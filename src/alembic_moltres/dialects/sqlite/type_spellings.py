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
_FORM: Final = re.compile(r"([A-Z_]+(?: [A-Z]+)?)(?: ?\( ?(\d+)(?: ?, ?(\d+))? ?\))?")


@lru_cache(maxsize=1024)
def type_name(text: str, collate: str | None = None) -> str:
    """Return the name of a type text with its collation.

    `INT` is not `INTEGER`, because as a primary key it is not the rowid.

    >>> type_name("NUMERIC(10, 2)"), type_name("VARCHAR(5)", "nocase"), type_name("geometry")
    ('DECIMAL(10,2)', "VARCHAR(5,collation='nocase')", "CUSTOM('geometry')")
    >>> type_name("varchar (20)"), type_name("character varying(20)"), type_name("int")
    ('VARCHAR(20)', 'VARCHAR(20)', "CUSTOM('int')")
    """
    match = _FORM.fullmatch(" ".join(text.upper().split()))
    if match is not None and (name := _name(match[1])) is not None:
        first, second = match[2], match[3]
        arguments = [argument for argument in (first, second) if argument is not None]
        allowed = 2 if name in _NUMBERS else 1 if name in _LENGTHS else 0
        if len(arguments) <= allowed and (collate is None or name in _STRINGS):
            if collate is not None:
                arguments.append(f"collation={collate!r}")
            return f"{name}({','.join(arguments)})" if arguments else name
    suffix = "" if collate is None else f' COLLATE "{collate}"'
    return f"CUSTOM({(text + suffix).strip()!r})"


def _name(text: str) -> str | None:
    return NAMES.get(text if text in {*NAMES, "INT"} else _SYNONYMS.get(text.lower(), "").upper())


_SYNONYMS: Final = {
    "int": "integer",
    "bool": "boolean",
    "decimal": "numeric",
    "datetime_char": "datetime",
    "date_char": "date",
    "time_char": "time",
    "character": "char",
    "character varying": "varchar",
    "varying character": "varchar",
    "native character": "nchar",
}
"""Spellings of the types that models write: SQLAlchemy's own (`ischema_names`), and ISO's."""

_WRITTEN: Final = frozenset({text.lower() for text in NAMES} - {"decimal", "clob"}) | {"jsonb"}
"""The types that SQLAlchemy reflects as it writes them; it reflects CLOB as TEXT."""

_WITHOUT_ARGUMENTS: Final = frozenset(
    text.lower() for text, name in NAMES.items() if name not in _LENGTHS | _NUMBERS
)
"""The types that SQLAlchemy writes without arguments; others write some, which mean nothing."""

_AFFINITIES: Final = (
    (("int",), "integer"),
    (("char", "clob", "text"), "text"),
    (("blob",), "blob"),
    (("real", "floa", "doub"), "real"),
)
"""A type of the affinity of texts with these parts (manual, "Datatypes In SQLite", 3.1)."""

_SIGNS: Final = frozenset({"unsigned", "signed", "zerofill"})
_SPELLED: Final = re.compile(r"([^(]*?) ?(\([^)]*\))?( collate .*)?")


def same_type(desired: str, current: str) -> bool:
    """Tell whether the type text of a database is a spelling of a model's type.

    A file that was created by hand, or by another tool, has other texts than those of SQLAlchemy.
    To SQLite they are equal if their affinity is, and lengths are ignored.

    Args:
        desired: the signature of a type as SQLAlchemy writes it.
        current: the signature of the database's type.

    >>> [same_type("integer", text) for text in ("int", "mediumint ( 9 )", "int unsigned", "text")]
    [True, True, True, False]
    >>> same_type("integer", "")
    True
    >>> [same_type("numeric ( 9 , 2 )", text) for text in ("decimal", "numeric ( 9 , 3 )")]
    [True, False]
    """
    wanted, existing = _SPELLED.fullmatch(desired), _SPELLED.fullmatch(current)
    if wanted is None or existing is None or wanted[3] != existing[3]:
        return desired == current
    if not existing[1]:  # a column without a type holds every value; Alembic compares none either
        return True
    ignored = wanted[2] is None and wanted[1] in _WITHOUT_ARGUMENTS
    if wanted[1] == existing[1]:
        return ignored or desired == current
    plain = _without_signs(existing[1])
    if desired == "text" and plain and plain not in _WRITTEN:
        return _affinity(plain) == "text"  # as SQLAlchemy reflects it
    resolved = _resolved(plain)
    if _SYNONYMS.get(wanted[1], wanted[1]) != resolved:
        return False
    return ignored or existing[2] in {None, wanted[2]}


def _without_signs(text: str) -> str:
    return " ".join(word for word in text.split() if word not in _SIGNS)


def _resolved(text: str) -> str:
    """Return the type, as SQLAlchemy writes it, of a text without its arguments."""
    if not text or text in _SYNONYMS or text in _WRITTEN:
        return _SYNONYMS.get(text, text)
    return _affinity(text)


def _affinity(text: str) -> str:
    affinities = (name for parts, name in _AFFINITIES if any(part in text for part in parts))
    return next(affinities, "numeric")
