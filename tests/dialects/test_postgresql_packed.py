"""PostgreSQL answers the questions of thousands of tables within its default lock table."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from alembic_moltres import TableSchema, check, column, index, primary_key, sql
from alembic_moltres.dialects.base.reflection import reflect_expected
from tests.dialects.test_postgresql_probes import left_over

TABLES = 3000
DEFAULT_LOCKS = 64


def models() -> list[TableSchema]:
    """Return tables of which each asks what no other asks: a default, a check, an expression."""
    return [
        TableSchema(
            f"t{n}",
            [
                column("id", "INTEGER", nullable=False),
                column("a", "INTEGER", default=sql(f"abs({n})")),
                column("b", "VARCHAR(20)", default=f"x{n}"),
            ],
            constraints=[primary_key("id"), check(f"a IN ({n}, {n + 1})", name=f"ck{n}")],
            indexes=[
                index(
                    f"ix{n}",
                    [sql(f"(a + {n})")],
                    dialect_options={"postgresql_where": sql(f"a != {n}")},
                )
            ],
        )
        for n in range(TABLES)
    ]


def test_questions_of_3000_tables_fit_into_the_default_lock_table(
    pg_connection: sa.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    locks = pg_connection.exec_driver_sql("SHOW max_locks_per_transaction").scalar_one()
    if int(locks) != DEFAULT_LOCKS:
        pytest.skip(f"the server has max_locks_per_transaction={locks}")
    with caplog.at_level(logging.WARNING):
        described = reflect_expected(pg_connection, models())
    assert [] == caplog.records
    last = described[-1]
    assert "abs(2999)" == last.columns[1].signature.default
    assert "ANY (ARRAY[2999, 3000])" in str(last.constraints[-1].signature)
    assert 0 == left_over(pg_connection)
