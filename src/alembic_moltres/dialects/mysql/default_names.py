"""The names that MySQL and MariaDB generate for constraints."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    TableSchema,
    UniqueConstraint,
)


def generated_name(
    table: TableSchema, constraint: Constraint, taken: Collection[str], *, mariadb: bool
) -> str | None:
    """Return the name that the server generates for a constraint; `None` for a primary key.

    Args:
        table: the table of the constraint.
        constraint: one without a name.
        taken: the names of the table's constraints and indexes.
        mariadb: whether MariaDB's rule for a CHECK applies.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> awards = TableSchema("awards", [column("team_id", "INTEGER")])
    >>> generated_name(
    ...     awards, foreign_key("team_id", "teams", "id"), {"awards_ibfk_1"}, mariadb=True
    ... )
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
