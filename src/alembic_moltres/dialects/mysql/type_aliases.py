"""Types of hand-written DDL in the server's canonical spelling.

Not here: the name of a type in that spelling, see `type_spellings`.
"""

from __future__ import annotations

import re

from ...datatypes import DataType
from .type_spellings import type_name

_ALIASES = {
    "integer": "int",
    "bool": "tinyint(1)",
    "boolean": "tinyint(1)",
    "numeric": "decimal",
    "dec": "decimal",
    "character varying": "varchar",
    "character": "char",
    "double precision": "double",
    "real": "double",
    "int4": "int",
    "int8": "bigint",
}
_NAME = re.compile(r"([a-z0-9]+(?: varying| precision)?)(.*)", re.DOTALL)


def information_schema_type(text: str) -> tuple[str, str]:
    """Return `data_type` and `column_type` of the information schema: without and with arguments.

    >>> information_schema_type("datetime(6)"), information_schema_type("bool")
    (('datetime', 'datetime(6)'), ('tinyint', 'tinyint(1)'))
    """
    match = _NAME.fullmatch(text)
    if match is None:
        return text, text
    name = _ALIASES.get(match[1], match[1])
    return name.partition("(")[0], f"{name}{match[2]}"


_CHARSET = re.compile(r"\s+(?:CHARACTER\s+SET|CHARSET)\s+(\w+)\s*\Z", re.IGNORECASE)


def _with_charset(name: str, charset: str) -> str:
    type_ = DataType.parse(name)
    own = f"mysql.{type_.name.rpartition('.')[2]}"
    return str(DataType(own, type_.args, {**type_.kwargs, "charset": charset}))


def type_of_ddl(text: str) -> str:
    """Return the name of a type in a statement.

    >>> type_of_ddl("INTEGER"), type_of_ddl("VARCHAR (30)"), type_of_ddl("int unsigned")
    ('INTEGER', 'VARCHAR(30)', 'mysql.INTEGER(unsigned=True)')
    """
    stated = _CHARSET.search(text)
    if stated is not None:
        return _with_charset(type_of_ddl(text[: stated.start()]), stated[1].lower())
    spelling = text.strip()
    if "'" not in spelling:
        spelling = re.sub(r"\s+", " ", spelling.lower())
        spelling = re.sub(r" ?([(),]) ?", r"\1", spelling).replace(")u", ") u")
    else:
        spelling = re.sub(r"^\w+", lambda word: word[0].lower(), spelling).replace(", '", ",'")
    match = _NAME.fullmatch(spelling)
    if match is not None and match[1] in _ALIASES:
        spelling = f"{_ALIASES[match[1]]}{match[2]}"
    return type_name(spelling)
