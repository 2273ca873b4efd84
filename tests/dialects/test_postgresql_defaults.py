"""Server defaults that PostgreSQL keeps in other words, or in a sequence: what is the same is no difference."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres import TableSchema, column, sql
from alembic_moltres.dialects.base.ddl import DDLWriter
from tests.dialects.postgresql_law import differences

TIMESTAMPTZ, TIMESTAMP = "TIMESTAMP(timezone=True)", "TIMESTAMP"


@pytest.mark.parametrize(
    ("type_", "there", "wanted"),
    [
        (TIMESTAMPTZ, "CURRENT_TIMESTAMP", sql.now()),
        (TIMESTAMPTZ, "now()", sql("CURRENT_TIMESTAMP")),
        (TIMESTAMPTZ, "transaction_timestamp()", sql.now()),
        (TIMESTAMP, "LOCALTIMESTAMP", sql.now()),
        (TIMESTAMP, "CURRENT_TIMESTAMP", sql("LOCALTIMESTAMP")),
        (TIMESTAMP, "'now'::text::timestamp", sql("LOCALTIMESTAMP")),
        ("DATE", "'now'::text::date", sql("CURRENT_DATE")),
        ("DATE", "now()", sql("CURRENT_DATE")),
        ("TEXT", "CURRENT_DATABASE()", sql("CURRENT_CATALOG")),
        ("TEXT", "CURRENT_ROLE", sql("CURRENT_USER")),
        ("TEXT", "user", sql("CURRENT_USER")),
        ("DECIMAL", "(- (1)::numeric)", "-1"),
        ("INTEGER", "'-1'", "-1"),
        ("INTEGER", "nextval('order_no')", sql("nextval('order_no')")),
        ("BIGINT", "nextval('order_no'::regclass)", sql("nextval('order_no')")),
    ],
)
def test_a_default_of_the_same_value_is_no_difference(
    pg_connection: sa.Connection, type_: str, there: str, wanted: Any
) -> None:
    table = TableSchema("t", [column("a", type_, default=wanted)])
    assert differences(with_default(pg_connection, table, there), table) == ()


@pytest.mark.parametrize(
    ("type_", "there", "wanted"),
    [
        (TIMESTAMPTZ, "clock_timestamp()", sql.now()),
        (TIMESTAMPTZ, "LOCALTIMESTAMP", sql.now()),
        (TIMESTAMPTZ, "CURRENT_TIMESTAMP(3)", sql.now()),
        (TIMESTAMPTZ, "CURRENT_DATE", sql.now()),
        ("TEXT", "SESSION_USER", sql("CURRENT_USER")),
        ("DECIMAL", "-1.50", "-1.5"),
        ("INTEGER", "nextval('order_no')", sql("nextval('other_no')")),
        ("INTEGER", "nextval('order_no')", None),
        ("INTEGER", "1", sql("nextval('order_no')")),
    ],
)
def test_a_default_of_another_value_is_a_difference(
    pg_connection: sa.Connection, type_: str, there: str, wanted: Any
) -> None:
    table = TableSchema("t", [column("a", type_, default=wanted)])
    assert len(differences(with_default(pg_connection, table, there), table)) > 0


def with_default(connection: sa.Connection, table: TableSchema, text: str) -> sa.Connection:
    """Create a table with a default, and the sequences that a default may use."""
    made = DDLWriter(connection.dialect, "t", None).column(table.columns[0])
    for statement in (
        "CREATE SEQUENCE order_no",
        "CREATE SEQUENCE other_no",
        f"CREATE TABLE t (a {made.type} DEFAULT {text})",
    ):
        connection.exec_driver_sql(statement)
    return connection
