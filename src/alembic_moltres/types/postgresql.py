"""The names of PostgreSQL's own types.

`postgresql.UUID` is the class with which SQLAlchemy's dialect replaces `UUID`; the class that
`sqlalchemy.dialects.postgresql` exports under that name is that of `sqlalchemy.types`, `sql.UUID`.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql.types import PGUuid
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.elements import ClauseElement

from ..datatypes import DataType
from ..errors import FreezeError
from .registration import ABSENT, Registration, line, newer
from .standard import STRING, longer_than_labels


def domain_check(domain: pg.DOMAIN) -> str | None:
    """Return the condition as PostgreSQL reads it."""
    check: ClauseElement | None = domain.check  # type: ignore[assignment]  # never a str
    return None if check is None else _sql(check)


def domain_default(domain: pg.DOMAIN) -> str | DataType | None:
    """Return a default: a string stands for itself, an expression is written `SQL('...')`."""
    default = domain.default
    return DataType("SQL", (_sql(default),)) if isinstance(default, ClauseElement) else default


def make_domain(data_type: Any, *, name: str, **arguments: Any) -> pg.DOMAIN:
    """Make a domain whose texts are written unchanged, colons and percent signs included."""
    check, default = arguments.get("check"), arguments.get("default")
    if check is not None:
        arguments["check"] = literal_column(check)
    if isinstance(default, DataType):
        arguments["default"] = literal_column(str(default.args[0]))
    arguments.setdefault("schema", None)
    return pg.DOMAIN(name, data_type, **arguments)


def make_enum(*labels: str, **arguments: Any) -> pg.ENUM:
    """Make an enum that does not take the schema of its MetaData (as in SQLAlchemy 2.1)."""
    arguments.setdefault("schema", None)
    return pg.ENUM(*labels, **arguments)


def _sql(clause: ClauseElement) -> str:
    compiler = _DIALECT.statement_compiler(_DIALECT, None)
    try:
        return compiler.process(clause, include_table=False, literal_binds=True)
    except CompileError as err:
        raise FreezeError(
            f"{clause} of a domain has no text: {err}; give it as SQL text", clause
        ) from err


# The parameter style decides whether percent signs are doubled: they must not be.
_DIALECT: Final[Dialect] = pg.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_ENUM: Final = {"name": None, "schema": None, "length": ABSENT, "create_type": True}
_DOMAIN: Final = {
    "name": None,
    "schema": None,
    **STRING,
    "default": None,
    "constraint_name": None,
    "not_null": False,
    "check": None,
    "create_type": True,
}

TABLE: Final = (
    line("postgresql.ARRAY", pg.ARRAY, "item_type", dimensions=None),
    line("postgresql.BIT", pg.BIT, "length", varying=False),
    line("postgresql.BYTEA", pg.BYTEA, "length"),
    line("postgresql.CIDR", pg.CIDR),
    line(
        "postgresql.CITEXT", newer("sqlalchemy.dialects.postgresql", "CITEXT"), "length", **STRING
    ),
    line("postgresql.DATEMULTIRANGE", pg.DATEMULTIRANGE),
    line("postgresql.DATERANGE", pg.DATERANGE),
    Registration(
        "postgresql.DOMAIN",
        pg.DOMAIN,
        ("data_type",),
        _DOMAIN,
        read={"check": domain_check, "default": domain_default},
        make=make_domain,
    ),
    Registration(
        "postgresql.ENUM", pg.ENUM, (), _ENUM, "enums", {"length": longer_than_labels}, make_enum
    ),
    line("postgresql.HSTORE", pg.HSTORE),
    line("postgresql.INET", pg.INET),
    line("postgresql.INT4MULTIRANGE", pg.INT4MULTIRANGE),
    line("postgresql.INT4RANGE", pg.INT4RANGE),
    line("postgresql.INT8MULTIRANGE", pg.INT8MULTIRANGE),
    line("postgresql.INT8RANGE", pg.INT8RANGE),
    line("postgresql.INTERVAL", pg.INTERVAL, fields=None, precision=None),
    line("postgresql.JSON", pg.JSON),
    line("postgresql.JSONB", pg.JSONB),
    line("postgresql.JSONPATH", pg.JSONPATH),
    line("postgresql.MACADDR", pg.MACADDR),
    line("postgresql.MACADDR8", pg.MACADDR8),
    line("postgresql.MONEY", pg.MONEY),
    line("postgresql.NUMMULTIRANGE", pg.NUMMULTIRANGE),
    line("postgresql.NUMRANGE", pg.NUMRANGE),
    line("postgresql.OID", pg.OID),
    line("postgresql.REGCLASS", pg.REGCLASS),
    line("postgresql.REGCONFIG", pg.REGCONFIG),
    line("postgresql.TIME", pg.TIME, precision=None, timezone=False),
    line("postgresql.TIMESTAMP", pg.TIMESTAMP, precision=None, timezone=False),
    line("postgresql.TSMULTIRANGE", pg.TSMULTIRANGE),
    line("postgresql.TSQUERY", pg.TSQUERY),
    line("postgresql.TSRANGE", pg.TSRANGE),
    line("postgresql.TSTZMULTIRANGE", pg.TSTZMULTIRANGE),
    line("postgresql.TSTZRANGE", pg.TSTZRANGE),
    line("postgresql.TSVECTOR", pg.TSVECTOR),
    line("postgresql.UUID", PGUuid),
)
