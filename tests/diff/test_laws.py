"""Laws of differences: what they make of the tables, their reverses, and what is left on the way."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_moltres.diff import (
    AlterTable,
    Change,
    TableKey,
    Tables,
    apply,
    diff,
    with_computed_rebuilt,
    with_keys_rebuilt,
)
from alembic_moltres.diff.changes.base import by_key, key_of
from alembic_moltres.diff.renames import over
from alembic_moltres.schema import ForeignKeyConstraint, TableSchema
from tests.diff.databases import Pair, databases, normal, pairs
from tests.strategies import schemas

Database = tuple[TableSchema, ...]


def steps(
    changes: tuple[Change, ...], tables: Database
) -> Iterator[tuple[Change, TableKey | None, Tables]]:
    """Give each change, those inside tables one by one, its table, and the tables before it."""
    now = by_key(tables)
    for change in changes:
        inside = change.changes if isinstance(change, AlterTable) else (change,)
        key = change.key if isinstance(change, AlterTable) else None
        for each in inside:
            yield each, key, now
            now = each.apply(now, key)


def undone(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(change.reverse() for change in reversed(changes))


def foreign_keys(table: TableSchema) -> list[ForeignKeyConstraint]:
    return [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]


def check_law(pair: Pair) -> None:
    current, desired = pair.current, pair.desired
    changes = diff(current, desired, pair.renames)
    changed = apply(changes, current)
    assert diff(changed, desired) == ()
    assert normal(desired) == normal(changed)
    assert normal(current) == normal(apply(undone(changes), changed))
    assert changes == undone(undone(changes))


@given(databases)
def test_a_database_does_not_differ_from_itself(tables: Database) -> None:
    assert diff(tables, tables) == ()


@settings(max_examples=20)
@given(st.lists(schemas(), unique_by=lambda table: table.key, max_size=2))
def test_a_table_of_odd_things_does_not_differ_from_itself(tables: list[TableSchema]) -> None:
    assert diff(tables, tables) == ()


@given(pairs())
def test_the_difference_makes_one_of_the_other_and_back(pair: Pair) -> None:
    check_law(pair)


@given(pairs(renamed=True))
def test_what_is_renamed_is_followed_everywhere(pair: Pair) -> None:
    check_law(pair)


@given(pairs(renamed=True))
def test_no_foreign_key_ever_refers_to_what_is_not_there(pair: Pair) -> None:
    known = {*map(key_of, pair.current), *map(key_of, pair.desired)}
    changes = diff(pair.current, pair.desired, pair.renames)
    dangling = [
        (change, table.key, key)
        for change, _, tables in steps(changes, pair.current)
        for table in tables.values()
        for key in foreign_keys(table)
        if is_dangling(key, tables, known)
    ]
    assert dangling == []


def is_dangling(key: ForeignKeyConstraint, tables: Tables, known: set[TableKey]) -> bool:
    referred = (key.references_schema, key.references_table)
    if referred not in tables:
        return referred in known
    return not {*key.references_columns} <= {each.name for each in tables[referred].columns}


def rebuilt(pair: Pair, *, in_place: bool) -> tuple[Change, ...]:
    tables = by_key(pair.current_renamed())
    return tuple(
        with_computed_rebuilt(change, tables[change.key], altered_in_place=in_place)
        if isinstance(change, AlterTable)
        else change
        for change in diff(pair.current, pair.desired, pair.renames)
    )


def retyped(change: Change) -> str | None:
    """Return the name of the column whose type a change alters, if it does."""
    if change.method != "alter_column":
        return None
    current, desired = change.sides()
    types = [(each.type_name, each.type_variants) for each in (current, desired)]
    return None if types[0] == types[1] else str(desired.name)


@given(pairs(renamed=True))
def test_no_computed_column_is_over_a_column_that_is_retyped(pair: Pair) -> None:
    changes = rebuilt(pair, in_place=False)
    assert normal(pair.desired) == normal(apply(changes, pair.current))
    in_the_way = [
        (change, column.name)
        for change, key, tables in steps(changes, pair.current)
        if key is not None and (name := retyped(change)) is not None
        for column in tables[key].columns
        if column.computed is not None and column.name != name and over(column.computed, [name])
    ]
    assert in_the_way == []


@given(pairs(renamed=True))
def test_no_foreign_key_is_over_a_column_that_is_retyped(pair: Pair) -> None:
    changes = with_keys_rebuilt(rebuilt(pair, in_place=True), pair.current_renamed())
    assert normal(pair.desired) == normal(apply(changes, pair.current))
    in_the_way = [
        (change, table.key, foreign_key)
        for change, key, tables in steps(changes, pair.current)
        if key is not None and (name := retyped(change)) is not None
        for table in tables.values()
        for foreign_key in foreign_keys(table)
        if (*key, name) in columns_of(table, foreign_key)
    ]
    assert in_the_way == []


def columns_of(table: TableSchema, key: ForeignKeyConstraint) -> set[tuple[str | None, str, str]]:
    own = {(table.schema, table.name, name) for name in key.columns}
    return own | {
        (key.references_schema, key.references_table, name) for name in key.references_columns
    }
