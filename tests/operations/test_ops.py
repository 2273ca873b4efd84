"""The operations as Alembic's hooks see them: mutable, reversible, with the value in step."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops

from alembic_moltres.convert import model_to_schema
from alembic_moltres.operations import (
    MoltresAddForeignKeysOp,
    MoltresCreateTableOp,
    MoltresDropForeignKeysOp,
    MoltresDropTableOp,
)
from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    ddl,
    foreign_key,
    identity,
    index,
    primary_key,
    sql,
    unique,
)

USERS = TableSchema(
    "users",
    [
        column("id", "INTEGER", nullable=False, identity=identity(start=5)),
        column("name", "VARCHAR(9)", default=sql("lower('X')", mssql="LOWER('X')"), comment="c"),
        column("mood", "ENUM('a','b',name='mood')", constraints=[check("mood <> 'x'")]),
        column("org", "INTEGER"),
    ],
    constraints=[
        primary_key("id", name="pk"),
        unique("name", name="uq", deferrable=True),
        check(sql("length(name) > 0", mssql="LEN(name) > 0"), name="ck", ddl_if="sqlite"),
        foreign_key("org", "orgs", "id", name="fk", on_delete="CASCADE", use_alter=True),
    ],
    indexes=[
        index("ix", ["name", sql("lower(name)")], dialect_options={"postgresql_using": "gin"})
    ],
    schema="app",
    comment="people",
    dialect_options={"mysql_engine": "InnoDB", "postgresql_partition_by": "HASH (id)"},
    ddl=[ddl("after_create", "SELECT 1")],
)


def test_the_value_is_the_original_until_something_changes() -> None:
    op = MoltresCreateTableOp.from_schema(USERS, name="User")
    assert op.table_schema is USERS
    assert ["id", "name", "mood", "org"] == [c.name for c in op.columns if isinstance(c, sa.Column)]
    assert {"mysql_engine": "InnoDB", "postgresql_partition_by": "HASH (id)"} == op.kw
    assert op.table_schema is USERS
    assert "User" == op.constant


def test_everything_that_a_hook_changes_is_in_the_value() -> None:
    op = MoltresCreateTableOp.from_schema(USERS)
    op.columns = [
        *op.columns,
        sa.Column("at", sa.DateTime, index=True),
        sa.CheckConstraint("org > 1", "ck2").ddl_if(dialect="mssql"),
    ]
    key: Any = op.columns[0]
    key.comment = "key"
    op.kw["mysql_charset"] = "utf8mb4"
    op.prefixes.append("UNLOGGED")
    op.table_name, op.schema, op.comment = "people", "other", None
    changed = op.table_schema
    assert changed == op.table_schema
    assert ("people", "other", None) == (changed.name, changed.schema, changed.comment)
    assert "key" == changed.column("id").comment
    assert USERS.columns[1:] == changed.columns[1:-1]
    assert column("at", "TIMESTAMP") == changed.columns[-1]
    assert set(USERS.constraints) < set(changed.constraints)
    assert check("org > 1", name="ck2", ddl_if="mssql") in changed.constraints
    assert [*USERS.indexes, index("ix_other_people_at", "at")] == list(changed.indexes)
    assert {**USERS.dialect_options, "mysql_charset": "utf8mb4"} == changed.dialect_options
    assert ("UNLOGGED",) == changed.prefixes
    assert USERS.ddl == changed.ddl


def test_a_constraint_that_is_changed_keeps_the_rest() -> None:
    constraints: list[Any] = [
        primary_key("id", ddl_if="mysql"),
        check("id > 0", name="ck", ddl_if="sqlite"),
        unique("org", name="uq", ddl_if=["oracle", "mssql"]),
        foreign_key("org", "orgs", "id", name="fk", match="FULL", ddl_if="postgresql"),
    ]
    columns = [column("id", "INTEGER", nullable=False), column("org", "INTEGER")]
    op = MoltresCreateTableOp.from_schema(TableSchema("t", columns, constraints=constraints))
    for item in op.columns:
        changed: Any = item
        changed.comment = "new"
    expected = TableSchema(
        "t",
        [replace(item, comment="new") for item in columns],
        constraints=[replace(item, comment="new") for item in constraints],
    )
    assert expected == op.table_schema


def test_a_constraint_that_is_taken_away_is_gone() -> None:
    op = MoltresCreateTableOp.from_schema(USERS)
    op.columns = [item for item in op.columns if not isinstance(item, sa.UniqueConstraint)]
    kept = [item for item in USERS.constraints if item.name != "uq"]
    assert kept == list(op.table_schema.constraints)


def test_if_not_exists_is_the_operations() -> None:
    wishing = TableSchema("t", [column("id", "INTEGER")], if_not_exists=True)
    op = MoltresCreateTableOp.from_schema(wishing)
    assert op.if_not_exists
    op.if_not_exists = False
    assert not op.table_schema.if_not_exists
    assert MoltresCreateTableOp.from_schema(USERS).if_not_exists is None


def test_a_rewriter_for_alembics_classes_sees_ours_and_changes_the_value() -> None:
    writer = Rewriter()

    @writer.rewrites(ops.CreateTableOp)
    def add_column(_context: Any, _revision: Any, op: ops.CreateTableOp) -> ops.CreateTableOp:
        op.columns = [*op.columns, sa.Column("tenant", sa.Integer, nullable=False)]
        return op

    @writer.rewrites(ops.DropTableOp)
    def note(_context: Any, _revision: Any, op: ops.DropTableOp) -> list[Any]:
        return [ops.ExecuteSQLOp("SELECT 1"), op]

    create = MoltresCreateTableOp.from_schema(USERS)
    upgrade = ops.UpgradeOps([create, MoltresAddForeignKeysOp(create)])
    script = ops.MigrationScript("1", upgrade, upgrade.reverse())
    writer(None, ("base",), [script])  # type: ignore[arg-type]
    (changed, added) = upgrade.ops
    expected = column("tenant", "INTEGER", nullable=False)
    assert expected == changed.table_schema.columns[-1]  # type: ignore[attr-defined]
    assert script.downgrade_ops is not None
    dropped_key, executed, dropped = script.downgrade_ops.ops
    assert isinstance(executed, ops.ExecuteSQLOp)
    values = {op.table_schema for op in (changed, added, dropped_key, dropped)}  # type: ignore[attr-defined]
    assert {changed.table_schema} == values  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "kind",
    [MoltresCreateTableOp, MoltresDropTableOp, MoltresAddForeignKeysOp, MoltresDropForeignKeysOp],
)
def test_reversing_twice_gives_the_same(kind: Any) -> None:
    op = kind.from_schema(USERS, name="User")
    reverse = op.reverse()
    assert type(op) is not type(reverse)
    assert USERS is reverse.table_schema
    again = reverse.reverse()
    assert (type(op), op.table_schema, op.constant) == (
        type(again),
        again.table_schema,
        again.constant,
    )


def test_a_renamed_drop_reverses_to_what_it_drops() -> None:
    op = MoltresDropTableOp.from_schema(USERS, name="User")
    op.table_name, op.schema = "people", None
    assert ("people", None) == (op.table_schema.name, op.table_schema.schema)
    assert op.table_schema == op.reverse().table_schema
    assert "User" == op.reverse().constant


def test_diff_tuples_are_alembics() -> None:
    create = MoltresCreateTableOp.from_schema(USERS)
    kind, table = create.to_diff_tuple()
    assert ("add_table", "users") == (kind, table.name)
    assert ["ix"] == [item.name for item in table.indexes]
    assert "remove_table" == create.reverse().to_diff_tuple()[0]
    keys = MoltresAddForeignKeysOp(create)
    assert ["add_fk", "fk"] == [keys.to_diff_tuple()[0], keys.to_diff_tuple()[1].name]
    assert "remove_fk" == keys.reverse().to_diff_tuple()[0]


def test_they_run_as_alembics_own_operations_would(sqlite_engine: sa.Engine) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    op = MoltresCreateTableOp.from_schema(TableSchema("t", [column("id", "INTEGER")]))
    op.columns = [*op.columns, sa.Column("more", sa.Integer)]
    with sqlite_engine.begin() as connection:
        Operations(MigrationContext.configure(connection)).invoke(op)
    assert ["id", "more"] == [c["name"] for c in sa.inspect(sqlite_engine).get_columns("t")]


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    op = MoltresCreateTableOp.from_schema(USERS)
    with pytest.raises(AttributeError, match="has no attribute 'colums'"):
        _ = op.colums


def test_importing_registers_once_and_reloading_is_free() -> None:
    code = (
        "import importlib, alembic_moltres.operations as o, alembic.op as op\n"
        "from alembic_moltres.operations import ops\n"
        "importlib.reload(o)\n"
        "assert callable(op.moltres_create_table) and callable(op.moltres_drop_foreign_keys)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_table_of_an_operation_is_the_values() -> None:
    op = MoltresCreateTableOp.from_schema(USERS)
    assert USERS == model_to_schema(op.to_table())
    assert USERS == model_to_schema(op.reverse().to_table())
