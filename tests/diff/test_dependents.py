"""What hangs on a computed column or on a key goes and comes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    apply,
    diff,
    with_computed_rebuilt,
    with_keys_rebuilt,
    with_recreated_rebuilt,
)
from alembic_moltres.schema import (
    ColumnDef,
    Index,
    TableSchema,
    check,
    column,
    computed,
    foreign_key,
    index,
    sql,
    unique,
)

PRICE = column("price", "INTEGER")


def items(total: str, *indexes: Index, price: ColumnDef = PRICE) -> TableSchema:
    value = column("total", "INTEGER", computed=computed(total))
    return TableSchema("items", [price, value], indexes=indexes)


def inside(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    (altered,) = changes
    assert isinstance(altered, AlterTable)
    return altered.changes


@pytest.mark.parametrize(
    "over", [index("ix", "total"), index("ix", sql("total + 1")), index("ix", "price")]
)
def test_an_index_over_a_computed_column_that_is_made_anew_goes_with_it(over: Index) -> None:
    current, desired = items("price * 2", over), items("price * 3", over)
    changes = inside(with_computed_rebuilt(diff([current], [desired]), [current]))
    if "price" in over.columns:
        assert [change.method for change in changes] == ["alter_column"]
        return
    assert changes == (
        DropIndex(over),
        DropColumn(current.columns[1]),
        AddColumn(desired.columns[1]),
        CreateIndex(over),
    )


def test_an_index_that_goes_anyway_is_dropped_once() -> None:
    current = items("price * 2", index("ix", "total"))
    desired = items("price * 2", price=column("price", "BIGINT"))
    changes = inside(with_computed_rebuilt(diff([current], [desired]), [current]))
    methods = ["drop_index", "drop_column", "alter_column", "add_column"]
    assert methods == [change.method for change in changes]


def test_a_computed_column_stays_where_it_is_altered_in_place() -> None:
    current = items("price * 2")
    desired = items("price * 2", price=column("price", "BIGINT"))
    changes = diff([current], [desired])
    assert changes == with_computed_rebuilt(changes, [current], altered_in_place=True)


def test_what_is_over_a_recreated_column_is_dropped_before_and_added_after() -> None:
    over, beside = check("total > 0", name="ck_total"), check("price > 0", name="ck_price")
    wider = index("ix_total", ["total", "price"])
    current, desired = (
        replace(items(text, index("ix", "price"), wider), constraints=(over, beside))
        for text in ("price * 2", "price * 3")
    )
    changes = diff([current], [desired])
    assert changes == with_recreated_rebuilt(changes, [current], lambda change: False)
    assert inside(with_recreated_rebuilt(changes, [current], lambda change: True)) == (
        DropConstraint(over),
        DropIndex(wider),
        *inside(changes),
        CreateIndex(wider),
        AddConstraint(over),
    )


def test_a_check_over_a_recreated_column_that_the_models_drop_is_dropped_once() -> None:
    over = check("total > 0", name="ck_total")
    current, desired = replace(items("price * 2"), constraints=(over,)), items("price * 3")
    changes = diff([current], [desired])
    assert changes == with_recreated_rebuilt(changes, [current], lambda change: True)


def test_a_key_of_a_table_that_goes_is_not_added_again() -> None:
    parent = TableSchema("p", [PRICE], constraints=[unique("price")])
    child = TableSchema("c", [PRICE], constraints=[foreign_key("price", "p", "price", name="fk")])
    longer = TableSchema("p", [column("price", "BIGINT")], constraints=parent.constraints)
    changes = with_keys_rebuilt(diff([parent, child], [longer]), [parent, child])
    assert [change.method for change in changes] == ["moltres_drop_table", "moltres_alter_table"]


def test_a_table_that_refers_to_a_new_column_is_created_after_it() -> None:
    parent = TableSchema("p", [PRICE])
    code = column("code", "INTEGER")
    desired = TableSchema("p", [PRICE, code], constraints=[unique("code")])
    child = TableSchema("c", [PRICE], constraints=[foreign_key("price", "p", "code", name="fk")])
    there = [change.method for change in diff([parent], [desired, child])]
    back = [change.method for change in diff([desired, child], [parent])]
    assert there == ["moltres_alter_table", "moltres_create_table"]
    assert back == ["moltres_drop_table", "moltres_alter_table"]


def test_keys_that_refer_to_a_computed_column_that_is_made_anew_go_with_it() -> None:
    own = foreign_key("price", "items", "total", name="own")
    theirs = foreign_key("price", "items", "total", name="theirs")
    other = TableSchema("others", [PRICE], constraints=[theirs])
    current, desired = (
        TableSchema("items", items(total).columns, constraints=[unique("total"), own])
        for total in ("price * 2", "price * 3")
    )
    changes = diff([current, other], [desired, other])
    rebuilt = with_computed_rebuilt(changes, [current, other])
    assert [
        (change.arguments(), [each.method for each in change.changes])
        for change in rebuilt
        if isinstance(change, AlterTable)
    ] == [
        (("others",), ["drop_constraint"]),
        (
            ("items",),
            [
                *("drop_constraint", "drop_constraint", "drop_column"),
                *("add_column", "add_constraint", "add_constraint"),
            ],
        ),
        (("others",), ["add_constraint"]),
    ]
    assert {*apply(rebuilt, [current, other])} == {desired, other}
