"""Laws of differences: what they make of the tables, their reverses, and what is left on the way."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

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
from alembic_moltres.diff.changes.base import by_key, table_key
from alembic_moltres.diff.changes.enums_and_sequences import enum_identity, named_enum
from alembic_moltres.diff.renames import names_any_column
from alembic_moltres.schema import ForeignKeyConstraint, TableSchema
from tests.diff.databases import Pair, databases, normal, pairs
from tests.strategies import schemas

Database = tuple[TableSchema, ...]
unhurried = settings(deadline=None)


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


@unhurried
@given(databases)
def test_a_database_does_not_differ_from_itself(tables: Database) -> None:
    assert diff(tables, tables) == ()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas())
def test_a_table_of_odd_things_does_not_differ_from_itself(table: TableSchema) -> None:
    assert diff([table], [table]) == ()


@unhurried
@given(pairs())
def test_the_difference_makes_one_of_the_other_and_back(pair: Pair) -> None:
    check_law(pair)


@unhurried
@given(pairs(renamed=True))
def test_what_is_renamed_is_followed_everywhere(pair: Pair) -> None:
    check_law(pair)


def both_ways(pair: Pair) -> Iterator[tuple[Change, TableKey | None, Tables]]:
    """Give the steps of a difference and of its reverse."""
    changes = diff(pair.current, pair.desired, pair.renames)
    yield from steps(changes, pair.current)
    yield from steps(undone(changes), apply(changes, pair.current))


@unhurried
@given(pairs(renamed=True))
def test_no_foreign_key_ever_refers_to_what_is_not_there(pair: Pair) -> None:
    known = {*map(table_key, pair.current), *map(table_key, pair.desired)}
    dangling = [
        (change, table.key, key)
        for change, _, tables in both_ways(pair)
        for table in tables.values()
        for key in foreign_keys(table)
        if is_dangling(key, tables, known)
    ]
    assert dangling == []


@unhurried
@given(pairs(renamed=True))
def test_an_enum_type_has_the_same_labels_in_all_tables_at_every_time(pair: Pair) -> None:
    for change, _, tables in both_ways(pair):
        labels: dict[object, set[object]] = {}
        for column in (column for table in tables.values() for column in table.columns):
            enum = named_enum(column)
            if enum is not None:
                labels.setdefault(enum_identity(enum), set()).add(enum.args)
        assert [found for found in labels.values() if len(found) > 1] == [], change


def is_dangling(key: ForeignKeyConstraint, tables: Tables, known: set[TableKey]) -> bool:
    referred = (key.references_schema, key.references_table)
    if referred not in tables:
        return referred in known
    return not {*key.references_columns} <= {each.name for each in tables[referred].columns}


def rebuilt(pair: Pair, *, in_place: bool) -> tuple[Change, ...]:
    changes = diff(pair.current, pair.desired, pair.renames)
    return with_computed_rebuilt(changes, pair.current_renamed(), altered_in_place=in_place)


def retyped(change: Change) -> str | None:
    """Return the name of the column whose type a change alters, if it does."""
    if change.method != "alter_column":
        return None
    current, desired = change.sides()
    types = [(each.type_name, each.type_variants) for each in (current, desired)]
    return None if types[0] == types[1] else str(desired.name)


@unhurried
@given(pairs(renamed=True))
def test_no_computed_column_is_over_a_column_that_is_retyped(pair: Pair) -> None:
    changes = rebuilt(pair, in_place=False)
    assert normal(pair.desired) == normal(apply(changes, pair.current))
    in_the_way = [
        (change, column.name)
        for change, key, tables in steps(changes, pair.current)
        if key is not None and (name := retyped(change)) is not None
        for column in tables[key].columns
        if column.computed is not None
        and column.name != name
        and names_any_column(column.computed, [name])
    ]
    assert in_the_way == []


@unhurried
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
