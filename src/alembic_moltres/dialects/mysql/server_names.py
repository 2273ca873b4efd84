"""The names that MySQL and MariaDB give to constraints without one, and how they read types."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
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


def made_name(
    table: TableSchema, constraint: Constraint, taken: Collection[str], *, mariadb: bool
) -> str | None:
    """Return the name that the server gives to a constraint; a primary key has none.

    Args:
        table: the table that it is on.
        constraint: one without a name.
        taken: the names of the table's constraints and indexes.
        mariadb: whose rule holds for a CHECK.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> awards = TableSchema("awards", [column("team_id", "INTEGER")])
    >>> made_name(awards, foreign_key("team_id", "teams", "id"), {"awards_ibfk_1"}, mariadb=True)
    'awards_ibfk_2'
    """
    match constraint:
        case ForeignKeyConstraint():
            return _after_highest(f"{table.name}_ibfk_", taken)
        case CheckConstraint() if mariadb:
            names = (f"CONSTRAINT_{n}" for n in count(1))
        case CheckConstraint():
            return _after_highest(f"{table.name}_chk_", taken)
        case UniqueConstraint():
            first = constraint.columns[0]
            names = (first if n == 1 else f"{first}_{n}" for n in count(1))
        case _:
            return None
    return next(name for name in names if name not in taken)


def _after_highest(prefix: str, taken: Collection[str]) -> str:
    numbers = [name.removeprefix(prefix) for name in taken if name.startswith(prefix)]
    return f"{prefix}{max((int(n) for n in numbers if n.isdigit()), default=0) + 1}"


def described_type(text: str) -> tuple[str, str]:
    """Return what the information schema calls a type, without and with its arguments.

    >>> described_type("datetime(6)"), described_type("bool")
    (('datetime', 'datetime(6)'), ('tinyint', 'tinyint(1)'))
    """
    match = _NAME.fullmatch(text)
    if match is None:
        return text, text
    name = _ALIASES.get(match[1], match[1])
    return name.partition("(")[0], f"{name}{match[2]}"


def type_of_text(text: str) -> str:
    """Return the name of a type as a statement spells it.

    >>> type_of_text("INTEGER"), type_of_text("VARCHAR (30)"), type_of_text("int unsigned")
    ('INTEGER', 'VARCHAR(30)', 'mysql.INTEGER(unsigned=True)')
    """
    spelling = text.strip()
    if "'" not in spelling:
        spelling = re.sub(r"\s+", " ", spelling.lower())
        spelling = re.sub(r" ?([(),]) ?", r"\1", spelling).replace(")u", ") u")
    else:
        spelling = re.sub(r"^\w+", lambda found: found[0].lower(), spelling).replace(", '", ",'")
    match = _NAME.fullmatch(spelling)
    if match is not None and match[1] in _ALIASES:
        spelling = f"{_ALIASES[match[1]]}{match[2]}"
    return type_name(spelling)
