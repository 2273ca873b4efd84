"""Types and defaults of hand-written DDL in PostgreSQL's canonical spelling.

Not here: the name of a type in that spelling, see `type_spellings`.
"""

from __future__ import annotations

import re

from ...datatypes import DataType
from ...schema import Default, Now
from ...sqltext import POSTGRESQL, tokens
from ..base.hooks.replay import NamedType
from .columns import default_value
from .type_spellings import type_name

SERIALS = {
    **dict.fromkeys(("serial", "serial4"), "INTEGER"),
    **dict.fromkeys(("bigserial", "serial8"), "BIGINT"),
    **dict.fromkeys(("smallserial", "serial2"), "SMALLINT"),
}
"""The integer types of SERIAL, BIGSERIAL and SMALLSERIAL."""

_ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "decimal": "numeric",
    "char": "character",
    "varchar": "character varying",
    "nchar": "character",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "time": "time without time zone",
    "dec": "numeric",
}
_NAME = re.compile(r"(?:pg_catalog\.)?([a-z_][a-z0-9_]*(?: varying| precision)?)(.*)", re.DOTALL)


_ARRAY = re.compile(r"(.*?)\s*(?:(?:\[\d*\])+|\sarray(?:\s*\[\d*\])?)", re.DOTALL | re.IGNORECASE)


def type_of_ddl(text: str, named: NamedType) -> str:
    """Return the name of a type in a statement.

    >>> def none(schema, name): ...
    >>> [type_of_ddl(each, none) for each in ("VARCHAR (30)", "timestamptz", "int[]")]
    ['VARCHAR(30)', 'TIMESTAMP(timezone=True)', 'postgresql.ARRAY(INTEGER)']
    """
    array = _ARRAY.fullmatch(text.strip())
    element = array[1] if array else text.strip()
    type_ = _named(element, named) or type_name(_canonical(_regular(element)))
    return str(DataType("postgresql.ARRAY", (type_,)) if array else type_)


def _named(text: str, named: NamedType) -> DataType | None:
    stream = tokens(text, POSTGRESQL)
    names = [each.value.lower() if each.kind == "word" else each.value for each in stream[::2]]
    if len(stream) == 1 and stream[0].is_name:
        return named(None, names[0])
    if len(stream) == 3 and stream[1].upper == ".":
        return named(names[0], names[1])
    return None


def _regular(text: str) -> str:
    spelling = re.sub(r"\s+", " ", text.lower())
    return re.sub(r" ?([(),]) ?", r"\1", spelling).replace(")w", ") w")


def default_of_ddl(text: str, type_: str) -> Default:
    """Return a server default in the form of reflection.

    >>> default_of_ddl("'a'", "VARCHAR(9)"), default_of_ddl("'{}'::jsonb", "JSONB")
    ('a', '{}')
    >>> default_of_ddl("lower('A')", "TEXT")
    sql("lower('A')")
    """
    stream = tokens(text, POSTGRESQL)
    spelling = type_.lower()
    if len(stream) == 1 and stream[0].is_string:
        return default_value(f"{text}::{spelling}", spelling)
    return default_value(text, spelling)


def information_schema_default(default: Default, type_: str) -> str | None:
    """Return a literal default as the catalogue has it.

    >>> information_schema_default("a", "varchar(9)"), information_schema_default(True, "boolean")
    ("'a'::character varying", 'true')
    """
    match default:
        case bool():
            return str(default).lower()
        case Now():
            return "now()"
        case str():
            literal = default.replace("'", "''")
            return f"'{literal}'::{information_schema_type(type_)[0]}"
        case _:
            return None


def information_schema_type(text: str) -> tuple[str, str]:
    """Return `data_type` of the information schema; PostgreSQL has no `column_type`.

    >>> information_schema_type("varchar(30)"), information_schema_type("integer[]")
    (('character varying', ''), ('ARRAY', ''))
    """
    if text.endswith("[]"):
        return "ARRAY", ""
    return re.sub(r"\(.*?\)", "", _canonical(text)), ""


def _canonical(spelling: str) -> str:
    match = _NAME.fullmatch(spelling)
    if match is None or match[1] not in _ALIASES | {"timestamp": "", "time": ""}:
        return spelling
    name, rest = match[1], match[2]
    if name in {"timestamptz", "timetz"}:
        return f"{name.removesuffix('tz')}{rest} with time zone"
    if name in {"timestamp", "time"}:
        return spelling if "zone" in rest else f"{name}{rest} without time zone"
    if name == "float" and rest:
        return "real" if int(rest.strip("()")) < 25 else "double precision"
    if name in {"char", "nchar"} and not rest:
        rest = "(1)"
    return f"{_ALIASES[name]}{rest}"
