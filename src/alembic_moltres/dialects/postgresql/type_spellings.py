"""From PostgreSQL's text of a type (`format_type`) to its name in scripts.

A type without a name becomes `CUSTOM('...')` with the database's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ...datatypes import Argument, DataType
from ...sqltext import POSTGRESQL, tokens, unquoted

SPELLING = re.compile(
    r"""(?P<name>[a-z_][a-z0-9_ ]*?)
        (?:\((?P<arguments>-?\d+(?:,-?\d+)*)\))?
        (?P<zone>\ with\ time\ zone|\ without\ time\ zone)?""",
    re.VERBOSE,
)

PLAIN = {
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "bytea": "BLOB",
    "date": "DATE",
    "double precision": "DOUBLE",
    "integer": "INTEGER",
    "json": "JSON",
    "real": "sql.REAL",
    "smallint": "SMALLINT",
    "text": "TEXT",
    "uuid": "UUID",
}
"""The types without arguments that have a portable name."""

OWN = frozenset(
    """cidr citext datemultirange daterange hstore inet int4multirange int4range int8multirange
    int8range jsonb jsonpath macaddr macaddr8 money nummultirange numrange oid regclass regconfig
    tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector""".split()  # noqa: SIM905  # a list of names is read, not its quotes
)
"""The types without arguments whose name has the prefix `postgresql.`."""

COLLATABLE = frozenset({"CHAR", "TEXT", "VARCHAR", "postgresql.CITEXT"})


def type_name(spelling: str, collation: str | None = None) -> DataType:
    """Return the name of a type that is neither an enum nor a domain.

    Args:
        spelling: the text of `format_type`.
        collation: the collation, quoted as in DDL, if it is not the type's default.

    >>> type_name("character varying(100)[]")
    DataType.parse("postgresql.ARRAY(VARCHAR(100))")
    >>> type_name("timestamp(3) with time zone")
    DataType.parse("postgresql.TIMESTAMP(precision=3,timezone=True)")
    >>> type_name("geometry(Point,4326)")
    DataType.parse("CUSTOM('geometry(Point,4326)')")
    """
    if spelling.endswith("[]"):
        return DataType("postgresql.ARRAY", (type_name(spelling.removesuffix("[]"), collation),))
    named = _named(spelling)
    if collation is None:
        return named or DataType("CUSTOM", (spelling,))
    if named is None or named.name not in COLLATABLE or _is_qualified(collation):
        return DataType("CUSTOM", (f"{spelling} COLLATE {collation}",))
    return DataType(named.name, named.args, {"collation": unquoted(collation, POSTGRESQL)})


def _named(spelling: str) -> DataType | None:
    if spelling in PLAIN:
        return DataType(PLAIN[spelling])
    if spelling in OWN:
        return DataType(f"postgresql.{spelling.upper()}")
    match = SPELLING.fullmatch(spelling)
    if match is None:
        return None
    arguments = tuple(int(text) for text in (match["arguments"] or "").split(",") if text)
    if match["zone"]:
        return _of_time(match["name"], arguments, match["zone"] == " with time zone")
    if match["name"].partition(" ")[0] == "interval":
        return _interval(match["name"], arguments)
    make = WITH_ARGUMENTS.get(match["name"])
    return make(arguments) if make else None


def _of_time(name: str, arguments: tuple[int, ...], zone: bool) -> DataType | None:
    if name not in {"timestamp", "time"}:
        return None
    kwargs: dict[str, Argument] = {"timezone": True} if zone else {}
    if not arguments:
        return DataType(name.upper(), (), kwargs)
    return DataType(f"postgresql.{name.upper()}", (), {"precision": arguments[0], **kwargs})


def _interval(name: str, arguments: tuple[int, ...]) -> DataType:
    fields = name.partition(" ")[2]
    kwargs: dict[str, Argument] = {"fields": fields} if fields else {}
    if arguments:
        kwargs["precision"] = arguments[0]
    return DataType("postgresql.INTERVAL" if kwargs else "INTERVAL", (), kwargs)


def _plain(name: str) -> Callable[[tuple[int, ...]], DataType]:
    return lambda arguments: DataType(name, arguments)


WITH_ARGUMENTS: dict[str, Callable[[tuple[int, ...]], DataType]] = {
    "bit": _plain("postgresql.BIT"),
    "bit varying": lambda arguments: DataType("postgresql.BIT", arguments, {"varying": True}),
    "character": _plain("CHAR"),
    "character varying": _plain("VARCHAR"),
    "numeric": _plain("DECIMAL"),
}


def _is_qualified(collation: str) -> bool:
    return any(token.upper == "." for token in tokens(collation, POSTGRESQL))
