"""Compares a database with the tables of an anchor."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from ...dialects.base.align import align
from ...dialects.base.reflection import reflect_database, reflect_expected
from ...dialects.base.registry import impl_of
from ...diff import diff
from ...errors import OperationError
from ...messages import get_logger
from ...schema import TableSchema

log = get_logger("alembic.runtime.alembic_moltres")
"""Below `alembic`, so that every project's alembic.ini shows its messages."""


def check_anchor(
    connection: Connection, tables: Sequence[TableSchema], *, strict: bool = False
) -> None:
    """Log the database's differences from the tables; it may have other tables.

    Raises:
        OperationError: it differs, and `strict` is set.
    """
    if not impl_of(connection.dialect).reads:
        log.warning("Tables of %s cannot be compared with the anchor", connection.dialect.name)
        return
    differing = differences(connection, tables)
    for each in differing:
        log.warning("The database differs from the anchor: %s", each)
    if differing and strict:
        raise OperationError(
            f"the database differs from the anchor: {'; '.join(differing)}; change it to match "
            "the anchor's tables, or remove strict=True from op.moltres_anchor()",
            tables,
        )


def differences(connection: Connection, tables: Sequence[TableSchema]) -> list[str]:
    """Return a line for each difference of the database; empty if there are none."""
    wanted = {(each.schema, str(each.name)) for each in tables}
    reflected = reflect_database(connection, wanted)
    before: list[TableSchema] = []
    after: list[TableSchema] = []
    for each in reflect_expected(connection, list(tables)):
        before.append(each.table)
        current = reflected.get((each.table.schema, str(each.table.name)))
        if current is not None:
            after.append(align(current, each))
    return [message for change in diff(before, after) for message in change.messages()]
