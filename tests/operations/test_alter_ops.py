"""The altering operations as values, and what a rewriter does to them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import ops

from alembic_moltres import diff as found
from alembic_moltres.operations import (
    MoltresAddColumnOp,
    MoltresAlterColumnOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
)
from alembic_moltres.operations.value_op import OPERATIONS, operation_of
from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    computed,
    foreign_key,
    identity,
    index,
    sequence,
    sql,
    unique,
)

A, B = column("a", "INTEGER"), column("a", "BIGINT", nullable=False, default=3, comment="c")
TABLE = TableSchema("t", [A])

CHANGES: list[found.Change] = [
    found.AddColumn(B),
    found.DropColumn(column("g", "INTEGER", computed=computed("a + 1"))),
    found.AlterColumn(A, B, fill_null=True),
    found.AlterColumn(B, column("a", "BIGINT", nullable=False, identity=identity())),
    found.RenameColumn("a", "b"),
    found.AddConstraint(foreign_key("a", "t", "b", on_delete="CASCADE")),
    found.DropConstraint(check("a > 0")),
    found.CreateIndex(
        index("ix", ["a", sql("lower(b)")], dialect_options={"postgresql_where": sql("a > 0")})
    ),
    found.DropIndex(index("ix", "a", ddl_if="postgresql")),
    found.SetComment(None, "new"),
    found.SetOptions({"mysql_engine": "Aria"}, {"mysql_engine": "InnoDB"}),
    found.CreateTable(TABLE),
    found.DropTable(TABLE),
    found.AddForeignKeys(TABLE),
    found.DropForeignKeys(TABLE),
    found.RenameTable("a", "b", "s"),
    found.RenameGeneratedNames({"a_pkey": "b_pkey"}, {"a_id_seq": "b_id_seq"}),
    found.AlterEnum("ENUM('a',name='m')", "ENUM('a','b',name='m')"),
    found.AlterSequence(sequence("s"), sequence("s", start=5)),
    found.RenameType("m", "n", "s"),
]


def test_each_change_has_an_operation() -> None:
    kinds = {
        kind
        for kind in vars(found).values()
        if isinstance(kind, type) and issubclass(kind, found.Change)
    }
    assert kinds - {found.Change, found.TableChange} == OPERATIONS.keys()


def made(change: found.Change) -> Any:
    if not isinstance(change, found.TableChange):
        return operation_of(change)
    block: Any = operation_of(found.AlterTable("t", "s", (change,)))
    return block.ops[0]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_the_reverse_of_the_reverse_is_the_operation(change: found.Change) -> None:
    operation = made(change)
    assert change == operation.change
    assert change.reverse() == operation.reverse().change
    assert operation == operation.reverse().reverse()
    assert operation.reverse() == made(change.reverse())
    assert operation != operation.reverse()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_alembic_knows_the_difference(change: found.Change) -> None:
    difference = made(change).to_diff_tuple()
    assert difference
    assert made(change.reverse()).to_diff_tuple()


def test_a_block_is_reversed_from_its_end() -> None:
    block = MoltresAlterTableOp("t", [made(change) for change in CHANGES[:11]], schema="s")
    assert block == block.reverse().reverse()
    assert [type(op) for op in block.reverse().ops] == [
        type(op.reverse()) for op in reversed(block.ops)
    ]
    assert len(ops.UpgradeOps([block]).as_diffs()) == 11


def test_drops_keep_what_they_drop() -> None:
    drops = (
        MoltresDropColumnOp.from_value("t", A),
        MoltresDropConstraintOp.from_value("t", unique("a")),
        MoltresDropIndexOp.from_value("t", index("ix", "a")),
    )
    assert all(drop._reverse is not None for drop in drops)


def test_a_rewriters_change_of_an_altered_column_is_in_the_value() -> None:
    operation = MoltresAlterColumnOp("t", A, B)
    assert (operation.current, operation.desired) == (A, B)
    operation.modify_type = sa.String(5)
    operation.modify_server_default = sa.text("'x'")
    operation.modify_nullable = True
    assert operation.current == A
    assert operation.desired == column("a", "VARCHAR(5)", default=sql("'x'"), comment="c")
    assert operation.reverse().current == operation.desired


def test_a_rewriters_other_column_is_in_the_value() -> None:
    operation = MoltresAddColumnOp("t", A)
    assert operation.definition is A
    operation.column = sa.Column("z", sa.Integer, server_default="1")
    assert operation.definition == column("z", "INTEGER", default="1")
    assert operation.reverse().definition == operation.definition


def test_an_index_that_nobody_has_touched_is_the_value() -> None:
    value = index("ix", ["a", sql("lower(b)")], dialect_options={"postgresql_where": sql("a > 0")})
    operation = MoltresCreateIndexOp("t", value)
    assert operation.columns[0] == "a"
    assert operation.index == value
    operation.columns = ["b"]
    assert operation.index.elements == ("b",)


def test_nulls_are_filled_only_where_a_column_comes_to_refuse_them() -> None:
    forwards: Any = made(found.AlterColumn(A, B, fill_null=True))
    assert forwards.fill_null
    assert not forwards.reverse().fill_null
    assert forwards.reverse().reverse().fill_null
