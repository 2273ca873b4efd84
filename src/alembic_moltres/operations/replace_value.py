"""`op.execute("UPDATE ...")`, which autogenerate writes to replace a value in rows."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic.operations.ops import ExecuteSQLOp
from sqlalchemy.engine import Dialect

from ..schema import SQL
from ..sqla_compat import doubles_percents


class MoltresReplaceValueOp(ExecuteSQLOp):
    """An UPDATE that can be reversed, unless rows may have had the new value before.

    Args:
        change: the table's key, the column, and both values.
        dialect: the dialect of the comparison.
    """

    def __init__(self, change: Any, dialect: Dialect) -> None:
        self.change, self.dialect = change, dialect
        super().__init__("" if change.desired is None else _update(change, dialect))

    def reverse(self) -> MoltresReplaceValueOp:
        return MoltresReplaceValueOp(self.change.reverse(), self.dialect)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "replace_values", str(self.sqltext)


def _update(change: Any, dialect: Dialect) -> str:
    """Return the text of an UPDATE for `op.execute()`, in which colons are escaped."""
    schema, name = change.table
    column: sa.ColumnClause[str] = sa.column(change.column, sa.String())
    update = sa.update(sa.table(name, column, schema=schema))
    new: Any = change.desired
    new = sa.literal_column(new.text) if isinstance(new, SQL) else new
    made = update.where(column == change.current).values({column: new})
    text = str(made.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    if doubles_percents(dialect.identifier_preparer):
        text = text.replace("%%", "%")
    return re.sub(r":(?=\w)", r"\\:", text)
