"""The names that PostgreSQL gives what has none (`ChooseConstraintName`, `makeObjectName`)."""

from __future__ import annotations

from collections.abc import Sequence

from ...schema import (
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)

LABELS = {UniqueConstraint: "key", ForeignKeyConstraint: "fkey", ExcludeConstraint: "excl"}
"""The endings of names of constraints over columns."""

LIMIT = 63
"""How many bytes of a name are kept (NAMEDATALEN - 1)."""


def default_constraint_name(
    table: str, kind: type[Constraint], columns: Sequence[str]
) -> str | None:
    """Return the name of a nameless constraint; `None` for a CHECK.

    That depends on how many columns its expression has, which its text does not tell.

    >>> default_constraint_name("orders", PrimaryKeyConstraint, ["id"])
    'orders_pkey'
    """
    if kind is PrimaryKeyConstraint:
        return default_name(table, "", "pkey")
    label = LABELS.get(kind)
    return None if label is None else default_name(table, "_".join(columns), label)


def default_name(table: str, columns: str, label: str) -> str:
    """Return the name that a constraint or a sequence gets.

    Table and columns are cut, the longer one first, to fit the limit; bytes count.

    >>> default_name("orders", "user_id", "fkey"), default_name("orders", "", "pkey")
    ('orders_user_id_fkey', 'orders_pkey')
    """
    first, second = table.encode(), columns.encode()
    room = LIMIT - len(label) - 1 - bool(second)
    length1, length2 = len(first), len(second)
    while length1 + length2 > room:
        if length1 > length2:
            length1 -= 1
        else:
            length2 -= 1
    cut = (first[:length1].decode(errors="ignore"), second[:length2].decode(errors="ignore"))
    return "_".join((*(part for part in cut if part), label))
