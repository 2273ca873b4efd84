"""What SQLAlchemy's `Inspector` says well enough, for dialects that need nothing better."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the tables of a schema, no views."""
    return list(sa.inspect(connection).get_table_names(schema))
