"""What is matched with what, where a database's own text does not decide it."""

from __future__ import annotations

from alembic_moltres import TableSchema, check, column
from alembic_moltres.dialects.base.align import align
from alembic_moltres.dialects.base.signatures import (
    ColumnSignature,
    ItemSignature,
    ReflectedColumn,
    ReflectedItem,
    ReflectedTable,
    Text,
    UnconfirmedText,
)
from alembic_moltres.diff import AddConstraint, AlterTable, DropConstraint, diff
from alembic_moltres.schema import CheckConstraint


def same_letters(text: str, other: str) -> bool:
    return text.lower() == other.lower()


def table(*checks: tuple[str | None, str, Text], type_: Text = "integer") -> ReflectedTable:
    """Return a table of one column with checks: name, expression, signature."""
    items = tuple(
        ReflectedItem(check(expression, name=name), ItemSignature(name, text))
        for name, expression, text in checks
    )
    columns = (ReflectedColumn(column("a", "INTEGER"), ColumnSignature(type_)),)
    value = TableSchema("t", [columns[0].column], constraints=[each.item for each in items])
    return ReflectedTable(value, columns, items)


def test_a_table_of_the_same_signatures_is_the_desired_one() -> None:
    current = table(("b", "(a > 1)", "a > 1"), ("c", "(a > 2)", "a > 2"))
    desired = table(("c", "a > 2", "a > 2"), (None, "a > 1", "a > 1"))
    assert align(current, desired) is desired.table


def test_an_unconfirmed_text_matches_what_is_alike_and_is_hashed_by_what_it_is() -> None:
    one = UnconfirmedText("A > 1", same_letters)
    assert one.matches("a > 1")
    assert not one.matches("a > 2")
    assert not one.matches(None)
    assert {one} == {one, UnconfirmedText("A > 1", same_letters)}


def test_an_unconfirmed_check_and_type_agree_with_what_is_alike() -> None:
    current = table(("c", "(a > 1)", "a > 1"))
    unconfirmed = UnconfirmedText("A > 1", same_letters)
    desired = table(("c", "A > 1", unconfirmed), type_=UnconfirmedText("INTEGER", same_letters))
    assert diff([align(current, desired)], [desired.table]) == ()
    other = table(("c", "(a > 2)", "a > 2"))
    assert diff([align(other, desired)], [desired.table]) != ()


def test_a_nameless_check_does_not_take_the_one_that_another_names() -> None:
    current = table(("c", "(a > 1)", "a > 1"))
    desired = table((None, "a > 1", "a > 1"), ("c", "a > 2", "a > 2"))
    [found] = diff([align(current, desired)], [desired.table])
    assert isinstance(found, AlterTable)
    assert [
        (DropConstraint, "c"),
        (AddConstraint, None),
        (AddConstraint, "c"),
    ] == [
        (type(each), each.constraint.name)
        for each in found.changes
        if isinstance(each, DropConstraint | AddConstraint)
        and isinstance(each.constraint, CheckConstraint)
    ]
