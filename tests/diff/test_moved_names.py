"""An index or a key is dropped before another table gets one of its name."""

from __future__ import annotations

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterTable,
    Change,
    CreateTable,
    DropForeignKeys,
    DropTable,
    diff,
)
from alembic_moltres.diff.changes.constraints import DropConstraint
from alembic_moltres.diff.changes.indexes import CreateIndex, DropIndex
from alembic_moltres.diff.moved_names import with_moved_names
from alembic_moltres.schema import (
    TableSchema,
    column,
    foreign_key,
    index,
    primary_key,
    unique,
)

COLUMNS = [column("id", "INTEGER", primary_key=True), column("n", "INTEGER", nullable=True)]
NEW = column("m", "INTEGER", nullable=True)


def test_a_new_table_gets_the_name_of_an_index_that_is_dropped_later() -> None:
    made = CreateTable(TableSchema("a", [*COLUMNS], indexes=[index("ix", "n")]))
    dropped = AlterTable("b", None, (DropIndex(index("ix", "n")),))
    assert with_moved_names([made, dropped], keys=False) == (dropped, made)


def test_a_new_table_gets_the_name_of_a_key() -> None:
    named, nameless = unique("n", name="uq"), unique(["id", "n"])
    made = CreateTable(TableSchema("a", [*COLUMNS], constraints=[nameless, named]))
    dropped = AlterTable("b", None, (DropConstraint(named),))
    assert with_moved_names([made, dropped], keys=True) == (dropped, made)
    # where keys have names of their own
    assert with_moved_names([made, dropped], keys=False) == (made, dropped)


def test_a_new_table_gets_the_name_of_an_item_of_a_table_that_is_dropped() -> None:
    same, key = index("ix", "n"), primary_key("id", name="pk")
    made = CreateTable(TableSchema("a", COLUMNS, constraints=[unique("n", name="pk")]))
    other = AlterTable("b", None, (AddColumn(NEW), CreateIndex(same)))
    old = TableSchema("old", COLUMNS, indexes=[same], constraints=[key])
    changes = [other, made, DropTable(TableSchema("c", COLUMNS)), DropTable(old)]
    first, *rest = with_moved_names(changes, keys=True)
    assert (first, rest) == (changes[-1], changes[:-1])
    assert with_moved_names(changes[1:], keys=False) == tuple(changes[1:])


@pytest.mark.parametrize(
    "change",
    [
        DropTable(TableSchema("c", COLUMNS, constraints=[foreign_key("n", "old", "id")])),
        AlterTable("c", None, (DropConstraint(foreign_key("n", "old", "id")),)),
        DropForeignKeys(
            TableSchema("c", COLUMNS, constraints=[foreign_key("n", "old", "id", use_alter=True)])
        ),
    ],
)
def test_a_table_is_not_dropped_before_a_key_that_refers_to_it(change: Change) -> None:
    same = index("ix", "n")
    made = CreateTable(TableSchema("a", COLUMNS, indexes=[same]))
    dropped = DropTable(TableSchema("old", COLUMNS, indexes=[same]))
    changes = (made, change, dropped)
    assert with_moved_names(changes, keys=False) == changes


def test_only_what_moves_comes_first() -> None:
    made = AlterTable("a", None, (AddColumn(NEW), CreateIndex(index("ix", "n"))))
    drop, other = DropIndex(index("ix", "n")), AddColumn(NEW)
    changes = [made, AlterTable("b", None, (other, drop))]
    assert with_moved_names(changes, keys=False) == (
        AlterTable("b", None, (drop,)),
        made,
        AlterTable("b", None, (other,)),
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            (
                AlterTable("a", None, (DropIndex(index("ix", "n")),)),
                AlterTable("b", None, (CreateIndex(index("ix", "n")),)),
            ),
            id="dropped first",
        ),
        pytest.param(
            (
                AlterTable("a", "one", (CreateIndex(index("ix", "n")),)),
                AlterTable("b", "other", (DropIndex(index("ix", "n")),)),
            ),
            id="another schema",
        ),
        pytest.param(
            (AlterTable("a", None, (DropIndex(index("ix", "n")), CreateIndex(index("ix", "id")))),),
            id="in one table",
        ),
        pytest.param(
            (
                DropTable(TableSchema("c", COLUMNS)),
                AlterTable("b", None, (DropIndex(index("ix", "n")),)),
            ),
            id="a table that is dropped",
        ),
        pytest.param(
            (
                AlterTable("a", None, (AddConstraint(unique("n")),)),
                AlterTable("b", None, (DropConstraint(unique("n")),)),
            ),
            id="without names",
        ),
    ],
)
def test_other_changes_stay_in_their_order(changes: tuple[Change, ...]) -> None:
    assert with_moved_names(changes, keys=True) == changes


def test_what_diff_returns_is_ordered() -> None:
    with_index = [index("ix", "n")]
    current = [TableSchema("a", COLUMNS), TableSchema("b", COLUMNS, indexes=with_index)]
    desired = [TableSchema("a", COLUMNS, indexes=with_index), TableSchema("b", COLUMNS)]
    ordered = with_moved_names(diff(current, desired), keys=False)
    assert [each.name for each in ordered if isinstance(each, AlterTable)] == ["b", "a"]
