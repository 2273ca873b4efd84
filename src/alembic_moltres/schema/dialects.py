"""What values know of the dialects that SQLAlchemy ships, by name.

A value has no `Dialect` object: its variants are keyed by names. Everything else about a database
is in `dialects`, a layer above.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

DIALECT_CLASSES: Final[Mapping[str, str]] = {
    "sqlite": "sqlalchemy.dialects.sqlite.base:SQLiteDialect",
    "postgresql": "sqlalchemy.dialects.postgresql.base:PGDialect",
    "mysql": "sqlalchemy.dialects.mysql.base:MySQLDialect",
    "mariadb": "sqlalchemy.dialects.mysql.mariadb:MariaDBDialect",
    "mssql": "sqlalchemy.dialects.mssql.base:MSDialect",
    "oracle": "sqlalchemy.dialects.oracle.base:OracleDialect",
}
"""The one list of the dialects that SQLAlchemy ships, with their classes, which need no driver.

Every expression and every type with a dialect of its own is frozen for them.
"""

NAMED_ENUMS: Final = "postgresql"
"""The dialect whose enum types have names of their own, so that several columns share one."""

ORDERED: Final = "oracle"
"""The dialect whose sequences have ORDER, and whose identities have ON NULL."""

COLUMNSTORE: Final = "mssql_columnstore"
"""The option of an index over all columns, which names none."""

JSONB: Final[Mapping[str, str]] = {"postgresql": "postgresql.JSONB"}
"""The variants of a JSON column of Moltres that is to be JSONB."""

VARCHAR: Final[Mapping[str, str]] = dict.fromkeys(("mysql", "mariadb"), "VARCHAR(255)")
"""The variants of a VARCHAR of Moltres, where a database cannot do without a length."""


def option_hint(argument: str) -> str:
    """Return what to write in place of a dialect's option given as an argument; empty for others.

    >>> option_hint("postgresql_where")
    "; write dialect_options={'postgresql_where': ...}, with sql('...') for an expression"
    >>> option_hint("where")
    ''
    """
    if not argument.startswith(tuple(f"{name}_" for name in DIALECT_CLASSES)):
        return ""
    return f"; write dialect_options={{{argument!r}: ...}}, with sql('...') for an expression"


def package_of(name: str) -> str:
    """Return the name of the package of SQLAlchemy's that has a shipped dialect.

    >>> package_of("mariadb")
    'mysql'
    """
    return DIALECT_CLASSES[name].split(".")[2]


def is_for_dialect(ddl_if: Collection[str], dialect: str) -> bool:
    """Tell whether an item with this `ddl_if` exists on a dialect, by its exact name.

    SQLAlchemy compares the names so, too: a dialect that extends PostgreSQL's is not `postgresql`.

    >>> is_for_dialect((), "sqlite"), is_for_dialect(("postgresql",), "cockroachdb")
    (True, False)
    """
    return not ddl_if or dialect in ddl_if
