"""The result of `to_diff_tuple`: Alembic's tuple, with a `repr` that shows our values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

import sqlalchemy as sa


class DiffTuple(tuple[Any, ...]):  # noqa: SLOT001 - one of any length has no slots
    """A tuple whose `repr` shows values instead of SQLAlchemy's items.

    SQLAlchemy's `repr` omits names, operators and targets of constraints, and contains addresses.

    Args:
        content: Alembic's tuple.
        values: what the `repr` shows for each item, in their order.
        table: the table of the items, if `content` does not have it.

    >>> from alembic_moltres.schema import unique
    >>> key = unique("email", name="uq")
    >>> DiffTuple(("add_constraint", sa.UniqueConstraint("email")), key, table="users")
    ('add_constraint', <users: unique('email', name='uq')>)
    """

    _texts: tuple[str, ...]

    def __new__(cls, content: Iterable[Any], *values: object, table: str = "") -> Self:
        self = super().__new__(cls, content)
        self._texts = tuple(f"<{table}: {each!r}>" if table else repr(each) for each in values)
        return self

    def __repr__(self) -> str:
        texts = iter(self._texts)
        shown = ", ".join([_shown(each, texts) for each in self])
        return f"({shown},)" if len(self) == 1 else f"({shown})"


def _shown(content: object, texts: Iterator[str]) -> str:
    if isinstance(content, sa.Computed | sa.Identity):
        return repr(content)
    if isinstance(content, sa.schema.SchemaItem):
        return next(texts, repr(content))
    if isinstance(content, sa.DefaultClause):
        is_now = isinstance(content.arg, sa.sql.functions.now)
        return "sql.now()" if is_now else repr(content.arg)
    if isinstance(content, Mapping):
        entries = (f"{key!r}: {_shown(entry, texts)}" for key, entry in content.items())
        return f"{{{', '.join(entries)}}}"
    return repr(content)
