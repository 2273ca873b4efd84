"""What comes to a child table with its parent's change is not changed there again."""

from __future__ import annotations

import pytest

from alembic_moltres.diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    RenameColumn,
)
from alembic_moltres.diff.inherited_changes import Child, without_inherited_changes
from alembic_moltres.schema import TableSchema, check, column, index, unique

CITY, TOWN = (None, "city"), (None, "town")
A, WIDER = column("a", "VARCHAR(9)"), column("a", "VARCHAR(20)")
NAMED = column("a", "VARCHAR(9)", comment="the name")
POSITIVE = check("a > 0", name="ck")


def of_town(own: Change, *above: Change, child: Child | None = None) -> list[tuple[Change, ...]]:
    """Return what is left of a change of the child table beside changes of its parent."""
    changes = [AlterTable("city", None, above), AlterTable("town", None, (own,))]
    left = without_inherited_changes(changes, {TOWN: child or Child((CITY,))})
    assert left[0] is changes[0]
    return [each.changes for each in left[1:] if isinstance(each, AlterTable)]


@pytest.mark.parametrize(
    "change",
    [
        AddColumn(A),
        DropColumn(A),
        AlterColumn(A, WIDER),
        RenameColumn("a", "b"),
        AddConstraint(POSITIVE),
        DropConstraint(POSITIVE),
    ],
    ids=lambda change: type(change).__name__,
)
def test_a_change_of_the_parent_is_not_made_again(change: Change) -> None:
    assert [] == of_town(change, CreateIndex(index("ix", "a")), change)
    assert [(change,)] == of_town(change)


@pytest.mark.parametrize(
    "change",
    [AddConstraint(unique("a", name="uq")), CreateIndex(index("ix", "a"))],
    ids=lambda change: type(change).__name__,
)
def test_keys_and_indexes_are_not_inherited(change: Change) -> None:
    assert [(change,)] == of_town(change, change)


@pytest.mark.parametrize(
    ("change", "name"), [(DropColumn(A), "a"), (DropConstraint(POSITIVE), "ck")]
)
def test_what_is_the_child_tables_own_is_dropped_there_but_from_a_partition(
    change: Change, name: str
) -> None:
    own = frozenset({name})
    assert [(change,)] == of_town(change, change, child=Child((CITY,), own=own))
    assert [] == of_town(change, change, child=Child((CITY,), partition=True, own=own))


def test_a_comment_is_set_apart() -> None:
    assert [(AlterColumn(A, NAMED),)] == of_town(AddColumn(NAMED), AddColumn(A))
    wider = column("a", "VARCHAR(20)", comment="the name")
    assert [(AlterColumn(WIDER, wider),)] == of_town(AlterColumn(A, wider), AlterColumn(A, WIDER))


def test_what_is_not_the_parents_stays_in_a_block() -> None:
    both, table = (AddColumn(A), AddColumn(column("b", "TEXT"))), TableSchema("t", [A])
    changes = [
        CreateTable(table),
        AlterTable("city", None, both[:1]),
        AlterTable("town", None, both),
    ]
    assert [*changes[:2], AlterTable("town", None, both[1:])] == without_inherited_changes(
        changes, {TOWN: Child((CITY,))}
    )
