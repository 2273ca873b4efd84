"""Which renames of a block a database has already, told by the names of its columns."""

from __future__ import annotations

import pytest

from alembic_moltres import OperationError, TableSchema, column
from alembic_moltres.dialects.base.pending import renamed_columns
from alembic_moltres.diff import AlterTable, RenameColumn

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
