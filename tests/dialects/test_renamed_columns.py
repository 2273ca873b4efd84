"""Which renames of a block a database has already, and its other lines with the names of then."""

from __future__ import annotations

import pytest

from alembic_moltres import OperationError, TableSchema, column
from alembic_moltres.dialects.base.present_names import renamed_columns, with_present_names
from alembic_moltres.diff import (
    AddConstraint,
    AlterTable,
    CreateIndex,
    DropConstraint,
    RenameColumn,
)
from alembic_moltres.schema import check, foreign_key, index

CHAIN = (RenameColumn("b", "c"), RenameColumn("a", "b"))
EXCHANGE = (RenameColumn("a", "a_"), RenameColumn("b", "a"), RenameColumn("a_", "b"))
APART = (RenameColumn("a", "x"), RenameColumn("b", "y"))


@pytest.mark.parametrize(
    ("renames", "names", "done"),
    [
        pytest.param(APART, "ab", 0, id="none of two"),
        pytest.param(APART, "xb", 1, id="one of two"),
        pytest.param(APART, "xy", 2, id="both"),
        pytest.param(CHAIN, "ab", 0, id="none of a chain"),
        pytest.param(CHAIN, "ac", 1, id="the first of a chain"),
        pytest.param(CHAIN, "bc", 2, id="the whole chain"),
        pytest.param(EXCHANGE, ("a_", "b"), 1, id="the first of an exchange"),
        pytest.param(EXCHANGE, ("a_", "a"), 2, id="two of an exchange"),
    ],
)
def test_the_names_tell_which_renames_are_done(
    renames: tuple[RenameColumn, ...], names: str | tuple[str, ...], done: int
) -> None:
    table = TableSchema("t", [column("id", "INTEGER"), *(column(each, "TEXT") for each in names)])
    assert renames[:done] == renamed_columns(table, AlterTable("t", None, renames))


def test_an_exchange_looks_the_same_before_and_after_and_is_refused() -> None:
    table = TableSchema("t", [column("a", "INTEGER"), column("b", "INTEGER")])
    with pytest.raises(OperationError, match="which columns of 't' are renamed"):
        renamed_columns(table, AlterTable("t", None, EXCHANGE))


@pytest.mark.parametrize(
    ("done", "before", "after"),
    [
        pytest.param(0, "a", "a", id="a rename that is still to come"),
        pytest.param(1, "z", "z", id="a rename that is done"),
    ],
)
def test_each_line_of_a_block_is_read_with_the_columns_present_name(
    done: int, before: str, after: str
) -> None:
    rename = RenameColumn("a", "z")
    lines = (
        DropConstraint(check("a > 0", name="ck")),
        rename,
        AddConstraint(check("z > 1", name="ck")),
        AddConstraint(foreign_key("z", "t", "z", name="fk")),
    )
    first, _, second, key = with_present_names(
        AlterTable("t", None, lines), [rename][:done]
    ).changes
    assert first == DropConstraint(check(f"{before} > 0", name="ck"))
    assert second == AddConstraint(check(f"{after} > 1", name="ck"))
    assert key == AddConstraint(foreign_key(after, "t", after, name="fk"))


@pytest.mark.parametrize(
    ("renames", "done", "names"),
    [
        pytest.param(CHAIN, 0, "ab", id="none of a chain"),
        pytest.param(CHAIN, 1, "ac", id="the first of a chain"),
        pytest.param(CHAIN, 2, "bc", id="the whole chain"),
        pytest.param(EXCHANGE, 1, ["b", "a_"], id="the first of an exchange"),
        pytest.param(EXCHANGE, 2, ["a", "a_"], id="two of an exchange"),
    ],
)
def test_a_line_after_a_chain_of_renames_is_read_with_the_present_names(
    renames: tuple[RenameColumn, ...], done: int, names: str | list[str]
) -> None:
    last = ("b", "c") if renames is CHAIN else ("a", "b")
    block = AlterTable("t", None, (*renames, CreateIndex(index("ix", list(last)))))
    present = with_present_names(block, renames[:done])
    assert present.changes[-1] == CreateIndex(index("ix", list(names)))
