"""Compares columns whose text the server could not normalise in a probe.

Types and defaults are compared in a simple form, as Alembic does; expressions are not compared,
because an unconfirmed difference may be false.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ...schema import ColumnDef
from ...sqltext import MYSQL, tokens
from ..base.signatures import ColumnSignature, UnconfirmedText, assumed

_SYNONYMS = (
    (r"\binteger\b", "int"),
    (r"\bnumeric\b|\bdec\b", "decimal"),
    (r"\bbool(ean)?\b", "tinyint(1)"),
    (r"\bdouble precision\b", "double"),
    (r"\b(character set|charset) \w+|\bcollate \w+", ""),
    (r"\b((?:small|medium|big)?int)\(\d+\)", r"\1"),
    (r"\bdecimal\((\d+)\)", r"decimal(\1,0)"),
    (r"\byear\(4\)", "year"),
    (r"(?<!unsigned) zerofill", " unsigned zerofill"),
    (r"\bfloat\((2[5-9]|[34]\d|5[0-3])\)", "double"),
    (r"\bfloat\(\d+\)", "float"),
)

_SAME_DEFAULTS = {"TRUE": "1", "FALSE": "0", "NOW": "current_timestamp"}


def simple_type(text: str) -> str:
    """Return a type in a simple form.

    >>> simple_type("INTEGER UNSIGNED") == simple_type("int(10) unsigned")
    True
    """
    text = text.lower()
    for pattern, simple in _SYNONYMS:
        text = re.sub(pattern, simple, text)
    return re.sub(r"\s*,\s*", ",", text).strip()


def simple_default(text: str | None) -> str | None:
    """Return a default in a simple form.

    >>> simple_default("CURRENT_TIMESTAMP") == simple_default("(now())")
    True
    """
    if text is None:
        return None
    parts = [
        token.value if token.is_string else _SAME_DEFAULTS.get(token.upper, token.text.lower())
        for token in tokens(text, MYSQL)
        if token.text not in "()"
    ]
    text = "".join(parts)
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


def same_type(type_: str, current: str) -> bool:
    """Tell whether two types are equal in a simple form; MariaDB's JSON may have any name."""
    return current == "json" or simple_type(type_) == simple_type(current)


def same_default(default: str, current: str) -> bool:
    """Tell whether two defaults are equal in a simple form."""
    return simple_default(default) == simple_default(current)


def unconfirmed_column(type_: str, definition: str, column: ColumnDef) -> ColumnSignature:
    """Return the signature of a column whose definition was not probed.

    Args:
        type_: its type as DDL.
        definition: the whole definition as DDL, in the syntax `MYSQL`.
        column: its value.
    """
    defaults = (token for token in tokens(definition, MYSQL) if token.upper == "DEFAULT")
    start = next(defaults, None)
    return ColumnSignature(
        UnconfirmedText(type_.lower(), same_type),
        column.nullable,
        UnconfirmedText(definition[start.end :].strip(), same_default) if start else None,
        None if column.computed is None else UnconfirmedText(definition, assumed),
    )
