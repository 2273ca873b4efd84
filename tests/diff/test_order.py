"""Laws of the creation order, for any graph of foreign keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_moltres.diff import added_later, creation_order
from alembic_moltres.errors import SchemaError
from alembic_moltres.schema import ForeignKeyConstraint, TableSchema, column, foreign_key
from alembic_moltres.schema.base import Pair

NAMES = "abcdefg"
Edges = dict[str, set[str]]


def table(name: str, referred: set[str], *, named: bool = True) -> TableSchema:
    keys = [
        foreign_key("id", other, "id", name=f"fk_{name}_{other}" if named else None)
        for other in sorted(referred)
    ]
    return TableSchema(name, [column("id", "INTEGER", primary_key=True)], constraints=keys)


def names(tables: list[TableSchema]) -> list[str]:
    return [each.name for each in tables]


def keys(each: TableSchema) -> list[ForeignKeyConstraint]:
    return [item for item in each.constraints if isinstance(item, ForeignKeyConstraint)]


graphs = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)), max_size=7)


@settings(deadline=None)
@given(graphs)
def test_every_key_refers_to_an_earlier_table_or_is_added_later(edges: Edges) -> None:
    ordered = creation_order(table(name, referred) for name, referred in edges.items())
    place = {each.name: at for at, each in enumerate(ordered)}
    early = [
        (each.name, key.references_table)
        for each in ordered
        for key in keys(each)
        if key not in added_later(each) and place.get(key.references_table, -1) > place[each.name]
    ]
    assert early == []


@settings(deadline=None)
@given(graphs, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_what_is_given(
    edges: Edges, random: object
) -> None:
    tables = [table(name, referred) for name, referred in edges.items()]
    expected = creation_order(tables)
    random.shuffle(tables)  # type: ignore[attr-defined]
    assert expected == creation_order(tables)


@settings(deadline=None)
@given(graphs)
def test_nothing_is_lost_and_only_use_alter_is_changed(edges: Edges) -> None:
    ordered = creation_order(table(name, referred) for name, referred in edges.items())
    found = {each.name: {key.references_table for key in keys(each)} for each in ordered}
    assert edges == found


@settings(deadline=None)
@given(graphs)
def test_without_a_cycle_nothing_is_cut(edges: Edges) -> None:
    forward = {
        name: {other for other in referred if other <= name} for name, referred in edges.items()
    }
    ordered = creation_order(table(name, referred) for name, referred in forward.items())
    assert [each.name for each in ordered if added_later(each)] == []


def test_between_equals_the_name_decides() -> None:
    assert names(creation_order([table("b", set()), table("c", {"b"}), table("a", set())])) == [
        "a",
        "b",
        "c",
    ]


def test_a_self_reference_is_no_cycle() -> None:
    (only,) = creation_order([table("a", {"a"})])
    assert added_later(only) == []


def test_a_named_key_is_cut_rather_than_a_nameless_one() -> None:
    nameless, named = table("a", {"b"}, named=False), table("b", {"a"})
    ordered = creation_order([nameless, named])
    assert names(ordered) == ["b", "a"]
    assert [key.name for each in ordered for key in added_later(each)] == ["fk_b_a"]


def test_a_table_behind_a_cycle_keeps_its_key() -> None:
    ordered = creation_order([table("a", {"c"}), table("b", {"c"}), table("c", {"b"})])
    assert {each.name: len(added_later(each)) for each in ordered} == {"a": 0, "b": 1, "c": 0}


def test_tables_of_one_name_in_two_schemas_are_two() -> None:
    other = TableSchema("a", [column("id", "INTEGER", primary_key=True)], schema="other")
    assert [each.key for each in creation_order([other, table("a", set())])] == ["a", "other.a"]


def test_a_table_follows_those_that_it_depends_on() -> None:
    first = replace(table("a", set()), depends_on=("c",))
    other = replace(table("b", set()), schema="app", depends_on=(Pair(("app", "z")), "a"))
    last = replace(table("z", set()), schema="app")
    ordered = creation_order([first, other, last, table("c", set())])
    assert ["c", "z", "a", "b"] == names(ordered)


def test_a_cycle_is_cut_at_a_key_and_not_at_a_dependency() -> None:
    ordered = creation_order([replace(table("a", set()), depends_on=("b",)), table("b", {"a"})])
    assert ["b", "a"] == names(ordered)
    assert [1, 0] == [len(added_later(each)) for each in ordered]


def test_tables_that_depend_on_each_other_are_refused() -> None:
    both = [
        replace(table("a", set()), depends_on=("b",)),
        replace(table("b", set()), dialect_options={"postgresql_inherits": "a"}),
    ]
    with pytest.raises(SchemaError, match=r"'a', 'b' depend on each other.*take out one"):
        creation_order(both)
