"""Tables that were created by hand have what no model states, and nothing is found."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from tests.dump import dump
from tests.operations.context import run

PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]


def changes(engine: sa.Engine, metadata: sa.MetaData) -> Any:
    """Return the operations that autogenerate writes."""
    with engine.connect() as connection:
        opts = {"autogenerate_plugins": PLUGINS, "target_metadata": metadata}
        return produce_migrations(MigrationContext.configure(connection, opts=opts), metadata)


def execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def in_order(operations: Any) -> Any:
    def script(op: Operations) -> None:
        for each in operations.ops:
            op.invoke(each)

    return script


def period(type_: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    days = [sa.Column(name, sa.Date, nullable=False) for name in ("s", "e")]
    sa.Table(
        "t",
        metadata,
        sa.Column("a", type_),
        *days,
        sa.CheckConstraint("s < e"),
        sa.CheckConstraint("s <> e", name="ck"),
    )
    return metadata


def test_a_period_of_mariadb_is_no_check(mariadb_engine: sa.Engine) -> None:
    execute(
        mariadb_engine,
        "CREATE TABLE t (a int, s date NOT NULL, e date NOT NULL, PERIOD FOR p (s, e), "
        "CHECK (s < e), CONSTRAINT ck CHECK (s <> e))",
    )
    assert changes(mariadb_engine, period(sa.Integer)).upgrade_ops.is_empty()
    before = dump(mariadb_engine)
    script = changes(mariadb_engine, period(sa.BigInteger))
    run(mariadb_engine, in_order(script.upgrade_ops))
    assert "PERIOD FOR `p` (`s`, `e`)" in dump(mariadb_engine)
    run(mariadb_engine, in_order(script.downgrade_ops))
    assert before == dump(mariadb_engine)


def test_a_sequence_in_a_default_has_no_name_of_a_database(mariadb_engine: sa.Engine) -> None:
    """MariaDB writes it; the script runs on databases of other names."""

    def numbered(type_: Any) -> sa.MetaData:
        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", type_, server_default=sa.text("nextval(`s`)")))
        return metadata

    execute(mariadb_engine, "CREATE SEQUENCE s", "CREATE TABLE t (a int DEFAULT nextval(s))")
    assert changes(mariadb_engine, numbered(sa.Integer)).upgrade_ops.is_empty()
    script = changes(mariadb_engine, numbered(sa.BigInteger))
    (block,) = script.upgrade_ops.ops
    (altered,) = block.change.changes
    assert "nextval(`s`)" == altered.current.default.text
    assert altered.current.default == altered.desired.default


@pytest.mark.parametrize("type_", [sa.Integer, sa.String(9), sa.Boolean, sa.DateTime, sa.JSON])
def test_a_column_of_sqlite_without_a_type_is_that_of_any_model(
    sqlite_engine: sa.Engine, type_: Any
) -> None:
    execute(sqlite_engine, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", type_))
    assert changes(sqlite_engine, metadata).upgrade_ops.is_empty()
