"""What SQLAlchemy's inspector tells of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Dialect

from ...schema import TableSchema


def inspected_column(
    attributes: Mapping[str, Any], table: TableSchema, sequence: str | None, dialect: Dialect
) -> dict[str, Any]:
    """Return what it tells of a column: the sequence of a SERIAL is its default.

    Args:
        attributes: what it tells on every database.
        table: the column's.
        sequence: the one that the column owns.
        dialect: quotes it.
    """
    default = attributes["default"]
    is_other = default is not None and not default.startswith("nextval(")
    if sequence is None or is_other or "identity" in attributes:
        return dict(attributes)
    quote = dialect.identifier_preparer.quote
    named = ".".join(quote(each) for each in (table.schema, sequence) if each)
    text = named.replace("'", "''")
    return {**attributes, "autoincrement": True, "default": f"nextval('{text}'::regclass)"}
